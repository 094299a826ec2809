//! Restoring of a store from a backup.
//!
//! The new store is completed in the folder `restoring` within the store's folder, then moved into place. The
//! journal is authoritative and is replaced in one step, so an interruption at any time leaves either the old
//! or the new store.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::backup::add_required;
use super::ephemeral;
use super::folders::{self, IMAGES, JOURNAL, REPLACED, RESTORING, rename};
use super::open_database::Occasion;
use super::recover::recover;
use super::space;
use super::store::SledStore;
use super::store_folder::folder;
use crate::backup_file::{BackupKeys, BackupReader, BroughtBack, RestoreEnd, Restored, Restoring};
use crate::body::JournalEntry;
use crate::commit::CommitNumber;
use crate::erasures;
use crate::file_system::sync_folder;
use crate::generation;
use crate::image_files::ImageFiles;
use crate::journal::{self, Journal, JournalLimits, Survey};
use crate::lock::Lock;
use crate::owner::FileOwner;
use crate::private;
use crate::required_images::RequiredImages;
use crate::{IfMissing, Store as _, StoreError};
use calendar_domain::{Erasure, ImageName};

/// Maximum size in bytes of the commits written at once.
const BATCH: usize = 4 << 20;

/// See [`Maintenance::restore`](crate::Maintenance::restore).
pub(crate) fn restore(path: &Path, file: &Path, how: &Restoring) -> Result<Restored, StoreError> {
    let root = folder(path)?;
    let backup = BackupReader::open(file, &how.keys)?;
    let (first, last) = (backup.manifest.base, backup.manifest.commit);
    let stop = stop(backup, file, how.until)?;
    let out_of_range = stop.0 < first || stop > last;
    if out_of_range {
        let wanted = match how.until {
            RestoreEnd::End => "its end".to_owned(),
            RestoreEnd::Commit(number) => format!("commit {number}"),
            RestoreEnd::Time(time) => format!("a state as of {}", time.to_rfc3339()),
        };
        let (path, last) = (file.to_owned(), last.0);
        return Err(StoreError::NotInBackup {
            path,
            first,
            last,
            wanted,
        });
    }
    let mut owner = FileOwner::new(root);
    let top = private::create_folders(root)?;
    let failed = |error| StoreError::io("opening", root, error);
    let root = root.canonicalize().map_err(failed)?;
    owner.add(root.clone());
    top.into_iter().for_each(|top| owner.add(top));
    let _lock = Lock::take(&root)?;
    // Drop it before the lock.
    let _owner = owner;
    let is_occupied = root.join(JOURNAL).exists() || folders::database(&root)?.is_some();
    if is_occupied && !how.replace && !how.dry_run {
        return Err(StoreError::NotEmpty { path: root });
    }
    let work = root.join(RESTORING);
    let made = make(&work, file, stop, &how.keys);
    if made.is_err() {
        // The error of `make` is the one to report.
        let _ = std::fs::remove_dir_all(&work);
    }
    let findings = made?;
    let mut known = how.known.clone();
    if is_occupied {
        match erasures::in_journal(&root, &root.join(JOURNAL)) {
            Ok(found) => known.extend(found),
            // A damaged store is a reason to restore one.
            Err(error) => tracing::warn!(
                %error,
                "cannot read what was erased in the store that is replaced; a later backup may know it"
            ),
        }
    }
    let reviewed = review(&work, &known, how, stop);
    if how.dry_run || reviewed.is_err() {
        // The error of the review is the one to report.
        let _ = std::fs::remove_dir_all(&work);
    }
    let (commit, brought_back) = reviewed?;
    let replaced = match how.dry_run {
        true => None,
        false => exchange(&root, &work)?,
    };
    Ok(Restored {
        commit,
        last,
        replaced,
        brought_back,
        findings,
    })
}

/// Looks for erased records in the store in `work`, and erases them again unless told otherwise. Returns its last commit.
fn review(
    work: &Path,
    known: &[Erasure],
    how: &Restoring,
    stop: CommitNumber,
) -> Result<(CommitNumber, BroughtBack), StoreError> {
    let Some(erase_again) = how.erase_again.filter(|_| !known.is_empty()) else {
        return Ok((stop, BroughtBack::default()));
    };
    let store = SledStore::open_or(work, JournalLimits::default(), IfMissing::Fail)?;
    let erases = !how.dry_run && !how.keep_erased;
    let found = erase_again(&store, known, erases);
    let head = store.head().number;
    drop(store);
    // Opening a store notes it beside its folder.
    let note = work.with_extension("created");
    match std::fs::remove_file(&note) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::io("removing", &note, error));
        }
        _ => {}
    }
    Ok((head, found?))
}

/// Returns the commit at which to stop, which may not exist.
fn stop(
    mut backup: BackupReader,
    file: &Path,
    until: RestoreEnd,
) -> Result<CommitNumber, StoreError> {
    let time = match until {
        RestoreEnd::End => return Ok(backup.manifest.commit),
        RestoreEnd::Commit(number) => return Ok(number),
        RestoreEnd::Time(time) => time,
    };
    let mut snapshot = backup.body.by_ref().take(backup.manifest.snapshot);
    let mut stop = backup.manifest.base;
    if stop > 0 {
        let state = journal::read_snapshot_from(&mut snapshot, file, |_, _, _| Ok(()));
        let state = state.map_err(|_| backup.broken("cannot read its snapshot"))?;
        if state.at.is_some_and(|at| at > time) {
            return Ok(CommitNumber(stop - 1));
        }
    }
    while let Some((number, payload)) = backup.next_commit()? {
        let entry = JournalEntry::read(&payload).map_err(|error| error.at(file, "a commit"))?;
        if entry.at > time {
            break;
        }
        stop = number;
    }
    Ok(CommitNumber(stop))
}

/// Creates a whole store in `work` and verifies it by building its database. Returns what images it lacks.
fn make(
    work: &Path,
    file: &Path,
    stop: CommitNumber,
    keys: &BackupKeys,
) -> Result<Vec<String>, StoreError> {
    if work.exists() {
        std::fs::remove_dir_all(work).map_err(|error| StoreError::io("removing", work, error))?;
    }
    let dir = work.join(JOURNAL);
    for folder in [work, &dir] {
        let created = private::create_folder(folder);
        created.map_err(|error| StoreError::io("making", folder, error))?;
    }
    let mut backup = BackupReader::open(file, keys)?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    space::require(work, length.saturating_mul(4))?;
    let mut required = RequiredImages::default();
    if backup.manifest.base > 0 {
        let path = journal::snapshot_path(&dir, backup.manifest.base);
        let failed = |error| StoreError::io("writing", &path, error);
        let mut options = private::file();
        let options = options.write(true).create_new(true);
        let mut out = options.open(&path).map_err(failed)?;
        let mut snapshot = backup.body.by_ref().take(backup.manifest.snapshot);
        io::copy(&mut snapshot, &mut out).map_err(failed)?;
        out.sync_all().map_err(failed)?;
        add_required(&path, &mut required)?;
    }
    let images = lay_out(work, &dir, backup, stop, &mut required)?;
    let recovered = recover(work, JournalLimits::default(), Occasion::Restoring)?;
    if recovered.state.number != stop {
        let detail = format!("it ends at commit {}", recovered.state.number);
        return Err(BackupReader::open(file, keys)?.broken(detail));
    }
    generation::renew(&dir)?;
    let names = images.names()?;
    Ok(required.findings(&BTreeMap::new(), |name| names.contains(name)))
}

/// Writes the commits of a backup into a journal.
fn lay_out(
    work: &Path,
    dir: &Path,
    mut backup: BackupReader,
    stop: CommitNumber,
    required: &mut RequiredImages,
) -> Result<ImageFiles, StoreError> {
    let survey = Survey::new(work, dir)?;
    if let Some(fault) = survey.faults.first() {
        return Err(backup.broken(fault.clone()));
    }
    let mut last = survey.base_number();
    if last != backup.manifest.base {
        return Err(backup.broken("its snapshot belongs to another commit"));
    }
    let mut journal = Journal::resume(dir, &survey, JournalLimits::default())?;
    let mut frames = Vec::new();
    while last < stop.0 {
        let Some((number, payload)) = backup.next_commit()? else {
            return Err(backup.broken(format!("commit {} is missing", last + 1)));
        };
        if number != last + 1 {
            return Err(backup.broken(format!("commit {} is missing", last + 1)));
        }
        last = number;
        required.add_entry(&payload);
        journal::encode(number, &payload, &mut frames);
        if frames.len() > BATCH {
            journal.append(&frames, last)?;
            frames.clear();
        }
    }
    if !frames.is_empty() {
        journal.append(&frames, last)?;
    }
    let images = ImageFiles::new(work.join(IMAGES));
    backup.write_images(&images)?;
    Ok(images)
}

/// Replaces the store in `root` with the one in `work`. Returns the folder of the replaced store.
fn exchange(root: &Path, work: &Path) -> Result<Option<PathBuf>, StoreError> {
    let (_, database) = folders::next_database(root)?;
    let is_occupied = root.join(JOURNAL).exists() || folders::database(root)?.is_some();
    // Sessions belong to the accounts of the old store.
    ephemeral::remove(root)?;
    let aside = is_occupied.then(|| aside(root)).transpose()?;
    if let Some(aside) = &aside {
        // The database goes first, since it can be rebuilt from either journal.
        while let Some(path) = folders::database(root)? {
            rename(&path, &aside.join(path.file_name().unwrap_or_default()))?;
        }
        sync_folder(root)?;
    }
    let old_images = ImageFiles::new(root.join(IMAGES)).names()?;
    let new_images = ImageFiles::new(work.join(IMAGES)).names()?;
    if let Some(aside) = &aside {
        keep_images(root, &old_images, aside)?;
    }
    add_images(root, work, &new_images)?;
    let (new, place) = (work.join(JOURNAL), root.join(JOURNAL));
    if place.exists() {
        swap(&new, &place)?;
        sync_folder(root)?;
        if let Some(aside) = &aside {
            rename(&new, &aside.join(JOURNAL))?;
        }
    } else {
        rename(&new, &place)?;
    }
    sync_folder(root)?;
    if let Some(path) = folders::database(work)? {
        rename(&path, &database)?;
    }
    for name in old_images.difference(&new_images) {
        remove_image(root, name)?;
    }
    sync_folder(root)?;
    std::fs::remove_dir_all(work).map_err(|error| StoreError::io("removing", work, error))?;
    Ok(aside)
}

/// Adds the restored images to those that are there. They come before the journal, so that an interrupted restore lacks
/// none; names are hashes, so both can be there.
fn add_images(root: &Path, work: &Path, names: &BTreeSet<ImageName>) -> Result<(), StoreError> {
    let (new, place) = (work.join(IMAGES), root.join(IMAGES));
    if names.is_empty() {
        return Ok(());
    }
    private::create_folders(&place)?;
    for name in names {
        rename(&new.join(name.as_str()), &place.join(name.as_str()))?;
    }
    sync_folder(&place)
}

/// Gives the old store, which is kept in `aside`, its images. The new store may have some of them too, so they are in both
/// places, without taking space twice where the file system can do so.
fn keep_images(root: &Path, names: &BTreeSet<ImageName>, aside: &Path) -> Result<(), StoreError> {
    let (place, kept) = (root.join(IMAGES), aside.join(IMAGES));
    if names.is_empty() {
        return Ok(());
    }
    private::create_folders(&kept)?;
    for name in names {
        let (from, to) = (place.join(name.as_str()), kept.join(name.as_str()));
        let linked = std::fs::hard_link(&from, &to);
        let copied = linked.or_else(|_| std::fs::copy(&from, &to).map(drop));
        copied.map_err(|error| StoreError::io("keeping", &from, error))?;
    }
    sync_folder(&kept)
}

/// Removes an image that only the old store has. If this is interrupted, it is removed later, as an unused one.
fn remove_image(root: &Path, name: &ImageName) -> Result<(), StoreError> {
    let path = root.join(IMAGES).join(name.as_str());
    std::fs::remove_file(&path).map_err(|error| StoreError::io("removing", &path, error))
}

/// Returns true if an earlier store was set aside in this folder.
pub(super) fn was_restored(root: &Path) -> bool {
    root.join(format!("{REPLACED}1")).exists()
}

/// Creates the next free folder `replaced-<n>`.
fn aside(root: &Path) -> Result<PathBuf, StoreError> {
    let names = (1..).map(|n| root.join(format!("{REPLACED}{n}")));
    let path = names.into_iter().find(|path| !path.exists());
    let path = path.unwrap_or_else(|| root.join(REPLACED));
    private::create_folder(&path).map_err(|error| StoreError::io("making", &path, error))?;
    Ok(path)
}

/// Exchanges two folders in one step or, where the system can't, in three. If the latter is interrupted, the
/// folder `restoring` without a journal beside it shows this at the next start.
fn swap(new: &Path, place: &Path) -> Result<(), StoreError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let between = new.with_extension("old");
    rename(place, &between)?;
    rename(new, place)?;
    rename(&between, new)
}
