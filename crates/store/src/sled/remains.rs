//! What a killed restore left in a store's folder.

use std::path::{Path, PathBuf};

use super::folders::{JOURNAL, REPLACED, RESTORING, rename};
use crate::file_system::sync_folder;
use crate::generation;

/// Removes the folder of an interrupted restore into a store that is there, since it holds a decrypted copy of a backup. The
/// caller has the lock, so no restore is running. A failure is logged: the store works with these remains.
///
/// If the stores were exchanged already, the journal in it is that of the replaced store, which is kept where the restore
/// would have put it.
pub(super) fn remove(root: &Path) {
    let work = root.join(RESTORING);
    if !work.exists() || !root.join(JOURNAL).is_dir() {
        return;
    }
    let left = work.join(JOURNAL);
    let done = match replaced_without_journal(root) {
        Some(replaced) if is_older(&left, &root.join(JOURNAL)) => {
            rename(&left, &replaced.join(JOURNAL)).and_then(|()| sync_folder(&replaced))
        }
        _ => Ok(()),
    };
    let removed = done
        .map_err(|error| error.to_string())
        .and_then(|()| std::fs::remove_dir_all(&work).map_err(|error| error.to_string()));
    let folder = work.display();
    match removed {
        Ok(()) => tracing::warn!("removed {folder}, which an interrupted restore had left"),
        Err(error) => tracing::warn!(
            %error,
            "cannot remove {folder}, which an interrupted restore had left: it may hold a decrypted copy of a backup"
        ),
    }
}

/// Returns true if a journal is from before a restore, and the other from after it. A journal that was not complete when its
/// restore was killed names no generation, and is not older.
fn is_older(left: &Path, current: &Path) -> bool {
    match (generation::named(left), generation::named(current)) {
        (Some(left), Some(current)) => left.restored_at < current.restored_at,
        _ => false,
    }
}

/// Returns the last folder of a replaced store if its journal is missing.
fn replaced_without_journal(root: &Path) -> Option<PathBuf> {
    let all = (1..).map(|n| root.join(format!("{REPLACED}{n}")));
    let last = all.take_while(|path| path.exists()).last()?;
    (!last.join(JOURNAL).exists()).then_some(last)
}
