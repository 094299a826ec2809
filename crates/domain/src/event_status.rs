//! The state of an event in the world.

use serde::{Deserialize, Serialize};

/// The state of an event in the world (schema.org `EventStatusType`, and RFC 5545's `TENTATIVE`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EventStatus {
    /// It takes place as scheduled.
    #[default]
    Scheduled,
    /// Its date is not confirmed: «foreløpig».
    Tentative,
    /// It does not take place.
    Cancelled,
    /// It takes place later at an unknown time.
    Postponed,
    /// It takes place at another time than originally scheduled.
    Rescheduled,
    /// It takes place online instead.
    MovedOnline,
}

impl EventStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Scheduled,
        Self::Tentative,
        Self::Cancelled,
        Self::Postponed,
        Self::Rescheduled,
        Self::MovedOnline,
    ];

    /// Returns the name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Rescheduled => "rescheduled",
            Self::MovedOnline => "moved_online",
        }
    }
}
