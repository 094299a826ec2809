//! Whether the server sends anything to others by itself.

use std::io::Write;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

/// Whether the server sends anything to others by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Webhooks, WebSub, changes to partners' calendars, exchange and backups on schedule.
    On,
    /// None of these, for drills. What waits is kept, and sent after the next start with delivery.
    Off,
}

impl Delivery {
    /// Returns `on` or `off`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

const OFF: &str = "off: no webhooks, WebSub, push, scheduled exchange or scheduled backups";

/// Tells at the start that delivery is off.
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
        // The log says it too, where standard output takes nothing.
        let _ = writeln!(std::io::stdout(), "  delivery   {OFF}");
        tracing::warn!("delivery is {OFF}");
    }
}
