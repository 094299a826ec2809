//! Where the system has no such signals.

use std::io;

/// Hangups, of which there are none.
pub struct Hangups;

impl Hangups {
    pub fn hear() -> io::Result<Self> {
        Ok(Self)
    }

    pub async fn next(&mut self) {
        std::future::pending().await
    }
}

/// What ends the server, which is not told here.
pub struct Stops;

impl Stops {
    pub fn hear() -> io::Result<Self> {
        Ok(Self)
    }

    pub async fn next(&mut self) -> &'static str {
        std::future::pending().await
    }

    pub async fn reason(&mut self) -> &'static str {
        "shutdown"
    }
}
