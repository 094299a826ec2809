//! Slugs and UIDs of new events: those that no other stored event has, whatever its state.
//!
//! A planner only knows what is published. Before a commit, or once the store has refused one as
//! [`StoreError::Taken`], new events get the next free names here.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{Claim, Event, Record, RecordKey, RecordKind};
use calendar_store::{Change, Expected, Store, StoreError, records};

/// How long a writer waits for the snapshot to have the commit that was faster.
const CATCH_UP: Duration = Duration::from_secs(2);

/// Waits until what another writer has just stored is in the snapshot, so that the next plan sees it.
pub(super) fn catch_up(calendar: &Calendar) {
    calendar.wait_for_store(CATCH_UP);
}

/// Whether a name is another event's. One that was published after the snapshot counts as free: the store
/// then refuses the commit, and the next plan may find that the two are one event.
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

/// Gives a new event free names, as far as the plan that it is of could know them.
///
/// # Errors
/// Where the store cannot be read.
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

/// Gives a new event free names, whatever the plan could know.
///
/// # Errors
/// Where the store cannot be read.
pub(super) fn settle_one(
    calendar: &Calendar,
    snapshot: &Snapshot,
    event: &mut Event,
) -> Result<(), StoreError> {
    settle(calendar, snapshot.region().uid_namespace, [event]).map(drop)
}

/// Gives the new ones of many events free names, of each other too. Returns those that were renamed.
///
/// # Errors
/// Where the store cannot be read.
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

/// The same for the records that changes create.
///
/// # Errors
/// Where the store cannot be read.
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
