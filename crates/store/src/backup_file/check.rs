//! Complete verification of a backup.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;

use super::encryption::BackupKeys;
use super::file::{BackupReader, broken};
use crate::StoreError;
use crate::body::{Envelope, JournalEntry};
use crate::commit::CommitNumber;
use crate::history::{HISTORY_KEPT, record_of};
use crate::image_files::name_of;
use crate::journal::{SnapshotError, read_snapshot_from};
use crate::plan::StorePart;
use crate::repair::{Checked, Judge};
use crate::required_images::RequiredImages;
use calendar_domain::ImageName;

/// Reads every byte, commit and record of a backup and reports what is wrong.
///
/// # Errors
/// Errors if the file can't be read at all, is encrypted, or a newer program wrote it.
pub fn check_backup(file: &Path) -> Result<Checked, StoreError> {
    check_backup_records(file, &BackupKeys::default(), &mut |_| None)
}

/// Checks a backup like [`check_backup`], and reports what `judge` returns for each record as of the last
/// commit. An encrypted backup is read with `keys`.
///
/// # Errors
/// See [`check_backup`]; also errors if none of the keys is right.
pub fn check_backup_records(
    file: &Path,
    keys: &BackupKeys,
    judge: Judge<'_>,
) -> Result<Checked, StoreError> {
    let mut seen = Seen {
        records: HashMap::new(),
        findings: Vec::new(),
        required: RequiredImages::default(),
        images: BTreeSet::new(),
        judge,
    };
    let head = match read(file, keys, &mut seen) {
        Ok(head) => head,
        Err(StoreError::BrokenBackup { detail, .. }) => {
            seen.findings.push(detail);
            // The images come last, so it says nothing about them.
            seen.required = RequiredImages::default();
            CommitNumber(0)
        }
        Err(error) => return Err(error),
    };
    let mut wrong: Vec<String> = seen
        .records
        .values()
        .filter_map(|record| record.wrong.clone())
        .collect();
    wrong.sort_unstable();
    seen.findings.extend(wrong);
    let images = &seen.images;
    let missing = seen
        .required
        .findings(&BTreeMap::new(), |name| images.contains(name));
    seen.findings.extend(missing);
    let kept = |versions: u64| versions.min(HISTORY_KEPT + 1) as usize;
    Ok(Checked {
        head,
        records: seen
            .records
            .values()
            .filter(|record| record.is_there)
            .count(),
        versions: seen
            .records
            .values()
            .map(|record| kept(record.versions))
            .sum(),
        findings: seen.findings,
        notes: Vec::new(),
    })
}

struct Seen<'j> {
    records: HashMap<Vec<u8>, Standing>,
    findings: Vec<String>,
    required: RequiredImages,
    images: BTreeSet<ImageName>,
    judge: Judge<'j>,
}

#[derive(Default)]
struct Standing {
    is_there: bool,
    versions: u64,
    /// What the judge reports about the current version.
    wrong: Option<String>,
}

fn read(file: &Path, keys: &BackupKeys, seen: &mut Seen<'_>) -> Result<CommitNumber, StoreError> {
    let mut opened = BackupReader::open(file, keys)?;
    let manifest = opened.manifest.clone();
    if manifest.base > 0 {
        let mut snapshot = opened.body.by_ref().take(manifest.snapshot);
        let each = |part, key: &[u8], value: &[u8]| {
            seen.item(part, key, value);
            Ok(())
        };
        let state = read_snapshot_from(&mut snapshot, file, each);
        let state = state.map_err(|error| match error {
            SnapshotError::Failed(error) => error,
            SnapshotError::Newer(format) => broken(file, format!("its format is {format}")),
            SnapshotError::Broken(detail) => broken(file, format!("its snapshot: {detail}")),
        })?;
        if state.number.0 != manifest.base {
            return Err(broken(file, "its snapshot belongs to another commit"));
        }
    }
    let mut last = manifest.base;
    while let Some((number, payload)) = opened.next_commit()? {
        if number != last + 1 {
            return Err(opened.broken(format!("commit {} is missing", last + 1)));
        }
        last = number;
        match JournalEntry::read(&payload) {
            Ok(entry) => seen.entry(&entry),
            Err(error) => {
                let text = error.at(file, &format!("commit {number}")).to_string();
                seen.findings.push(text);
            }
        }
    }
    while let Some(content) = opened.next_image()? {
        seen.images.insert(name_of(&content));
    }
    if last != manifest.commit.0 {
        return Err(opened.broken(format!("commits {} and later are missing", last + 1)));
    }
    Ok(manifest.commit)
}

impl Seen<'_> {
    fn item(&mut self, part: StorePart, key: &[u8], value: &[u8]) {
        let record = if part == StorePart::Current {
            key
        } else {
            record_of(key)
        };
        match Envelope::read(value).and_then(Envelope::version) {
            Ok(version) => {
                let standing = self.records.entry(record.to_vec()).or_default();
                standing.versions += 1;
                if let Some(body) = version.record.filter(|_| part == StorePart::Current) {
                    standing.is_there = true;
                    self.required.set(&body.key().to_string(), Some(&body));
                    standing.wrong =
                        (self.judge)(&body).map(|why| format!("{}: {why}", body.key()));
                }
            }
            Err(error) => {
                let name = String::from_utf8_lossy(record).into_owned();
                let text = error.at(Path::new("the backup"), &name).to_string();
                self.findings.push(text);
            }
        }
    }

    fn entry(&mut self, entry: &JournalEntry) {
        for change in &entry.changes {
            let standing = self
                .records
                .entry(change.key.clone().into_bytes())
                .or_default();
            standing.versions += 1;
            standing.is_there = change.record.is_some();
            standing.wrong = None;
            match Envelope::new(entry, change).stored() {
                Ok(Some(stored)) => {
                    self.required.set(&change.key, Some(&stored.record));
                    let wrong = (self.judge)(&stored.record);
                    standing.wrong = wrong.map(|why| format!("{}: {why}", change.key));
                }
                Ok(None) => self.required.set(&change.key, None),
                Err(error) => {
                    let text = error.at(Path::new("the backup"), &change.key).to_string();
                    self.findings.push(text);
                }
            }
        }
    }
}
