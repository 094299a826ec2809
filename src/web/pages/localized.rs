//! Texts on a page with their language.

use calendar_domain::{Lang, Text};
use calendar_language::Words;

/// A text with its language. If that differs from the page's, the element gets a `lang` attribute, and long texts a
/// note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalizedText {
    /// The text; may be empty.
    pub text: String,
    /// The language, if it differs from the page's.
    pub other: Option<Lang>,
}

impl LocalizedText {
    /// Wraps a text in the page's own language, or a proper name.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            other: None,
        }
    }

    /// Returns the text in a language, or the best other one, for a page in the language of `words`.
    #[must_use]
    pub fn from_text(text: &Text, lang: Lang, words: Words) -> Self {
        match text.localized(lang) {
            None => Self::default(),
            Some(found) => Self {
                text: found.text.to_owned(),
                other: (found.lang != words.lang()).then_some(found.lang),
            },
        }
    }

    /// Returns true if the text is blank.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns the `lang` attribute with a leading space, or an empty string. Safe to write unescaped.
    #[must_use]
    pub fn attr(&self) -> String {
        let attr = |lang| format!(" lang=\"{lang}\"");
        self.other.map(attr).unwrap_or_default()
    }

    /// Returns the note about the text's language, if one is needed. Bokmål and nynorsk need none for each other.
    #[must_use]
    pub fn note(&self, words: &Words) -> Option<String> {
        let note = words.say_with("text-in", &[("language", self.other?.tag())]);
        (!note.is_empty()).then_some(note)
    }

    /// Returns the paragraphs, which are separated by empty lines.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<&str> {
        self.text
            .split("\n\n")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect()
    }
}
