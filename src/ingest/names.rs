//! Slugs and UIDs for new events that no other stored event claims, whatever its publication state.
//!
//! A plan sees only the published snapshot. New events get their final names here, before a commit or after
//! [`StoreError::Taken`].

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{Claim, Event, Record, RecordKey, RecordKind};
use calendar_store::{Change, Expected, Store, StoreError, records};

/// How long a writer waits for the snapshot to include a concurrent commit.
const CATCH_UP: Duration = Duration::from_secs(2);

/// Waits until the snapshot includes what is stored, so that the next plan sees it.
pub(super) fn catch_up(calendar: &Calendar) {
    calendar.wait_for_store(CATCH_UP);
}

/// Returns true if another event holds the claim. A holder published after the snapshot does not count: the
/// store then refuses the commit, and the next plan can merge the two events.
fn is_known_as_taken(
    calendar: &Calendar,
    snapshot: &Snapshot,
    claim: &Claim,
    key: &RecordKey,
) -> Result<bool, StoreError> {
    for holder in calendar.holders(claim)? {
        if holder == *key {
            continue;
        }
        let is_in_snapshot = holder
            .id
            .parse()
            .is_ok_and(|id| snapshot.event(&id).is_some());
        let is_public = || match records::one::<Event>(calendar, &holder.id) {
            Ok(event) => Ok(event.is_some_and(|(event, _)| event.is_public())),
            Err(error) => Err(error),
        };
        if is_in_snapshot || !is_public()? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives a new event names that are free as far as its plan could know.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn settle_planned(
    calendar: &Calendar,
    snapshot: &Snapshot,
    event: &mut Event,
) -> Result<(), StoreError> {
    let key = RecordKey::new(RecordKind::Event, event.id.as_str());
    let taken = |claim: &Claim| is_known_as_taken(calendar, snapshot, claim, &key);
    event.take_free_names(snapshot.region().uid_namespace, taken)?;
    Ok(())
}

/// Gives a new event names that are free in the store.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn settle_one(
    calendar: &Calendar,
    snapshot: &Snapshot,
    event: &mut Event,
) -> Result<(), StoreError> {
    settle(calendar, snapshot.region().uid_namespace, [event]).map(drop)
}

/// Gives new events names that are free in the store and distinct from each other. Returns the renamed events.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn settle<'e>(
    store: &dyn Store,
    namespace: Uuid,
    new: impl IntoIterator<Item = &'e mut Event>,
) -> Result<Vec<Event>, StoreError> {
    let mut new: Vec<&mut Event> = new.into_iter().collect();
    let mut claimed: HashMap<Claim, RecordKey> = HashMap::new();
    let key_of = |event: &Event| RecordKey::new(RecordKind::Event, event.id.as_str());
    for event in &new {
        for claim in event.claims() {
            claimed.entry(claim).or_insert_with(|| key_of(event));
        }
    }
    let mut renamed = Vec::new();
    for event in &mut new {
        let key = key_of(event);
        let taken = |claim: &Claim| match claimed.get(claim) {
            Some(other) if *other != key => Ok(true),
            _ => records::is_taken(store, claim, &key),
        };
        if event.take_free_names(namespace, taken)? {
            claimed.extend(event.claims().map(|claim| (claim, key.clone())));
            renamed.push(event.clone());
        }
    }
    Ok(renamed)
}

/// Does the same as [`settle`] for the events that `changes` create.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn settle_changes(
    store: &dyn Store,
    namespace: Uuid,
    changes: &mut [Change],
) -> Result<Vec<Event>, StoreError> {
    let new = changes
        .iter_mut()
        .filter_map(|change| match &mut change.to {
            Some(Record::Event(event)) if change.expected == Expected::Absent => {
                Some(std::sync::Arc::make_mut(event))
            }
            _ => None,
        });
    settle(store, namespace, new)
}
