//! Backups: everything in a store as of one commit, in one compressed and checksummed file.
//!
//! ```text
//! header   as in the journal's files: magic 8 · format u32 · commit u64 · zero 8 · crc32
//! body     gzip of: a frame with the manifest (JSON) · the journal's snapshot, if any ·
//!          the frames of the commits after it · the images, each in a frame with the number 0
//! trailer  magic 8 · length u64 of everything before the trailer · SHA-256 of the same
//! ```
//!
//! The body has the same bytes as the journal: every record, its history, and each commit since the last
//! snapshot. A restore can stop at any of these commits.
//!
//! A backup only reads files and needs no cooperation of the process that has the store open. The journal is
//! append-only, each commit has a checksum, and the acknowledgment marker names the last acknowledged commit.
//! If a compaction removes files meanwhile, the backup starts again.
//!
//! It may be encrypted as a whole (`encryption`), so that the file is one of age.
//!
//! `file` is the format. Each backend reads its store into a backup and creates a store from one.

mod channel;
mod check;
mod encryption;
mod file;
mod model;
mod unfinished;

pub use channel::is_encrypted_backup;
pub use check::{check_backup, check_backup_records};
pub use encryption::{
    BackupEncryption, BackupKeyError, BackupKeys, BackupPassphrase, BackupRecipient,
};
pub use file::FORMAT as BACKUP_FORMAT;
pub(super) use file::{BackupReader, BackupWriter, Manifest};
pub use model::{BackedUp, BroughtBack, EraseAgain, RestoreEnd, Restored, Restoring};
