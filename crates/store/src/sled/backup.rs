//! Backup of a store, also while another process writes to it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::folders::{IMAGES, JOURNAL};
use super::store::SledStore;
use super::store_folder;
use crate::backup_file::{BackedUp, BackupEncryption, BackupWriter, Manifest};
use crate::commit::CommitNumber;
use crate::image_files::ImageFiles;
use crate::journal::frame::FRAME;
use crate::journal::{self, JournalLimits, SnapshotError, Survey};
use crate::lock::Lock;
use crate::plan::StorePart;
use crate::required_images::RequiredImages;
use crate::{IfMissing, StoreError};

/// Number of attempts if files disappear while the journal is read, and the pause between them.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// See [`Maintenance::backup`](crate::Maintenance::backup).
pub(crate) fn backup(
    path: &Path,
    file: &Path,
    encryption: &BackupEncryption,
) -> Result<BackedUp, StoreError> {
    let root = store_folder::existing(path)?;
    let made = if root.join(JOURNAL).is_dir() {
        again_and_again(&root, file, encryption)
    } else {
        Err(StoreError::damaged(&root, "its journal is missing"))
    };
    match made {
        // If no process has the store open, its recovery may repair it.
        Err(damage @ StoreError::Damaged { .. }) => {
            match SledStore::open_or(&root, JournalLimits::default(), IfMissing::Fail) {
                Ok(store) => drop(store),
                Err(StoreError::InUse { .. }) => return Err(damage),
                Err(error) => return Err(error),
            }
            attempt(&root, file, encryption)
        }
        outcome => outcome,
    }
}

fn again_and_again(
    root: &Path,
    file: &Path,
    encryption: &BackupEncryption,
) -> Result<BackedUp, StoreError> {
    for _ in 1..TRIES {
        match attempt(root, file, encryption) {
            Err(error) if is_moving(&error) => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    attempt(root, file, encryption)
}

/// Returns true if a compaction may have removed a file that was being read.
fn is_moving(error: &StoreError) -> bool {
    match error {
        StoreError::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
        StoreError::Damaged { .. } => true,
        _ => false,
    }
}

fn attempt(
    root: &Path,
    file: &Path,
    encryption: &BackupEncryption,
) -> Result<BackedUp, StoreError> {
    let was_free = Lock::is_free(root);
    let survey = Survey::new(root, &root.join(JOURNAL))?;
    let is_stopped = was_free && Lock::is_free(root);
    let base = survey.base_number();
    // While a program has the store open, a commit after the marker may still be refused. The marker is read
    // before everything else, so a snapshot may be newer. If no program has the store open, every whole
    // commit counts, as at the next start, since the marker may be behind after a power loss. If a program
    // opens the store now and removes a commit, its frame is not found below and the backup starts again.
    let acknowledged = survey
        .mark
        .map_or_else(|| survey.reach(), |mark| mark.max(base));
    let last = if is_stopped {
        acknowledged.max(survey.highest())
    } else {
        acknowledged
    };
    if survey.reach() < last || survey.mark.is_none() && !survey.faults.is_empty() {
        let mut found: Vec<String> = survey.missing(last).iter().map(told).collect();
        found.extend(survey.faults.iter().cloned());
        return Err(StoreError::damaged(root, found.join("; ")));
    }
    let at = match survey.entry(last)? {
        Some(entry) => Some(entry.at),
        None => survey.base.as_ref().and_then(|(_, state)| state.at),
    };
    let snapshot = survey
        .base
        .as_ref()
        .map(|(path, _)| open(path))
        .transpose()?;
    let manifest = Manifest {
        commit: CommitNumber(last),
        at,
        base,
        snapshot: snapshot.as_ref().map_or(0, |(_, length, _)| *length),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let mut out = BackupWriter::begin(file, &manifest, encryption)?;
    if let Some((file, length, path)) = snapshot {
        copy(file, length, &path, &mut out)?;
    }
    let mut required = RequiredImages::default();
    if let Some((path, _)) = &survey.base {
        add_required(path, &mut required)?;
    }
    survey.frames(base + 1..=last, |frame| {
        required.add_entry(frame.get(FRAME..).unwrap_or_default());
        out.add(frame)
    })?;
    let findings = add_images(root, &required, &mut out)?;
    let (commit, bytes) = (manifest.commit, out.finish()?);
    Ok(BackedUp {
        commit,
        at,
        bytes,
        findings,
    })
}

/// Adds the images that records of a snapshot require.
pub(super) fn add_required(
    snapshot: &Path,
    required: &mut RequiredImages,
) -> Result<(), StoreError> {
    let read = journal::read_snapshot(snapshot, |part, key, value| {
        if part == StorePart::Current {
            required.add_stored(key, value);
        }
        Ok(())
    });
    match read {
        Ok(_) => Ok(()),
        Err(SnapshotError::Failed(error)) => Err(error),
        // It was whole a moment ago.
        Err(_) => Err(StoreError::damaged(snapshot, "the snapshot has changed")),
    }
}

/// Adds the sound images. Returns what is wrong with the others: that is no reason to have no backup.
fn add_images(
    root: &Path,
    required: &RequiredImages,
    out: &mut BackupWriter,
) -> Result<Vec<String>, StoreError> {
    let images = ImageFiles::new(root.join(IMAGES));
    if let Err(error) = images.names() {
        return Ok(vec![format!("the backup has no images: {error}")]);
    }
    let (added, damaged) = out.add_images(&images)?;
    Ok(required.findings(&damaged, |name| added.contains(name)))
}

fn told(gap: &std::ops::RangeInclusive<u64>) -> String {
    format!("commits {} to {} are missing", gap.start(), gap.end())
}

fn open(path: &Path) -> Result<(File, u64, PathBuf), StoreError> {
    let failed = |error| StoreError::io("reading", path, error);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((file, length, path.to_owned()))
}

fn copy(
    mut file: File,
    length: u64,
    path: &Path,
    out: &mut BackupWriter,
) -> Result<(), StoreError> {
    let failed = |error| StoreError::io("reading", path, error);
    let (mut buffer, mut left) = (vec![0; 1 << 18], length);
    while left > 0 {
        let count = file.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            return Err(failed(io::ErrorKind::UnexpectedEof.into()));
        }
        out.add(&buffer[..count])?;
        left = left.saturating_sub(count as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    use chrono::DateTime;

    use super::*;
    use crate::Store;
    use crate::backup_file::Restoring;
    use crate::commit::{Author, Change, Commit};
    use crate::sled::restore::restore;
    use calendar_domain::{Category, Owner, Record, Text};

    const WRITERS: usize = 4;
    /// Small, so that every few commits cause a compaction.
    const SMALL: JournalLimits = JournalLimits {
        segment: 2_000,
        segments: 6_000,
        reserve: 0,
    };

    fn record(writer: usize, name: &str) -> Record {
        Record::from(Category {
            slug: format!("w{writer}").parse().unwrap(),
            name: Text::nb(name),
            description: Text::default(),
            aliases: Vec::new(),
            color: None,
            rank: 0,
            owner: Owner::DataFile,
        })
    }

    fn put(store: &SledStore, record: Record) -> u64 {
        let commit = Commit {
            author: Author::System,
            at: DateTime::UNIX_EPOCH,
            note: String::new(),
            changes: vec![Change::put(record)],
        };
        store.commit(commit).unwrap().number.0
    }

    #[test]
    fn a_backup_beside_writers_and_compactions_is_the_state_at_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("store");
        let path = root.as_path();
        let store = SledStore::open(&root, SMALL).unwrap();
        let (is_over, log) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()));
        let mut made = Vec::new();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (store, is_over, log) = (&store, &is_over, &log);
                scope.spawn(move || {
                    for n in 0.. {
                        if is_over.load(Ordering::Relaxed) {
                            return;
                        }
                        let record = record(writer, &n.to_string());
                        let number = put(store, record.clone());
                        log.lock().unwrap().insert(number, record);
                    }
                });
            }
            for n in 0..12 {
                let before = store.head().number.0;
                while store.head().number.0 < before + 30 {
                    std::thread::yield_now();
                }
                let file = folder.path().join(format!("{n}.backup"));
                let made_now = backup(path, &file, &BackupEncryption::None);
                made.push((made_now, file));
            }
            is_over.store(true, Ordering::Relaxed);
        });
        let log = log.into_inner().unwrap();
        for (n, (made, file)) in made.into_iter().enumerate() {
            let made = made.unwrap_or_else(|error| panic!("backup {n}: {error}"));
            let other = folder.path().join(format!("store-{n}"));
            let _ = restore(&other, &file, &Restoring::default()).unwrap();
            let store = SledStore::open(&other, SMALL).unwrap();
            assert_eq!(store.head().number, made.commit);
            let mut expected = BTreeMap::new();
            for (_, record) in log.range(..=made.commit.0) {
                expected.insert(record.key(), record.clone());
            }
            let found = store.load().unwrap().into_iter();
            let found: BTreeMap<_, _> = found
                .map(|found| (found.record.key(), found.record))
                .collect();
            assert_eq!(found, expected, "backup {n}");
        }
    }
}
