//! Reads values of JSON-LD in their many forms.

use serde_json::Value;

use calendar_domain::{EventStatus, Lang, Text};

/// Maximum number of words of a field.
const WORDS: usize = 50;

/// Maximum length of a word in characters.
const WORD: usize = 100;

/// Returns a single value or a list as a slice. `null` is empty.
#[must_use]
pub fn each(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// Returns a field by its local name: `name` also matches `schema:name`, `https://schema.org/name` and
/// `@name`. Returns `null` if there is none.
#[must_use]
pub fn field<'a>(object: &'a Value, name: &str) -> &'a Value {
    let Some(map) = object.as_object() else {
        return &Value::Null;
    };
    if let Some(value) = map.get(name) {
        return value;
    }
    let found = map.iter().find(|(key, _)| {
        key.strip_suffix(name)
            .is_some_and(|before| before.ends_with(['@', ':', '/', '#']))
    });
    found.map_or(&Value::Null, |(_, value)| value)
}

/// Returns a text or number as a trimmed, non-empty text. Uses the first one of a list and the value of a
/// value object.
#[must_use]
pub fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => return list.iter().find_map(plain),
        Value::Object(map) => {
            let inner = map.get("@value").or_else(|| by_language(value)?.next());
            return inner.filter(|inner| !inner.is_object()).and_then(plain);
        }
        Value::Null | Value::Bool(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Returns the first of the fields with a text.
#[must_use]
pub fn plain_of(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| plain(field(object, name)))
}

/// Returns a text, or the name of an object.
#[must_use]
pub fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::Array(list) => list.iter().find_map(name_of),
        Value::Object(_) => plain(value).or_else(|| plain_of(value, &["name", "label"])),
        other => plain(other),
    }
}

/// Returns the values of a language map: `{"nb": …}`, `{"@fr": …}`.
fn by_language(value: &Value) -> Option<impl Iterator<Item = &Value>> {
    let map = value.as_object()?;
    let all = !map.is_empty() && map.keys().all(|key| is_tag(key));
    all.then(|| map.values())
}

fn is_tag(key: &str) -> bool {
    let key = key.strip_prefix('@').unwrap_or(key);
    let primary = key.split(['-', '_']).next().unwrap_or(key);
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && !["id", "uri", "url"].contains(&primary)
}

/// Returns a text in all its languages. A text without a language is in `default`. If no language is
/// supported, the first text is used as `default`. `clean` converts HTML to plain text.
#[must_use]
pub fn text(value: &Value, default: Lang, clean: fn(&str) -> String) -> Text {
    let mut told = Text::default();
    let mut other = None;
    for (tag, words) in variants(value) {
        let lang = match tag {
            Some(tag) => tag.trim_start_matches('@').parse().ok(),
            None => Some(default),
        };
        match lang {
            Some(lang) if told.exact(lang).is_none() => told.set(lang, clean(words)),
            Some(_) => {}
            None => other = other.or(Some(words)),
        }
    }
    if let (true, Some(words)) = (told.is_empty(), other) {
        told.set(default, clean(words));
    }
    told
}

/// Returns each text with its language tag, if any.
fn variants(value: &Value) -> Vec<(Option<&str>, &str)> {
    match value {
        Value::String(words) => vec![(None, words)],
        Value::Array(list) => list.iter().flat_map(variants).collect(),
        Value::Object(map) if map.contains_key("@value") => {
            let words = map.get("@value").and_then(Value::as_str);
            let tag = map.get("@language").and_then(Value::as_str);
            words.map(|words| (tag, words)).into_iter().collect()
        }
        Value::Object(map) if by_language(value).is_some() => {
            let pairs = map.iter().flat_map(|(tag, value)| {
                let first = each(value).iter().find_map(Value::as_str);
                first.map(|words| (Some(tag.as_str()), words))
            });
            pairs.collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the types of an object without their prefix: `http://schema.org/MusicEvent` is `MusicEvent`.
pub fn types(object: &Value) -> impl Iterator<Item = &str> {
    each(field(object, "type"))
        .iter()
        .filter_map(Value::as_str)
        .map(last_word)
}

/// Returns the part after the last `/`, `#` or `:`.
#[must_use]
pub fn last_word(text: &str) -> &str {
    text.trim().rsplit(['/', '#', ':']).next().unwrap_or(text)
}

/// Parses a status of schema.org or FEP-8a8e, full or abbreviated, or of iCalendar.
#[must_use]
pub fn status(word: &str) -> Option<EventStatus> {
    let word = last_word(word).to_ascii_lowercase();
    match word.strip_prefix("event").unwrap_or(&word) {
        "scheduled" | "confirmed" => Some(EventStatus::Scheduled),
        "cancelled" | "canceled" => Some(EventStatus::Cancelled),
        "postponed" => Some(EventStatus::Postponed),
        "rescheduled" => Some(EventStatus::Rescheduled),
        "movedonline" => Some(EventStatus::MovedOnline),
        "tentative" => Some(EventStatus::Tentative),
        _ => None,
    }
}

/// Adds words such as keywords, without duplicates. Texts are split at commas and semicolons; objects
/// contribute their names.
pub fn add_words(into: &mut Vec<String>, value: &Value) {
    for one in each(value) {
        let Some(told) = name_of(one) else { continue };
        for word in told.split([',', ';']) {
            let word = crate::parse::title(word);
            let word = calendar_ical::to_events::cut(word.trim_start_matches('#'), WORD).0;
            if !word.is_empty() && into.len() < WORDS && !into.contains(&word) {
                into.push(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_found_under_any_prefix() {
        let object = json!({"schema:name": 1, "https://schema.org/url": 2, "@id": 3, "surname": 4});
        for (name, value) in [("name", 1), ("url", 2), ("id", 3)] {
            assert_eq!(field(&object, name), &json!(value));
        }
        assert_eq!(field(&json!({"surname": 4}), "name"), &Value::Null);
    }

    #[test]
    fn texts_come_in_the_languages_that_they_say() {
        let clean = |text: &str| text.to_owned();
        let all = [
            (json!("hei"), Text::nb("hei")),
            (json!({"nb": "hei", "en": ["hi"]}), Text::nb_en("hei", "hi")),
            (json!({"@fr": "salut"}), Text::nb("salut")),
            (
                json!({"@fr": "salut", "@en": "hi"}),
                Text::in_lang(Lang::En, "hi"),
            ),
            (
                json!([{"@value": "hei", "@language": "no"}, {"@value": "hi", "@language": "en-GB"}]),
                Text::nb_en("hei", "hi"),
            ),
            (json!(["hei", "hallo"]), Text::nb("hei")),
            (json!({"name": "hei"}), Text::default()),
        ];
        for (value, expected) in all {
            assert_eq!(text(&value, Lang::Nb, clean), expected, "{value}");
        }
    }

    #[test]
    fn a_status_is_read_whole_or_short() {
        for (word, expected) in [
            ("https://schema.org/EventCancelled", EventStatus::Cancelled),
            ("http://schema.org/EventPostponed", EventStatus::Postponed),
            ("EventRescheduled", EventStatus::Rescheduled),
            ("CONFIRMED", EventStatus::Scheduled),
            ("schema:EventMovedOnline", EventStatus::MovedOnline),
            (
                "https://w3id.org/fep/8a8e/EventTentative",
                EventStatus::Tentative,
            ),
        ] {
            assert_eq!(status(word), Some(expected), "{word}");
        }
        assert_eq!(status("EventHappy"), None);
    }

    #[test]
    fn words_are_parted_and_come_once() {
        let mut words = Vec::new();
        add_words(
            &mut words,
            &json!(["konsert, barn", {"name": "#konsert"}, 7]),
        );
        assert_eq!(words, ["konsert", "barn", "7"]);
    }
}
