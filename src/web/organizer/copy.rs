//! Copying an event to a new draft.

use rocket::{Route, post, routes};

use crate::editorial::{EditorialError, copies, submission_path};
use crate::web::login::{SeeOther, VerifiedForm};
use crate::web::problem::Problem;
use crate::web::workspace::{PageNotice, WorkspaceRequest};
use calendar_domain::{EventId, SubmissionId};

#[post("/organizer/events/<id>/copy", data = "<_form>")]
async fn copy_submission(
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let copied = request.run(move |calendar, actor| copies::copy_submission(calendar, actor, &id));
    answer(&request, copied.await?)
}

#[post("/organizer/published/<id>/copy", data = "<_form>")]
async fn copy_event(
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let copied = request.run(move |calendar, actor| copies::copy_event(calendar, actor, &id));
    answer(&request, copied.await?)
}

/// Returns the redirect to the form of the copy.
fn answer(
    request: &WorkspaceRequest,
    copied: Result<SubmissionId, EditorialError>,
) -> Result<SeeOther, Problem> {
    match copied {
        Ok(id) => {
            let rest = format!("{}/edit", submission_path(&id));
            Ok(request.to(&rest, PageNotice::Copied))
        }
        Err(error) => request.answer(Err::<(), _>(error), "/organizer/", PageNotice::Copied),
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![copy_submission, copy_event]
}
