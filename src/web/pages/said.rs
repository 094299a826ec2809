//! A text on a page, with the language it is really in.

use calendar_domain::{Lang, Text};
use calendar_language::Words;

/// A text as the page shows it. Where it is not in the page's language the element carries a
/// `lang` attribute, and long texts a note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The text; empty where there is none.
    pub text: String,
    /// The language, only where it is not the page's own.
    pub other: Option<Lang>,
}

impl Said {
    /// A text in the page's own language, or a proper name.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            other: None,
        }
    }

    /// The text for a page in the language of `words`.
    #[must_use]
    pub fn from_text(text: &Text, words: Words) -> Self {
        match text.localized(words.lang()) {
            None => Self::default(),
            Some(found) => Self {
                text: found.text.to_owned(),
                other: (found.lang != words.lang()).then_some(found.lang),
            },
        }
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The `lang` attribute with a space before it, or nothing. Safe to write unescaped.
    #[must_use]
    pub fn attr(&self) -> &'static str {
        match self.other {
            None => "",
            Some(Lang::Nb) => " lang=\"nb\"",
            Some(Lang::Nn) => " lang=\"nn\"",
            Some(Lang::En) => " lang=\"en\"",
        }
    }

    /// The key of the note that says which language the text is in, where it needs one: readers
    /// of bokmål need none for nynorsk.
    #[must_use]
    pub fn note(&self, words: &Words) -> Option<String> {
        let key = match (self.other?, words.lang()) {
            (Lang::En, Lang::Nb | Lang::Nn) => "text-in-english",
            (Lang::Nb, Lang::En) => "text-in-bokmal",
            (Lang::Nn, Lang::En) => "text-in-nynorsk",
            _ => return None,
        };
        Some(words.say(key).into_owned())
    }

    /// The paragraphs, parted by empty lines in the text.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<&str> {
        self.text
            .split("\n\n")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect()
    }
}
