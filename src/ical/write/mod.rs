//! Writing iCalendar: what every calendar program takes, byte for byte the same from the same
//! records.
//!
//! Each public event becomes a [`Piece`], its VEVENTs as bytes, which stays right until the record
//! or a name in it changes; [`calendar()`] puts a head and the zones before any number of pieces.
//! Nothing here asks for the time: DTSTAMP is when the record changed.
//!
//! What is ours and what the `icalendar` crate's: its [`Property`](icalendar::Property), parameters
//! and date values are the model that everything here hands to [`line`](mod@line), and its table of value
//! types tells what is text. We do not let it print. It puts the present instant and a random UID
//! where one is missing, so its output is no function of its input; it passes carriage returns and
//! other control characters through; it writes a quotation mark in a parameter as it is, which
//! ends the parameter early (RFC 6868); it takes RFC 7986's `NAME` for something that needs no
//! escaping; and it has no VTIMEZONE and no recurrence that keeps to local time.
//!
//! To add a property: a line in [`event`], and a test named after the rule it keeps.

pub mod calendar;
pub mod colour;
pub mod event;
pub mod line;
mod nights;
mod recurrence;
#[cfg(test)]
mod tests;
mod texts;
mod times;
pub mod view;

pub(super) use calendar::is_ours;
pub use calendar::{Head, Method, around, calendar};
pub use event::{Told, event_piece, told, told_at};
pub use times::Zones;
pub use view::{EventView, OrganizerView, VenueView};

use crate::domain::{EventStatus, Lang};

/// What a reader may choose (`?lang=`, `?cancelled=`, `?tentative=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choices {
    /// The language of texts, where they exist in it.
    pub lang: Lang,
    /// How a cancelled event is shown.
    pub cancelled: Cancelled,
    /// Whether an event with an unconfirmed date is shown.
    pub tentative: Tentative,
}

/// How a cancelled event is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cancelled {
    /// `STATUS:CANCELLED`, and «AVLYST:» before the title, since Google and Outlook show the
    /// first to nobody.
    #[default]
    Mark,
    /// `STATUS:CANCELLED` alone.
    Status,
    /// Not at all.
    Omit,
}

/// Whether an event with an unconfirmed date is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tentative {
    /// As `STATUS:TENTATIVE`, «(foreløpig dato)» after its title.
    #[default]
    Include,
    /// Not at all.
    Omit,
}

impl Choices {
    /// The choices that differ from what a reader gets who makes none, as parameters of an address.
    #[must_use]
    pub fn params(self) -> Vec<(&'static str, String)> {
        let lang = (self.lang != Lang::Nb).then(|| self.lang.tag());
        let cancelled = match self.cancelled {
            Cancelled::Mark => None,
            Cancelled::Status => Some("status"),
            Cancelled::Omit => Some("omit"),
        };
        let tentative = match self.tentative {
            Tentative::Include => None,
            Tentative::Omit => Some("omit"),
        };
        let said = [
            ("lang", lang),
            ("cancelled", cancelled),
            ("tentative", tentative),
        ];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        said.map(|(name, value)| (name, value.to_owned())).collect()
    }

    /// What a reader gets that has chosen a language alone.
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        Self {
            lang,
            cancelled: Cancelled::default(),
            tentative: Tentative::default(),
        }
    }

    /// Whether the reader wants to see what has this status.
    #[must_use]
    pub fn admit(self, status: EventStatus) -> bool {
        match status {
            EventStatus::Cancelled => self.cancelled != Cancelled::Omit,
            EventStatus::Tentative => self.tentative != Tentative::Omit,
            _ => true,
        }
    }
}

/// One event as it stands in a calendar: VEVENTs with their line ends, nothing around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The VEVENTs; empty where the event is [left out](Self::left_out).
    pub bytes: Vec<u8>,
    /// The zones that the VEVENTs name.
    pub zones: Zones,
    /// Whether a VEVENT has no ORGANIZER.
    pub lacks_organizer: bool,
    /// Why there is nothing, if there is nothing.
    pub left_out: Option<LeftOut>,
}

/// Why an event has no VEVENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// The reader did not want it.
    Choice,
    /// Its rule and its exceptions leave no start at all.
    NeverHappens,
    /// Its year has more than four digits, or is before the first; RFC 5545 has no such date.
    NoSuchDate,
}
