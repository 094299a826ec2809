//! Merging of duplicates and splitting of merged events. Both are permanent.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::catalog::Calendar;
use crate::ingest::reconcile::{DEEPEST, partner_event_ids, suggestions_of_rest};
use crate::ingest::suggestions::{Matters, fields_suggestion_id};
use calendar_domain::pairing::{origins, pairing_id};
use calendar_domain::revision::revise;
use calendar_domain::source_version::settle_rest;
use calendar_domain::{
    Event, EventId, Field, Owner, Pairing, PartnerId, Publication, Record, RecordKey, RecordKind,
    Source, SourceVersion,
};
use calendar_store::{Change, CommitNumber, Store, StoreError, records};

use super::{DecisionError, Editor, ask_anew, commit, event, is_there, known_event, parts};

/// Merges two events: the first gets the sources and the parts of the second, which is withdrawn. If only the second
/// is published or waiting, it stays instead. Later responses of all partners update the remaining event.
///
/// # Errors
/// Errors if an event does not exist, both are the same, neither is published or waiting, or the store fails.
pub fn join(
    calendar: &Calendar,
    editor: &Editor,
    stays: &EventId,
    goes: &EventId,
) -> Result<CommitNumber, DecisionError> {
    let _turn = calendar.planning().alone();
    let changes = one_of(calendar, editor, goes, stays)?;
    Ok(commit(
        calendar,
        editor,
        format!("{goes} is {stays}"),
        changes,
    )?)
}

/// Splits one partner's sources from a merged event. They become an event of their own: at once if what the
/// partner says is stored, else with the partner's next response. Parts that the partner named go with it.
///
/// # Errors
/// Returns [`DecisionError::NotJoined`] if the event has no source from the partner, or only that one.
pub fn split(
    calendar: &Calendar,
    editor: &Editor,
    id: &EventId,
    partner: &PartnerId,
) -> Result<CommitNumber, DecisionError> {
    let _turn = calendar.planning().alone();
    let (old, revision) = known_event(calendar, id)?;
    let mut next = old.clone();
    next.sources.retain(|source| source.partner != *partner);
    if next.sources.len() == old.sources.len() || old.sources.len() < 2 && next.sources.is_empty() {
        let (event, partner) = (id.clone(), partner.clone());
        return Err(DecisionError::NotJoined { event, partner });
    }
    let mut parted = old.clone();
    parted.sources.retain(|source| source.partner == *partner);
    let heir = next.sources.first().map(|source| source.partner.clone());
    next.transfer_ownership(partner, heir.as_ref());
    let rest = settle_rest(&mut next, |source| version_of(calendar, source))?;
    let namespace = namespace(calendar)?;
    let mut matters = suggestions_of_rest((namespace, editor.now), &next, partner, rest);
    let mut changes = Vec::new();
    for one in origins(&parted)
        .into_iter()
        .filter(|origin| origin.partner.is_some())
    {
        for other in origins(&next) {
            changes.push(pairing(namespace, editor, &one, &other, false));
        }
    }
    let (mut is_known, mut own_ids) = (true, Vec::new());
    for source in &parted.sources {
        let version = version_of(calendar, source)?;
        let version = version.filter(|version| version.event == old.id && version.is_of(source));
        match version {
            Some(version) => {
                is_known &= version.is_said();
                let own = own_event(calendar, editor, &old, source, version)?;
                own_ids.push(own.id.clone());
                // One of an event that had this id is outdated.
                let outdated = fields_suggestion_id(namespace, partner, &own.id);
                matters.moot.push(outdated);
                changes.push(Change::put(own.into()));
            }
            None => is_known = false,
        }
    }
    changes.extend(matters.changes(calendar)?);
    if !is_known {
        changes.extend(ask_anew(calendar, partner)?);
    }
    if let Some(whole) = own_ids.first().filter(|whole| *whole != id) {
        let is_theirs = |owner: Option<&Owner>| match owner {
            Some(Owner::Partner(owner)) => owner == partner,
            _ => false,
        };
        let is_meant =
            |part: &Event| !own_ids.contains(&part.id) && is_theirs(part.owner(Field::SuperEvent));
        changes.extend(parts::moved(calendar, editor, (id, whole), is_meant)?);
    }
    let next = revise(&old, next, editor.now);
    changes.extend(next.map(|next| Change::update(next.into(), revision)));
    Ok(commit(
        calendar,
        editor,
        format!("{id} is not {partner}'s"),
        changes,
    )?)
}

/// Returns the event that one source of a merged event becomes.
fn own_event(
    calendar: &Calendar,
    editor: &Editor,
    shared: &Event,
    source: &Source,
    version: SourceVersion,
) -> Result<Event, StoreError> {
    let namespace = namespace(calendar)?;
    let (mut id, mut left) = (shared.id.clone(), None);
    for free in partner_event_ids(namespace, &source.partner, &source.origin_id) {
        id = free;
        left = event(calendar, &id)?.map(|(event, _)| event);
        // An event that was merged into another has no sources; its id can be used again.
        if left.as_ref().is_none_or(|left| left.sources.is_empty()) {
            break;
        }
    }
    let owner = Owner::Partner(source.partner.clone());
    let mut source = source.clone();
    if !version.is_said() {
        // The partner's next content is taken in any case.
        source.content_hash.clear();
    }
    let mut event = Event {
        sequence: 0,
        created: editor.now,
        modified: editor.now,
        publication: shared.publication,
        sources: vec![source],
        owners: Field::ALL
            .into_iter()
            .map(|field| (field, owner.clone()))
            .collect(),
        id,
        ..*version.told
    };
    if let Some(left) = left {
        event.slug = left.slug;
        event.uid = left.uid;
        event.created = left.created;
        event.sequence = left.sequence.saturating_add(1);
    }
    let key = RecordKey::new(RecordKind::Event, event.id.as_str());
    event.take_free_names(namespace, |claim| records::is_taken(calendar, claim, &key))?;
    Ok(event)
}

fn version_of(store: &dyn Store, source: &Source) -> Result<Option<SourceVersion>, StoreError> {
    let key = SourceVersion::key_of(&source.partner, &source.origin_id);
    let kept = records::one::<SourceVersion>(store, &key)?;
    Ok(kept.map(|(version, _)| version))
}

/// Returns the changes that assign the source versions of two events to the remaining one. Values that fill its
/// empty fields count as accepted from their sources, and nothing else from the sources that are added.
fn joined_versions(
    store: &dyn Store,
    stays: &Event,
    goes: &Event,
) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for event in [stays, goes] {
        for source in &event.sources {
            let known = version_of(store, source)?;
            let known = known.filter(|known| known.is_of(source) && event.sources.len() > 1);
            let mut version = known.unwrap_or_else(|| SourceVersion::new(event, source));
            version.event.clone_from(&stays.id);
            let whole = version.told.super_event.as_ref();
            if whole.is_some_and(|id| *id == stays.id || *id == goes.id) {
                version.told.super_event = None;
            }
            if event.id == goes.id {
                let fills = |field: &Field| {
                    let is_filled = stays.is_blank(*field) && !goes.is_blank(*field);
                    is_filled && version.told.same_value(*field, goes)
                };
                version.accepted = Field::ALL.into_iter().filter(fills).collect();
            }
            changes.push(Change::put(version.into()));
        }
    }
    Ok(changes)
}

/// Returns the changes that record which fields an editor has accepted from a partner.
pub(super) fn accepted(
    store: &dyn Store,
    event: &Event,
    partner: &PartnerId,
    fields: &BTreeSet<Field>,
) -> Result<Vec<Change>, StoreError> {
    if event.sources.len() < 2 {
        return Ok(Vec::new());
    }
    let mut changes = Vec::new();
    for source in event
        .sources
        .iter()
        .filter(|source| source.partner == *partner)
    {
        let known = version_of(store, source)?.filter(|version| version.event == event.id);
        let mut version = known.unwrap_or_else(|| SourceVersion::new(event, source));
        for field in fields {
            // Nothing but the suggestion shows what the partner said.
            if version.assumed.remove(field) {
                version.told.take(*field, event);
            }
            version.accepted.insert(*field);
        }
        changes.push(Change::put(version.into()));
    }
    Ok(changes)
}

/// Returns the changes that remove undecided suggestions which partners of `goes` made while they were sources of
/// `stays` before: those values are not the ones of the source that joins now.
fn outdated_suggestions(
    store: &dyn Store,
    stays: &Event,
    goes: &Event,
) -> Result<Vec<Change>, StoreError> {
    let namespace = namespace(store)?;
    let is_source = |partner: &PartnerId| {
        stays
            .sources
            .iter()
            .any(|source| source.partner == *partner)
    };
    let partners = goes.sources.iter().map(|source| &source.partner);
    let moot = partners
        .filter(|partner| !is_source(partner))
        .map(|partner| fields_suggestion_id(namespace, partner, &stays.id))
        .collect();
    let matters = Matters {
        raised: Vec::new(),
        moot,
    };
    matters.changes(store)
}

/// Returns the changes that merge `goes` into `stays`.
pub(super) fn one_of(
    store: &dyn Store,
    editor: &Editor,
    goes: &EventId,
    stays: &EventId,
) -> Result<Vec<Change>, DecisionError> {
    if goes == stays {
        return Err(DecisionError::Itself(goes.clone()));
    }
    let (mut old, mut revision) = known_event(store, stays)?;
    let (mut gone, mut gone_revision) = known_event(store, goes)?;
    if !is_there(&old) && is_there(&gone) {
        // Only one of the two can remain.
        std::mem::swap(&mut old, &mut gone);
        std::mem::swap(&mut revision, &mut gone_revision);
    }
    if !is_there(&old) {
        return Err(DecisionError::NotThere(old.id));
    }
    let mut changes = decided(store, editor, &gone, &old, true)?;
    changes.extend(joined_versions(store, &old, &gone)?);
    changes.extend(outdated_suggestions(store, &old, &gone)?);
    let mut next = old.clone();
    next.sources.extend(gone.sources.iter().cloned());
    for field in Field::ALL {
        if next.is_blank(field) && !gone.is_blank(field) {
            next.take(field, &gone);
            let owner = gone.owner(field).cloned();
            next.owners.extend(owner.map(|owner| (field, owner)));
        }
    }
    if is_own_part(store, &next, &gone.id)? {
        next.super_event = None;
    }
    let is_other = |part: &Event| part.id != old.id && part.id != gone.id;
    changes.extend(parts::moved(store, editor, (&gone.id, &old.id), is_other)?);
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

/// Returns true if `event` is a part of itself or of the event that is merged into it, directly or through others.
fn is_own_part(store: &dyn Store, event: &Event, merged: &EventId) -> Result<bool, StoreError> {
    let mut whole = event.super_event.clone();
    for _ in 0..=DEEPEST {
        let Some(id) = whole else { return Ok(false) };
        if id == event.id || id == *merged {
            return Ok(true);
        }
        let stored = records::one::<Event>(store, id.as_str())?;
        whole = stored.and_then(|(stored, _)| stored.super_event);
    }
    Ok(true)
}

/// Returns the pairings that record two events as the same or different.
pub(super) fn decided(
    store: &dyn Store,
    editor: &Editor,
    one: &Event,
    other: &Event,
    same: bool,
) -> Result<Vec<Change>, StoreError> {
    let namespace = namespace(store)?;
    let mut changes = Vec::new();
    for a in origins(one)
        .into_iter()
        .filter(|origin| origin.partner.is_some())
    {
        for b in origins(other) {
            changes.push(pairing(namespace, editor, &a, &b, same));
        }
    }
    Ok(changes)
}

fn pairing(
    namespace: Uuid,
    editor: &Editor,
    one: &calendar_domain::OriginKey,
    other: &calendar_domain::OriginKey,
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

/// Returns the namespace of derived UUIDs, from the region's record.
pub(super) fn namespace(store: &dyn Store) -> Result<Uuid, StoreError> {
    let region = store.get(&RecordKey::new(RecordKind::Region, "region"))?;
    Ok(match region.map(|region| region.record) {
        Some(Record::Region(region)) => region.uid_namespace,
        _ => Uuid::nil(),
    })
}
