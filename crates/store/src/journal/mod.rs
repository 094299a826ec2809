//! The journal: the durable log of all commits.
//!
//! The folder `journal` of a store contains:
//! - segments, `<first commit>.journal`: commits in sequence, append-only, possibly followed by zeros;
//! - at most one snapshot, `<commit>.snapshot`: everything up to that commit, which replaces the segments
//!   before it;
//! - `acknowledged`: the marker with the last acknowledged commit;
//! - `generation`: the generation of the commit numbers ([`Generation`](crate::Generation)).
//!
//! `frame` is the format, `walk` reads a segment, `survey` reads a whole folder and finds gaps, and this file
//! writes. The journal does not depend on the database that follows it.

mod ack_marker;
mod files;
pub(super) mod frame;
mod scan;
mod segment_reader;
mod snapshot;
#[cfg(test)]
mod tests;
mod writer;

pub(super) use frame::{FORMAT, encode};
pub(super) use scan::Survey;
pub(super) use snapshot::{
    SnapshotError, SnapshotItem, path as snapshot_path, read as read_snapshot,
    read_from as read_snapshot_from,
};
pub(super) use writer::{Journal, JournalLimits, older_files, write_snapshot};
