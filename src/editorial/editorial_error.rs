//! Errors of what organizers and editors do.

use calendar_domain::event_form::FormError;
use calendar_domain::typed_text::{cleaned, is_blank};
use calendar_domain::{Field, IdError};
use calendar_store::StoreError;

/// Maximum number of attempts under concurrent writes.
const ATTEMPTS: usize = 16;

/// An error of what an organizer or editor does.
#[derive(Debug, thiserror::Error)]
pub enum EditorialError {
    /// There is no such record.
    #[error("the record does not exist")]
    NotFound,
    /// The person may not do this.
    #[error("only its members or its editors may do this")]
    NotAllowed,
    /// The state does not allow this.
    #[error("its state does not allow this")]
    WrongState,
    /// It was changed since the person saw it.
    #[error("the record has changed meanwhile")]
    Changed,
    /// The form has errors.
    #[error("{} fields are invalid", .0.len())]
    Invalid(Vec<FormError>),
    /// The organization of the submission has not been approved.
    #[error("the organisation has not been approved")]
    OrganisationPending,
    /// Both the edit and the public event changed these fields.
    #[error("both sides changed {} fields", .0.len())]
    Conflicts(Vec<Field>),
    /// A text is missing.
    #[error("a text is missing")]
    TextMissing,
    /// A text is too long.
    #[error("the text is longer than {0} characters")]
    TextTooLong(usize),
    /// A text has an invalid form.
    #[error(transparent)]
    Text(#[from] IdError),
    /// An organisation with this number or organizer exists.
    #[error("an organisation with this number or organizer already exists")]
    Exists,
    /// The last administrator cannot leave other members behind.
    #[error("the last administrator cannot leave")]
    LastAdmin,
    /// A whole series cannot get another date in one step.
    #[error("an event with several dates cannot be moved in one step")]
    SeriesMoved,
    /// A person or organisation has too many of them.
    #[error("the limit of records is reached")]
    TooMany,
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Retries a decision after a concurrent change. Each attempt reads the stored records again.
pub(super) fn retried<T>(
    mut once: impl FnMut() -> Result<T, EditorialError>,
) -> Result<T, EditorialError> {
    for _ in 1..ATTEMPTS {
        match once() {
            Err(EditorialError::Store(error)) if error.is_overtaken() => {}
            outcome => return outcome,
        }
    }
    once()
}

/// Returns a text of one line without surrounding white space.
///
/// # Errors
/// Errors if it is blank or longer than `limit` characters.
pub(super) fn required_line(text: &str, limit: usize) -> Result<String, EditorialError> {
    Ok(required_text(text, limit)?.replace(['\n', '\t'], " "))
}

/// Returns a text without surrounding white space.
///
/// # Errors
/// Errors if it is blank or longer than `limit` characters.
pub(super) fn required_text(text: &str, limit: usize) -> Result<String, EditorialError> {
    let text = optional_text(text, limit)?;
    if is_blank(&text) {
        Err(EditorialError::TextMissing)
    } else {
        Ok(text)
    }
}

/// Returns a text without surrounding white space; it may be empty.
///
/// # Errors
/// Errors if it is longer than `limit` characters.
pub(super) fn optional_text(text: &str, limit: usize) -> Result<String, EditorialError> {
    let text = cleaned(text).trim().to_owned();
    if text.chars().count() > limit {
        return Err(EditorialError::TextTooLong(limit));
    }
    Ok(text)
}
