//! How a command speaks: results to standard output, failures with their causes.

use std::error::Error;
use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

/// An error with what caused it, each once.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(cause) = inner {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        inner = cause.source();
    }
    text
}

/// Writes to standard output. A reader that has gone away, such as `head`, is no failure.
pub fn print(text: &str) -> io::Result<()> {
    unless_gone(io::stdout().lock().write_all(text.as_bytes()))
}

/// Prints values one by one, each as a line of JSON, without keeping them.
pub struct JsonLines<W: Write> {
    out: BufWriter<W>,
    outcome: io::Result<()>,
}

impl JsonLines<StdoutLock<'static>> {
    /// To standard output, which is locked as long as this lives.
    pub fn new() -> Self {
        Self::to(io::stdout().lock())
    }
}

impl<W: Write> JsonLines<W> {
    /// To somewhere else.
    pub fn to(out: W) -> Self {
        JsonLines {
            out: BufWriter::with_capacity(1 << 16, out),
            outcome: Ok(()),
        }
    }

    /// One line; after a failure nothing more is written.
    pub fn print(&mut self, value: &impl Serialize) {
        if self.outcome.is_ok() {
            self.outcome = serde_json::to_writer(&mut self.out, value)
                .map_err(io::Error::from)
                .and_then(|()| self.out.write_all(b"\n"));
        }
    }

    /// The end; the first failure, if there was one.
    pub fn finish(mut self) -> io::Result<()> {
        unless_gone(self.outcome.and_then(|()| self.out.flush()))
    }
}

/// A reader that has gone away is no failure.
pub fn unless_gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
