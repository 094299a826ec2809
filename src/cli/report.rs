//! Output of commands: results on standard output, failures with their causes.

use std::error::Error;
use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

/// Formats an error with its causes, omitting repetitions.
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

/// Writes to standard output. A closed pipe, such as by `head`, is no failure.
pub fn print(text: &str) -> io::Result<()> {
    unless_gone(io::stdout().lock().write_all(text.as_bytes()))
}

/// Writes values as lines of JSON, one at a time.
pub struct JsonLines<W: Write> {
    out: BufWriter<W>,
    outcome: io::Result<()>,
}

impl JsonLines<StdoutLock<'static>> {
    /// Writes to standard output, which stays locked.
    pub fn new() -> Self {
        Self::to(io::stdout().lock())
    }
}

impl<W: Write> JsonLines<W> {
    /// Writes to `out`.
    pub fn to(out: W) -> Self {
        JsonLines {
            out: BufWriter::with_capacity(1 << 16, out),
            outcome: Ok(()),
        }
    }

    /// Writes one line. Does nothing after a failure.
    pub fn print(&mut self, value: &impl Serialize) {
        if self.outcome.is_ok() {
            self.outcome = serde_json::to_writer(&mut self.out, value)
                .map_err(io::Error::from)
                .and_then(|()| self.out.write_all(b"\n"));
        }
    }

    /// Flushes and returns the first failure, if any.
    pub fn finish(mut self) -> io::Result<()> {
        unless_gone(self.outcome.and_then(|()| self.out.flush()))
    }
}

/// Ignores the error of a closed pipe.
pub fn unless_gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
