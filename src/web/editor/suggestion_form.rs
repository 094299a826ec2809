//! `/editor/submissions/<id>/edit`: the form in which an editor changes what a visitor suggests. Nothing is saved before
//! it is free of errors, since the visitor can't mend it.

use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::audit::AuditedReading;
use crate::editorial::EditorialError;
use crate::editorial::visitor_suggestions::{self, editable_suggestion};
use crate::web::login::{PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::organizer::{FormAction, FormFacts, form_page, revision, typed};
use crate::web::problem::Problem;
use crate::web::workspace::form_view::EventFormView;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspaceRequest};
use calendar_domain::event_form::{EventForm, FormError};
use calendar_domain::{AuditSubject, Submission, SubmissionId};
use calendar_store::Revision;

fn own_path(id: &SubmissionId) -> String {
    format!("/editor/submissions/{id}")
}

/// What the form shows.
struct ShownForm {
    submission: Submission,
    revision: Revision,
    facts: FormFacts,
}

async fn read(request: &WorkspaceRequest, id: SubmissionId) -> Result<ShownForm, Problem> {
    let read = request.get(move |calendar, actor| {
        let (submission, revision) = editable_suggestion(calendar, actor, &id)?;
        let facts = FormFacts::of_submission(calendar, actor, &submission)?;
        Ok(ShownForm {
            submission,
            revision,
            facts,
        })
    });
    let shown = read.await?;
    let submission = &shown.submission.id;
    let reading = AuditedReading::of_record(
        AuditSubject::Submission,
        submission,
        None,
        own_path(submission),
    );
    request.note_reading(reading).await?;
    Ok(shown)
}

/// Returns the page of the form.
fn page(
    request: &WorkspaceRequest,
    shown: ShownForm,
    form: &EventForm,
    errors: Vec<FormError>,
    notice: Option<PageNotice>,
) -> Result<PersonalPage, Problem> {
    let rest = format!("{}/edit", own_path(&shown.submission.id));
    let view = EventFormView::new(&request.context, form.clone(), errors, Vec::new());
    let of = (&shown.submission, shown.revision);
    let mut page = form_page(request, of, (form, view), shown.facts, (&rest, notice))?;
    page.for_visitor(request);
    page.page.render(&page)
}

#[get("/editor/submissions/<id>/edit?<notice>")]
async fn show_suggestion_form(
    _editor: SignedInEditor,
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let shown = read(&request, id).await?;
    let form = shown.submission.form.clone();
    page(&request, shown, &form, Vec::new(), notice.0)
}

#[post("/editor/submissions/<id>/edit", data = "<form>")]
async fn save_suggestion(
    _editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    // Others are refused whatever they send.
    let mut shown = read(&request, id.clone()).await?;
    let seen = revision(&form.fields)?;
    let mut typed = typed(&form.fields);
    if let FormAction::Show(_) = FormAction::applied(&request, &form.fields, &mut typed) {
        // What is saved in the end is compared with what the editor saw first.
        shown.revision = seen;
        return page(&request, shown, &typed, Vec::new(), None).map(Either::Right);
    }
    let (key, saved) = (id.clone(), typed.clone());
    let done = request
        .run(move |calendar, actor| visitor_suggestions::edit(calendar, actor, &key, seen, &saved));
    match done.await? {
        Ok(()) => Ok(Either::Left(
            request.to(&own_path(&id), PageNotice::Changes),
        )),
        Err(EditorialError::Invalid(errors)) => {
            shown.revision = seen;
            let page = page(&request, shown, &typed, errors, None)?;
            Ok(Either::Right(page.with_status(Status::UnprocessableEntity)))
        }
        Err(EditorialError::Changed) => {
            let page = page(
                &request,
                shown,
                &typed,
                Vec::new(),
                Some(PageNotice::Changed),
            )?;
            Ok(Either::Right(page.with_status(Status::Conflict)))
        }
        other => {
            let done = request.answer(other, &own_path(&id), PageNotice::Changes);
            done.map(Either::Left)
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_suggestion_form, save_suggestion]
}
