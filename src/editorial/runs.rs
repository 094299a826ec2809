//! Stored runs, each combined from all its records.

use std::collections::BTreeMap;

use calendar_domain::{Run, RunOutcome};
use calendar_store::{Revision, Store, StoreError, records};

use super::DecisionError;

/// Returns the stored runs, newest first. A run of several commits is returned as one.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn runs(store: &dyn Store) -> Result<Vec<Run>, StoreError> {
    let mut all: BTreeMap<String, Vec<Run>> = BTreeMap::new();
    for (run, _) in records::every::<Run>(store)? {
        let parts = all.entry(run.first_record().to_owned()).or_default();
        parts.push(run);
    }
    let mut runs: Vec<Run> = all.into_values().filter_map(joined).collect();
    runs.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    Ok(runs)
}

/// Returns the records of a run with their revisions, first record first. `id` is that of any record.
pub(super) fn parts(store: &dyn Store, id: &str) -> Result<Vec<(Run, Revision)>, DecisionError> {
    let unknown = || DecisionError::UnknownRun(id.to_owned());
    let (named, _) = records::one::<Run>(store, id)?.ok_or_else(unknown)?;
    let first = named.first_record();
    let mut parts: Vec<(Run, Revision)> = records::every::<Run>(store)?
        .into_iter()
        .filter(|(run, _)| run.first_record() == first)
        .collect();
    parts.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    Ok(parts)
}

/// Combines the records of a run: counts from the last, events from all.
fn joined(mut parts: Vec<Run>) -> Option<Run> {
    parts.sort_by(|a, b| a.id.cmp(&b.id));
    let first = parts.first()?;
    let (id, at) = (first.first_record().to_owned(), first.at);
    let open = parts.iter().find(|part| part.outcome == RunOutcome::Done);
    let outcome = open.unwrap_or(first).outcome.clone();
    let wrote = parts.iter().flat_map(|part| part.wrote.clone()).collect();
    let last = parts.pop()?;
    Some(Run {
        id,
        at,
        outcome,
        wrote,
        part_of: None,
        ..last
    })
}
