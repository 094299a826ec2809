//! `/organizer/events/<id>/images`: pictures of a submission. They are uploaded and described apart from the form, so that
//! errors in the form lose none.

use std::path::Path;

use askama::Template;
use rocket::data::Capped;
use rocket::fs::TempFile;
use rocket::{Either, Route, State, get, post, routes};

use crate::editorial::actor::own_submission;
use crate::editorial::image_erasure::{ErasedImage, erase_image};
use crate::editorial::submission_images::{ImageChange, add_image, change_image};
use crate::editorial::{EditorialError, submission_path};
use crate::media::{ImageIntake, IntakeError};
use crate::web::login::{FormFields, PersonalPage, SeeOther, UploadForm, VerifiedForm};
use crate::web::pages::picture::PageImage;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::form_view::ChoiceView;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::{FormField, MOST_IMAGES};
use calendar_domain::image::IMAGE_LICENCES;
use calendar_domain::typed_text::cleaned;
use calendar_domain::{FocusPoint, Image, ImageSource, SubmissionId, Text};
use calendar_images::{ImageError, UnsupportedFormat};

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/images.html")]
struct ImagesPage {
    page: WorkspacePage,
    images: Vec<ImageForm>,
    /// Where a file is sent.
    upload: String,
    /// Where changes are sent.
    change: String,
    /// The page of the form.
    edit: String,
    /// Whether there is room for another one.
    has_room: bool,
    most: usize,
}

/// A picture with the form that describes it.
#[derive(Debug)]
struct ImageForm {
    /// Its position, from 1.
    number: usize,
    /// Identifies it.
    key: String,
    /// The picture; absent if it is elsewhere.
    picture: Option<PageImage>,
    /// Whether it was uploaded here, so that its files can be deleted.
    erasable: bool,
    /// The first is in the default language.
    alt: Vec<AltField>,
    credit: String,
    licences: Vec<ChoiceView>,
    focus: Vec<ChoiceView>,
}

/// An alternative text in one language.
#[derive(Debug)]
struct AltField {
    name: &'static str,
    label: String,
    lang: &'static str,
    value: String,
}

/// Returns what identifies a picture in the forms of a page.
pub(super) fn key(source: &ImageSource) -> String {
    match source {
        ImageSource::Url(url) | ImageSource::Copied { url, .. } => url.to_string(),
        ImageSource::Kept(kept) => kept.largest.name.to_string(),
    }
}

fn form(request: &WorkspaceRequest, index: usize, image: &Image) -> ImageForm {
    let words = request.context.words;
    let alt = FormField::ImageAlt.by_language().map(|(lang, field)| {
        let key = format!("field-{}", field.as_str().replace('_', "-"));
        AltField {
            name: field.as_str(),
            label: words.say(&key).into_owned(),
            lang: lang.tag(),
            value: image.alt.exact(lang).unwrap_or_default().to_owned(),
        }
    });
    ImageForm {
        number: index + 1,
        key: key(&image.source),
        picture: PageImage::new(&request.context, image),
        erasable: image.source.is_own(),
        alt: alt.collect(),
        credit: image.credit.clone().unwrap_or_default(),
        licences: licences(request, image),
        focus: focus_points(request, image.focus),
    }
}

/// Returns the licences to choose from, and another one that the picture has already.
fn licences(request: &WorkspaceRequest, image: &Image) -> Vec<ChoiceView> {
    let chosen = image.licence.as_deref().unwrap_or_default();
    let none = request.context.words.say("licence-none").into_owned();
    let mut all = vec![("", none)];
    all.extend(IMAGE_LICENCES.map(|(name, _)| (name, name.to_owned())));
    if all.iter().all(|(name, _)| *name != chosen) {
        all.push((chosen, chosen.to_owned()));
    }
    let choice = |(value, label): (&str, String)| ChoiceView {
        value: value.to_owned(),
        label,
        mark: if value == chosen { " selected" } else { "" },
    };
    all.into_iter().map(choice).collect()
}

fn focus_points(request: &WorkspaceRequest, chosen: FocusPoint) -> Vec<ChoiceView> {
    let choice = |point: &FocusPoint| {
        let key = format!("focus-{}", point.as_str().replace('_', "-"));
        ChoiceView {
            value: point.as_str().to_owned(),
            label: request.context.words.say(&key).into_owned(),
            mark: if *point == chosen { " selected" } else { "" },
        }
    };
    FocusPoint::ALL.iter().map(choice).collect()
}

#[get("/organizer/events/<id>/images?<notice>")]
async fn show_images(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let own = submission_path(&id);
    let read = request.get(move |calendar, actor| own_submission(calendar, actor, &id));
    let (found, _) = read.await?;
    if !found.state.is_editable() {
        return Ok(Either::Left(request.to(&own, PageNotice::State)));
    }
    let images = found.form.images();
    let rest = format!("{own}/images");
    let paths = &request.context.paths;
    let page = ImagesPage {
        page: request.page(request.context.words.say("images-heading"), &rest, notice.0),
        upload: paths.workspace(&rest),
        change: paths.workspace(&format!("{rest}/change")),
        edit: paths.workspace(&format!("{own}/edit")),
        has_room: images.len() < MOST_IMAGES,
        most: MOST_IMAGES,
        images: images
            .iter()
            .enumerate()
            .map(|(index, image)| form(&request, index, image))
            .collect(),
    };
    Ok(Either::Right(page.page.render(&page)?))
}

/// Returns the notice about a file that is refused.
fn refusal(error: &ImageError) -> PageNotice {
    match error {
        ImageError::TooLarge => PageNotice::ImageTooLarge,
        ImageError::TooManyPixels { .. } => PageNotice::ImagePixels,
        ImageError::TooSmall { .. } => PageNotice::ImageTooSmall,
        ImageError::TooNarrow { .. } => PageNotice::ImageNarrow,
        ImageError::CutShort => PageNotice::ImageCut,
        ImageError::Unsupported(UnsupportedFormat::Heic | UnsupportedFormat::Avif) => {
            PageNotice::ImageHeic
        }
        ImageError::Unsupported(_) | ImageError::NotAnImage => PageNotice::ImageFormat,
        ImageError::Damaged => PageNotice::ImageDamaged,
    }
}

/// Returns the path of the file on disk, or the notice about a form without one that can be read.
fn uploaded<'f>(files: &'f [Capped<TempFile<'_>>]) -> Result<&'f Path, PageNotice> {
    let file = match files {
        [] => return Err(PageNotice::ImageMissing),
        [file] => file,
        _ => return Err(PageNotice::ImageSeveral),
    };
    if !file.is_complete() {
        return Err(PageNotice::ImageTooLarge);
    }
    // A field of text is not on disk.
    let path = file.path().filter(|_| !file.is_empty());
    path.ok_or(PageNotice::ImageMissing)
}

#[post("/organizer/events/<id>/images", data = "<form>")]
async fn upload_image(
    id: &str,
    request: WorkspaceRequest,
    intake: &State<ImageIntake>,
    form: UploadForm<'_>,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("{}/images", submission_path(&id));
    // Before the work: only members have images decoded.
    let own = id.clone();
    let known = request.get(move |calendar, actor| own_submission(calendar, actor, &own));
    let (known, _) = known.await?;
    if !known.state.is_editable() {
        return Ok(request.to(&rest, PageNotice::State));
    }
    let path = match uploaded(&form.files) {
        Ok(path) => path.to_owned(),
        Err(notice) => return Ok(request.to(&rest, notice)),
    };
    let kept = match intake.keep_soon(&request.calendar, path).await {
        Ok(kept) => kept,
        Err(IntakeError::Refused(error)) => return Ok(request.to(&rest, refusal(&error))),
        Err(IntakeError::Busy) => return Ok(request.to(&rest, PageNotice::ImageBusy)),
        Err(IntakeError::Store(error)) => return Err(error.into()),
        Err(IntakeError::Failed(error)) => {
            tracing::warn!(error, "an uploaded image was refused");
            return Ok(request.to(&rest, PageNotice::ImageDamaged));
        }
        Err(error) => return Err(Problem::internal(&error)),
    };
    let done = request.run(move |calendar, actor| add_image(calendar, actor, &id, &kept));
    request.answer(done.await?, &rest, PageNotice::ImageAdded)
}

/// Returns a typed text, at most twice as long as it may be: the form says what is wrong with it.
fn typed(fields: &FormFields, field: FormField) -> String {
    let text = cleaned(fields.get(field.as_str()));
    let text: String = text.trim().chars().take(2 * field.limit()).collect();
    text.replace('\n', " ")
}

fn described(fields: &FormFields, source: ImageSource) -> Image {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut alt = Text::default();
    for (lang, field) in FormField::ImageAlt.by_language() {
        alt.set(lang, typed(fields, field));
    }
    let focus = FocusPoint::named(fields.get(FormField::ImageFocus.as_str()));
    Image {
        alt,
        credit: some(typed(fields, FormField::ImageCredit)),
        licence: some(typed(fields, FormField::ImageLicence)),
        focus: focus.unwrap_or_default(),
        ..Image::new(source)
    }
}

#[post("/organizer/events/<id>/images/change", data = "<form>")]
async fn change_images(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("{}/images", submission_path(&id));
    let fields = form.fields;
    let own = id.clone();
    let known = request.get(move |calendar, actor| own_submission(calendar, actor, &own));
    known.await?;
    let (done, notice) = match fields.get("action") {
        "remove" => ("remove", PageNotice::ImageRemoved),
        "first" => ("first", PageNotice::ImageFirst),
        "save" => ("save", PageNotice::ImageSaved),
        "erase" => return erase(&request, id, fields.get("image").to_owned()).await,
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    let is_described = !typed(&fields, FormField::ImageAlt).is_empty();
    let change = request.run(move |calendar, actor| {
        let (found, _) = own_submission(calendar, actor, &id)?;
        let images = found.form.images();
        let image = images
            .iter()
            .find(|image| key(&image.source) == fields.get("image"));
        let source = image.ok_or(EditorialError::Changed)?.source.clone();
        // What was typed is kept, whichever button was pressed.
        if done != "remove" {
            let described = ImageChange::Describe(Box::new(described(&fields, source.clone())));
            change_image(calendar, actor, &id, &source, &described)?;
        }
        match done {
            "remove" => change_image(calendar, actor, &id, &source, &ImageChange::Remove),
            "first" => change_image(calendar, actor, &id, &source, &ImageChange::First),
            _ => Ok(()),
        }
    });
    let notice = if done == "save" && !is_described {
        PageNotice::ImageUndescribed
    } else {
        notice
    };
    request.answer(change.await?, &rest, notice)
}

/// Erases the picture with this key for good.
async fn erase(
    request: &WorkspaceRequest,
    id: SubmissionId,
    wanted: String,
) -> Result<SeeOther, Problem> {
    let rest = format!("{}/images", submission_path(&id));
    let erased = request.run(move |calendar, actor| {
        let (found, _) = own_submission(calendar, actor, &id)?;
        let images = found.form.images();
        let image = images.iter().find(|image| key(&image.source) == wanted);
        let source = &image.ok_or(EditorialError::Changed)?.source;
        erase_image(calendar, actor, &id, source)
    });
    answer_erased(request, erased.await?, &rest)
}

/// Returns to a page that says whether the picture is gone.
pub(super) fn answer_erased(
    request: &WorkspaceRequest,
    erased: Result<ErasedImage, EditorialError>,
    rest: &str,
) -> Result<SeeOther, Problem> {
    let (done, notice) = match erased {
        Ok(ErasedImage::Gone) => (Ok(()), PageNotice::ImageErased),
        Ok(ErasedImage::InUse) => (Ok(()), PageNotice::ImageElsewhere),
        Err(error) => (Err(error), PageNotice::ImageErased),
    };
    request.answer(done, rest, notice)
}

/// Returns the routes whose forms are kept if their session has ended.
pub(super) fn routes() -> Vec<Route> {
    routes![show_images, change_images]
}

/// Returns the route that takes files, which are not kept.
pub(super) fn upload_routes() -> Vec<Route> {
    routes![upload_image]
}
