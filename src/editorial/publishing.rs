//! Publishing of a submission: the event, its place, its parts and its organizer, in one commit with the decision.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::event_form::ProgrammePart;
use calendar_domain::merge::merge_edit;
use calendar_domain::organizer::Contact;
use calendar_domain::revision::revise;
use calendar_domain::{
    Claim, Event, EventId, Field, Lang, Organisation, OrganisationStanding, Organizer,
    OrganizerRef, Owner, Place, Publication, RecordKey, RecordKind, Schedule, Slug, Submission,
    Text, Venue,
};
use calendar_store::{Change, Revision, Store, records};
use chrono::{DateTime, Utc};

use super::actor::Actor;
use super::editorial_error::EditorialError;
use super::submission_form::parts_of;
use super::submission_store::stored_event;

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

/// Returns the changes that publish what a submission proposes. `owner` is its organisation, unless it is a visitor's.
/// What a visitor proposed belongs to the editor who publishes it.
///
/// # Errors
/// Returns [`EditorialError::OrganisationPending`] if its organisation is not approved, and
/// [`EditorialError::Conflicts`] if the public event was changed in the same fields as an edit.
pub(super) fn publish(
    calendar: &Calendar,
    actor: &Actor,
    submission: &mut Submission,
    owner: Option<&Organisation>,
    choices: &PublishChoices,
) -> Result<Vec<Change>, EditorialError> {
    if owner.is_some_and(|owner| owner.standing != OrganisationStanding::Approved) {
        return Err(EditorialError::OrganisationPending);
    }
    let proposed = submission.next.take().ok_or(EditorialError::WrongState)?;
    let mut event = *proposed;
    let mut changes = Vec::new();
    if choices.adds_place {
        changes.extend(new_place(calendar, actor, &mut event)?);
    }
    let mut publishing = Publishing {
        calendar,
        owner: match submission.author() {
            Some(author) => Owner::Organizer(author.to_string()),
            None => Owner::Editor(actor.account.id.to_string()),
        },
        now: actor.now,
        left: Vec::new(),
        changes,
    };
    let event = match submission.base.clone() {
        None => {
            if let Some(owner) = owner {
                let slug = owner.organizer.clone().ok_or(EditorialError::WrongState)?;
                event.organizer = Some(OrganizerRef::Organizer(slug));
            }
            publishing.create(event)?
        }
        Some(base) => publishing.edit(&base, &event, &choices.decided)?,
    };
    publishing.parts(submission, &event)?;
    submission.next = Some(Box::new(event));
    Ok(publishing.changes)
}

/// The changes that publish a submission.
struct Publishing<'a> {
    calendar: &'a Calendar,
    /// The owner of the fields that it sets.
    owner: Owner,
    now: DateTime<Utc>,
    /// The places of the event before an edit.
    left: Vec<Venue>,
    changes: Vec<Change>,
}

impl Publishing<'_> {
    /// Adds a new public event.
    fn create(&mut self, mut event: Event) -> Result<Event, EditorialError> {
        if !event.set_publication(Publication::Published) {
            return Err(EditorialError::WrongState);
        }
        (event.created, event.modified) = (self.now, self.now);
        self.add_new(event)
    }

    /// Adds an event that does not exist yet, under free names.
    fn add_new(&mut self, mut event: Event) -> Result<Event, EditorialError> {
        for field in Field::ALL {
            event.owners.insert(field, self.owner.clone());
        }
        let key = RecordKey::new(RecordKind::Event, event.id.as_str());
        let namespace = self.calendar.snapshot().region().uid_namespace;
        let taken = |claim: &Claim| records::is_taken(self.calendar, claim, &key);
        event.take_free_names(namespace, taken)?;
        self.changes.push(Change::create(event.clone().into()));
        Ok(event)
    }

    /// Adds a changed event, unless nothing changed. Returns the event.
    fn add_changed(
        &mut self,
        (old, revision): (Event, Revision),
        next: Event,
    ) -> Result<Event, EditorialError> {
        let Some(next) = revise(&old, next, self.now) else {
            return Ok(old);
        };
        self.changes
            .push(Change::update(next.clone().into(), revision));
        Ok(next)
    }

    /// Adds a public event with the changes of an edit of `base`. `decided` are the fields in which the edit prevails.
    fn edit(
        &mut self,
        base: &Event,
        next: &Event,
        decided: &BTreeSet<Field>,
    ) -> Result<Event, EditorialError> {
        let (current, revision) = stored_event(self.calendar, &base.id)?;
        let mut merged = merge_edit(base, &current, next, decided);
        if !merged.conflicts.is_empty() {
            return Err(EditorialError::Conflicts(merged.conflicts));
        }
        for field in &merged.changed {
            merged.event.owners.insert(*field, self.owner.clone());
        }
        self.left.clone_from(&current.venues);
        self.add_changed((current, revision), merged.event)
    }

    /// Adds the parts of the programme. Parts that an edit removed are withdrawn. A row that refers to a part that
    /// another row has is a new part.
    fn parts(&mut self, submission: &mut Submission, whole: &Event) -> Result<(), EditorialError> {
        let known = parts_of(&self.calendar.snapshot(), &whole.id);
        let known: Vec<EventId> = known.into_iter().map(|id| id.id).collect();
        let mut taken = BTreeSet::new();
        for part in &mut submission.parts {
            let own = part.event.clone().filter(|id| known.contains(id));
            match own.filter(|id| taken.insert(id.clone())) {
                Some(id) => self.change_part(&id, part, whole)?,
                None => {
                    let id: EventId = self.calendar.clock().new_id().into();
                    self.create_part(&id, whole, part)?;
                    part.event = Some(id);
                }
            }
        }
        let listed: BTreeSet<&EventId> = submission
            .parts
            .iter()
            .filter_map(|part| part.event.as_ref())
            .collect();
        let removed = submission.base_parts.iter();
        for id in removed.filter(|id| known.contains(id) && !listed.contains(id)) {
            let (old, revision) = stored_event(self.calendar, id)?;
            let mut next = old.clone();
            if next.set_publication(Publication::Withdrawn) {
                next.owners.insert(Field::Publication, self.owner.clone());
                self.add_changed((old, revision), next)?;
            }
        }
        Ok(())
    }

    fn change_part(
        &mut self,
        id: &EventId,
        part: &ProgrammePart,
        whole: &Event,
    ) -> Result<(), EditorialError> {
        let (old, revision) = stored_event(self.calendar, id)?;
        let mut next = old.clone();
        if whole.venues != self.left && old.venues == self.left {
            next.venues.clone_from(&whole.venues);
            next.owners.insert(Field::Venues, self.owner.clone());
        }
        if part.title.exact(Lang::Nb) != old.title.exact(Lang::Nb) {
            next.title.set(Lang::Nb, part.title.get(Lang::Nb));
            next.owners.insert(Field::Title, self.owner.clone());
        }
        if !part.keeps_time && part.when != old.schedule.when {
            next.schedule.when = part.when.clone();
            next.owners.insert(Field::Schedule, self.owner.clone());
        }
        self.add_changed((old, revision), next).map(drop)
    }

    fn create_part(
        &mut self,
        id: &EventId,
        whole: &Event,
        part: &ProgrammePart,
    ) -> Result<(), EditorialError> {
        let namespace = self.calendar.snapshot().region().uid_namespace;
        let mut event = sub_event(whole, part, id, self.now);
        event.uid = uuid::Uuid::new_v5(&namespace, id.as_str().as_bytes()).into();
        event.slug = whole.slug.with_suffix(event.slug.as_str());
        self.add_new(event).map(drop)
    }
}

/// Returns the sub-event of a part of a programme.
pub(super) fn sub_event(
    whole: &Event,
    part: &ProgrammePart,
    id: &EventId,
    now: DateTime<Utc>,
) -> Event {
    let slug = Slug::from_text(part.title.get(Lang::Nb));
    let schedule = Schedule::once(part.when.clone());
    let mut event = Event::new(slug, whole.uid.clone(), part.title.clone(), schedule, now);
    event.id = id.clone();
    event.venues.clone_from(&whole.venues);
    event.organizer.clone_from(&whole.organizer);
    event.super_event = Some(whole.id.clone());
    event
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
