//! Signals that the server handles.

use std::io;

use rocket::tokio::signal::unix::{Signal, SignalKind, signal};
use rocket::tokio::{select, time};

/// Maximum delay of the signal after the server has begun to stop.
const BEHIND: time::Duration = time::Duration::from_millis(200);

/// SIGHUP, which requests a reload. Once handled, it does not end the program.
pub struct Hangups(Signal);

impl Hangups {
    /// Installs the handler. Needs a runtime.
    ///
    /// # Errors
    /// Errors if the operating system refuses.
    pub fn hear() -> io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Waits for the next SIGHUP; several in between count as one.
    pub async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Signals that stop the server. Rocket handles them itself, but not between launches.
pub struct Stops {
    term: Signal,
    int: Signal,
}

impl Stops {
    /// Installs the handlers. Needs a runtime.
    ///
    /// # Errors
    /// Errors if the operating system refuses.
    pub fn hear() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for a signal and returns its name.
    pub async fn next(&mut self) -> &'static str {
        select! {
            biased;
            Some(()) = self.term.recv() => "SIGTERM",
            Some(()) = self.int.recv() => "SIGINT",
            else => std::future::pending().await,
        }
    }

    /// Returns the reason of a shutdown that has just begun.
    pub async fn reason(&mut self) -> &'static str {
        time::timeout(BEHIND, self.next())
            .await
            .unwrap_or("shutdown")
    }
}
