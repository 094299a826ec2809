//! Opening of the sled database, with retries while an instance in this process holds its files.

use std::path::Path;
use std::time::Duration;

use super::database::Trees;
use super::folders;
use super::sled_guard::SledFault;
use crate::StoreError;
use crate::body::State;
use crate::commit::CommitNumber;

/// Number of attempts to open files that an instance in this process still holds, and the pause between them.
const LOCK_TRIES: u32 = 20;
const LOCK_WAIT: Duration = Duration::from_millis(50);

/// The situation in which a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// By a process that has just taken the lock.
    Start,
    /// By a restore that has just written the journal.
    Restoring,
    /// By the process that had the store open, after a failure. Holds the last acknowledged commit; later
    /// ones were refused.
    Mending(CommitNumber),
}

/// The state of the sled database.
pub(super) enum Database {
    Absent,
    Sound(Trees, State),
    Damaged(String),
}

impl Database {
    /// Returns the last commit, or 0 if the database can't be read.
    pub(super) fn number(&self) -> u64 {
        if let Self::Sound(_, state) = self {
            state.number.0
        } else {
            0
        }
    }
}

/// Opens the database in `root`, if there is one.
pub(super) fn open_database(root: &Path, occasion: Occasion) -> Result<Database, StoreError> {
    let Some(path) = folders::database(root)? else {
        return Ok(Database::Absent);
    };
    let mut tries = 0;
    loop {
        match Trees::open(root, &path) {
            Ok((trees, state)) => return Ok(Database::Sound(trees, state)),
            Err(SledFault::Damage(detail)) => return Ok(Database::Damaged(detail)),
            Err(SledFault::Locked) if tries < LOCK_TRIES => {
                tries += 1;
                std::thread::sleep(LOCK_WAIT);
            }
            // This process holds the store's lock, so it is an instance in this process that hangs.
            Err(SledFault::Locked) if matches!(occasion, Occasion::Mending(_)) => {
                return Ok(Database::Damaged("it hangs".to_owned()));
            }
            Err(fault) => return Err(fault.at(root)),
        }
    }
}
