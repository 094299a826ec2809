//! Writes published events as JSON.
//!
//! **May import:** `catalog`.
//!
//! [`write()`] returns the JSON form of an event, [`write_occurrence`] that of an occurrence. [`Fragments`] caches events as
//! finished bytes, and a [`JsonList`] is assembled from them.

mod event;
mod fragments;
mod json_list;
mod member_set;
mod occurrence;

pub use event::{keep_venues, write, write_whole};
pub use fragments::{Fragments, JsonFragment, JsonShape};
pub use json_list::{FinishedList, JsonList, ListMembers};
pub use member_set::MemberSet;
pub use occurrence::write_occurrence;
