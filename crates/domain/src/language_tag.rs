//! Language tags of BCP 47.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::json_word::JsonWord;

/// Maximum length, RFC 5646 section 4.4.1.
const LONGEST: usize = 35;

/// A well-formed language tag of BCP 47 (RFC 5646 section 2.1), in its canonical case: `nb`, `nsl` (Norwegian Sign
/// Language), `nb-simple` (easy read), `sr-Latn`.
///
/// ```
/// use calendar_domain::LanguageTag;
///
/// let tag: LanguageTag = "NB-Simple".parse().unwrap();
/// assert_eq!(tag.as_str(), "nb-simple");
/// assert_eq!(tag.primary(), "nb");
/// assert!(tag.is_easy_read());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct LanguageTag(String);

/// Error for a text that is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a BCP 47 language tag such as nb, en, nsl or nb-simple")]
pub struct LanguageTagError(String);

impl LanguageTag {
    /// Returns the tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the language without script, region and variants: `sr` of `sr-Latn`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Returns true if it is a simplified form of the language, «lettlest» (variant `simple`).
    #[must_use]
    pub fn is_easy_read(&self) -> bool {
        self.0.split('-').skip(1).any(|part| part == "simple")
    }
}

/// The part of a tag that a subtag may continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Language,
    Extended,
    Script,
    Region,
    Variant,
    Extension,
    Private,
}

/// Returns the part that a subtag after `before` belongs to, and the subtag in canonical case.
fn part_of(subtag: &str, before: Part) -> Option<(Part, String)> {
    let lower = subtag.to_ascii_lowercase();
    let is_alphabetic = subtag.bytes().all(|b| b.is_ascii_alphabetic());
    let is_numeric = subtag.bytes().all(|b| b.is_ascii_digit());
    let begins_with_digit = subtag.starts_with(|c: char| c.is_ascii_digit());
    if before >= Part::Extension {
        let is_new = subtag.len() == 1 && before == Part::Extension;
        let part = if is_new && lower == "x" {
            Part::Private
        } else {
            before
        };
        return Some((part, lower));
    }
    let (part, written) = match subtag.len() {
        1 if lower == "x" => (Part::Private, lower),
        1 => (Part::Extension, lower),
        2 if is_alphabetic => (Part::Region, subtag.to_ascii_uppercase()),
        3 if is_numeric => (Part::Region, lower),
        3 if is_alphabetic => (Part::Extended, lower),
        4 if is_alphabetic => {
            let (first, rest) = lower.split_at(1);
            (Part::Script, first.to_ascii_uppercase() + rest)
        }
        4 if begins_with_digit => (Part::Variant, lower),
        5..=8 => (Part::Variant, lower),
        _ => return None,
    };
    let may_repeat = matches!(part, Part::Extended | Part::Variant);
    (part > before || (part == before && may_repeat)).then_some((part, written))
}

impl FromStr for LanguageTag {
    type Err = LanguageTagError;

    fn from_str(text: &str) -> Result<Self, LanguageTagError> {
        let wrong = || LanguageTagError(text.chars().take(60).collect());
        let is_subtag = |text: &str| {
            (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        if text.len() > LONGEST || !text.split('-').all(is_subtag) {
            return Err(wrong());
        }
        let mut subtags = text.split('-');
        let language = subtags.next().unwrap_or_default();
        // No language has more letters, so that names such as «norsk» are refused.
        let is_language =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
        if !is_language || text.ends_with("-x") {
            return Err(wrong());
        }
        let mut tag = language.to_ascii_lowercase();
        let mut part = Part::Language;
        for subtag in subtags {
            let written;
            (part, written) = part_of(subtag, part).ok_or_else(wrong)?;
            tag.push('-');
            tag.push_str(&written);
        }
        Ok(Self(tag))
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageTagError;

    fn try_from(text: String) -> Result<Self, LanguageTagError> {
        text.parse()
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonWord for LanguageTag {
    fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    fn allowed() -> String {
        "is not a BCP 47 language tag such as nb, en, nsl or nb-simple".to_owned()
    }

    #[cfg(feature = "schema")]
    fn word_schema() -> crate::wire::schema::WordSchema {
        crate::wire::schema::language_tag()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_kept_in_canonical_case_and_other_texts_are_refused() {
        for (text, expected) in [
            ("nb", "nb"),
            ("NSL", "nsl"),
            ("nb-NO", "nb-NO"),
            ("NB-simple", "nb-simple"),
            ("sr-latn-rs", "sr-Latn-RS"),
            ("es-419", "es-419"),
            ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
            ("sgn-nsl", "sgn-nsl"),
            ("en-x-own", "en-x-own"),
        ] {
            let tag: LanguageTag = text.parse().unwrap();
            assert_eq!(tag.as_str(), expected);
        }
        for text in [
            "",
            "-",
            "n",
            "norsk bokmål",
            "norsk",
            "nb_NO",
            "nb--NO",
            "nb-",
            "nb-x",
            "nb-NO-SE",
            "1b",
            "en-abcdefghi",
            "nb-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
        ] {
            assert!(text.parse::<LanguageTag>().is_err(), "{text}");
        }
        let easy: LanguageTag = "nb-simple".parse().unwrap();
        assert!(easy.is_easy_read() && easy.primary() == "nb");
    }
}
