//! Structured data in HTML.

use std::sync::Arc;

use serde_json::Value;

use super::event::event;
use crate::catalog::{Entry, EventOccurrence};
use crate::feeds::{FeedRequest, ResolvedEvent};

/// A schema.org object as the content of a `script` element of type `application/ld+json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructuredData(String);

impl StructuredData {
    /// Returns the content for an object without `@context`.
    #[must_use]
    pub fn new(mut object: Value) -> Self {
        object["@context"] = "https://schema.org".into();
        let text = object.to_string();
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                // `</script` would end the element, and `<!--` changes how its end is found (HTML 4.12.1.3).
                '<' => escaped.push_str("\\u003c"),
                '>' => escaped.push_str("\\u003e"),
                '&' => escaped.push_str("\\u0026"),
                '\u{2028}' => escaped.push_str("\\u2028"),
                '\u{2029}' => escaped.push_str("\\u2029"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// Returns the content. Safe to write unescaped into a `script` element.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the object for the page of an event; `None` if it has no dates, or if a partner does not permit that search
/// engines index it or that others republish it: programs that collect events read these objects.
#[must_use]
pub fn event_page(
    entry: &Arc<Entry>,
    request: &FeedRequest<'_>,
    listed: &[EventOccurrence],
) -> Option<Value> {
    let resolved = ResolvedEvent::new(entry, request);
    let shown = resolved.event();
    let is_open = request.snapshot.may_be_indexed(&shown) && resolved.may_be_passed_on();
    entry.leading(&shown).filter(|_| is_open)?;
    Some(event(entry, &resolved, request, listed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_text_ends_the_element_or_changes_its_meaning() {
        let hostile = "</script><!-- <script> & \u{2028}\" \\ ]]>";
        let data = StructuredData::new(json!({"name": hostile}));
        assert!(!data.as_str().contains(['<', '>', '&', '\u{2028}']));
        let read: Value = serde_json::from_str(data.as_str()).unwrap();
        assert_eq!(read["name"], hostile);
        assert_eq!(read["@context"], "https://schema.org");
    }
}
