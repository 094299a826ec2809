//! Precedence of sources and persons, field by field.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use calendar_domain::source_version::{RemainingVersions, settle};
use calendar_domain::{
    Event, EventId, Field, Owner, PartnerId, Publication, Rank, Score, Source, SourceVersion,
    Subject, Suggestion, Trust,
};

use super::{Lookup, Planner};
use crate::ingest::suggestions::{Matters, suggestion_id};
use calendar_store::StoreError;

/// An event with a partner's description merged into it.
pub(super) struct Merged {
    /// The merged event.
    pub next: Event,
    /// Fields that a person has set and the partner would have changed.
    pub kept: Vec<Field>,
    /// Source versions to store.
    pub versions: Vec<SourceVersion>,
}

/// The decision about one field.
pub(super) enum Say {
    /// Take the partner's value.
    Take,
    /// Keep the stored value silently.
    Yield,
    /// Keep a person's value and raise a suggestion.
    Suggest,
}

/// Returns true if an event was withdrawn on behalf of a partner, not by a person.
pub(super) fn was_withdrawn_for_them(event: &Event) -> bool {
    let by_partner = matches!(event.owner(Field::Publication), Some(Owner::Partner(_)));
    event.publication == Publication::Withdrawn && by_partner
}

impl Planner<'_> {
    /// Returns true if the partner is a second-hand source of an event that its first-hand source has removed.
    pub(super) fn only_repeats(&self, old: &Event, secondhand: bool) -> bool {
        let firsthand =
            |source: &Source| !source.secondhand && source.partner != self.origin.partner;
        secondhand && was_withdrawn_for_them(old) && old.sources.iter().any(firsthand)
    }

    /// Merges the partner's description into a stored event. `former` is the event's previous origin id, if it
    /// changed.
    pub(super) fn merged(
        &mut self,
        old: &Event,
        told: &Event,
        former: Option<&str>,
        stored: &Lookup<'_>,
    ) -> Result<Merged, StoreError> {
        let mut next = old.clone();
        let origin = told.sources.first().map(|source| source.origin_id.clone());
        let origin = origin.unwrap_or_default();
        put_source(&mut next.sources, told, |source| {
            self.precedence(source, &origin)
        });
        if was_withdrawn_for_them(old) {
            // The event is back. One that waits for an editor goes on waiting.
            next.take(Field::Publication, told);
            let owner = Owner::Partner(self.origin.partner.clone());
            next.owners.insert(Field::Publication, owner);
        }
        let mut merged = Merged {
            next,
            kept: Vec::new(),
            versions: Vec::new(),
        };
        if merged.next.sources.len() < 2 {
            self.take_fields(&mut merged, old, told);
            let renamed = renamed_version(&merged.next, told, former, stored)?;
            merged.versions.extend(renamed);
        } else {
            self.settle_fields(&mut merged, old, told, former, stored)?;
        }
        Ok(merged)
    }

    /// Merges the fields of an event with a single source.
    fn take_fields(&mut self, merged: &mut Merged, old: &Event, told: &Event) {
        let Merged { next, kept, .. } = merged;
        for field in Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Publication)
        {
            match say(field, old, told) {
                Say::Take => {
                    next.take(field, told);
                    let owner = Owner::Partner(self.origin.partner.clone());
                    next.owners.insert(field, owner);
                }
                Say::Yield => {}
                Say::Suggest => kept.push(field),
            }
        }
        let me = self.origin.partner.clone();
        self.suggest_fields(&me, old, told, kept);
    }

    /// Merges the fields of an event with several sources.
    fn settle_fields(
        &mut self,
        merged: &mut Merged,
        old: &Event,
        told: &Event,
        former: Option<&str>,
        stored: &Lookup<'_>,
    ) -> Result<(), StoreError> {
        let Merged {
            next,
            kept,
            versions,
        } = merged;
        let mut known = Vec::with_capacity(next.sources.len());
        for source in &next.sources {
            let mine = told.sources.iter().find(|other| same_origin(other, source));
            let before = match former.filter(|_| mine.is_some()) {
                Some(former) => stored.version(&Source {
                    origin_id: former.to_owned(),
                    ..source.clone()
                })?,
                None => stored.version(source)?,
            };
            let mut version = match mine {
                Some(source) => SourceVersion::new(told, source),
                None => match &before {
                    Some(version) if version.is_of(source) && old.sources.len() > 1 => {
                        version.clone()
                    }
                    // Without a stored version, the source's values are assumed to be those of the event.
                    _ => SourceVersion::new(old, source),
                },
            };
            version.event.clone_from(&next.id);
            if let Some(before) = &before
                && before.event == next.id
            {
                version.accepted.clone_from(&before.accepted);
            }
            if before.as_ref() != Some(&version) {
                versions.push(version.clone());
            }
            known.push(version);
        }
        let mut offers = settle(next, &known);
        for version in &known {
            let mut fields = disputed(next, version);
            let is_mine = version.partner == self.origin.partner;
            if is_mine {
                kept.extend(&fields);
            }
            fields.extend(offers.remove(&version.id).unwrap_or_default());
            if fields.is_empty() && !version.is_said() {
                continue;
            }
            self.suggest_fields(&version.partner, old, &version.told, &fields);
        }
        Ok(())
    }

    /// Returns true if the sources of an event are in order of precedence, with `origin` in the response.
    pub(super) fn is_in_order(&self, event: &Event, origin: &str) -> bool {
        let sources = event.sources.iter();
        sources.is_sorted_by_key(|source| self.precedence(source, origin))
    }

    /// Returns the sort key of a source: the source with the lowest takes precedence.
    fn precedence(&self, source: &Source, origin: &str) -> impl Ord + use<> {
        let order = self.order_of(&source.partner, source.secondhand);
        (order, self.is_untold(source, origin))
    }

    fn order_of(&self, partner: &PartnerId, secondhand: bool) -> (bool, bool, Reverse<Rank>) {
        let known = self.snapshot.partner(partner);
        let connection = if *partner == self.origin.partner {
            self.terms.connection
        } else {
            known.and_then(|partner| partner.connection.as_ref())
        };
        let waits = connection.is_some_and(|connection| connection.trust == Trust::Queue);
        let rank = connection
            .map(|connection| connection.rank)
            .unwrap_or_default();
        (secondhand, waits, Reverse(rank))
    }

    /// Raises a suggestion if a partner's values differ from a person's, or fill empty fields. Otherwise marks
    /// its earlier suggestion as moot.
    fn suggest_fields(&mut self, partner: &PartnerId, old: &Event, told: &Event, kept: &[Field]) {
        let terms = (self.snapshot.region().uid_namespace, self.origin.at);
        self.matters.suggest_fields(terms, partner, old, told, kept);
    }

    /// Raises a suggestion that a new event may be the same as an existing one.
    pub(super) fn suggest_same(&mut self, id: &EventId, alike: Option<(EventId, Score)>) {
        let Some((other, score)) = alike else { return };
        let namespace = self.snapshot.region().uid_namespace;
        self.matters.raised.push(Suggestion {
            id: suggestion_id(namespace, &self.origin.partner, id, other.as_str()),
            partner: self.origin.partner.clone(),
            event: id.clone(),
            at: self.origin.at,
            matter: Subject::SameEvent { other, score },
            decision: None,
        });
    }
}

/// Returns the version of an event's only source after its origin id changed, if an editor has accepted fields from
/// it: they stay accepted when another source joins.
fn renamed_version(
    event: &Event,
    told: &Event,
    former: Option<&str>,
    stored: &Lookup<'_>,
) -> Result<Option<SourceVersion>, StoreError> {
    let (Some(former), Some(source)) = (former, event.sources.first()) else {
        return Ok(None);
    };
    let origin_id = former.to_owned();
    let before = stored.version(&Source {
        origin_id,
        ..source.clone()
    })?;
    let kept = before.filter(|before| before.event == event.id && !before.accepted.is_empty());
    Ok(kept.map(|before| SourceVersion {
        event: event.id.clone(),
        accepted: before.accepted,
        ..SourceVersion::new(told, source)
    }))
}

/// Returns true if nothing changes in an event except the hashes of its sources' contents.
pub(super) fn stays_as_it_is(old: &Event, next: &Event) -> bool {
    let mut same = next.clone();
    for (source, before) in same.sources.iter_mut().zip(&old.sources) {
        source.content_hash.clone_from(&before.content_hash);
        source.fetched_at = before.fetched_at;
    }
    same == *old
}

/// Returns the fields of an event that a person has set and a source would change.
fn disputed(event: &Event, version: &SourceVersion) -> Vec<Field> {
    let is_disputed = |field: &Field| {
        !version.assumed.contains(field)
            && matches!(say(*field, event, &version.told), Say::Suggest)
    };
    Field::ALL.into_iter().filter(is_disputed).collect()
}

/// Returns what the remaining sources of an event suggest after it lost its sources of a partner, or some of them.
/// What the lost ones suggested is moot.
#[must_use]
pub fn suggestions_of_rest(
    terms: (Uuid, DateTime<Utc>),
    event: &Event,
    lost: &PartnerId,
    mut rest: RemainingVersions,
) -> Matters {
    let mut matters = Matters::default();
    for version in &rest.known {
        let mut fields = disputed(event, version);
        fields.extend(rest.offers.remove(&version.id).unwrap_or_default());
        if fields.is_empty() && !version.is_said() {
            continue;
        }
        matters.suggest_fields(terms, &version.partner, event, &version.told, &fields);
    }
    matters.suggest_fields(terms, lost, event, event, &[]);
    matters
}

/// Decides about a field of an event without other sources.
pub(super) fn say(field: Field, old: &Event, told: &Event) -> Say {
    let differs = !told.same_value(field, old) && !told.is_blank(field);
    match old.owner(field) {
        None | Some(Owner::Partner(_)) => Say::Take,
        // A person may have cleared it on purpose.
        Some(owner) if owner.is_person() && differs => Say::Suggest,
        Some(owner) if owner.is_person() => Say::Yield,
        Some(_) if differs && old.is_blank(field) && !field.needs_review() => Say::Take,
        Some(_) if differs => Say::Suggest,
        Some(_) => Say::Yield,
    }
}

fn same_origin(one: &Source, other: &Source) -> bool {
    one.partner == other.partner && one.origin_id == other.origin_id
}

/// Adds or replaces the partner's source, and sorts the sources by precedence.
fn put_source<K: Ord>(sources: &mut Vec<Source>, told: &Event, order: impl Fn(&Source) -> K) {
    for source in &told.sources {
        match sources.iter_mut().find(|other| same_origin(other, source)) {
            // `fetched_at` is the time of the last change.
            Some(known) => {
                let fetched_at = if known.content_hash == source.content_hash {
                    known.fetched_at
                } else {
                    source.fetched_at
                };
                *known = Source {
                    fetched_at,
                    ..source.clone()
                };
            }
            None => sources.push(source.clone()),
        }
    }
    // Stable: of equal sources, the earlier one keeps precedence.
    sources.sort_by_cached_key(order);
}
