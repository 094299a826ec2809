//! Stub for systems without Unix signals.

use std::io;

/// SIGHUP, which never arrives.
pub struct Hangups;

impl Hangups {
    pub fn hear() -> io::Result<Self> {
        Ok(Self)
    }

    pub async fn next(&mut self) {
        std::future::pending().await
    }
}

/// Stop signals, which are left to Rocket.
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
