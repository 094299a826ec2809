//! The doorman: closes connections that are idle or slow, and the least useful where there are too many.
//!
//! Rocket 0.5 has no place for this: it opens its listener itself, and sets none of the times that hyper would
//! keep. So it is done from outside, once a second, without any part in a request. The system tells of each
//! connection to our port how many bytes came and went and how long ago (`diag`); [`watch`] and
//! [`crowd`], which touch nothing, say which have to go; `files` shuts their sockets down, upon which Rocket
//! lets go of them as it does when a client leaves.
//!
//! All of it but the rules is Linux's; elsewhere, and where the system refuses, it says so once in the log and
//! the calendar is served without.

mod crowd;
mod limits;
mod rounds;
mod watch;

#[cfg(target_os = "linux")]
mod diag;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod system;

#[cfg(not(target_os = "linux"))]
#[path = "no_system.rs"]
mod system;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

use crate::config::LimitsConfig;

pub use limits::Limits;
pub use system::most_open_files;
pub use watch::Reason;

use rounds::Rounds;

/// What the doorman has seen and done.
#[derive(Debug, Default)]
pub struct Figures {
    on_duty: AtomicBool,
    open: AtomicU64,
    closed: [AtomicU64; Reason::ALL.len()],
}

impl Figures {
    /// Whether connections are looked after.
    pub fn on_duty(&self) -> bool {
        self.on_duty.load(Ordering::Relaxed)
    }

    /// Connections at the last look.
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    /// How many were closed, by reason.
    pub fn closed(&self) -> impl Iterator<Item = (Reason, u64)> {
        let counts = self.closed.iter().map(|it| it.load(Ordering::Relaxed));
        Reason::ALL.into_iter().zip(counts)
    }
}

/// Puts the doorman at the door when there is one, and lets him go with the server.
pub struct Doorman {
    limits: LimitsConfig,
    figures: Arc<Figures>,
    /// He goes home when this is dropped.
    at_work: Mutex<Option<Sender<()>>>,
}

impl Doorman {
    /// Nobody stands there yet.
    pub fn new(limits: LimitsConfig) -> Self {
        Self {
            limits,
            figures: Arc::default(),
            at_work: Mutex::default(),
        }
    }

    /// What he counts.
    pub fn figures(&self) -> Arc<Figures> {
        Arc::clone(&self.figures)
    }

    fn put(&self, sender: Option<Sender<()>>) {
        *self.at_work.lock().unwrap_or_else(PoisonError::into_inner) = sender;
    }
}

#[rocket::async_trait]
impl Fairing for Doorman {
    fn info(&self) -> Info {
        Info {
            name: "doorman",
            kind: Kind::Liftoff | Kind::Shutdown,
        }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let limits = Limits::of(&self.limits, system::open_files());
        if !limits.any() {
            return;
        }
        let config = rocket.config();
        let door = SocketAddr::new(config.address, config.port);
        let rounds = Rounds::new(door, limits, self.figures());
        let (sender, over) = mpsc::channel();
        // A thread of its own: what takes him some milliseconds would keep requests waiting.
        let thread = std::thread::Builder::new().name("doorman".into());
        match thread.spawn(move || rounds.walk(&over)) {
            Ok(_) => self.put(Some(sender)),
            Err(error) => tracing::warn!(%error, "no thread to look after connections"),
        }
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        self.put(None);
    }
}
