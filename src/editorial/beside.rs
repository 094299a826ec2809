//! Rollback of the records that a run wrote beside events: source versions and suggestions.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::ingest::suggestions::fields_suggestion_id;
use calendar_domain::{Event, RecordKey, RecordKind, Run, SourceVersion};
use calendar_store::{Change, CommitNumber, Revision, Store, StoreError};

/// Returns the commits that wrote the records of a run.
pub(super) fn commits(
    store: &dyn Store,
    parts: &[(Run, Revision)],
) -> Result<BTreeSet<CommitNumber>, StoreError> {
    let mut commits = BTreeSet::new();
    for (run, _) in parts {
        let versions = store.history(&RecordKey::new(RecordKind::Run, run.id.as_str()))?;
        commits.extend(versions.first().map(|version| version.commit));
    }
    Ok(commits)
}

/// Returns the changes that restore the records of an event to their state before the commits. `before` is the
/// event in that state.
pub(super) fn restored(
    store: &dyn Store,
    namespace: Uuid,
    now: &Event,
    before: Option<&Event>,
    commits: &BTreeSet<CommitNumber>,
) -> Result<Vec<Change>, StoreError> {
    let mut keys = BTreeSet::new();
    let events = [Some(now), before].into_iter().flatten();
    for source in events.flat_map(|event| &event.sources) {
        let version = SourceVersion::key_of(&source.partner, &source.origin_id);
        keys.insert(RecordKey::new(RecordKind::SourceVersion, version));
        let suggestion = fields_suggestion_id(namespace, &source.partner, &now.id);
        keys.insert(RecordKey::new(RecordKind::Suggestion, suggestion));
    }
    let mut changes = Vec::new();
    for key in keys {
        changes.extend(as_before(store, key, commits)?);
    }
    Ok(changes)
}

/// Returns the change that restores a record to its state before the commits. Returns `None` if it was changed
/// since.
fn as_before(
    store: &dyn Store,
    key: RecordKey,
    commits: &BTreeSet<CommitNumber>,
) -> Result<Option<Change>, StoreError> {
    let versions = store.history(&key)?;
    let written = versions
        .iter()
        .rposition(|version| commits.contains(&version.commit));
    let (Some(written), Some(now)) = (written, versions.last()) else {
        return Ok(None);
    };
    if now.record != versions[written].record {
        return Ok(None);
    }
    let before = match written.checked_sub(1) {
        Some(before) => versions[before].record.clone(),
        None if versions[written].revision == Revision::FIRST => None,
        // The earlier state is no longer in the history.
        None => return Ok(None),
    };
    Ok(match (before, &now.record) {
        (Some(before), Some(_)) => Some(Change::update(before, now.revision)),
        (Some(before), None) => Some(Change::create(before)),
        (None, Some(_)) => Some(Change::remove(key, now.revision)),
        (None, None) => None,
    })
}
