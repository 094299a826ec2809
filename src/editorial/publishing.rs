//! Publishing of a submission: the event, its place, its parts and its organizer, in one commit with the decision.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::event_form::ProgrammePart;
use calendar_domain::merge::merge_edit;
use calendar_domain::organizer::Contact;
use calendar_domain::revision::revise;
use calendar_domain::{
    Claim, Event, EventId, Field, Organisation, OrganisationStanding, Organizer, OrganizerRef,
    Owner, Place, Publication, RecordKey, RecordKind, Schedule, Slug, Submission, Text, Venue,
};
use calendar_store::{Change, Store, StoreError, records};
use chrono::{DateTime, Utc};

use super::actor::Actor;
use super::editorial_error::EditorialError;
use super::submission_form::parts_of;
use super::submission_store::{set_owner, stored_event};

/// Number of names that are tried for a new place or organizer.
const NAMES_TRIED: usize = 50;

/// What an editor chooses when they publish.
#[derive(Debug, Clone, Default)]
pub struct PublishChoices {
    /// Whether the described place becomes a place of the catalog.
    pub adds_place: bool,
    /// The fields in which the edit prevails over a change made meanwhile.
    pub decided: BTreeSet<Field>,
}

/// Returns the changes that publish what a submission proposes.
///
/// # Errors
/// Returns [`EditorialError::OrganisationPending`] if its organisation is not approved, and
/// [`EditorialError::Conflicts`] if the public event was changed in the same fields as an edit.
pub(super) fn publish(
    calendar: &Calendar,
    actor: &Actor,
    submission: &mut Submission,
    owner: &Organisation,
    choices: &PublishChoices,
) -> Result<Vec<Change>, EditorialError> {
    if owner.standing != OrganisationStanding::Approved {
        return Err(EditorialError::OrganisationPending);
    }
    let proposed = submission.next.take().ok_or(EditorialError::WrongState)?;
    let mut event = *proposed;
    let mut changes = Vec::new();
    if choices.adds_place {
        changes.extend(new_place(calendar, actor, &mut event)?);
    }
    let author = Actor {
        account: calendar_domain::Account {
            id: submission.author.clone(),
            ..actor.account.clone()
        },
        now: actor.now,
    };
    let event = match submission.base.clone() {
        None => {
            let slug = owner.organizer.clone().ok_or(EditorialError::WrongState)?;
            event.organizer = Some(OrganizerRef::Organizer(slug));
            create(calendar, &author, event, &mut changes)?
        }
        Some(base) => {
            let edited = Edit {
                base: &base,
                next: event,
                decided: &choices.decided,
            };
            edited.apply(calendar, &author, &mut changes)?
        }
    };
    parts(calendar, &author, submission, &event, &mut changes)?;
    submission.next = Some(Box::new(event));
    Ok(changes)
}

/// Adds a new public event to the changes.
fn create(
    calendar: &Calendar,
    author: &Actor,
    mut event: Event,
    changes: &mut Vec<Change>,
) -> Result<Event, EditorialError> {
    if !event.set_publication(Publication::Published) {
        return Err(EditorialError::WrongState);
    }
    (event.created, event.modified) = (author.now, author.now);
    for field in Field::ALL {
        set_owner(&mut event, field, author);
    }
    take_names(calendar, &mut event)?;
    changes.push(Change::create(event.clone().into()));
    Ok(event)
}

fn take_names(calendar: &Calendar, event: &mut Event) -> Result<(), StoreError> {
    let key = RecordKey::new(RecordKind::Event, event.id.as_str());
    let namespace = calendar.snapshot().region().uid_namespace;
    let taken = |claim: &Claim| records::is_taken(calendar, claim, &key);
    event.take_free_names(namespace, taken).map(drop)
}

/// An edit of a public event.
struct Edit<'a> {
    base: &'a Event,
    next: Event,
    decided: &'a BTreeSet<Field>,
}

impl Edit<'_> {
    /// Adds the edited event to the changes.
    fn apply(
        self,
        calendar: &Calendar,
        author: &Actor,
        changes: &mut Vec<Change>,
    ) -> Result<Event, EditorialError> {
        let (current, revision) = stored_event(calendar, &self.base.id)?;
        let mut merged = merge_edit(self.base, &current, &self.next, self.decided);
        if !merged.conflicts.is_empty() {
            return Err(EditorialError::Conflicts(merged.conflicts));
        }
        for field in &merged.changed {
            set_owner(&mut merged.event, *field, author);
        }
        Ok(match revise(&current, merged.event, author.now) {
            None => current,
            Some(next) => {
                changes.push(Change::update(next.clone().into(), revision));
                next
            }
        })
    }
}

/// Returns the sub-event of a part of a programme.
pub(super) fn sub_event(
    whole: &Event,
    part: &ProgrammePart,
    id: &EventId,
    now: DateTime<Utc>,
) -> Event {
    let slug = Slug::from_text(part.title.get(calendar_domain::Lang::Nb));
    let schedule = Schedule::once(part.when.clone());
    let mut event = Event::new(slug, whole.uid.clone(), part.title.clone(), schedule, now);
    event.id = id.clone();
    event.venues.clone_from(&whole.venues);
    event.organizer.clone_from(&whole.organizer);
    event.super_event = Some(whole.id.clone());
    event
}

/// Adds the parts of the programme to the changes. Parts that an edit removed are withdrawn.
fn parts(
    calendar: &Calendar,
    author: &Actor,
    submission: &mut Submission,
    whole: &Event,
    changes: &mut Vec<Change>,
) -> Result<(), EditorialError> {
    let snapshot = calendar.snapshot();
    let known: Vec<EventId> = parts_of(&snapshot, &whole.id)
        .into_iter()
        .map(|it| it.id)
        .collect();
    for part in &mut submission.parts {
        let kept = part.event.clone().filter(|id| known.contains(id));
        match kept {
            Some(id) => {
                let (old, revision) = stored_event(calendar, &id)?;
                let mut next = old.clone();
                let is_same = |lang| part.title.exact(lang) == old.title.exact(lang);
                if !is_same(calendar_domain::Lang::Nb) {
                    let title = part.title.get(calendar_domain::Lang::Nb);
                    next.title.set(calendar_domain::Lang::Nb, title);
                    set_owner(&mut next, Field::Title, author);
                }
                if part.when != old.schedule.when {
                    next.schedule.when = part.when.clone();
                    set_owner(&mut next, Field::Schedule, author);
                }
                let next = revise(&old, next, author.now);
                changes.extend(next.map(|next| Change::update(next.into(), revision)));
            }
            None => {
                let id: EventId = calendar.clock().new_id().into();
                let mut event = sub_event(whole, part, &id, author.now);
                event.uid =
                    uuid::Uuid::new_v5(&snapshot.region().uid_namespace, id.as_str().as_bytes())
                        .into();
                event.slug = whole.slug.with_suffix(event.slug.as_str());
                for field in Field::ALL {
                    set_owner(&mut event, field, author);
                }
                take_names(calendar, &mut event)?;
                part.event = Some(id);
                changes.push(Change::create(event.into()));
            }
        }
    }
    let listed: BTreeSet<&EventId> = submission
        .parts
        .iter()
        .filter_map(|it| it.event.as_ref())
        .collect();
    let removed = submission.base_parts.iter();
    for id in removed.filter(|id| known.contains(id) && !listed.contains(id)) {
        let (old, revision) = stored_event(calendar, id)?;
        let mut next = old.clone();
        if next.set_publication(Publication::Withdrawn) {
            set_owner(&mut next, Field::Publication, author);
            let next = revise(&old, next, author.now);
            changes.extend(next.map(|next| Change::update(next.into(), revision)));
        }
    }
    Ok(())
}

/// Returns the change that makes the described place of an event a place of the catalog, and refers the event to it.
fn new_place(
    calendar: &Calendar,
    actor: &Actor,
    event: &mut Event,
) -> Result<Option<Change>, EditorialError> {
    let Some(Venue::Described {
        name,
        address,
        municipality,
        coordinates,
    }) = event.venues.first().cloned()
    else {
        return Ok(None);
    };
    let slug = free_slug(calendar, RecordKind::Place, &name)?;
    let place = Place {
        slug: slug.clone(),
        name,
        aliases: Vec::new(),
        municipality,
        address,
        coordinates,
        description: Text::default(),
        website: None,
        source: None,
        owner: Owner::Editor(actor.account.id.to_string()),
    };
    if let Some(first) = event.venues.first_mut() {
        *first = Venue::Place(slug);
    }
    Ok(Some(Change::create(place.into())))
}

/// Returns the change that makes an organisation an organizer of the catalog, unless it claims one that is there.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn new_organizer(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &mut Organisation,
) -> Result<Option<Change>, EditorialError> {
    if organisation.organizer.is_some() {
        return Ok(None);
    }
    let slug = free_slug(calendar, RecordKind::Organizer, &organisation.name)?;
    organisation.organizer = Some(slug.clone());
    let organizer = Organizer {
        slug,
        name: organisation.name.clone(),
        aliases: Vec::new(),
        description: Text::default(),
        website: None,
        organisation_number: organisation.number.clone(),
        contact: Contact::default(),
        source: None,
        owner: Owner::Editor(actor.account.id.to_string()),
    };
    Ok(Some(Change::create(organizer.into())))
}

/// Returns a slug for a name that no record of the kind has.
fn free_slug(calendar: &Calendar, kind: RecordKind, name: &str) -> Result<Slug, EditorialError> {
    let wanted = Slug::from_text(name);
    for n in 1..=NAMES_TRIED {
        let slug = if n == 1 {
            wanted.clone()
        } else {
            wanted.with_suffix(&n.to_string())
        };
        if calendar
            .get(&RecordKey::new(kind, slug.as_str()))?
            .is_none()
        {
            return Ok(slug);
        }
    }
    Err(EditorialError::TooMany)
}
