//! Errors in the JSON form, and reading of addresses.

use url::Url;

use crate::serde_words::in_plain_words;

/// Error in a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct WireError {
    /// The field with its path: `recurrence.rrule`.
    pub field: String,
    /// What is wrong and what is allowed.
    pub detail: String,
}

impl WireError {
    pub(crate) fn new(field: &str, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            detail: detail.into(),
        }
    }
}

/// Returns the message of a parse error with Rust type names replaced by those of JSON.
#[must_use]
pub fn in_json_words(error: &serde_json::Error) -> String {
    let words = [
        ("invalid type: floating point", "invalid type: number"),
        ("invalid type: integer", "invalid type: number"),
    ];
    let told = in_plain_words(&error.to_string(), "object");
    words
        .iter()
        .fold(told, |text, (theirs, ours)| text.replace(theirs, ours))
}

/// Returns an http or https address, or appends an error.
pub(crate) fn read_url(
    field: &str,
    text: Option<String>,
    errors: &mut Vec<WireError>,
) -> Option<Url> {
    let text = text?;
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
        _ => {
            let detail = format!("«{}» is not an http or https address", short(&text));
            errors.push(WireError::new(field, detail));
            None
        }
    }
}

/// Returns the beginning of a text, for messages.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
