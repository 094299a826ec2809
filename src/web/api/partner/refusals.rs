//! What writing an event is refused for, as a [`Problem`].

use crate::ingest::upsert::UpsertError;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::bounds::DateError;
use calendar_store::StoreError;

impl From<UpsertError> for Problem {
    fn from(error: UpsertError) -> Self {
        match error {
            UpsertError::UnknownPartner(_) => Self::new(ProblemKind::KeyRefused),
            UpsertError::Refused(why) => Self {
                errors: vec![FieldProblem::new("event", FieldError::Said(why))],
                ..Self::new(ProblemKind::InvalidEvent)
            },
            UpsertError::NotPart(why) => {
                let said = FieldError::Said(format!("{why}; choose another"));
                Self {
                    errors: vec![FieldProblem::new("super_event", said)],
                    ..Self::new(ProblemKind::InvalidEvent)
                }
            }
            UpsertError::OtherId(other) => {
                let said = format!(
                    "belongs to your event «{other}»; use that id, or delete that event and omit the uid"
                );
                Self {
                    errors: vec![FieldProblem::new("uid", FieldError::Said(said))],
                    ..Self::new(ProblemKind::Conflict)
                }
            }
            UpsertError::Changed => Self::new(ProblemKind::PreconditionFailed),
            UpsertError::Store(StoreError::Taken { claim, .. }) => {
                let said = format!("another event has the {claim}");
                Self {
                    errors: vec![FieldProblem::new(claim.field(), FieldError::Said(said))],
                    ..Self::new(ProblemKind::Conflict)
                }
            }
            UpsertError::Store(error) => error.into(),
        }
    }
}

impl From<DateError> for Problem {
    fn from(error: DateError) -> Self {
        let fault = FieldError::Said(error.detail);
        Self {
            errors: vec![FieldProblem::new(&error.field, fault)],
            ..Self::new(ProblemKind::InvalidEvent)
        }
    }
}
