//! Scheduled backups, made while the server runs; the oldest are removed.
//!
//! The schedule is derived from the names of existing backups, so a restart neither skips nor repeats one.

mod bucket;
mod place;
mod schedule;

pub use place::BackupTarget;
pub(super) use schedule::no_backup_in;
pub use schedule::{fetch, keep, newest};
