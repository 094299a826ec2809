//! Text in the languages of the service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::IdError;
use super::nfc::compose;

/// A language that texts are kept in: bokmål, nynorsk, English (BCP 47 `nb`, `nn`, `en`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bokmål, the language every text has first.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order in which a missing text is sought.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// The languages to try for a reader of this one, best first. Readers of bokmål and nynorsk
    /// understand each other's before English.
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

    /// Takes `nb`, `nn`, `en`, and `no` (which stands for bokmål), with any region: `en-GB`.
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

/// A text as a reader gets it, with the language it is really in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Localized<'a> {
    /// The language of `text`, which is not the asked one where that was missing.
    pub lang: Lang,
    /// The text.
    pub text: &'a str,
}

impl Text {
    /// A text in one language.
    #[must_use]
    pub fn in_lang(lang: Lang, text: impl Into<String>) -> Self {
        let mut made = Self::default();
        made.set(lang, text);
        made
    }

    /// A text in bokmål.
    #[must_use]
    pub fn nb(text: impl Into<String>) -> Self {
        Self::in_lang(Lang::Nb, text)
    }

    /// A text in bokmål and English.
    #[must_use]
    pub fn nb_en(nb: impl Into<String>, en: impl Into<String>) -> Self {
        let mut made = Self::nb(nb);
        made.set(Lang::En, en);
        made
    }

    /// Sets the text of one language; an empty or blank one removes it.
    pub fn set(&mut self, lang: Lang, text: impl Into<String>) {
        let text = text.into();
        let kept = (!text.trim().is_empty()).then_some(text);
        match lang {
            Lang::Nb => self.nb = kept,
            Lang::Nn => self.nn = kept,
            Lang::En => self.en = kept,
        }
    }

    /// Brings the texts into [Normalization Form C](super::nfc).
    pub fn compose(&mut self) {
        let texts = [&mut self.nb, &mut self.nn, &mut self.en];
        texts.into_iter().flatten().for_each(compose);
    }

    /// The text in exactly this language.
    #[must_use]
    pub fn exact(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Nb => self.nb.as_deref(),
            Lang::Nn => self.nn.as_deref(),
            Lang::En => self.en.as_deref(),
        }
    }

    /// The text for a reader of `lang`, falling back by [`Lang::fallbacks`].
    #[must_use]
    pub fn localized(&self, lang: Lang) -> Option<Localized<'_>> {
        lang.fallbacks()
            .into_iter()
            .find_map(|lang| self.exact(lang).map(|text| Localized { lang, text }))
    }

    /// The text for a reader of `lang`, empty where there is none in any language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        self.localized(lang).map_or("", |found| found.text)
    }

    /// Whether there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nb.is_none() && self.nn.is_none() && self.en.is_none()
    }

    /// All texts with their languages.
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
