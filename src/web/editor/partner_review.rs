//! Decisions on what runs with partners left open. They are for editors of the whole region.

use std::collections::BTreeSet;

use rocket::{Route, post, routes};

use crate::editorial::{self as decisions, DecisionError, Editor};
use crate::web::login::{SeeOther, SignedInEditor, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{PageNotice, WorkspaceRequest};
use calendar_domain::{EditorScope, EventId, PartnerId};

fn check_scope(editor: &SignedInEditor) -> Result<(), Problem> {
    if editor.scope == EditorScope::All {
        Ok(())
    } else {
        Err(Problem::new(ProblemKind::NotYours))
    }
}

/// Carries out a decision, and returns to the queue.
async fn decide(
    request: &WorkspaceRequest,
    editor: &SignedInEditor,
    decision: impl FnOnce(&crate::catalog::Calendar, &Editor) -> Result<(), DecisionError>
    + Send
    + 'static,
) -> Result<SeeOther, Problem> {
    check_scope(editor)?;
    let done = request.run(move |calendar, actor| {
        let decider = Editor {
            name: actor.account.id.to_string(),
            now: actor.now,
        };
        Ok(decision(calendar, &decider))
    });
    match done.await?? {
        Ok(()) => Ok(request.to("/editor/", PageNotice::Decided)),
        // Another editor was faster.
        Err(
            DecisionError::Decided(_) | DecisionError::NotWaiting(_) | DecisionError::NotHeld(_),
        ) => Ok(request.to("/editor/", PageNotice::State)),
        Err(error) => Err(error.into()),
    }
}

/// Returns whether the answer is yes, if the editor may decide.
fn is_yes(editor: &SignedInEditor, form: &VerifiedForm) -> Result<bool, Problem> {
    check_scope(editor)?;
    match form.fields.get("action") {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Problem::new(ProblemKind::BadRequest)),
    }
}

#[post("/editor/suggestions/<id>", data = "<form>")]
async fn decide_suggestion(
    editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let (id, is_yes) = (id.to_owned(), is_yes(&editor, &form)?);
    let decision = move |calendar: &crate::catalog::Calendar, decider: &Editor| {
        if is_yes {
            decisions::accept(calendar, decider, &id, &BTreeSet::new()).map(drop)
        } else {
            decisions::dismiss(calendar, decider, &id).map(drop)
        }
    };
    decide(&request, &editor, decision).await
}

#[post("/editor/events/<id>", data = "<form>")]
async fn decide_event(
    editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let is_yes = is_yes(&editor, &form)?;
    let decision = move |calendar: &crate::catalog::Calendar, decider: &Editor| {
        if is_yes {
            decisions::approve(calendar, decider, &id).map(drop)
        } else {
            decisions::reject(calendar, decider, &id).map(drop)
        }
    };
    decide(&request, &editor, decision).await
}

#[post("/editor/partners/<id>", data = "<_form>")]
async fn release_partner(
    editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    _form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: PartnerId = id.parse().map_err(|_| Problem::not_found())?;
    let decision = move |calendar: &crate::catalog::Calendar, decider: &Editor| {
        decisions::release(calendar, decider, &id).map(drop)
    };
    decide(&request, &editor, decision).await
}

pub(super) fn routes() -> Vec<Route> {
    routes![decide_suggestion, decide_event, release_partner]
}
