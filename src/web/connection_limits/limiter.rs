//! The fairing that limits connections.

use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

use super::monitor::Monitor;
use super::system;
use super::{ConnectionLimits, ConnectionStats};
use crate::config::LimitsConfig;

/// Fairing that enforces the limits from liftoff to shutdown.
pub struct ConnectionLimiter {
    limits: LimitsConfig,
    figures: Arc<ConnectionStats>,
    /// Dropping the sender ends the thread.
    at_work: Mutex<Option<Sender<()>>>,
}

impl ConnectionLimiter {
    /// Returns a fairing that starts its thread at liftoff.
    pub fn new(limits: LimitsConfig) -> Self {
        Self {
            limits,
            figures: Arc::default(),
            at_work: Mutex::default(),
        }
    }

    /// Returns the counters.
    pub fn stats(&self) -> Arc<ConnectionStats> {
        Arc::clone(&self.figures)
    }

    fn put(&self, sender: Option<Sender<()>>) {
        *self.at_work.lock().unwrap_or_else(PoisonError::into_inner) = sender;
    }
}

#[rocket::async_trait]
impl Fairing for ConnectionLimiter {
    fn info(&self) -> Info {
        Info {
            name: "doorman",
            kind: Kind::Liftoff | Kind::Shutdown,
        }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let limits = ConnectionLimits::new(&self.limits, system::open_files());
        if !limits.any() {
            return;
        }
        let config = rocket.config();
        let door = SocketAddr::new(config.address, config.port);
        let rounds = Monitor::new(door, limits, self.stats());
        let (sender, over) = mpsc::channel();
        // A thread of its own, since a round takes milliseconds and would delay requests.
        let thread = std::thread::Builder::new().name("doorman".into());
        match thread.spawn(move || rounds.walk(&over)) {
            Ok(_) => self.put(Some(sender)),
            Err(error) => tracing::warn!(%error, "cannot start a thread for connection limits"),
        }
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        self.put(None);
    }
}
