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
mod agenda_cursor;
mod apply;
mod cache_file;
mod calendar;
mod change_notifier;
mod change_times;
mod changes;
mod coming;
mod day_bucket;
mod days;
mod denormalize;
mod doc_set;
mod encoded;
mod entry;
mod entry_cache;
mod filters;
mod full_text;
mod full_text_upkeep;
mod hidden;
mod index;
mod lag;
mod listing;
mod load;
mod midnight;
mod names;
mod panics;
mod permissions;
mod planning;
mod ranked;
mod search;
mod selection;
mod skipped;
mod snapshot;
#[cfg(test)]
mod tests;
mod text_index;

pub use agenda::OccurrencePage;
pub use agenda_cursor::AgendaCursor;
pub use calendar::Calendar;
pub use change_notifier::ChangeNotifier;
pub use coming::ComingOccurrences;
pub use entry::{Entry, EventOccurrence};
pub use entry_cache::{CachedValue, EntryCache};
pub use filters::{FilterUpkeep, KeepError};
pub use listing::{ChangeKey, ListKey, ListOrder, ListPage, ListingRequest, Ongoing, StartKey};
pub use load::Preload;
pub use panics::caught;
pub use planning::{DayTurn, Planning};
pub use ranked::RankedOccurrences;
pub use skipped::why_skipped;
pub use snapshot::{Snapshot, SnapshotVersion};
