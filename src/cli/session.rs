//! Output of a command, and the file that its client sent.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::PathBuf;

use super::Output;
use super::report::{JsonLines, unless_gone};

/// A file as named by the client, and the path of its content on the server.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub named: OsString,
    pub path: PathBuf,
}

/// Output of a command, and its client's file.
pub(crate) struct Session<'a> {
    /// The form of the output.
    pub output: Output,
    out: &'a mut dyn Write,
    sent: Option<Sent>,
}

impl<'a> Session<'a> {
    pub(super) fn new(output: Output, out: &'a mut dyn Write, sent: Option<Sent>) -> Self {
        Self { output, out, sent }
    }

    /// Writes to the client's standard output. A closed pipe, such as by `head`, is no failure.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        unless_gone(
            self.out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush()),
        )
    }

    /// Returns a writer of JSON lines to the client's standard output.
    pub fn lines(&mut self) -> JsonLines<&mut dyn Write> {
        JsonLines::to(self.out)
    }

    /// Returns true if the client sent the content of this file.
    pub fn has_file(&self, named: &OsStr) -> bool {
        self.sent.as_ref().is_some_and(|sent| sent.named == named)
    }

    /// Returns the path of a file's content.
    pub fn file(&self, named: &OsStr) -> PathBuf {
        match &self.sent {
            Some(sent) if sent.named == named => sent.path.clone(),
            _ => PathBuf::from(named),
        }
    }
}
