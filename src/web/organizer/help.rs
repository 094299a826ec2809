//! `/organizer/help`: how organizers get an event into the calendar.

use rocket::{Route, get, routes};

use crate::web::login::PersonalPage;
use crate::web::problem::Problem;
use crate::web::workspace::WorkspaceRequest;
use crate::web::workspace::help::{HelpKeys, help_page};

const SECTIONS: [HelpKeys; 11] = [
    ("help-sign-in", "help-sign-in-text", None),
    ("help-organisation", "help-organisation-text", None),
    (
        "help-form",
        "help-form-text",
        Some(("form", 390, "help-form-alt")),
    ),
    ("help-repeat", "help-repeat-text", None),
    ("help-upload", "help-upload-text", None),
    (
        "help-check",
        "help-check-text",
        Some(("check", 390, "help-check-alt")),
    ),
    ("help-changes", "help-changes-text", None),
    (
        "help-mine",
        "help-mine-text",
        Some(("mine", 390, "help-mine-alt")),
    ),
    (
        "help-status",
        "help-status-text",
        Some(("status", 390, "help-status-alt")),
    ),
    ("help-edit", "help-edit-text", None),
    ("help-private", "help-private-text", None),
];

#[get("/organizer/help")]
async fn show_help(request: WorkspaceRequest) -> Result<PersonalPage, Problem> {
    let keys = ["help-heading", "help-lead"];
    help_page(&request, "/organizer/help", keys, &SECTIONS)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_help]
}
