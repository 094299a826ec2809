//! Lists of events and occurrences in a total order, a page at a time.
//!
//! A page continues after the [`ListKey`] of the last item before it. The key of an item depends on the item and the window
//! alone, so that events which others add, change or remove between two pages neither hide nor repeat an item that stays the
//! same.
//!
//! In the order of dates, a page walks along the day index and stops when it is full ([`by_start`]). Days outside the index are
//! computed as they are needed ([`beyond`]). In the order of changes, the next candidates are selected by their time of change
//! ([`by_change`]). Only events that pass the sets of the filters are decoded, and at most a fixed number of them per page.

mod beyond;
mod by_change;
mod by_start;
mod candidates;
mod key;
mod page;
mod page_start;
mod request;
mod window_part;

pub use key::{ChangeKey, ListKey, StartKey};
pub use page::ListPage;
pub use request::{ListOrder, ListingRequest, Ongoing};
