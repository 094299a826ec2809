//! The lock file, which lets one process at a time open a store.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::StoreError;
use super::private;

/// Number of attempts to take the lock, and the pause between them.
const TRIES: u32 = 6;
const WAIT: Duration = Duration::from_millis(30);

/// Holds the lock until dropped. The system releases it when the process ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the store in `root`. Waits only briefly.
    pub(super) fn take(root: &Path) -> Result<Self, StoreError> {
        let path = root.join("lock");
        let failed = |source| StoreError::io("opening", &path, source);
        let mut file = private::file()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match patiently(&file) {
            Ok(()) => {
                // The id is only for the error message of another process.
                if let Err(error) = write_pid(&mut file) {
                    tracing::debug!(%error, path = %path.display(), "the lock file has no number");
                }
                Ok(Self { _file: file })
            }
            Err(error) => Err(refusal(root, file, error)),
        }
    }

    /// Takes the lock without writing to its file. Returns `None` if there is no such file, since no process
    /// can have the store open then.
    pub(super) fn take_unwritten(root: &Path) -> Result<Option<Self>, StoreError> {
        let Some(file) = open(root)? else {
            return Ok(None);
        };
        match patiently(&file) {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(error) => Err(refusal(root, file, error)),
        }
    }

    /// Returns true if no process has the store in `root` open now.
    pub(super) fn is_free(root: &Path) -> bool {
        match open(root) {
            Ok(Some(file)) => file.try_lock().is_ok(),
            Ok(None) => true,
            // If this can't be determined, assume that the store is open.
            Err(_) => false,
        }
    }
}

/// Opens the lock file, if there is one.
fn open(root: &Path) -> Result<Option<File>, StoreError> {
    let path = root.join("lock");
    match File::open(&path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("opening", &path, error)),
    }
}

fn refusal(root: &Path, mut file: File, error: TryLockError) -> StoreError {
    match error {
        TryLockError::WouldBlock => StoreError::InUse {
            path: root.to_owned(),
            pid: read_pid(&mut file),
        },
        TryLockError::Error(source) => StoreError::io("locking", &root.join("lock"), source),
    }
}

/// Tries the lock several times. The holder may be about to end, or be a forked process that has not yet
/// closed its inherited files.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(WAIT),
            outcome => return outcome,
        }
    }
    file.try_lock()
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
