//! Isolation of sled: converts its errors and panics and limits the time it may take.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use crate::StoreError;

/// The version of the tree layout that this program writes, and the newest that it reads.
pub(super) const SCHEMA: u32 = 1;

/// Why sled failed.
#[derive(Debug)]
pub(super) enum SledFault {
    /// The data is damaged, or sled panicked.
    Damage(String),
    /// A disk error that doesn't imply damage.
    Disk(io::Error),
    /// An earlier instance in this process still holds the files.
    Locked,
    /// A newer program wrote the database.
    Newer(u32),
}

impl SledFault {
    pub(super) fn at(self, root: &Path) -> StoreError {
        match self {
            Self::Damage(detail) => {
                StoreError::damaged(root, format!("its database failed: {detail}"))
            }
            Self::Disk(error) => StoreError::io("using the database in", root, error),
            Self::Locked => StoreError::InUse {
                path: root.to_owned(),
                pid: None,
            },
            Self::Newer(found) => StoreError::NewerSchema {
                path: root.join("sled"),
                found,
                known: SCHEMA,
            },
        }
    }
}

/// Calls `work`, which uses sled. A panic in it is reported as damage.
pub(super) fn guard<T>(work: impl FnOnce() -> Result<T, ::sled::Error>) -> Result<T, SledFault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(fault(error)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(SledFault::Damage(format!(
                "sled failed: {}",
                text.unwrap_or("no reason given")
            )))
        }
    }
}

fn fault(error: ::sled::Error) -> SledFault {
    use io::ErrorKind::{
        OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match error {
        ::sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => {
            SledFault::Locked
        }
        ::sled::Error::Io(error)
            if matches!(
                error.kind(),
                OutOfMemory | PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull
            ) =>
        {
            SledFault::Disk(error)
        }
        other => SledFault::Damage(other.to_string()),
    }
}

/// Runs `work` on a new thread. Returns `None` if it takes longer than `patience`; the thread then keeps
/// running and keeps its resources.
pub(super) fn apart<T: Send + 'static>(
    name: &str,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, outcome) = mpsc::channel();
    let run = move || {
        // The receiver is gone after a timeout.
        let _ = done.send(work());
    };
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .ok()?;
    outcome.recv_timeout(patience).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_damage_with_its_reason() {
        let outcome: Result<(), SledFault> = guard(|| panic!("page {} is gone", 7));
        assert!(matches!(outcome, Err(SledFault::Damage(text)) if text.contains("page 7 is gone")));
    }

    #[test]
    fn a_full_disk_is_no_damage_and_a_foreign_lock_is_neither() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(fault(full.into()), SledFault::Disk(_)));
        let held = io::Error::other("could not acquire lock on \"db\"");
        assert!(matches!(fault(held.into()), SledFault::Locked));
        let broken = ::sled::Error::Corruption { at: None, bt: () };
        assert!(matches!(fault(broken), SledFault::Damage(_)));
    }

    #[test]
    fn work_that_hangs_is_left_behind() {
        let (_held, never) = mpsc::channel::<()>();
        let hang = move || never.recv().is_ok();
        assert_eq!(apart("test", Duration::from_millis(20), hang), None);
        assert_eq!(apart("test", Duration::from_secs(60), || 7), Some(7));
    }
}
