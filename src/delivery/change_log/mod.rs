//! The change log: the commit that last changed each event, for readers that follow changes.
//!
//! It is an index in memory. It is built from the store at first use and then updated with
//! [`Snapshot::touched_since`](crate::catalog::Snapshot::touched_since). A snapshot contains every commit up to
//! its own without a gap, so no commit is skipped. If the snapshot doesn't reach back far enough, the index is rebuilt.
//!
//! An event is at the last commit that changed it, a record shown with it, or which events are its parts. An event
//! that is no longer public stays in the log as removed. Events that were never public are not in the log, nor are
//! events whose partner refuses republication.

mod cursor;
mod fill;
mod log;
#[cfg(test)]
mod tests;

pub use cursor::{Cursor, CursorError};
pub use log::{ChangeBatch, ChangeLog, ChangeLogError, EventChange, Now};
use log::{ChangeIndex, Known, face_of, is_told, was_public};
