//! Commits of an import. An event that conflicts with a concurrent write is left out; the rest of the batch is
//! written.

use uuid::Uuid;

use super::report::ImportedItem;
use crate::ingest::names;
use crate::ingest::reconcile::StepOutcome;
use calendar_domain::{Event, EventId};
use calendar_store::{Commit, Store, StoreError};

/// Maximum number of renamings of a batch under concurrent writes.
const RENAMINGS: usize = 8;

/// Differences between the plan and what was written.
#[derive(Debug, Default)]
pub(super) struct Amended {
    /// Events that got another slug or UID.
    renamed: Vec<Event>,
    /// Ids of events that were not written, each with the reason.
    left_out: Vec<(String, String)>,
}

impl Amended {
    /// Adds the differences of another writer.
    pub(super) fn merge(&mut self, other: Self) {
        self.renamed.extend(other.renamed);
        self.left_out.extend(other.left_out);
    }

    /// Applies the differences to the items of a report, each paired with its event.
    pub(super) fn apply_to(self, items: Vec<(Option<EventId>, ImportedItem)>) -> Vec<ImportedItem> {
        if self.renamed.is_empty() && self.left_out.is_empty() {
            return items.into_iter().map(|(_, item)| item).collect();
        }
        let amended = |(id, mut item): (Option<EventId>, ImportedItem)| {
            let Some(id) = id else { return item };
            if let Some(event) = self.renamed.iter().rfind(|renamed| renamed.id == id) {
                item.path = Some(format!("/events/{}", event.slug));
            }
            if let Some((_, why)) = self
                .left_out
                .iter()
                .find(|left_out| left_out.0 == id.as_str())
            {
                item.outcome = StepOutcome::Refused;
                item.path = None;
                item.note = Some(why.clone());
            }
            item
        };
        items.into_iter().map(amended).collect()
    }
}

/// Commits a batch without the events that conflict with concurrent writes.
///
/// # Errors
/// Errors if the store fails. Nothing of the batch is written then.
pub(super) fn commit(
    store: &dyn Store,
    namespace: Uuid,
    mut batch: Commit,
    amended: &mut Amended,
) -> Result<(), StoreError> {
    let mut renamings = 0;
    while !batch.changes.is_empty() {
        let (key, why) = match store.commit(batch.clone()) {
            Ok(_) => return Ok(()),
            Err(StoreError::Taken { .. }) if renamings < RENAMINGS => {
                renamings += 1;
                let renamed = names::settle_changes(store, namespace, &mut batch.changes)?;
                amended.renamed.extend(renamed);
                continue;
            }
            Err(StoreError::Taken { key, claim, .. }) => {
                (key, format!("another event has the {claim}"))
            }
            Err(StoreError::Conflict { key, .. }) => {
                let why = "the event has changed meanwhile; import it again";
                (key, why.to_owned())
            }
            Err(error) => return Err(error),
        };
        batch.changes.retain(|change| change.key != key);
        amended.left_out.push((key.id, why));
    }
    Ok(())
}
