//! elverum-calendar: an event calendar and destination service for a region.
pub mod clock;
pub mod domain;
pub mod ical;
pub mod language;
pub mod store;
