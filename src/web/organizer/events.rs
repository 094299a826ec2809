//! `/organizer/events/new` and `/organizer/events/<id>/edit`: the form. Whatever is typed is saved before anything is
//! checked.

use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::actor::own_submission;
use crate::editorial::organisations;
use crate::editorial::submission_form::read_form;
use crate::editorial::submission_path;
use crate::editorial::submissions::SaveOutcome;
use crate::editorial::{EditorialError, edits, open_form};
use crate::web::login::{FormFields, PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::form_view::EventFormView;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspaceRequest};
use calendar_domain::event_form::{EventForm, FormError, FormField};
use calendar_domain::{EventId, Field, OrganisationId, OrganisationStanding, Slug, SubmissionId};

use uuid::Uuid;

use super::form_page::{FormFacts, form_page, new_page};
use super::typed_form::{revision, typed};

#[get("/organizer/events/new?<organisation>&<notice>")]
async fn show_new_event(
    organisation: Option<&str>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let read = request.get(|calendar, actor| {
        let mut usable = organisations::own(calendar, &actor.account)?.member;
        usable.retain(|usable| usable.standing != OrganisationStanding::Refused);
        let facts = FormFacts::of_new(calendar, &usable)?;
        Ok((usable, facts))
    });
    let (usable, facts) = read.await?;
    if usable.is_empty() {
        let path = request.context.paths.workspace("/organizer/organisations");
        return Ok(Either::Left(SeeOther(path)));
    }
    let page = new_page(&request, &usable, organisation, facts, notice.0);
    Ok(Either::Right(page.page.render(&page)?))
}

/// What a button of the form does besides saving.
pub(in crate::web) enum FormAction {
    /// Goes on to the last look.
    Check,
    /// Leaves the form.
    Save,
    /// Goes on to the pictures.
    Images,
    /// Shows a part of the form again, after checking some of its fields.
    Show(&'static str),
}

impl FormAction {
    /// Does what a button does to what was typed, and returns what follows.
    pub(in crate::web) fn applied(
        request: &WorkspaceRequest,
        fields: &FormFields,
        form: &mut EventForm,
    ) -> Self {
        let action = fields.get("action");
        if let Some(slug) = action.strip_prefix("place/") {
            choose_place(request, slug, form);
            return Self::Show("#place");
        }
        match action {
            "save" => Self::Save,
            "images" => Self::Images,
            "dates" => Self::Show("?check=when#dates"),
            "other-rows" => Self::Show("#other-dates"),
            "rows" => Self::Show("#programme"),
            "move-parts" => {
                form.move_parts(request.context.today());
                Self::Show("?check=programme#programme")
            }
            _ => Self::Check,
        }
    }

    /// Returns where the form leads after it was saved.
    fn next_page(&self, request: &WorkspaceRequest, id: &SubmissionId, is_valid: bool) -> SeeOther {
        let own = submission_path(id);
        let rest = match self {
            Self::Save => return request.to(&own, PageNotice::Saved),
            Self::Images => format!("{own}/images"),
            Self::Show(part) => format!("{own}/edit{part}"),
            Self::Check if is_valid => format!("{own}/check"),
            Self::Check => format!("{own}/edit?check=true"),
        };
        SeeOther(request.context.paths.workspace(&rest))
    }
}

/// Chooses a known place instead of the described one. An unknown one changes nothing.
fn choose_place(request: &WorkspaceRequest, slug: &str, form: &mut EventForm) {
    let slug = slug.parse::<Slug>().ok();
    let Some(slug) = slug.filter(|slug| request.context.snapshot.place(slug).is_some()) else {
        return;
    };
    form.set(FormField::Place, vec![slug.to_string()]);
    for field in [
        FormField::PlaceName,
        FormField::PlaceAddress,
        FormField::PlacePostalCode,
        FormField::PlaceTown,
        FormField::PlaceMunicipality,
    ] {
        form.set(field, Vec::new());
    }
}

#[post("/organizer/events/new", data = "<form>")]
async fn save_new_event(
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let organisation: Result<OrganisationId, _> = form.fields.get("organisation").parse();
    let organisation = organisation.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let mut typed = typed(&form.fields);
    let action = FormAction::applied(&request, &form.fields, &mut typed);
    let form_id: Option<Uuid> = form.fields.get("form_id").parse().ok();
    let saved = request.run(move |calendar, actor| {
        let id = open_form::save_new(calendar, actor, form_id, &organisation, &typed)?;
        let (saved, _) = own_submission(calendar, actor, &id)?;
        let is_valid = read_form(&calendar.snapshot(), actor, &saved).is_ok();
        Ok((id, is_valid))
    });
    let (id, is_valid) = match saved.await? {
        Ok(saved) => saved,
        Err(EditorialError::TooMany) => return Ok(request.to("/organizer/", PageNotice::Many)),
        Err(error) => return Err(error.into()),
    };
    Ok(action.next_page(&request, &id, is_valid))
}

/// Returns the errors that the form shows: all of them, those of a part, or none yet.
fn shown_errors(check: &str, mut errors: Vec<FormError>) -> Vec<FormError> {
    match check {
        "true" => {}
        "when" => errors.retain(|error| error.field.event_field() == Some(Field::Schedule)),
        "programme" => errors.retain(|error| error.field == FormField::PartShift),
        _ => errors.clear(),
    }
    errors
}

#[get("/organizer/events/<id>/edit?<check>&<notice>")]
async fn show_edit_event(
    id: &str,
    check: Option<&str>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let check = check.unwrap_or_default().to_owned();
    let read = request.get(move |calendar, actor| {
        let (found, revision) = own_submission(calendar, actor, &id)?;
        let errors = match read_form(&calendar.snapshot(), actor, &found) {
            Ok(_) => Vec::new(),
            Err(EditorialError::Invalid(errors)) => shown_errors(&check, errors),
            Err(error) => return Err(error),
        };
        let facts = FormFacts::of_submission(calendar, actor, &found)?;
        Ok((found, revision, errors, facts))
    });
    let (found, revision, errors, facts) = read.await?;
    if !found.state.is_editable() {
        let to = submission_path(&found.id);
        return Ok(Either::Left(request.to(&to, PageNotice::State)));
    }
    let comments = found.comments.clone();
    let view = EventFormView::new(&request.context, found.form.clone(), errors, comments);
    let of = (&found, revision);
    let rest = format!("{}/edit", submission_path(&found.id));
    let page = form_page(&request, of, (&found.form, view), facts, (&rest, notice.0))?;
    Ok(Either::Right(page.page.render(&page)?))
}

#[post("/organizer/events/<id>/edit", data = "<form>")]
async fn save_event(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let seen = revision(&form.fields)?;
    let mut form_typed = typed(&form.fields);
    let action = FormAction::applied(&request, &form.fields, &mut form_typed);
    let form_id: Option<Uuid> = form.fields.get("form_id").parse().ok();
    let organisation: Result<OrganisationId, _> = form.fields.get("organisation").parse();
    let save = request.get(move |calendar, actor| {
        if let Ok(organisation) = organisation {
            open_form::assign(calendar, actor, &id, &organisation)?;
        }
        let outcome = open_form::save(calendar, actor, form_id, &id, seen, &form_typed)?;
        let (saved, _) = own_submission(calendar, actor, &id)?;
        let is_valid = read_form(&calendar.snapshot(), actor, &saved).is_ok();
        let facts = match outcome {
            SaveOutcome::Saved => FormFacts::default(),
            SaveOutcome::Conflict { .. } => FormFacts::of_submission(calendar, actor, &saved)?,
        };
        Ok((outcome, saved, is_valid, facts))
    });
    let (outcome, saved, is_valid, facts) = save.await?;
    match outcome {
        SaveOutcome::Saved => Ok(Either::Left(
            action.next_page(&request, &saved.id, is_valid),
        )),
        SaveOutcome::Conflict {
            form,
            stored,
            fields,
            revision,
        } => {
            let view = EventFormView::new(&request.context, form.clone(), Vec::new(), Vec::new());
            let view = view.with_stored(stored, fields);
            let of = (&saved, revision);
            let rest = format!("{}/edit", submission_path(&saved.id));
            let mut page = form_page(&request, of, (&form, view), facts, (&rest, None))?;
            page.is_conflict = true;
            let made = page.page.render(&page)?;
            Ok(Either::Right(made.with_status(Status::Conflict)))
        }
    }
}

#[post("/organizer/published/<id>/edit", data = "<_form>")]
async fn start_edit(
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let started = request.get(move |calendar, actor| edits::start_edit(calendar, actor, &id));
    let rest = format!("{}/edit", submission_path(&started.await?));
    Ok(SeeOther(request.context.paths.workspace(&rest)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![
        show_new_event,
        save_new_event,
        show_edit_event,
        save_event,
        start_edit
    ]
}
