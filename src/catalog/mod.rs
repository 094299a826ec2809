//! The published calendar in memory, as readers see it.
//!
//! **May import:** `domain`, `store`, `clock`.
//!
//! A [`Snapshot`] never changes: a reader takes the present one and works with it as long as it
//! likes, without waiting for anyone. A commit makes the next snapshot, which shares all that
//! stayed the same (persistent maps), and puts it in place by one pointer. [`Calendar`] ties the
//! two together: what was written is in the next read.
//!
//! Only published events are here. Of a partner's others there are the names alone; drafts and withdrawn events
//! themselves are the store's, so that no public output can come upon them.

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

pub use agenda::Page;
pub use bell::Bell;
pub use bookmark::Bookmark;
pub use calendar::Calendar;
pub use entry::{Entry, Happening};
pub use filters::{FilterUpkeep, KeepError};
pub use load::Early;
pub use planning::{DayTurn, Planning};
pub use skipped::{caught, why_skipped};
pub use snapshot::{Snapshot, Version};
