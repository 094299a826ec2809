//! Messages for wrong settings.

use rocket::figment::Error;

use super::sources::{DEFAULT, origin};
use calendar_domain::redaction::without_secrets;

/// Returns a message with all errors, each with its key and its origin.
pub(super) fn explain(error: &Error) -> String {
    let all: Vec<String> = error.clone().into_iter().map(|it| one(&it)).collect();
    without_secrets(&all.join("; "))
}

fn one(error: &Error) -> String {
    let key = error.path.join(".");
    let from = error.metadata.as_ref().map(origin);
    let from = from.filter(|it| it != DEFAULT);
    let from = from.map_or_else(String::new, |it| format!(" (from {it})"));
    let right = match key.as_str() {
        "calendar.base_url" => "; write it as https://kalender.example.no",
        _ => "",
    };
    let what = without_types(&error.kind.to_string());
    if key.is_empty() {
        return format!("{what}{from}");
    }
    format!("«{key}»{from}: {what}{right}")
}

/// Returns the text with «a table» in place of Rust type names.
fn without_types(text: &str) -> String {
    let Some((before, after)) = text.split_once("expected struct ") else {
        return text.to_owned();
    };
    let rest = after.trim_start_matches(|it: char| it.is_alphanumeric() || it == '_');
    format!("{before}expected a table{rest}")
}

#[cfg(test)]
mod tests {
    use super::without_types;

    #[test]
    fn types_of_this_program_are_not_named() {
        for (theirs, ours) in [
            (
                "invalid type: found signed int `5`, expected struct SyncConfig",
                "invalid type: found signed int `5`, expected a table",
            ),
            ("expected struct A for x", "expected a table for x"),
            ("unknown field `struct`", "unknown field `struct`"),
        ] {
            assert_eq!(without_types(theirs), ours);
        }
    }
}
