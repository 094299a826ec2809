//! Reads the bytes of a file into a [`ReadCalendar`].
//!
//! Every component is either read or reported; [`ReadCalendar::components`] counts both. Superseded
//! versions of an event are removed; [`series`] groups events with their overrides.

mod event;
mod group;
mod model;
mod reader;
#[cfg(test)]
mod tests;
mod times;

pub use group::{ComponentSet, series};
pub use model::{
    AttachedLink, CalTime, CalendarInfo, ComponentCount, LocalText, Rdate, ReadCalendar, ReadEnd,
    ReadEvent, ReadOrganizer, ReadStatus, RecurrenceId, Relation,
};
pub use reader::{read, read_within};
