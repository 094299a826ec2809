//! Occurrences as values of forms.

use calendar_domain::Start;

/// Returns the value of an occurrence in a form.
pub(super) fn start_text(start: Start) -> String {
    match start {
        Start::Local(time) => time.format("%Y-%m-%dT%H:%M:%S").to_string(),
        Start::Date(date) => date.to_string(),
    }
}

/// Returns the start that a value means.
pub(super) fn parse_start(text: &str) -> Option<Start> {
    let local = text.parse().map(Start::Local);
    local.or_else(|_| text.parse().map(Start::Date)).ok()
}
