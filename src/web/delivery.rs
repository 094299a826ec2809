//! The switch for everything that the server sends on its own.

use std::io::Write;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

/// Whether the server sends anything on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutgoingDelivery {
    /// Webhooks, WebSub, push to partners' calendars, scheduled exchange and scheduled backups are enabled.
    On,
    /// All of them are disabled, for drills. Pending deliveries are kept until the next start with delivery.
    Off,
}

impl OutgoingDelivery {
    /// Returns `on` or `off`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

const OFF: &str = "off: no webhooks, no WebSub (subscribers receive nothing, and the hub responds to \
                   subscription requests with 503), no push, no scheduled syncs and no scheduled backups";

/// Prints at startup that delivery is off.
pub(super) struct Notice;

#[rocket::async_trait]
impl Fairing for Notice {
    fn info(&self) -> Info {
        Info {
            name: "notice that delivery is off",
            kind: Kind::Liftoff,
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        // The log repeats the notice, so a failed write to standard output is harmless.
        let _ = writeln!(std::io::stdout(), "  delivery   {OFF}");
        tracing::warn!("delivery is {OFF}");
    }
}
