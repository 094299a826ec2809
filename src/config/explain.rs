//! Messages for wrong settings.

use rocket::figment::Error;

use super::origin::{DEFAULT, origin};
use calendar_domain::redaction::without_secrets;
use calendar_domain::serde_words::in_plain_words;

/// Returns a message with all errors, each with its key and its origin.
pub(super) fn explain(error: &Error) -> String {
    let all: Vec<String> = error.clone().into_iter().map(|error| one(&error)).collect();
    without_secrets(&all.join("; "))
}

fn one(error: &Error) -> String {
    let key = error.path.join(".");
    let from = error.metadata.as_ref().map(origin);
    let from = from.filter(|value| value != DEFAULT);
    let from = from.map_or_else(String::new, |value| format!(" (from {value})"));
    let right = match key.as_str() {
        "calendar.base_url" => "; write it as https://kalender.example.no",
        _ => "",
    };
    let what = in_words(&error.kind.to_string());
    if key.is_empty() {
        return format!("{what}{from}");
    }
    format!("«{key}»{from}: {what}{right}")
}

/// Returns the message without names of types and with single marks around the allowed values.
fn in_words(text: &str) -> String {
    let text = in_plain_words(text, "table");
    let text = text.replace("too large to fit in target type", "too large");
    match text.split_once("expected `") {
        Some((before, allowed)) if allowed.ends_with("``") || allowed.starts_with("one of `") => {
            let allowed = allowed.strip_suffix('`').unwrap_or(allowed);
            format!("{before}expected {allowed}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_is_allowed_has_one_pair_of_marks() {
        for (theirs, ours) in [
            (
                "unknown variant: found `xml`, expected ``text` or `json``",
                "unknown variant: found `xml`, expected `text` or `json`",
            ),
            (
                "unknown field: found `a`, expected `one of `b`, `c``",
                "unknown field: found `a`, expected one of `b`, `c`",
            ),
            ("expected `.`, `]`", "expected `.`, `]`"),
        ] {
            assert_eq!(in_words(theirs), ours);
        }
    }
}
