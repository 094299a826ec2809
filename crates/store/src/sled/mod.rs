//! The sled backend: a durable journal and a sled database that follows it.
//!
//! sled 0.34 alone can't guarantee durability: its `flush` doesn't call fsync on Linux, and there are reports
//! of databases that don't open after a crash. A commit is therefore written to the journal and synced, then
//! written to sled, then acknowledged. The journal is authoritative. If sled fails, it is reopened, caught up
//! or rebuilt before the next commit.
//!
//! A store's folder contains `lock`, `journal/` and `sled-<n>/`, and after damage `sled.damaged-<n>/` or
//! `journal.damaged-<n>/`.
//!
//! - The store: `store` has its state and reads records.
//! - Opening: `backend` reads the address, `store_folder` finds the folder and `open` opens the store. If the disk can't be written, the records
//!   are in `memory`.
//! - Commits: `write` writes them, in the batches that `group_commit` collects, so that they share one sync.
//! - Database: `database` has sled's trees, isolated by `sled_guard`; `claims` is the index of names; `scan` reads
//!   records in parallel, and `versions` all versions; `erase` removes earlier ones from all files.
//! - Short-lived data: `ephemeral`, in a database of its own in the folder `ephemeral`.
//! - Recovery: `recover` decides what `rebuild` and `replay` do, `folders` names the folders, and `space`
//!   checks the free space.
//! - Operators: `repair`, `backup` and `restore`.

mod allocation;
mod backend;
mod backup;
mod claims;
mod claims_mark;
mod database;
mod ephemeral;
mod erase;
mod folders;
mod group_commit;
mod locks;
mod memory;
mod open;
mod open_database;
mod read_error;
mod readiness;
mod rebuild;
mod recover;
mod remains;
mod repair;
mod replay;
mod restore;
mod scan;
mod sled_guard;
mod space;
mod store;
mod store_folder;
#[cfg(test)]
mod tests;
mod versions;
mod write;

pub(super) use backend::Sled;
