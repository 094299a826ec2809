//! The erasures in a journal or backup, read without opening the store.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::StoreError;
use super::backup_file::{BackupKeys, BackupReader};
use super::body::{Envelope, JournalEntry};
use super::journal::{self, SnapshotError, Survey};
use super::plan::StorePart;
use calendar_domain::record::Recorded;
use calendar_domain::{Erasure, Record, RecordKey};

/// Collects erasures from snapshots and commits.
struct Collected {
    /// Beginning of their keys.
    prefix: String,
    found: BTreeMap<String, Erasure>,
}

impl Collected {
    fn new() -> Self {
        Self {
            prefix: RecordKey::new(Erasure::KIND, "").to_string(),
            found: BTreeMap::new(),
        }
    }

    fn add_item(&mut self, part: StorePart, key: &[u8], value: &[u8]) {
        if part != StorePart::Current || !key.starts_with(self.prefix.as_bytes()) {
            return;
        }
        let stored = Envelope::read(value).and_then(|found| found.stored());
        if let Ok(Some(stored)) = stored {
            self.set(
                String::from_utf8_lossy(key).into_owned(),
                Some(stored.record),
            );
        }
    }

    fn add_entry(&mut self, entry: &JournalEntry) {
        for change in &entry.changes {
            if !change.key.starts_with(&self.prefix) {
                continue;
            }
            if let Ok(record) = change.record(entry.v) {
                self.set(change.key.clone(), record);
            }
        }
    }

    fn set(&mut self, key: String, record: Option<Record>) {
        match record.and_then(Erasure::from_record) {
            Some(erasure) => _ = self.found.insert(key, erasure),
            None => _ = self.found.remove(&key),
        }
    }

    fn all(self) -> Vec<Erasure> {
        self.found.into_values().collect()
    }
}

/// Returns the erasures in a journal, as far as it can be read.
pub(super) fn in_journal(root: &Path, dir: &Path) -> Result<Vec<Erasure>, StoreError> {
    let survey = Survey::new(root, dir)?;
    let mut collected = Collected::new();
    if let Some((path, _)) = &survey.base {
        let read = journal::read_snapshot(path, |part, key, value| {
            collected.add_item(part, key, value);
            Ok(())
        });
        match read {
            Ok(_) | Err(SnapshotError::Newer(_)) => {}
            Err(SnapshotError::Broken(detail)) => return Err(StoreError::damaged(root, detail)),
            Err(SnapshotError::Failed(error)) => return Err(error),
        }
    }
    survey.entries(survey.base_number() + 1..=u64::MAX, |entry| {
        collected.add_entry(&entry);
        Ok(())
    })?;
    Ok(collected.all())
}

/// Returns the erasures in a backup: what was erased in its store before it was made.
///
/// # Errors
/// Errors if the file can't be read, is damaged, or none of the keys is right.
pub fn erasures_in_backup(file: &Path, keys: &BackupKeys) -> Result<Vec<Erasure>, StoreError> {
    let mut backup = BackupReader::open(file, keys)?;
    let mut collected = Collected::new();
    if backup.manifest.base > 0 {
        let length = backup.manifest.snapshot;
        let mut snapshot = backup.body.by_ref().take(length);
        let read = journal::read_snapshot_from(&mut snapshot, file, |part, key, value| {
            collected.add_item(part, key, value);
            Ok(())
        });
        read.map_err(|_| backup.broken("cannot read its snapshot"))?;
    }
    while let Some((_, payload)) = backup.next_commit()? {
        let entry = JournalEntry::read(&payload).map_err(|error| error.at(file, "a commit"))?;
        collected.add_entry(&entry);
    }
    Ok(collected.all())
}
