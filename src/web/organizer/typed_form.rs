//! What a form of an event sends.

use crate::web::login::FormFields;
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::event_form::EventForm;
use calendar_store::Revision;

/// Returns the form that was sent.
pub(in crate::web) fn typed(fields: &FormFields) -> EventForm {
    let pairs = fields.0.iter();
    EventForm::from_pairs(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Returns the revision that a form was shown at.
pub(in crate::web) fn revision(fields: &FormFields) -> Result<Revision, Problem> {
    let number = fields.get("revision").parse();
    let number = number.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    Ok(Revision(number))
}
