//! Connection limits: closes idle and slow connections, and the least active ones if there are too many.
//!
//! Rocket 0.5 has no hook for this: it opens its listener itself and sets none of hyper's timeouts. A thread therefore
//! inspects the connections about once a second, outside of any request. `diag` reads from the kernel how many bytes
//! each connection to the port transferred and when; [`watch`] and [`eviction`], which are pure, decide which to close;
//! `files` shuts their sockets down. Rocket then drops the connection as if the client had left.
//!
//! Enforcement needs Linux. On other systems, and if the kernel refuses, one warning is logged and the limits are off.

mod close_reason;
mod eviction;
mod limits;
mod monitor;
mod stats;
mod tcp_sample;
mod watch;

#[cfg(target_os = "linux")]
mod proc_fds;
#[cfg(target_os = "linux")]
mod sock_diag;
#[cfg(target_os = "linux")]
mod system;

#[cfg(not(target_os = "linux"))]
#[path = "no_system.rs"]
mod system;

use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

use crate::config::LimitsConfig;

pub use close_reason::CloseReason;
pub use limits::ConnectionLimits;
pub use stats::ConnectionStats;
pub use system::most_open_files;

use monitor::Monitor;

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
