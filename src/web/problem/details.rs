//! Problem details for programs (RFC 9457).

use rocket::Request;
use serde::Serialize;

use calendar_domain::Lang;
use calendar_language::Words;

use super::{ERRORS, Problem};
use crate::web::field_error::FieldProblem;
use crate::web::pages::error::ProblemWords;

impl Problem {
    pub(super) fn for_programs(&self, request: &Request<'_>, id: &str) -> String {
        let title = ProblemWords::new(self.kind.name(), Words::new(Lang::En)).title;
        let told = |it: &FieldProblem| FieldForPrograms {
            field: it.field.clone(),
            detail: it.fault.in_english(),
        };
        let errors: Vec<FieldForPrograms> = self.errors.iter().take(ERRORS).map(told).collect();
        let further = self.errors.len() - errors.len();
        let detail = match (&self.detail, further) {
            (detail, 0) => detail.clone(),
            (None, _) => Some(format!("and {further} more errors")),
            (Some(detail), _) => Some(format!("{detail}; and {further} more errors")),
        };
        let body = ForPrograms {
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
#[derive(Serialize)]
struct ForPrograms<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    instance: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldForPrograms>,
}

#[derive(Serialize)]
struct FieldForPrograms {
    field: String,
    detail: String,
}
