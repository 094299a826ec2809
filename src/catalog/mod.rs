//! The published calendar in memory.
//!
//! **May import:** nothing of ours.
//!
//! A [`Snapshot`] is immutable: a reader takes the current one and uses it for as long as needed,
//! without blocking. A commit creates the next snapshot, which shares unchanged data (persistent
//! maps), and replaces the current one atomically. [`Calendar`] combines store and catalog: a write
//! is visible to the next read.
//!
//! The catalog has published events only, and the origin ids of a partner's unpublished ones.
//! Drafts and withdrawn events stay in the store, so that no public output can contain them.

mod agenda;
mod agenda_back;
mod apply;
mod bell;
mod bookmark;
mod calendar;
mod change_times;
mod changes;
mod days;
mod entry;
mod facts;
mod filters;
mod hidden;
mod image;
mod index;
mod lag;
mod load;
mod midnight;
mod names;
mod packed;
mod planning;
mod search;
mod selection;
mod sheet;
mod skipped;
mod slots;
mod snapshot;
#[cfg(test)]
mod tests;
mod words;

pub use agenda::AgendaPage;
pub use bell::ChangeNotifier;
pub use bookmark::AgendaCursor;
pub use calendar::Calendar;
pub use entry::{Entry, EventOccurrence};
pub use filters::{FilterUpkeep, KeepError};
pub use load::Preload;
pub use planning::{DayTurn, Planning};
pub use skipped::{caught, why_skipped};
pub use snapshot::{Snapshot, SnapshotVersion};
