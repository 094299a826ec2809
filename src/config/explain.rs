//! A wrong setting in words: which key, from where, what is wrong.

use rocket::figment::Error;

use super::sources::{DEFAULT, origin};
use crate::domain::redaction::without_secrets;

/// What is wrong, each mistake with its key in the order in which it is written.
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
    if key.is_empty() {
        return format!("{}{from}", error.kind);
    }
    format!("«{key}»{from}: {}{right}", error.kind)
}
