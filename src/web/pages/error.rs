//! Error pages.

use askama::Template;

use super::Layout;
use crate::web::field_error::FieldProblem;
use calendar_language::Words;

/// The page of any error.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The layout.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// «Siden finnes ikke».
    pub heading: String,
    /// What happened, and what the visitor can do.
    pub explanation: String,
    /// The invalid fields of the request.
    pub problems: Vec<ProblemLine>,
    /// Request id by which an operator finds the cause in the log; empty for errors of the client.
    pub request_id: String,
}

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLine {
    /// The field or parameter.
    pub field: String,
    /// What is wrong and what is allowed, in the language of the page.
    pub detail: String,
}

impl ProblemLine {
    /// Returns the line of an invalid field.
    #[must_use]
    pub fn new(problem: &FieldProblem, words: Words) -> Self {
        Self {
            field: problem.field.clone(),
            detail: problem.fault.said(words),
        }
    }
}

/// The texts of a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemWords {
    /// «Siden finnes ikke».
    pub title: String,
    /// What happened, and what the visitor can do.
    pub explanation: String,
}

impl ProblemWords {
    /// Returns the texts of the kind with this name, such as `not-found`.
    #[must_use]
    pub fn new(kind: &str, words: Words) -> Self {
        Self {
            title: words.say(&format!("problem-{kind}")).into_owned(),
            explanation: words.say(&format!("problem-{kind}-text")).into_owned(),
        }
    }
}

impl ErrorPage {
    /// Returns the page of a problem. `request_id` is shown unless empty.
    #[must_use]
    pub fn new(
        layout: Layout,
        status: u16,
        kind: &str,
        problems: Vec<ProblemLine>,
        request_id: String,
    ) -> Self {
        let ProblemWords { title, explanation } = ProblemWords::new(kind, layout.t);
        let layout = Layout {
            title: title.clone(),
            indexed: false,
            ..layout
        };
        Self {
            layout,
            status,
            heading: title,
            explanation,
            problems,
            request_id,
        }
    }
}
