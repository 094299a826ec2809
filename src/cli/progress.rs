//! A progress line on the terminal. Nothing is written to a pipe or file.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Interval between redraws.
const TICK: Duration = Duration::from_millis(120);

/// A progress line, cleared when ended or dropped.
pub struct ProgressLine(ProgressBar);

impl ProgressLine {
    /// Shows the line with the elapsed time.
    pub fn begin(what: impl Into<Cow<'static, str>>) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what);
        // Standard error is no terminal.
        if bar.is_hidden() {
            return Self::none();
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} … {elapsed}") {
            bar.set_style(style);
        }
        // Draw at once, even for short work.
        bar.tick();
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Returns a hidden line.
    pub fn none() -> Self {
        Self(ProgressBar::hidden())
    }

    /// Clears the line.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }

    /// Returns a writer that clears the line before its first byte.
    pub fn before<W: Write>(&self, out: W) -> LogWriter<'_, W> {
        LogWriter {
            progress: self,
            out,
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writer that clears the line, see [`ProgressLine::before`].
pub struct LogWriter<'p, W> {
    progress: &'p ProgressLine,
    out: W,
}

impl<W: Write> Write for LogWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.progress.0.is_finished() {
            self.progress.end();
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
