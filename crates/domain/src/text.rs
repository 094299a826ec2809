//! Text in the languages of the service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::IdError;
use super::nfc::compose;

/// A language of texts: bokmål, nynorsk, English (BCP 47 `nb`, `nn`, `en`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bokmål, the default language.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order of the bokmål fallbacks.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// Returns the BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// Returns the languages to try for a text in this one, best first. Bokmål and nynorsk come
    /// before English for each other.
    #[must_use]
    pub fn fallbacks(self) -> [Self; 3] {
        match self {
            Self::Nb => [Self::Nb, Self::Nn, Self::En],
            Self::Nn => [Self::Nn, Self::Nb, Self::En],
            Self::En => [Self::En, Self::Nb, Self::Nn],
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = IdError;

    /// Parses `nb`, `nn`, `en`, or `no` (bokmål), with or without a region: `en-GB`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let primary = text.split(['-', '_']).next().unwrap_or(text);
        match primary.to_ascii_lowercase().as_str() {
            "nb" | "no" => Ok(Self::Nb),
            "nn" => Ok(Self::Nn),
            "en" => Ok(Self::En),
            _ => Err(IdError {
                kind: "language",
                given: text.chars().take(80).collect(),
                allowed: "nb, nn or en",
            }),
        }
    }
}

/// One text in up to three languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "texts by language: an object with nb, nn and en"
)]
pub struct Text {
    /// Bokmål.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nb: Option<String>,
    /// Nynorsk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nn: Option<String>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
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
    /// Returns a text in one language.
    #[must_use]
    pub fn in_lang(lang: Lang, text: impl Into<String>) -> Self {
        let mut made = Self::default();
        made.set(lang, text);
        made
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
        match lang {
            Lang::Nb => self.nb = kept,
            Lang::Nn => self.nn = kept,
            Lang::En => self.en = kept,
        }
    }

    /// Normalizes the texts to [Normalization Form C](super::nfc).
    pub fn compose(&mut self) {
        let texts = [&mut self.nb, &mut self.nn, &mut self.en];
        texts.into_iter().flatten().for_each(compose);
    }

    /// Returns the text in this language, without fallback.
    #[must_use]
    pub fn exact(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Nb => self.nb.as_deref(),
            Lang::Nn => self.nn.as_deref(),
            Lang::En => self.en.as_deref(),
        }
    }

    /// Returns the text in `lang` or the first of its [fallbacks](Lang::fallbacks).
    #[must_use]
    pub fn localized(&self, lang: Lang) -> Option<Localized<'_>> {
        lang.fallbacks()
            .into_iter()
            .find_map(|lang| self.exact(lang).map(|text| Localized { lang, text }))
    }

    /// Returns the text in `lang` or a fallback; empty if there is none in any language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        self.localized(lang).map_or("", |found| found.text)
    }

    /// Returns true if there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nb.is_none() && self.nn.is_none() && self.en.is_none()
    }

    /// Iterates over the texts with their languages.
    pub fn iter(&self) -> impl Iterator<Item = Localized<'_>> {
        Lang::ALL
            .into_iter()
            .filter_map(|lang| self.exact(lang).map(|text| Localized { lang, text }))
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
    fn a_blank_text_is_no_text() {
        assert!(Text::nb("  \n").is_empty());
    }

    #[test]
    fn language_tags_are_read_with_region_and_case() {
        assert_eq!("EN-gb".parse::<Lang>().unwrap(), Lang::En);
        assert_eq!("no".parse::<Lang>().unwrap(), Lang::Nb);
        assert!("sv".parse::<Lang>().is_err());
    }
}
