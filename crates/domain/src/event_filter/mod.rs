//! Filters of the API beyond those of a [`Query`](crate::Query).
//!
//! A query is the key of stored filters, so it never changes its form. What only the API filters by is here. The filter of an
//! occurrence is a pure function of its time, status and positions.

mod area;
mod filter;
#[cfg(test)]
mod tests;
mod values;

pub use area::{Area, BoundingBox, MAX_RADIUS, read_position, read_radius};
pub use filter::{DayOfWeek, EventFilter, OccurrenceFacts};
pub use values::{FilterValueError, TimeOfDayRange, WEEKDAYS, read_duration, read_weekday};
