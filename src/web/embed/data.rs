//! `/embed/events.json`: what the component shows.

use rocket::{get, routes};

use crate::web::conditional::Finished;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;

use super::request::EmbedRequest;
use super::view::{EmbedView, list_licence};

/// Serves the events of a selection as finished texts. The errors are in the language of the request, since the
/// component shows them.
#[get("/embed/events.json")]
fn show_events(request: Result<EmbedRequest, Problem>) -> Result<Finished, Problem> {
    let request = request?;
    let context = &request.context;
    let said = |error: FieldProblem| FieldProblem {
        fault: FieldError::Said(error.fault.said(context.words)),
        ..error
    };
    let options = request.options();
    let options =
        options.map_err(|errors| Problem::invalid(errors.into_iter().map(said).collect()))?;
    let view = EmbedView::new(context, &options);
    let bytes = serde_json::to_vec(&view).map_err(|error| Problem::internal(&error))?;
    let modified = context.snapshot.modified();
    let answer = Finished::new(bytes, "application/json", modified);
    let answer = answer.under(list_licence(context, &options));
    Ok(answer.in_language(context.words.lang()))
}

/// Returns the route, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_events])
}
