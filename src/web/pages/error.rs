//! What is said when something went wrong, and how to go on from there.

use askama::Template;

use super::Shell;
use calendar_language::Words;

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
    /// What is wrong with it, and what is allowed: in English, as programs get it.
    pub detail: String,
}

/// The words of a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemWords {
    /// «Siden finnes ikke».
    pub title: String,
    /// What happened, and what the reader can do.
    pub explanation: String,
}

impl ProblemWords {
    /// The words of the kind with this name, such as `not-found`.
    #[must_use]
    pub fn of(kind: &str, words: Words) -> Self {
        Self {
            title: words.say(&format!("problem-{kind}")).into_owned(),
            explanation: words.say(&format!("problem-{kind}-text")).into_owned(),
        }
    }
}

impl ErrorPage {
    /// The page for a problem of a kind, answered with `status`. The request's id stands on it
    /// where the fault is ours; give an empty one otherwise.
    #[must_use]
    pub fn of(
        shell: Shell,
        status: u16,
        kind: &str,
        problems: Vec<ProblemLine>,
        request_id: String,
    ) -> Self {
        let ProblemWords { title, explanation } = ProblemWords::of(kind, shell.t);
        let shell = Shell {
            title: title.clone(),
            indexed: false,
            ..shell
        };
        Self {
            shell,
            status,
            heading: title,
            explanation,
            problems,
            request_id,
        }
    }
}
