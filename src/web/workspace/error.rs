//! Errors of what organizers and editors do, as problems.

use crate::audit::AuditError;
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
            EditorialError::Store(error) => return error.into(),
        };
        Self::new(kind).because(why)
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        tracing::error!(%error, "refused to show personal data");
        Self::new(ProblemKind::AuditUnavailable)
    }
}
