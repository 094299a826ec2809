//! For the operator: telling what is wrong with a store, and keeping what can be kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::folder;
use super::folders::JOURNAL;
use super::rebuild::{disagreement, rebuild, renew_journal};
use super::recover::{Database, Found, Occasion, recover};
use super::trees::Trees;
use crate::store::StoreError;
use crate::store::body::Envelope;
use crate::store::commit::{CommitNumber, Revision, Version};
use crate::store::history;
use crate::store::journal::{Journal, Limits};
use crate::store::lock::Lock;
use crate::store::plan::Part;
use crate::store::repair::{Checked, Judge, Salvaged};

/// See [`Backend::check`](crate::store::Backend::check).
pub(in crate::store) fn check(path: &str, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let root = existing(path)?;
    let _lock = Lock::take(&root)?;
    let found = Found::look(&root, Occasion::Start)?;
    let mut checked = Checked {
        head: CommitNumber(found.reach()),
        records: 0,
        versions: 0,
        findings: found.findings(),
    };
    match &found.database {
        Database::Sound(trees, state) => {
            checked.findings.extend(disagreement(state, &found.survey)?);
            read_all(&root, trees, &mut checked, judge)?;
        }
        Database::Absent => checked.findings.push("the database is missing".to_owned()),
        Database::Damaged(_) => {}
    }
    Ok(checked)
}

/// Reads every version of every record.
fn read_all(
    root: &Path,
    trees: &Trees,
    checked: &mut Checked,
    judge: Judge<'_>,
) -> Result<(), StoreError> {
    let mut revisions: BTreeMap<Vec<u8>, Vec<Revision>> = BTreeMap::new();
    // The history first: its versions come before the current one of each record.
    let items = trees
        .items()
        .collect::<Result<Vec<_>, _>>()
        .map_err(|fault| fault.at(root))?;
    let (current, history): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|(part, _, _)| *part == Part::Current);
    for (part, key, value) in history.into_iter().chain(current) {
        let record = if part == Part::Current {
            &key
        } else {
            history::record_of(&key)
        };
        match Envelope::read(&value).and_then(Envelope::version) {
            Ok(Version {
                revision,
                record: body,
                ..
            }) => {
                checked.versions += 1;
                if let Some(body) = body.filter(|_| part == Part::Current) {
                    checked.records += 1;
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
    Ok(())
}

/// See [`Backend::salvage`](crate::store::Backend::salvage).
pub(in crate::store) fn salvage(path: &str) -> Result<Salvaged, StoreError> {
    let root = existing(path)?;
    let _lock = Lock::take(&root)?;
    let found = Found::look(&root, Occasion::Start)?;
    let (kept, known) = (CommitNumber(found.reach()), CommitNumber(found.known()));
    if found.is_enough() {
        drop(found);
        recover(&root, Limits::default(), Occasion::Start)?;
        return Ok(Salvaged { kept, known });
    }
    if kept.0 == 0 {
        return Err(found.refusal(&root));
    }
    let why = found.findings().join("; ");
    let Found {
        survey, database, ..
    } = found;
    let (trees, state) = match database {
        Database::Sound(trees, state) if survey.reach_from(state.number.0) == kept.0 => {
            (trees, state)
        }
        other => {
            drop(other);
            rebuild(&root, &survey, kept.0, Some(&why))?
        }
    };
    let (_, survey) = renew_journal(&root, &trees, state, &survey, kept.0)?;
    Journal::resume(&root.join(JOURNAL), &survey, Limits::default())?;
    Ok(Salvaged { kept, known })
}

fn existing(path: &str) -> Result<PathBuf, StoreError> {
    let root = folder(path)?;
    root.canonicalize()
        .map_err(|error| StoreError::io("opening", root, error))
}
