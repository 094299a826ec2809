//! `/organizer/published/<id>/images`: the pictures of a public event, which its organizer or an editor can delete for good.

use rocket::{Route, post, routes};

use super::images::{answer_erased, key};
use crate::editorial::event_status::changeable_event;
use crate::editorial::image_erasure::erase_image_of_event;
use crate::editorial::{EditorialError, published_path};
use crate::web::login::{SeeOther, VerifiedForm};
use crate::web::pages::picture::PageImage;
use crate::web::problem::Problem;
use crate::web::workspace::WorkspaceRequest;
use calendar_domain::{Event, EventId};

/// A picture that can be deleted.
#[derive(Debug)]
pub(super) struct ErasableImage {
    /// Its position, from 1.
    pub number: usize,
    /// Identifies it.
    pub key: String,
    pub picture: PageImage,
}

/// Returns the pictures of an event that were uploaded here.
pub(super) fn erasable(request: &WorkspaceRequest, event: &Event) -> Vec<ErasableImage> {
    let own = event.images.iter().filter(|image| image.source.is_own());
    let pictures = own.filter_map(|image| {
        let picture = PageImage::new(&request.context, image)?;
        Some((key(&image.source), picture))
    });
    let numbered = pictures.zip(1..);
    let image = |((key, picture), number)| ErasableImage {
        number,
        key,
        picture,
    };
    numbered.map(image).collect()
}

#[post("/organizer/published/<id>/images", data = "<form>")]
async fn erase_published_image(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = published_path(&id);
    let wanted = form.fields.get("image").to_owned();
    let erased = request.run(move |calendar, actor| {
        let (event, _) = changeable_event(calendar, actor, &id)?;
        let mut images = event.images.iter();
        let image = images.find(|image| key(&image.source) == wanted);
        let source = &image.ok_or(EditorialError::Changed)?.source;
        erase_image_of_event(calendar, actor, &id, source)
    });
    answer_erased(&request, erased.await?, &rest)
}

pub(super) fn routes() -> Vec<Route> {
    routes![erase_published_image]
}
