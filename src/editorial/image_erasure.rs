//! Erasing a picture for good: from everything of an organisation, or of an editor, with its files.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Calendar, Snapshot};
use crate::media::remove_unreferenced;
use calendar_domain::revision::revise;
use calendar_domain::{
    Event, EventId, Field, Image, ImageName, ImageSource, KeptImage, Organisation, Record,
    RecordKind, Submission, SubmissionId,
};
use calendar_store::{Change, Store as _, StoreError, Stored};

use super::actor::{
    Actor, may_decide_on, municipality_of, own_organisation, own_submission, write,
};
use super::editorial_error::{EditorialError, retried};
use super::edits::organisation_of;
use super::event_status::changeable_event;
use super::submission_store::own;

/// What became of the files of an erased picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasedImage {
    /// They are gone.
    Gone,
    /// Something of others shows the same picture, so they stay.
    InUse,
}

/// The records from which a picture is erased.
struct Reach {
    /// The event that it was chosen at, or that its submission is about.
    event: EventId,
    /// The organisation all of whose records lose it.
    organisation: Option<Organisation>,
    /// Where an editor looks up which other records are theirs to decide on.
    editor: Option<Arc<Snapshot>>,
}

impl Reach {
    fn has_event(&self, actor: &Actor, event: &Event) -> bool {
        let by_editor =
            |snapshot: &Arc<Snapshot>| actor.may_decide(municipality_of(snapshot, event).as_ref());
        let organisation = self.organisation.as_ref();
        event.id == self.event
            || organisation.is_some_and(|organisation| organisation.organizes(event))
            || self.editor.as_ref().is_some_and(by_editor)
    }

    fn has_submission(&self, actor: &Actor, submission: &Submission) -> bool {
        // What was never sent is its author's alone.
        let by_editor = |snapshot: &Arc<Snapshot>| {
            !submission.history.is_empty() && may_decide_on(snapshot, actor, submission)
        };
        // Submissions of visitors belong to no organisation.
        let organisation = self
            .organisation
            .as_ref()
            .map(|organisation| &organisation.id);
        let is_edit = self.editor.is_some() && submission.event == self.event;
        is_edit
            || organisation.is_some() && submission.organisation() == organisation
            || self.editor.as_ref().is_some_and(by_editor)
    }
}

/// Removes a picture of a submission from all submissions and events of its organisation, at once, and deletes its files
/// unless something else shows it. Earlier versions name a picture without its files.
///
/// # Errors
/// Returns [`EditorialError::Changed`] if the submission does not have it any more, and [`EditorialError::WrongState`] if
/// it is not kept here. Errors otherwise as [`own_submission`].
pub fn erase_image(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    source: &ImageSource,
) -> Result<ErasedImage, EditorialError> {
    erase(calendar, actor, source, || {
        let (submission, _) = own_submission(calendar, actor, id)?;
        let owner = submission
            .organisation()
            .ok_or(EditorialError::NotAllowed)?;
        let (organisation, _) = own_organisation(calendar, actor, owner)?;
        let reach = Reach {
            event: submission.event.clone(),
            organisation: Some(organisation),
            editor: None,
        };
        Ok((submission.form.images(), reach))
    })
}

/// Removes a picture of a public event, like [`erase_image`]: from everything of its organizer, and if an editor erases it,
/// from all events and submissions that they decide on.
///
/// # Errors
/// Returns [`EditorialError::Changed`] if the event does not have it any more, and [`EditorialError::WrongState`] if it is
/// not kept here. Errors otherwise as [`changeable_event`].
pub fn erase_image_of_event(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
    source: &ImageSource,
) -> Result<ErasedImage, EditorialError> {
    erase(calendar, actor, source, || {
        let (event, _) = changeable_event(calendar, actor, id)?;
        let snapshot = calendar.snapshot();
        let is_editor = actor.may_decide(municipality_of(&snapshot, &event).as_ref());
        let reach = Reach {
            event: event.id.clone(),
            organisation: organisation_of(calendar, actor, &event).ok(),
            editor: is_editor.then_some(snapshot),
        };
        Ok((event.images, reach))
    })
}

/// Removes a picture from the records that `chosen` reaches, and deletes its files. `chosen` also returns the pictures that
/// it must be one of.
fn erase(
    calendar: &Calendar,
    actor: &Actor,
    source: &ImageSource,
    chosen: impl Fn() -> Result<(Vec<Image>, Reach), EditorialError>,
) -> Result<ErasedImage, EditorialError> {
    let ImageSource::Kept(kept) = source else {
        return Err(EditorialError::WrongState);
    };
    let files = kept.files();
    let names: BTreeSet<ImageName> = files.map(|file| file.name.clone()).collect();
    retried(|| {
        let (images, reach) = chosen()?;
        if images.iter().all(|image| image.source != *source) {
            return Err(EditorialError::Changed);
        }
        let mut changes = Vec::new();
        for stored in mentioning(calendar, &names)? {
            changes.extend(without(actor, &reach, stored, &names));
        }
        write(calendar, actor, "erased an image", changes)
    })?;
    let in_use = remove_unreferenced(calendar, &names, calendar.clock().now())?;
    Ok(match in_use {
        0 => ErasedImage::Gone,
        _ => ErasedImage::InUse,
    })
}

/// Returns the events and submissions with an image of which a file has one of these names.
fn mentioning(calendar: &Calendar, names: &BTreeSet<ImageName>) -> Result<Vec<Stored>, StoreError> {
    let mut found = Vec::new();
    let kinds = [RecordKind::Event, RecordKind::Submission];
    calendar.scan(&kinds, &mut |batch| {
        found.extend(batch.into_iter().filter(|stored| match &stored.record {
            Record::Event(event) => event.images.iter().any(|image| shows(image, names)),
            Record::Submission(submission) => {
                let of_form = submission.form.images();
                let events = events_of(submission).flat_map(|event| &event.images);
                of_form
                    .iter()
                    .chain(events)
                    .any(|image| shows(image, names))
            }
            _ => false,
        }));
    })?;
    Ok(found)
}

/// Returns the events inside of a submission.
fn events_of(submission: &Submission) -> impl Iterator<Item = &Event> {
    let Submission {
        base,
        before_live,
        next,
        ..
    } = submission;
    [base, before_live, next]
        .into_iter()
        .flatten()
        .map(|event| &**event)
}

fn shows(image: &Image, names: &BTreeSet<ImageName>) -> bool {
    let mut files = image.kept().into_iter().flat_map(KeptImage::files);
    files.any(|file| names.contains(&file.name))
}

/// Returns the change of a record that loses the images, or `None` if it is out of reach.
fn without(
    actor: &Actor,
    reach: &Reach,
    stored: Stored,
    names: &BTreeSet<ImageName>,
) -> Option<Change> {
    match stored.record {
        Record::Event(event) => {
            let is_own = reach.has_event(actor, &event);
            let mut next = Event::clone(&event);
            next.images.retain(|image| !shows(image, names));
            own(&mut next, Field::Images, actor);
            let next = revise(&event, next, actor.now).filter(|_| is_own)?;
            Some(Change::update(next.into(), stored.revision))
        }
        Record::Submission(submission) => {
            let is_own = reach.has_submission(actor, &submission);
            let mut next = Submission::clone(&submission);
            let mut images = next.form.images();
            images.retain(|image| !shows(image, names));
            next.form.set_images(&images);
            let events = [&mut next.base, &mut next.before_live, &mut next.next];
            for event in events.into_iter().flatten() {
                event.images.retain(|image| !shows(image, names));
            }
            next.modified = actor.now.max(next.modified);
            is_own.then(|| Change::update(next.into(), stored.revision))
        }
        _ => None,
    }
}
