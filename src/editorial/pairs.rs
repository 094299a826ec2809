//! Two events that are one, and one that is two: decided for good.

use crate::domain::pairing::{origins, pairing_id};
use crate::domain::revise::revise;
use crate::domain::{
    Event, EventId, Field, Owner, Pairing, PartnerId, Publication, Record, RecordKey, RecordKind,
};
use crate::store::{Change, CommitNumber, Store, StoreError};
use uuid::Uuid;

use super::{DecisionError, Editor, commit, known_event};

/// Says that two events are one: the second goes, and the first gets its sources. For good: whatever the
/// partners tell from now on is told of the first.
///
/// # Errors
/// Where one of them is not there.
pub fn join(
    store: &dyn Store,
    editor: &Editor,
    stays: &EventId,
    goes: &EventId,
) -> Result<CommitNumber, DecisionError> {
    let changes = one_of(store, editor, goes, stays)?;
    Ok(commit(
        store,
        editor,
        format!("{goes} is {stays}"),
        changes,
    )?)
}

/// Says that what one partner tells of is another event than this: the partner's source leaves the
/// event, and becomes an event of its own with the partner's next answer.
///
/// # Errors
/// Where the event does not come from the partner, or from nobody else.
pub fn split(
    store: &dyn Store,
    editor: &Editor,
    id: &EventId,
    partner: &PartnerId,
) -> Result<CommitNumber, DecisionError> {
    let (old, revision) = known_event(store, id)?;
    let mut next = old.clone();
    next.sources.retain(|it| it.partner != *partner);
    if next.sources.len() == old.sources.len() || old.sources.len() < 2 && next.sources.is_empty() {
        let (event, partner) = (id.clone(), partner.clone());
        return Err(DecisionError::NotJoined { event, partner });
    }
    let mut parted = old.clone();
    parted.sources.retain(|it| it.partner == *partner);
    let heir = next.sources.first().map(|it| it.partner.clone());
    next.hand_over(partner, heir.as_ref());
    let mut changes = Vec::new();
    let namespace = namespace(store)?;
    for one in origins(&parted)
        .into_iter()
        .filter(|it| it.partner.is_some())
    {
        for other in origins(&next) {
            changes.push(pairing(namespace, editor, &one, &other, false));
        }
    }
    let next = revise(&old, next, editor.now);
    changes.extend(next.map(|next| Change::update(next.into(), revision)));
    Ok(commit(
        store,
        editor,
        format!("{id} is not {partner}'s"),
        changes,
    )?)
}

/// The changes by which `goes` becomes a part of `stays`.
pub(super) fn one_of(
    store: &dyn Store,
    editor: &Editor,
    goes: &EventId,
    stays: &EventId,
) -> Result<Vec<Change>, DecisionError> {
    if goes == stays {
        return Err(DecisionError::Itself(goes.clone()));
    }
    let (old, revision) = known_event(store, stays)?;
    let (gone, gone_revision) = known_event(store, goes)?;
    let mut changes = decided(store, editor, &gone, &old, true)?;
    let mut next = old.clone();
    next.sources.extend(gone.sources.iter().cloned());
    for field in Field::ALL {
        if next.is_blank(field) && !gone.is_blank(field) {
            next.take(field, &gone);
            let owner = gone.owner(field).cloned();
            next.owners.extend(owner.map(|owner| (field, owner)));
        }
    }
    let mut left = gone.clone();
    left.publication = Publication::Withdrawn;
    left.sources.clear();
    let owner = Owner::Editor(editor.name.clone());
    left.owners.insert(Field::Publication, owner);
    let revised = [(&old, next, revision), (&gone, left, gone_revision)];
    for (old, next, revision) in revised {
        let next = revise(old, next, editor.now);
        changes.extend(next.map(|next| Change::update(next.into(), revision)));
    }
    Ok(changes)
}

/// The decisions that keep two events one, or two.
pub(super) fn decided(
    store: &dyn Store,
    editor: &Editor,
    one: &Event,
    other: &Event,
    same: bool,
) -> Result<Vec<Change>, StoreError> {
    let namespace = namespace(store)?;
    let mut changes = Vec::new();
    for a in origins(one).into_iter().filter(|it| it.partner.is_some()) {
        for b in origins(other) {
            changes.push(pairing(namespace, editor, &a, &b, same));
        }
    }
    Ok(changes)
}

fn pairing(
    namespace: Uuid,
    editor: &Editor,
    one: &crate::domain::OriginKey,
    other: &crate::domain::OriginKey,
    same: bool,
) -> Change {
    let pairing = Pairing {
        id: pairing_id(namespace, one, other),
        one: one.clone(),
        other: other.clone(),
        same,
        by: editor.name.clone(),
        at: editor.now,
    };
    Change::put(pairing.into())
}

/// The root of derived identities, which the region's record has.
pub(super) fn namespace(store: &dyn Store) -> Result<Uuid, StoreError> {
    let region = store.get(&RecordKey::new(RecordKind::Region, "region"))?;
    Ok(match region.map(|it| it.record) {
        Some(Record::Region(region)) => region.uid_namespace,
        _ => Uuid::nil(),
    })
}
