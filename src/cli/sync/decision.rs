//! Decisions made on the command line.

use crate::cli::open::OpenCalendar;
use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output};
use crate::editorial::Editor;

/// Returns the editor of decisions made on the command line.
pub(super) fn operator(opened: &OpenCalendar) -> Editor {
    Editor {
        name: "operator".into(),
        now: opened.calendar.clock().now(),
    }
}

/// Reports a decision and its commit.
pub(super) fn done(session: &mut Session<'_>, what: &str, commit: u64) -> Result<Ending, Failure> {
    session.print(&match session.output {
        Output::Json => format!("{}\n", serde_json::json!({"done": what, "commit": commit})),
        Output::Text => format!("{what} (commit {commit})\n"),
    })?;
    Ok(Ending::Done)
}
