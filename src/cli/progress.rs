//! A line on the terminal that tells that long work goes on. A pipe or a file gets nothing of it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(120);

/// The line, until it is ended or dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Tells from now on what is done, and for how long already.
    pub fn begin(what: impl Into<Cow<'static, str>>) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what);
        // Standard error is no terminal.
        if bar.is_hidden() {
            return Self::none();
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} … {elapsed}") {
            bar.set_style(style);
        }
        // At once, however short the work turns out to be.
        bar.tick();
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Nothing.
    pub fn none() -> Self {
        Self(ProgressBar::hidden())
    }

    /// Clears the line.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }

    /// A writer before whose first byte the line is cleared.
    pub fn before<W: Write>(&self, out: W) -> Before<'_, W> {
        Before {
            progress: self,
            out,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// See [`Progress::before`].
pub struct Before<'p, W> {
    progress: &'p Progress,
    out: W,
}

impl<W: Write> Write for Before<'_, W> {
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
