//! Tolerant JSON types: numbers as strings, `false` or `[]` for nothing, a single value instead of a list,
//! and PHP lists encoded as objects.
//!
//! Deserialization of these types never fails, so that one malformed field doesn't lose the event.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use crate::connector::Unreadable;
use calendar_domain::{Lang, Text};

/// Languages of which a text is taken if there is none in a supported language, most widely understood first.
const FOREIGN: [&str; 6] = ["sv", "da", "de", "fr", "fi", "it"];

/// Parses a response as JSON, with or without a byte order mark.
///
/// # Errors
/// Errors if it is not JSON. The message gives the location.
pub fn json(bytes: &[u8]) -> Result<Value, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| Unreadable(format!("it is not JSON: {error}")))
}

/// A single value: a string, number or Boolean as text, anything else as an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word(String);

impl Word {
    /// Returns the trimmed text, or `None` if it is empty or a placeholder of dots or dashes.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        something(&self.0)
    }

    /// Returns the trimmed text, or an empty one.
    #[must_use]
    pub fn text(&self) -> &str {
        self.get().unwrap_or("")
    }

    /// Returns true for `true` and `1`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self.text(), "true" | "1")
    }
}

impl From<&Value> for Word {
    fn from(value: &Value) -> Self {
        Self(match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            _ => String::new(),
        })
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::from(&Value::deserialize(from)?))
    }
}

/// Returns the text unless it is empty or a placeholder, which forms with required fields produce.
fn something(text: &str) -> Option<&str> {
    let text = text.trim();
    let says = text.chars().any(|c| !matches!(c, '.' | '-' | '–' | ' '));
    says.then_some(text)
}

/// A list that may also be a single value or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many<T>(Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Many<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let is_index = |key: &String| key.bytes().all(|b| b.is_ascii_digit());
        let values = match Value::deserialize(from)? {
            Value::Null | Value::Bool(false) => Vec::new(),
            Value::Array(values) => values,
            Value::Object(map) if map.is_empty() => Vec::new(),
            Value::Object(map) if map.keys().all(is_index) => {
                map.into_iter().map(|map| map.1).collect()
            }
            one => vec![one],
        };
        let values = values
            .into_iter()
            .filter(|value| !value.is_null() && *value != Value::Bool(false));
        Ok(Self(
            values
                .filter_map(|value| T::deserialize(value).ok())
                .collect(),
        ))
    }
}

/// Values by key, such as by language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed<T>(BTreeMap<String, T>);

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Keyed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Value::Object(map) = Value::deserialize(from)? else {
            return Ok(Self::default());
        };
        let read = map
            .into_iter()
            .filter_map(|(key, value)| Some((key, T::deserialize(value).ok()?)));
        Ok(Self(read.collect()))
    }
}

impl<T> Keyed<T> {
    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.get(key)
    }

    /// Returns the first value.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.0.values().next()
    }

    /// Returns a field of all values, with their keys as languages.
    #[must_use]
    pub fn texts(&self, field: impl Fn(&T) -> &Word) -> JsonTexts {
        let said = self
            .0
            .iter()
            .map(|(key, value)| (key.clone(), field(value).text().to_owned()));
        JsonTexts(said.filter(|(_, text)| !text.is_empty()).collect())
    }
}

/// A text in several languages, or in one that is not named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JsonTexts(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for JsonTexts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said: BTreeMap<String, String> = match Value::deserialize(from)? {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), Word::from(value).0))
                .collect(),
            one => BTreeMap::from([(String::new(), Word::from(&one).0)]),
        };
        Ok(Self(
            said.into_iter()
                .filter(|(_, text)| something(text).is_some())
                .collect(),
        ))
    }
}

impl JsonTexts {
    /// Returns the texts in all languages.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// Returns the texts in supported languages, each converted by `make`. If there is none, a text in
    /// another language is used as `language`.
    #[must_use]
    pub fn text(&self, language: Lang, make: impl Fn(&str) -> String) -> Text {
        let mut made = Text::default();
        for (key, text) in &self.0 {
            if let Ok(lang) = key.parse::<Lang>()
                && made.exact(lang).is_none()
            {
                made.set(lang, make(text));
            }
        }
        if made.is_empty()
            && let Some(text) = self.foreign()
        {
            made.set(language, make(text));
        }
        made
    }

    /// Returns the best single text for a reader of `language`, for a name that is not translated.
    #[must_use]
    pub fn name(&self, language: Lang) -> Option<&str> {
        let ours = language.fallbacks();
        let mut ours = ours.filter_map(|lang| {
            let mut said = self.0.iter();
            said.find(|(key, _)| key.parse() == Ok(lang))
                .map(|value| &**value.1)
        });
        ours.next().or_else(|| self.foreign()).map(str::trim)
    }

    fn foreign(&self) -> Option<&str> {
        let keys = [""].into_iter().chain(FOREIGN);
        let known = keys.filter_map(|key| self.0.get(key)).next();
        known.or_else(|| self.0.values().next()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read<T: DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_word_is_what_stands_there_whatever_its_kind() {
        let cases = [
            (json!(" a "), Some("a")),
            (json!(33.5), Some("33.5")),
            (json!(true), Some("true")),
            (json!("."), None),
            (json!("– "), None),
            (json!(null), None),
            (json!([]), None),
            (json!({"a": 1}), None),
        ];
        for (value, expected) in cases {
            assert_eq!(read::<Word>(value.clone()).get(), expected, "{value}");
        }
        assert!(read::<Word>(json!("1")).is_true() && !read::<Word>(json!("false")).is_true());
    }

    #[test]
    fn one_many_and_nothing_are_all_a_list() {
        for (value, expected) in [
            (json!(false), vec![]),
            (json!(null), vec![]),
            (json!([]), vec![]),
            (json!({}), vec![]),
            (json!("a"), vec!["a"]),
            (json!(["a", null, false, "b"]), vec!["a", "b"]),
            (json!({"0": "a", "2": "b"}), vec!["a", "b"]),
        ] {
            let many: Many<Word> = read(value.clone());
            let words: Vec<&str> = many.iter().map(Word::text).collect();
            assert_eq!(words, expected, "{value}");
        }
        let one: Many<BTreeMap<String, Word>> = read(json!({"name": "a"}));
        assert_eq!(one[0]["name"].text(), "a");
    }

    #[test]
    fn texts_keep_our_languages_and_take_another_only_where_there_is_none() {
        let texts: JsonTexts =
            read(json!({"fi": "Ilta", "en": "Evening", "no": "Kveld", "nn": ""}));
        let text = texts.text(Lang::Nb, str::to_owned);
        assert_eq!(text, Text::nb_en("Kveld", "Evening"));
        let foreign: JsonTexts = read(json!({"it": "Sera", "de": "Abend"}));
        assert_eq!(
            foreign.text(Lang::En, str::to_owned),
            Text::in_lang(Lang::En, "Abend")
        );
        assert_eq!(foreign.name(Lang::Nn), Some("Abend"));
        let bare: JsonTexts = read(json!("Kveld"));
        assert_eq!(
            bare.text(Lang::Nn, str::to_owned),
            Text::in_lang(Lang::Nn, "Kveld")
        );
        assert!(
            read::<JsonTexts>(json!({"de": "."}))
                .name(Lang::Nb)
                .is_none()
        );
    }
}
