//! Erasing a picture for good: from everything of an organisation, with its files.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{
    Event, Field, Image, ImageName, ImageSource, KeptImage, Organisation, Record, RecordKind,
    Submission, SubmissionId, add_image_names,
};
use calendar_store::{Change, Store as _, StoreError, Stored};
use chrono::TimeDelta;

use super::actor::{Actor, own_organisation, own_submission, write};
use super::editorial_error::{EditorialError, retried};
use super::submission_store::own;

/// What became of the files of an erased picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasedImage {
    /// They are gone.
    Gone,
    /// Something of others shows the same picture, so they stay.
    InUse,
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
    let ImageSource::Kept(kept) = source else {
        return Err(EditorialError::WrongState);
    };
    let files = kept.files();
    let names: BTreeSet<ImageName> = files.map(|file| file.name.clone()).collect();
    retried(|| {
        let (submission, _) = own_submission(calendar, actor, id)?;
        let id = submission
            .organisation()
            .ok_or(EditorialError::NotAllowed)?;
        let (organisation, _) = own_organisation(calendar, actor, id)?;
        let images = submission.form.images();
        if images.iter().all(|image| image.source != *source) {
            return Err(EditorialError::Changed);
        }
        let mut changes = Vec::new();
        for stored in mentioning(calendar, &names)? {
            changes.extend(without(actor, (&submission, &organisation), stored, &names));
        }
        write(calendar, actor, "erased an image", changes)
    })?;
    Ok(remove_files(calendar, &names)?)
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

/// Returns the change of a record that loses the images, or `None` if it is not the organisation's.
fn without(
    actor: &Actor,
    (own_submission, organisation): (&Submission, &Organisation),
    stored: Stored,
    names: &BTreeSet<ImageName>,
) -> Option<Change> {
    match stored.record {
        Record::Event(event) => {
            // A person may belong to several organisations: the others keep their images.
            let is_own = event.id == own_submission.event || organisation.organizes(&event);
            let mut next = Event::clone(&event);
            next.images.retain(|image| !shows(image, names));
            own(&mut next, Field::Images, actor);
            let next = revise(&event, next, actor.now).filter(|_| is_own)?;
            Some(Change::update(next.into(), stored.revision))
        }
        Record::Submission(submission) => {
            // Submissions of visitors belong to nobody.
            let is_own = submission.organisation() == Some(&organisation.id);
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

/// Deletes the files that no record refers to any more, without the hour for which others are kept.
fn remove_files(
    calendar: &Calendar,
    names: &BTreeSet<ImageName>,
) -> Result<ErasedImage, StoreError> {
    let Some(files) = calendar.images() else {
        return Ok(ErasedImage::Gone);
    };
    // Before the records are read: a file that is uploaded again from now on stays.
    let until = calendar.clock().now() + TimeDelta::milliseconds(1);
    let mut used = BTreeSet::new();
    calendar.scan(&RecordKind::ALL, &mut |batch| {
        for stored in batch {
            add_image_names(&stored.record, &mut used);
        }
    })?;
    let unused = names.difference(&used).cloned().collect();
    files.remove(&unused, until)?;
    Ok(if unused.len() == names.len() {
        ErasedImage::Gone
    } else {
        ErasedImage::InUse
    })
}
