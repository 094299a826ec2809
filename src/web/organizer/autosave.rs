//! `/organizer/events/autosave`: saves a form that is open in a browser, for its script.

use rocket::serde::json::Json;
use rocket::{Route, post, routes};
use serde::Serialize;
use uuid::Uuid;

use crate::editorial::actor::own_submission;
use crate::editorial::{open_form, submission_path};
use crate::web::login::ScriptForm;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::WorkspaceRequest;
use calendar_domain::zone::to_local;
use calendar_domain::{OrganisationId, SubmissionId};

use super::typed_form::{revision, typed};

/// What the script has to know about a saved form.
#[derive(Debug, Serialize)]
struct SavedForm {
    /// The submission.
    submission: String,
    /// Its revision.
    revision: String,
    /// Where the form is from now on.
    action: String,
    /// «Lagret kl. 14.05».
    text: String,
}

#[post("/organizer/events/autosave", data = "<form>")]
async fn autosave(request: WorkspaceRequest, form: ScriptForm) -> Result<Json<SavedForm>, Problem> {
    let fields = &form.0.fields;
    let bad_request = || Problem::new(ProblemKind::BadRequest);
    let form_id: Uuid = fields.get("form_id").parse().map_err(|_| bad_request())?;
    let organisation: Result<OrganisationId, _> = fields.get("organisation").parse();
    let organisation = organisation.map_err(|_| bad_request())?;
    let known = match fields.get("submission") {
        "" => None,
        id => {
            let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
            Some((id, revision(fields)?))
        }
    };
    let typed = typed(fields);
    let save = request.get(move |calendar, actor| match known {
        None => {
            let id = open_form::save_new(calendar, actor, Some(form_id), &organisation, &typed)?;
            let revision = own_submission(calendar, actor, &id)?.1;
            Ok((id, revision))
        }
        Some((id, seen)) => {
            let revision = open_form::autosave(calendar, actor, form_id, &id, seen, &typed)?;
            Ok((id, revision))
        }
    });
    let (id, revision) = save.await?;
    let context = &request.context;
    let now = to_local(request.actor().now, context.zone());
    let values = [("time", context.words.clock(now.time()))];
    Ok(Json(SavedForm {
        action: context
            .paths
            .workspace(&format!("{}/edit", submission_path(&id))),
        submission: id.to_string(),
        revision: revision.to_string(),
        text: context.words.say_with("form-saved", &values),
    }))
}

pub(super) fn routes() -> Vec<Route> {
    routes![autosave]
}
