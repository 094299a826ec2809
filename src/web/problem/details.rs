//! Problem details for programs (RFC 9457).

use rocket::Request;
use serde::Serialize;
use utoipa::ToSchema;

use calendar_domain::Lang;
use calendar_language::Words;

use super::{ERRORS, Problem};
use crate::web::field_error::FieldProblem;
use crate::web::pages::error::ProblemWords;

impl Problem {
    pub(super) fn for_programs(&self, request: &Request<'_>, id: &str) -> String {
        let title = ProblemWords::new(self.kind.name(), Words::new(Lang::En)).title;
        let told = |problem: &FieldProblem| FieldDetails {
            field: problem.field.clone(),
            detail: problem.fault.in_english(),
        };
        let errors: Vec<FieldDetails> = self.errors.iter().take(ERRORS).map(told).collect();
        let further = self.errors.len() - errors.len();
        let detail = match (&self.detail, further) {
            (detail, 0) => detail.clone(),
            (None, _) => Some(format!("and {further} more errors")),
            (Some(detail), _) => Some(format!("{detail}; and {further} more errors")),
        };
        let body = ProblemDetails {
            kind: format!("/problems/{}", self.kind.name()),
            title: &title,
            status: self.kind.status().code,
            detail: detail.as_deref(),
            instance: request.uri().path().as_str(),
            request_id: id,
            errors,
        };
        serde_json::to_string(&body).expect("strings and numbers always serialise")
    }
}

/// Problem details (RFC 9457 3).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails<'a> {
    /// The kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid-parameters")]
    kind: String,
    /// The kind of problem, for people.
    title: &'a str,
    /// The HTTP status.
    #[schema(example = 400)]
    status: u16,
    /// What is wrong with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The path of the request.
    instance: &'a str,
    /// Identifies the request in the log of the server.
    request_id: &'a str,
    /// The wrong parameters or members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldDetails>,
}

/// What is wrong with a parameter, or with a member of the body.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldProblem)]
struct FieldDetails {
    /// The name of the parameter, or the path of the member.
    field: String,
    /// What is wrong and what is allowed.
    detail: String,
}
