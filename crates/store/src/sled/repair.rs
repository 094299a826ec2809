//! Checking and salvaging of a store, for operators.

use std::collections::BTreeMap;
use std::path::Path;

use super::database::Trees;
use super::folders::{IMAGES, JOURNAL};
use super::open_database::{Database, Occasion};
use super::rebuild::{Why, disagreement, rebuild, renew_journal, replay_all};
use super::recover::{StoreFiles, recover};
use super::sled_guard::SledFault;
use super::space;
use super::store_folder::existing;
use crate::StoreError;
use crate::body::{Envelope, State};
use crate::claims::Holders;
use crate::commit::{CommitNumber, RecordVersion, Revision};
use crate::generation;
use crate::history;
use crate::image_files::ImageFiles;
use crate::journal::{Journal, JournalLimits, Survey};
use crate::lock::Lock;
use crate::owner::FileOwner;
use crate::plan::StorePart;
use crate::repair::{Checked, Judge, Salvaged};
use crate::required_images::RequiredImages;

/// See [`Maintenance::check`](crate::Maintenance::check).
pub(crate) fn check(path: &Path, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let root = existing(path)?;
    let mut owner = FileOwner::new(&root);
    owner.add(root.clone());
    // sled writes when it is opened, and waits for ever on a disk that is full.
    let locked = Lock::take(&root)
        .and_then(|lock| space::require(&root, JournalLimits::default().reserve).map(|()| lock));
    let _lock = match locked {
        Ok(lock) => lock,
        Err(why) if why.is_passing() => {
            let _lock = Lock::take_unwritten(&root)?;
            return check_journal(&root, why, judge);
        }
        Err(error) => return Err(error),
    };
    let found = StoreFiles::look(&root, Occasion::Start)?;
    let mut checked = begun(&found);
    let mut required = RequiredImages::default();
    match &found.database {
        Database::Sound(trees, state) => {
            checked.findings.extend(disagreement(state, &found.survey)?);
            checked.notes.extend(behind(state, checked.head));
            required = read_all(&root, trees, &mut checked, judge)?;
            checked.findings.extend(check_claims(&root, trees, state)?);
        }
        Database::Absent => checked.findings.push("the database is missing".to_owned()),
        Database::Damaged(_) => {}
    }
    checked.findings.extend(check_images(&root, &required)?);
    Ok(checked)
}

/// Returns what is wrong with the image files.
fn check_images(root: &Path, required: &RequiredImages) -> Result<Vec<String>, StoreError> {
    let images = ImageFiles::new(root.join(IMAGES));
    Ok(required.findings(&images.damaged()?, |name| images.has(name)))
}

fn begun(found: &StoreFiles) -> Checked {
    Checked {
        head: CommitNumber(found.reach()),
        records: 0,
        versions: 0,
        findings: found.findings(),
        notes: Vec::new(),
    }
}

/// Checks a store that can't be written by its journal alone; writes nothing.
///
/// # Errors
/// Why it can't be written, where the journal alone does not hold everything.
fn check_journal(root: &Path, why: StoreError, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let survey = Survey::new(root, &root.join(JOURNAL))?;
    let found = StoreFiles::new(survey, Database::Absent);
    if found.survey.is_empty() || !found.is_journal_whole() {
        return Err(why);
    }
    let mut checked = begun(&found);
    let trees = Trees::in_memory(root);
    let state = replay_all(root, &trees, &found.survey, u64::MAX)?;
    let required = read_all(root, &trees, &mut checked, judge)?;
    checked.findings.extend(check_claims(root, &trees, &state)?);
    checked.findings.extend(check_images(root, &required)?);
    checked.notes.push(format!(
        "{why}, so the journal was checked, which has every record, and not the database derived from it"
    ));
    Ok(checked)
}

/// Describes the commits that the database lacks, as after a kill.
fn behind(state: &State, head: CommitNumber) -> Option<String> {
    let (first, last) = (state.number.0 + 1, head.0);
    let which = match last.checked_sub(first)? {
        0 => format!("commit {last} is"),
        _ => format!("commits {first} to {last} are"),
    };
    Some(format!(
        "{which} only in the journal, as after a power loss or a kill: the next start updates the database; \
         records and versions are counted as of commit {}",
        state.number
    ))
}

/// Reads every version of every record. Returns the images that the current versions require.
fn read_all(
    root: &Path,
    trees: &Trees,
    checked: &mut Checked,
    judge: Judge<'_>,
) -> Result<RequiredImages, StoreError> {
    let mut required = RequiredImages::default();
    let mut revisions: BTreeMap<Vec<u8>, Vec<Revision>> = BTreeMap::new();
    // The history comes first, so that the versions of each record are in order.
    let items = trees
        .items()
        .collect::<Result<Vec<_>, _>>()
        .map_err(|fault| fault.at(root))?;
    let (current, history): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|(part, _, _)| *part == StorePart::Current);
    for (part, key, value) in history.into_iter().chain(current) {
        let record = if part == StorePart::Current {
            &key
        } else {
            history::record_of(&key)
        };
        match Envelope::read(&value).and_then(Envelope::version) {
            Ok(RecordVersion {
                revision,
                record: body,
                ..
            }) => {
                checked.versions += 1;
                if let Some(body) = body.filter(|_| part == StorePart::Current) {
                    checked.records += 1;
                    required.set(&body.key().to_string(), Some(&body));
                    let wrong = judge(&body).map(|why| format!("{}: {why}", body.key()));
                    checked.findings.extend(wrong);
                }
                revisions.entry(record.to_vec()).or_default().push(revision);
            }
            Err(error) => {
                let name = String::from_utf8_lossy(record);
                checked.findings.push(error.at(root, &name).to_string());
            }
        }
    }
    for (key, revisions) in revisions {
        if !history::is_whole_history(revisions.into_iter()) {
            let key = String::from_utf8_lossy(&key);
            checked
                .findings
                .push(format!("versions of {key} are missing"));
        }
    }
    Ok(required)
}

/// Returns names shared by several records, and whether the index differs from the records.
fn check_claims(root: &Path, trees: &Trees, state: &State) -> Result<Vec<String>, StoreError> {
    let failed = |fault: SledFault| fault.at(root);
    let mut claims: BTreeMap<String, Holders> = BTreeMap::new();
    let found = trees.each_record_claim(|key, claim| {
        claims.entry(claim.key()).or_default().insert(key);
        Ok(())
    });
    found.map_err(failed)?;
    let shared = claims.iter().filter(|(_, holders)| holders.are_several());
    let told = shared.map(|(claim, holders)| {
        format!("{holders} share the name {claim}; the first keeps it, so rename the others")
    });
    let mut findings: Vec<String> = told.collect();
    // The next opening makes an index that an earlier build left behind; in memory there is none.
    if !trees.is_in_memory() && trees.has_claims_of(state).map_err(failed)? {
        let mut indexed = BTreeMap::new();
        let read = trees.each_claim(|claim, holders| {
            indexed.insert(claim.to_owned(), holders.clone());
        });
        read.map_err(failed)?;
        if indexed != claims {
            let wrong =
                "the index of names does not match the records; 'store salvage' rebuilds it";
            findings.push(wrong.to_owned());
        }
    }
    Ok(findings)
}

/// See [`Maintenance::salvage`](crate::Maintenance::salvage).
pub(crate) fn salvage(path: &Path) -> Result<Salvaged, StoreError> {
    let root = existing(path)?;
    let mut owner = FileOwner::new(&root);
    owner.add(root.clone());
    let _lock = Lock::take(&root)?;
    let found = StoreFiles::look(&root, Occasion::Start)?;
    let (kept, known) = (CommitNumber(found.reach()), CommitNumber(found.known()));
    if found.is_enough() {
        if let Database::Sound(trees, _) = &found.database {
            trees.forget_claims().map_err(|fault| fault.at(&root))?;
        }
        drop(found);
        recover(&root, JournalLimits::default(), Occasion::Start)?;
        return Ok(Salvaged { kept, known });
    }
    if kept.0 == 0 {
        return Err(found.refusal(&root));
    }
    let why = found.findings().join("; ");
    let StoreFiles {
        survey, database, ..
    } = found;
    let (trees, state) = match database {
        Database::Sound(trees, state) if survey.reach_from(state.number.0) == kept.0 => {
            (trees, state)
        }
        other => {
            drop(other);
            rebuild(&root, &survey, kept.0, Why::Damaged(&why))?
        }
    };
    // Before commits are removed, so that noted numbers of theirs are refused even if the process ends here.
    generation::renew(&root.join(JOURNAL))?;
    let (_, survey) = renew_journal(&root, &trees, state, &survey, kept.0)?;
    Journal::resume(&root.join(JOURNAL), &survey, JournalLimits::default())?;
    Ok(Salvaged { kept, known })
}
