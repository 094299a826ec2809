//! The signals that a server hears.

use std::io;

use rocket::tokio::signal::unix::{Signal, SignalKind, signal};
use rocket::tokio::{select, time};

/// How long after the server began to stop the signal for it may come.
const BEHIND: time::Duration = time::Duration::from_millis(200);

/// Hangups, which ask for a reload. From here on they do not end the program.
pub struct Hangups(Signal);

impl Hangups {
    /// Begins to hear them. Within a runtime.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn hear() -> io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Waits for one; several that have come meanwhile are one.
    pub async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// The signals that end the server. Rocket hears them by itself, but not while it is launched anew.
pub struct Stops {
    term: Signal,
    int: Signal,
}

impl Stops {
    /// Begins to hear them. Within a runtime.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn hear() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one, and returns its name.
    pub async fn next(&mut self) -> &'static str {
        select! {
            biased;
            Some(()) = self.term.recv() => "SIGTERM",
            Some(()) = self.int.recv() => "SIGINT",
            else => std::future::pending().await,
        }
    }

    /// Returns what ended a server that has just begun to stop.
    pub async fn reason(&mut self) -> &'static str {
        time::timeout(BEHIND, self.next())
            .await
            .unwrap_or("shutdown")
    }
}
