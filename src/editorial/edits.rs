//! Edits of public events by their organizers.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::event_form::{FormField, MOST_ROWS};
use calendar_domain::merge::{LIVE_FIELDS, MergedEdit, merge_edit};
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, Field, Organisation, Submission, SubmissionId};
use calendar_store::{Change, Store};

use super::actor::{Actor, municipality_of, own_submission, write};
use super::editorial_error::{EditorialError, retried};
use super::following_parts::following;
use super::organisations;
use super::submission_form::{filled, parts_of, read_form};
use super::submission_store::{check_open, of_organisations, set_owner, stored_event};

/// Returns the organisation in whose name the person may change a public event.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if they are not a member of its organizer.
pub fn organisation_of(
    store: &dyn Store,
    actor: &Actor,
    event: &Event,
) -> Result<Organisation, EditorialError> {
    let own = organisations::own(store, &actor.account)?;
    let mut own = own.member.into_iter();
    let found = own.find(|organisation| organisation.organizes(event));
    found.ok_or(EditorialError::NotAllowed)
}

/// Starts an edit of a public event, or returns the one that the organisation has open.
///
/// # Errors
/// Errors as [`organisation_of`]; returns [`EditorialError::NotFound`] if the event is not public.
pub fn start_edit(
    calendar: &Calendar,
    actor: &Actor,
    event: &EventId,
) -> Result<SubmissionId, EditorialError> {
    // Of two edits that are started at once, one is opened.
    let _turn = calendar.planning().alone();
    let (public, _) = stored_event(calendar, event)?;
    if !public.is_public() {
        return Err(EditorialError::NotFound);
    }
    let owner = organisation_of(calendar, actor, &public)?;
    let known = of_organisations(calendar, std::slice::from_ref(&owner.id))?;
    let is_open = |submission: &&Submission| {
        submission.is_edit() && submission.event == *event && submission.state.is_editable()
    };
    if let Some(open) = known.iter().find(is_open) {
        return Ok(open.id.clone());
    }
    check_open(calendar, &owner.id)?;
    let id: SubmissionId = calendar.clock().new_id().into();
    let author = actor.account.id.clone();
    let mut edit = Submission::new(id.clone(), owner.id, author, event.clone(), actor.now);
    // The private facts are those that were sent last.
    if let Some(last) = known
        .into_iter()
        .find(|of_organisation| of_organisation.event == *event)
    {
        edit.private = last.private;
    }
    let snapshot = calendar.snapshot();
    // Further parts have no row in the form, and stay.
    edit.base_parts = parts_of(&snapshot, event)
        .into_iter()
        .take(MOST_ROWS)
        .map(|part| part.id)
        .collect();
    edit.form = filled(&snapshot, &edit, &public);
    edit.base = Some(Box::new(public));
    write(
        calendar,
        actor,
        "started an edit",
        vec![Change::create(edit.into())],
    )?;
    Ok(id)
}

/// Notes what a submission that is sent proposes. Of an edit, the changes of time, place and status go live: they are
/// part of the changes that this returns.
///
/// # Errors
/// Returns [`EditorialError::Conflicts`] if the public event was changed in the same fields.
pub(super) fn go_live(
    calendar: &Calendar,
    actor: &Actor,
    submission: &mut Submission,
    proposed: Event,
) -> Result<Vec<Change>, EditorialError> {
    let Some(base) = submission.base.take() else {
        submission.next = Some(Box::new(proposed));
        return Ok(Vec::new());
    };
    let (current, revision) = stored_event(calendar, &submission.event)?;
    let MergedEdit {
        event,
        changed,
        conflicts,
    } = merge_edit(&base, &current, &proposed, &BTreeSet::new());
    if !conflicts.is_empty() {
        return Err(EditorialError::Conflicts(conflicts));
    }
    let live: BTreeSet<Field> = LIVE_FIELDS
        .into_iter()
        .filter(|field| changed.contains(field))
        .collect();
    let mut public = current.clone();
    if !live.is_empty() {
        let known = submission.before_live.take();
        let mut before = known.unwrap_or_else(|| Box::new(current.clone()));
        for field in live.difference(&submission.live) {
            before.take(*field, &current);
        }
        submission.before_live = Some(before);
    }
    for field in &live {
        public.take(*field, &event);
        set_owner(&mut public, *field, &actor.account.id);
    }
    let mut changes = Vec::new();
    let public = match revise(&current, public, actor.now) {
        None => current,
        Some(public) => {
            let placed = Event {
                venues: public.venues.clone(),
                ..current.clone()
            };
            changes.extend(following(calendar, actor, &current, &placed)?);
            changes.push(Change::update(public.clone().into(), revision));
            public
        }
    };
    if submission.first_municipality.is_none() {
        submission.first_municipality = municipality_of(&calendar.snapshot(), &base);
    }
    submission.live.extend(live);
    submission.base = Some(Box::new(public));
    submission.next = Some(Box::new(event));
    Ok(changes)
}

/// Returns the changes that give the fields of an edit that went live their former values, and those of the parts that
/// follow; none if somebody changed all of these fields since, or none went live.
///
/// # Errors
/// Errors if the event no longer exists, or if the store cannot be read.
pub(super) fn restored(
    calendar: &Calendar,
    actor: &Actor,
    edit: &Submission,
) -> Result<Vec<Change>, EditorialError> {
    let (Some(before), Some(after)) = (&edit.before_live, &edit.base) else {
        return Ok(Vec::new());
    };
    let (current, revision) = stored_event(calendar, &edit.event)?;
    let mut next = current.clone();
    let is_same = |field: &&Field| current.same_value(**field, after);
    for field in edit.live.iter().filter(is_same) {
        next.take_with_owner(*field, before);
    }
    let Some(next) = revise(&current, next, actor.now) else {
        return Ok(Vec::new());
    };
    let mut changes = following(calendar, actor, &current, &next)?;
    changes.push(Change::update(next.into(), revision));
    Ok(changes)
}

/// Decides the fields that both an edit and the public event changed: those in `own` are the edit's, the others are
/// taken from the public event. The edit then starts from the public version. `shown` are the fields that the person
/// decided about.
///
/// # Errors
/// Errors as [`own_submission`]. Returns [`EditorialError::WrongState`] if it is decided or no edit, and
/// [`EditorialError::Changed`] if both changed further fields meanwhile.
pub fn settle_conflicts(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    own: &BTreeSet<Field>,
    shown: &BTreeSet<Field>,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = own_submission(calendar, actor, id)?;
        let base = next.base.clone().filter(|_| next.state.is_editable());
        let base = base.ok_or(EditorialError::WrongState)?;
        let snapshot = calendar.snapshot();
        let read = read_form(&snapshot, actor, &next)?;
        let (current, _) = stored_event(calendar, &next.event)?;
        let merged = merge_edit(&base, &current, &read.event, own);
        if !merged.conflicts.iter().all(|field| shown.contains(field)) {
            return Err(EditorialError::Changed);
        }
        let before = filled(&snapshot, &next, &current);
        let after = filled(&snapshot, &next, &merged.event);
        // Fields that the form cannot express stay as the public event has them.
        let mut form = next.form.clone();
        for field in FormField::ALL {
            let is_taken = field
                .event_field()
                .is_some_and(|event_field| !merged.changed.contains(&event_field));
            let value = if is_taken { &before } else { &after };
            if field.event_field().is_some() {
                form.set(*field, value.all(*field).to_vec());
            }
        }
        next.form = form;
        next.form_id = None;
        next.base = Some(Box::new(current));
        next.modified = actor.now.max(next.modified);
        let changes = vec![Change::update(next.into(), revision)];
        write(calendar, actor, "merged an edit", changes)
    })
}
