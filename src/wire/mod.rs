//! The event on the wire: the one JSON shape that the API gives, the partner interface takes,
//! `export` writes and `import` reads.
//!
//! **May import:** `domain`, `catalog`.
//!
//! Names are `snake_case`, times RFC 3339 with offset plus `time_zone`, whole days dates whose
//! `end` is the last day. To register an event, `title.nb` and `start` are enough.

mod read;
mod shape;
mod write;

pub use read::{WireError, read};
pub use shape::WireEvent;
pub use write::{keep_venues, write, write_whole};
