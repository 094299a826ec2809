//! `/editor/help`: how editors decide.

use rocket::{Route, get, routes};

use crate::web::login::{PersonalPage, SignedInEditor};
use crate::web::problem::Problem;
use crate::web::workspace::WorkspaceRequest;
use crate::web::workspace::help::{HelpKeys, help_page};

const SECTIONS: [HelpKeys; 8] = [
    (
        "help-queue",
        "help-queue-text",
        Some(("queue", 760, "help-queue-alt")),
    ),
    (
        "help-review",
        "help-review-text",
        Some(("review", 760, "help-review-alt")),
    ),
    ("help-approve", "help-approve-text", None),
    (
        "help-ask",
        "help-ask-text",
        Some(("ask", 760, "help-ask-alt")),
    ),
    ("help-suggestions", "help-suggestions-text", None),
    ("help-reports", "help-reports-text", None),
    ("help-trust", "help-trust-text", None),
    ("help-keys", "help-keys-text", None),
];

#[get("/editor/help")]
async fn show_help(
    _editor: SignedInEditor,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let keys = ["help-editor-heading", "help-editor-lead"];
    help_page(&request, "/editor/help", keys, &SECTIONS)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_help]
}
