//! The images of a submission, which are changed apart from its form.

use crate::catalog::Calendar;
use calendar_domain::event_form::MOST_IMAGES;
use calendar_domain::{Image, ImageSource, KeptImage, SubmissionId, SubmissionState};
use calendar_store::Change;

use super::actor::{Actor, own_submission, write};
use super::editorial_error::{EditorialError, retried};
use super::submission_store::step;

/// A change of one image.
#[derive(Debug, Clone)]
pub enum ImageChange {
    /// It gets this alternative text, credit, licence and focus point.
    Describe(Box<Image>),
    /// It becomes the first, which lists show.
    First,
    /// It is removed.
    Remove,
}

/// Adds an image at the end, unless it is there.
///
/// # Errors
/// Returns [`EditorialError::TooMany`] if there are [`MOST_IMAGES`]. Errors otherwise as [`own_submission`].
pub fn add_image(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    kept: &KeptImage,
) -> Result<(), EditorialError> {
    change(calendar, actor, id, |images| {
        let source = ImageSource::Kept(kept.clone());
        if images.iter().any(|image| image.source == source) {
            return Ok(());
        }
        if images.len() >= MOST_IMAGES {
            return Err(EditorialError::TooMany);
        }
        images.push(Image::new(source));
        Ok(())
    })
}

/// Changes the image with this source.
///
/// # Errors
/// Returns [`EditorialError::Changed`] if it is not there any more. Errors otherwise as [`own_submission`].
pub fn change_image(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    source: &ImageSource,
    how: &ImageChange,
) -> Result<(), EditorialError> {
    change(calendar, actor, id, |images| {
        let found = images.iter().position(|image| image.source == *source);
        let at = found.ok_or(EditorialError::Changed)?;
        match how {
            ImageChange::Describe(described) => {
                let source = source.clone();
                images[at] = Image {
                    source,
                    ..(**described).clone()
                };
            }
            ImageChange::First => images[..=at].rotate_right(1),
            ImageChange::Remove => {
                images.remove(at);
            }
        }
        Ok(())
    })
}

/// Changes the images. A submission that waits becomes a draft again, so that nobody decides on an old version.
fn change(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    how: impl Fn(&mut Vec<Image>) -> Result<(), EditorialError>,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = own_submission(calendar, actor, id)?;
        if !next.state.is_editable() {
            return Err(EditorialError::WrongState);
        }
        let mut images = next.form.images();
        how(&mut images)?;
        let before = next.form.clone();
        next.form.set_images(&images);
        if next.form == before {
            return Ok(());
        }
        // The form that is open in a browser does not send images, so it goes on as if nothing had happened.
        next.modified = actor.now.max(next.modified);
        if next.state == SubmissionState::Submitted {
            next.step(step(actor, SubmissionState::Draft));
        }
        let changes = vec![Change::update(next.into(), revision)];
        write(calendar, actor, "changed images", changes)
    })
}
