//! Text in the languages of the service.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lang::Lang;
use super::nfc::compose;

/// One text in any of the [languages](Lang), in JSON an object of texts by language tag.
///
/// ```
/// use calendar_domain::{Lang, Text};
///
/// let title = Text::nb_en("Vårkonsert", "Spring concert");
/// assert_eq!(title.get(Lang::En), "Spring concert");
/// assert_eq!(title.get(Lang::Nn), "Vårkonsert");
/// assert_eq!(title.exact(Lang::Nn), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Text {
    /// The texts in the order of [`Lang::ALL`].
    by_lang: [Option<String>; Lang::ALL.len()],
}

/// A text with its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Localized<'a> {
    /// The language of `text`; differs from the requested one after a fallback.
    pub lang: Lang,
    /// The text.
    pub text: &'a str,
}

impl Text {
    /// Beginning of serde's description of a text.
    pub const EXPECTED: &'static str = "texts by language";

    /// Returns a text in one language.
    #[must_use]
    pub fn in_lang(lang: Lang, text: impl Into<String>) -> Self {
        let mut made = Self::default();
        made.set(lang, text);
        made
    }

    /// Returns a text that is the same in every language.
    #[must_use]
    pub fn in_every_lang(text: &str) -> Self {
        Self {
            by_lang: std::array::from_fn(|_| Some(text.to_owned())),
        }
    }

    /// Returns a text in bokmål.
    #[must_use]
    pub fn nb(text: impl Into<String>) -> Self {
        Self::in_lang(Lang::Nb, text)
    }

    /// Returns a text in bokmål and English.
    #[must_use]
    pub fn nb_en(nb: impl Into<String>, en: impl Into<String>) -> Self {
        let mut made = Self::nb(nb);
        made.set(Lang::En, en);
        made
    }

    /// Sets the text of one language; a blank one removes it.
    pub fn set(&mut self, lang: Lang, text: impl Into<String>) {
        let text = text.into();
        let kept = (!text.trim().is_empty()).then_some(text);
        self.by_lang[lang.index()] = kept;
    }

    /// Removes the text of one language.
    pub fn remove(&mut self, lang: Lang) {
        self.by_lang[lang.index()] = None;
    }

    /// Normalizes the texts to [Normalization Form C](super::nfc).
    pub fn compose(&mut self) {
        self.by_lang.iter_mut().flatten().for_each(compose);
    }

    /// Returns the text in this language, without fallback.
    #[must_use]
    pub fn exact(&self, lang: Lang) -> Option<&str> {
        self.by_lang[lang.index()].as_deref()
    }

    /// Returns the text in `lang` or the first of its [fallbacks](Lang::fallbacks).
    #[must_use]
    pub fn localized(&self, lang: Lang) -> Option<Localized<'_>> {
        lang.fallbacks()
            .find_map(|lang| self.exact(lang).map(|text| Localized { lang, text }))
    }

    /// Returns the text in `lang` or a fallback; empty if there is none in any language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        self.localized(lang).map_or("", |found| found.text)
    }

    /// Returns the text in `lang` or a fallback, without the texts in other languages.
    #[must_use]
    pub fn localized_only(&self, lang: Lang) -> Self {
        self.localized(lang)
            .map_or_else(Self::default, |found| Self::in_lang(found.lang, found.text))
    }

    /// Returns true if there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_lang.iter().all(Option::is_none)
    }

    /// Iterates over the texts with their languages.
    pub fn iter(&self) -> impl Iterator<Item = Localized<'_>> {
        Lang::ALL
            .into_iter()
            .filter_map(|lang| self.exact(lang).map(|text| Localized { lang, text }))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.iter().count()))?;
        for found in self.iter() {
            map.serialize_entry(found.lang.tag(), found.text)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Text", Lang::TAGS, TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags = Lang::tags_in_words("and");
        write!(f, "{}: an object with {tags}", Text::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut read: [Option<Option<String>>; Lang::ALL.len()] = Default::default();
        while let Some(key) = map.next_key::<String>()? {
            let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == key);
            let lang = lang.ok_or_else(|| A::Error::unknown_field(&key, Lang::TAGS))?;
            let text = &mut read[lang.index()];
            if text.replace(map.next_value()?).is_some() {
                return Err(A::Error::duplicate_field(lang.tag()));
            }
        }
        Ok(Text {
            by_lang: read.map(Option::flatten),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_text_falls_back_and_says_in_which_language_it_is() {
        let text = Text::nb("Sommerkonsert");
        let found = text.localized(Lang::En).unwrap();
        assert_eq!((found.lang, found.text), (Lang::Nb, "Sommerkonsert"));
        let english = Text::in_lang(Lang::En, "Concert");
        assert_eq!(english.localized(Lang::Nn).unwrap().lang, Lang::En);
    }

    #[test]
    fn a_text_for_one_language_keeps_the_fallback_and_its_language() {
        let text = Text::nb_en("Konsert", "Concert");
        assert_eq!(
            text.localized_only(Lang::En),
            Text::in_lang(Lang::En, "Concert")
        );
        assert_eq!(text.localized_only(Lang::Nn), Text::nb("Konsert"));
        assert!(Text::default().localized_only(Lang::En).is_empty());
    }

    #[test]
    fn a_blank_text_is_no_text() {
        assert!(Text::nb("  \n").is_empty());
    }

    #[test]
    fn a_text_is_an_object_of_known_languages_each_at_most_once() {
        let text = Text::nb_en("Konsert", "Concert");
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(json, r#"{"nb":"Konsert","en":"Concert"}"#);
        assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
        let null: Text = serde_json::from_str(r#"{"nb":null}"#).unwrap();
        assert!(null.is_empty());
        for (json, error) in [
            (r#"{"xx":"?"}"#, "unknown field `xx`, expected one of `nb`"),
            (r#"{"nb":"a","nb":"b"}"#, "duplicate field `nb`"),
            (
                r#""Konsert""#,
                "expected texts by language: an object with nb",
            ),
        ] {
            let found = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(found.contains(error), "{found}");
        }
    }
}
