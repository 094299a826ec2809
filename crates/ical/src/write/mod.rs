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
mod component;
mod dst_transitions;
pub mod event;
pub mod line;
mod options;
mod recurrence;
#[cfg(test)]
mod tests;
mod texts;
mod times;
pub mod view;

pub(super) use calendar::is_ours;
pub use calendar::{CalendarHeader, Method, around, calendar};
pub use component::{CalendarComponent, LeftOut};
pub use event::{event_piece, told, told_at};
pub use options::{Cancelled, Tentative, WriteOptions};
pub use texts::EventTexts;
pub use times::Zones;
pub use view::{EventView, ImageView, OrganizerView, VenueView};
