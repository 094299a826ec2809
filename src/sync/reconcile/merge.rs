//! Whose word counts, field by field.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::{
    Event, EventId, Field, Matter, Owner, PartnerId, Publication, Rank, Schedule, Score, Source,
    Suggestion, Text, When,
};

use super::Planner;
use crate::store::{Change, Store, StoreError, records};

/// What a partner has to say about one field.
enum Say {
    /// It is taken.
    Take,
    /// Somebody else's stays, and that needs no talk.
    Yield,
    /// A person's stays, and the person is told.
    Suggest,
}

/// Whether an event was withdrawn because its partner told of it no more, not by a person.
pub(super) fn was_withdrawn_for_them(event: &Event) -> bool {
    let by_partner = matches!(event.owner(Field::Publication), Some(Owner::Partner(_)));
    event.publication == Publication::Withdrawn && by_partner
}

impl Planner<'_> {
    /// Whether the partner repeats what others have taken back: it has the event second-hand, and who had
    /// it first-hand tells of it no more.
    pub(super) fn only_repeats(&self, old: &Event, secondhand: bool) -> bool {
        let firsthand = |it: &Source| !it.secondhand && it.partner != self.origin.partner;
        secondhand && was_withdrawn_for_them(old) && old.sources.iter().any(firsthand)
    }

    /// The stored event after the partner has told of it, with the fields whose present content is kept
    /// against the partner's listed in `kept`.
    pub(super) fn merged(&self, old: &Event, told: &Event, kept: &mut Vec<Field>) -> Event {
        let mut next = old.clone();
        put_source(&mut next.sources, told, |it| {
            self.order_of(&it.partner, it.secondhand)
        });
        for field in Field::ALL {
            match self.say(field, old, told) {
                Say::Take => {
                    next.take(field, told);
                    let owner = Owner::Partner(self.origin.partner.clone());
                    next.owners.insert(field, owner);
                }
                Say::Yield => {}
                Say::Suggest => kept.push(field),
            }
        }
        next
    }

    fn say(&self, field: Field, old: &Event, told: &Event) -> Say {
        if field == Field::Publication {
            // What waits goes on waiting; what was withdrawn when its source fell silent is back.
            return if was_withdrawn_for_them(old) {
                Say::Take
            } else {
                Say::Yield
            };
        }
        let differs = !told.says_the_same(field, old);
        match old.owner(field) {
            None => Say::Take,
            Some(Owner::Partner(other)) if *other == self.origin.partner => Say::Take,
            Some(Owner::Partner(other)) => {
                let heard = !told.is_blank(field);
                let weighs = old.is_blank(field) || self.outranks(other, old, told);
                if heard && weighs {
                    Say::Take
                } else {
                    Say::Yield
                }
            }
            // A person may well have emptied it on purpose.
            Some(owner) if owner.is_person() && differs && !told.is_blank(field) => Say::Suggest,
            Some(owner) if !owner.is_person() && !told.is_blank(field) && differs => {
                if old.is_blank(field) {
                    Say::Take
                } else {
                    Say::Suggest
                }
            }
            Some(_) => Say::Yield,
        }
    }

    /// Whether the partner's word counts more than another's about this event.
    fn outranks(&self, other: &PartnerId, old: &Event, told: &Event) -> bool {
        let source = |event: &Event, partner: &PartnerId| {
            let found = event.sources.iter().find(|it| it.partner == *partner);
            found.is_some_and(|it| it.secondhand)
        };
        let me = &self.origin.partner;
        self.order_of(me, source(told, me)) < self.order_of(other, source(old, other))
    }

    /// Partners in the order in which their words count.
    fn order_of(&self, partner: &PartnerId, secondhand: bool) -> (bool, Reverse<Rank>, PartnerId) {
        let rank = if *partner == self.origin.partner {
            self.terms.connection.map(|it| it.rank)
        } else {
            let known = self.snapshot.partner(partner);
            known
                .and_then(|it| it.connection.as_ref())
                .map(|it| it.rank)
        };
        (
            secondhand,
            Reverse(rank.unwrap_or_default()),
            partner.clone(),
        )
    }

    /// Notes that the partner says otherwise than a person did.
    pub(super) fn suggest_fields(&mut self, old: &Event, told: &Event, kept: &[Field]) {
        if kept.is_empty() {
            return;
        }
        let namespace = self.snapshot.region().uid_namespace;
        // Nothing but those fields, or the same words would look new whenever another changes.
        let nothing = Schedule::once(When::day(NaiveDate::default()));
        let (slug, uid) = (old.slug.clone(), old.uid.clone());
        let mut said = Event::new(slug, uid, Text::default(), nothing, old.created);
        said.id.clone_from(&old.id);
        for field in kept {
            said.take(*field, told);
        }
        self.suggestions.push(Suggestion {
            id: suggestion_id(namespace, &self.origin.partner, &old.id, "fields"),
            partner: self.origin.partner.clone(),
            event: old.id.clone(),
            at: self.origin.at,
            matter: Matter::Fields {
                fields: kept.iter().copied().collect::<BTreeSet<_>>(),
                told: Box::new(said),
            },
            decision: None,
        });
    }

    /// Notes that a new event may be one that is there.
    pub(super) fn suggest_same(&mut self, id: &EventId, alike: Option<(EventId, Score)>) {
        let Some((other, score)) = alike else { return };
        let namespace = self.snapshot.region().uid_namespace;
        self.suggestions.push(Suggestion {
            id: suggestion_id(namespace, &self.origin.partner, id, other.as_str()),
            partner: self.origin.partner.clone(),
            event: id.clone(),
            at: self.origin.at,
            matter: Matter::SameEvent { other, score },
            decision: None,
        });
    }
}

/// Puts the partner's source in its place: those whose word counts most stand first.
fn put_source<K: Ord>(sources: &mut Vec<Source>, told: &Event, order: impl Fn(&Source) -> K) {
    for source in &told.sources {
        let same =
            |it: &&mut Source| it.partner == source.partner && it.origin_id == source.origin_id;
        match sources.iter_mut().find(same) {
            Some(known) => *known = source.clone(),
            None => sources.push(source.clone()),
        }
    }
    sources.sort_by_cached_key(|it| (order(it), it.origin_id.clone()));
}

/// The changes that keep suggestions which are new or say something else than before.
///
/// # Errors
/// Where the store cannot be read.
pub fn raised(store: &dyn Store, suggestions: &[Suggestion]) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for suggestion in suggestions {
        let known = records::one::<Suggestion>(store, &suggestion.id)?;
        if known.is_none_or(|(known, _)| known.matter != suggestion.matter) {
            changes.push(Change::put(suggestion.clone().into()));
        }
    }
    Ok(changes)
}

/// The key of a suggestion: the same matter always has the same.
#[must_use]
pub fn suggestion_id(
    namespace: Uuid,
    partner: &PartnerId,
    event: &EventId,
    matter: &str,
) -> String {
    let name = format!("suggestion/{partner}/{event}/{matter}");
    Uuid::new_v5(&namespace, name.as_bytes()).to_string()
}
