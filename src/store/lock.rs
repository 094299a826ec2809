//! The lock file: one process at a time has a store open.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::StoreError;

/// How often the lock is tried, and how long between.
const TRIES: u32 = 6;
const WAIT: Duration = Duration::from_millis(30);

/// Holds the lock until dropped. The system releases it when the process ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the store in `root`, soon or not at all.
    pub(super) fn take(root: &Path) -> Result<Self, StoreError> {
        let path = root.join("lock");
        let failed = |source| StoreError::io("opening", &path, source);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match patiently(&file) {
            Ok(()) => {
                // Only for the message that another process prints, so a failure is no matter.
                if let Err(error) = write_pid(&mut file) {
                    tracing::debug!(%error, path = %path.display(), "the lock file has no number");
                }
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
                path: root.to_owned(),
                pid: read_pid(&mut file),
            }),
            Err(TryLockError::Error(source)) => Err(StoreError::io("locking", &path, source)),
        }
    }
}

/// Who holds it may be about to end, or be a process that was just forked and has yet to let go of
/// what it inherited.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(WAIT),
            outcome => return outcome,
        }
    }
    file.try_lock()
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
