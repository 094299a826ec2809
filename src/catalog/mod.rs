//! The published calendar in memory, as readers see it.
//!
//! **May import:** `domain`, `store`, `clock`.
//!
//! A [`Snapshot`] never changes: a reader takes the present one and works with it as long as it
//! likes, without waiting for anyone. A commit makes the next snapshot, which shares all that
//! stayed the same (persistent maps), and puts it in place by one pointer. [`Calendar`] ties the
//! two together: what was written is in the next read.
//!
//! Only published events are here. Drafts and withdrawn events are the store's alone, so that no
//! public output can come upon them.

mod agenda;
mod apply;
mod bell;
mod calendar;
mod changes;
mod days;
mod entry;
mod facts;
mod filters;
mod image;
mod index;
mod lag;
mod load;
mod midnight;
mod names;
mod packed;
mod search;
mod selection;
mod sheet;
mod skipped;
mod slots;
mod snapshot;
#[cfg(test)]
mod tests;
mod words;

pub use agenda::{Bookmark, Page};
pub use bell::Bell;
pub use calendar::Calendar;
pub use entry::{Entry, Happening};
pub use filters::KeepError;
pub use load::Early;
pub use skipped::{caught, why_skipped};
pub use snapshot::{Snapshot, Version};
