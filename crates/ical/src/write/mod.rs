//! Deterministic iCalendar writer: the same records give the same bytes.
//!
//! Each public event becomes a [`CalendarComponent`], its VEVENTs as bytes, which stays valid until the record
//! or a name in it changes. [`calendar()`] adds the header and the time zones to any number of
//! pieces. The current time is not used: DTSTAMP is the time of the last change to the record.
//!
//! The model is that of the `icalendar` crate: its [`Property`](icalendar::Property), parameters,
//! date values and table of value types. [`line`](mod@line) replaces its serializer, which
//!
//! - inserts the current time and a random UID if they are missing, so that its output is not a
//!   function of its input;
//! - passes carriage returns and other control characters through;
//! - writes quotation marks in parameters literally, which ends the parameter early (RFC 6868);
//! - does not escape RFC 7986's `NAME`;
//! - has no VTIMEZONE, and no recurrence in local time.
//!
//! To add a property, add a line to [`event`] and a test named after the rule that it follows.

pub mod calendar;
pub mod color;
mod dst_transitions;
pub mod event;
pub mod line;
mod recurrence;
#[cfg(test)]
mod tests;
mod texts;
mod times;
pub mod view;

pub(super) use calendar::is_ours;
pub use calendar::{CalendarHeader, Method, around, calendar};
pub use event::{event_piece, told, told_at};
pub use texts::EventTexts;
pub use times::Zones;
pub use view::{EventView, OrganizerView, VenueView};

use calendar_domain::{EventStatus, Lang};

/// Options of a client (`?lang=`, `?cancelled=`, `?tentative=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WriteOptions {
    /// Preferred language of texts.
    pub lang: Lang,
    /// Display of cancelled events.
    pub cancelled: Cancelled,
    /// Display of events with an unconfirmed date.
    pub tentative: Tentative,
}

/// Display of cancelled events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cancelled {
    /// `STATUS:CANCELLED` and «AVLYST:» before the title, since Google and Outlook do not show the
    /// status.
    #[default]
    Mark,
    /// `STATUS:CANCELLED` only.
    Status,
    /// Omitted.
    Omit,
}

/// Display of events with an unconfirmed date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tentative {
    /// `STATUS:TENTATIVE` and «(foreløpig dato)» after the title.
    #[default]
    Include,
    /// Omitted.
    Omit,
}

impl WriteOptions {
    /// Returns the options that differ from the defaults as query parameters.
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

    /// Returns the default options for a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            cancelled: Cancelled::default(),
            tentative: Tentative::default(),
        }
    }

    /// Returns true if events with this status are included.
    #[must_use]
    pub fn admit(self, status: EventStatus) -> bool {
        match status {
            EventStatus::Cancelled => self.cancelled != Cancelled::Omit,
            EventStatus::Tentative => self.tentative != Tentative::Omit,
            _ => true,
        }
    }
}

/// The VEVENTs of one event, including line ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarComponent {
    /// VEVENTs; empty if the event is [left out](Self::left_out).
    pub bytes: Vec<u8>,
    /// Zones that the VEVENTs refer to.
    pub zones: Zones,
    /// Whether a VEVENT has no ORGANIZER.
    pub lacks_organizer: bool,
    /// Why there are no VEVENTs, if there are none.
    pub left_out: Option<LeftOut>,
}

/// Why an event has no VEVENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// The options exclude it.
    Choice,
    /// Its rule and exceptions leave no start.
    NeverHappens,
    /// Its year is not between 1 and 9999; RFC 5545 cannot represent it.
    NoSuchDate,
}
