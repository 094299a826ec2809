//! Errors of what organizers and editors do, as problems.

use crate::editorial::EditorialError;
use crate::web::problem::{Problem, ProblemKind};

impl From<EditorialError> for Problem {
    fn from(error: EditorialError) -> Self {
        let why = error.to_string();
        let kind = match error {
            EditorialError::NotFound => ProblemKind::NotFound,
            EditorialError::NotAllowed => ProblemKind::NotYours,
            EditorialError::WrongState
            | EditorialError::Changed
            | EditorialError::OrganisationPending
            | EditorialError::Conflicts(_)
            | EditorialError::Exists
            | EditorialError::LastAdmin => ProblemKind::Conflict,
            EditorialError::Invalid(_)
            | EditorialError::TextMissing
            | EditorialError::TextTooLong(_)
            | EditorialError::SeriesMoved
            | EditorialError::Text(_)
            | EditorialError::TooMany => ProblemKind::BadRequest,
            EditorialError::Audit(_) => {
                tracing::error!(%why, "refused to show personal data");
                return Self::new(ProblemKind::AuditUnavailable);
            }
            EditorialError::Store(error) => return error.into(),
        };
        Self::new(kind).because(why)
    }
}
