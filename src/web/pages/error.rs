//! What is said when something went wrong, and how to go on from there.

use askama::Template;

use super::Shell;
use crate::language::Words;

/// The page of any error.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// What stands around it.
    pub shell: Shell,
    /// The HTTP status.
    pub status: u16,
    /// «Siden finnes ikke».
    pub heading: String,
    /// What happened, and what the reader can do.
    pub explanation: String,
    /// One line for each mistake in what was asked.
    pub problems: Vec<ProblemLine>,
    /// What an operator finds the cause by; empty where the cause is the reader's address.
    pub request_id: String,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLine {
    /// The field or parameter.
    pub field: String,
    /// What is wrong with it, and what is allowed.
    pub detail: String,
}

impl ErrorPage {
    /// The page for a status, with the words that fit it.
    #[must_use]
    pub fn of(shell: Shell, status: u16, problems: Vec<ProblemLine>, request_id: String) -> Self {
        let name = name_of(status);
        let t = shell.t;
        let heading = heading(t, status);
        let explanation = t.say(&format!("error-explained-{name}")).into_owned();
        let shell = Shell {
            title: heading.clone(),
            indexed: false,
            ..shell
        };
        Self {
            shell,
            status,
            heading,
            explanation,
            problems,
            request_id,
        }
    }
}

/// What happened, in a few words: the title of a problem for programs too.
#[must_use]
pub fn heading(words: Words, status: u16) -> String {
    words
        .say(&format!("error-{}", name_of(status)))
        .into_owned()
}

/// The stem of a status' texts.
fn name_of(status: u16) -> &'static str {
    match status {
        400 | 422 => "bad",
        404 => "missing",
        410 => "gone",
        429 => "busy",
        503 => "closed",
        400..=499 => "refused",
        _ => "broken",
    }
}
