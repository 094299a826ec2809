//! The languages of the service.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::ids::IdError;

/// Defines [`Lang`] from one line for each language: variant and BCP 47 tag.
macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal,)+) => {
        /// A language of texts.
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Lang {
            $($(#[$doc])* #[serde(rename = $tag)] $variant,)+
        }

        impl Lang {
            /// All languages, the default one first.
            pub const ALL: [Self; Self::TAGS.len()] = [$(Self::$variant),+];

            /// The BCP 47 tags of all languages.
            pub const TAGS: &'static [&'static str] = &[$($tag),+];

            const PATH_PREFIXES: &'static [&'static str] = &[$(concat!("/", $tag)),+];
        }
    };
}

// The order is part of the compact encoding of texts: append new languages.
languages! {
    /// Bokmål, the default language.
    #[default]
    Nb = "nb",
    /// Nynorsk.
    Nn = "nn",
    /// English.
    En = "en",
}

impl Lang {
    /// Returns the BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        Self::TAGS[self.index()]
    }

    /// Returns the prefix of page addresses: `/en`, and an empty string for the default language.
    #[must_use]
    pub fn path_prefix(self) -> &'static str {
        if self == Self::default() {
            ""
        } else {
            Self::PATH_PREFIXES[self.index()]
        }
    }

    /// Splits the path of a page into its language and the rest.
    ///
    /// ```
    /// use calendar_domain::Lang;
    ///
    /// assert_eq!(Lang::split_path("/en/events/gala"), (Lang::En, "/events/gala"));
    /// assert_eq!(Lang::split_path("/events/gala"), (Lang::Nb, "/events/gala"));
    /// assert_eq!(Lang::split_path("/enduro"), (Lang::Nb, "/enduro"));
    /// ```
    #[must_use]
    pub fn split_path(path: &str) -> (Self, &str) {
        let mut others = Self::ALL
            .into_iter()
            .filter(|lang| *lang != Self::default());
        others
            .find_map(|lang| {
                let rest = path.strip_prefix(lang.path_prefix())?;
                (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((lang, rest))
            })
            .unwrap_or((Self::default(), path))
    }

    /// Returns the languages to try for a text in this one, best first: itself, then the others in
    /// the order of [`ALL`](Self::ALL), which puts bokmål and nynorsk before English for each other.
    pub fn fallbacks(self) -> impl Iterator<Item = Self> {
        let others = Self::ALL.into_iter().filter(move |other| *other != self);
        std::iter::once(self).chain(others)
    }

    /// Returns the position in [`ALL`](Self::ALL).
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// Returns the tags as a list in words: `nb, nn or en` with the conjunction "or".
    #[must_use]
    pub fn tags_in_words(conjunction: &str) -> String {
        match Self::TAGS {
            [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
            [] => String::new(),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

static ALLOWED: LazyLock<String> = LazyLock::new(|| Lang::tags_in_words("or"));

impl FromStr for Lang {
    type Err = IdError;

    /// Parses a tag or `no` (bokmål), with or without a region: `en-GB`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let primary = text.split(['-', '_']).next().unwrap_or(text);
        let primary = primary.to_ascii_lowercase();
        let tag = if primary == "no" { "nb" } else { &primary };
        let found = Self::ALL.into_iter().find(|lang| lang.tag() == tag);
        found.ok_or_else(|| IdError {
            kind: "language",
            given: text.chars().take(80).collect(),
            allowed: &ALLOWED,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_read_with_region_and_case() {
        assert_eq!("EN-gb".parse::<Lang>().unwrap(), Lang::En);
        assert_eq!("no".parse::<Lang>().unwrap(), Lang::Nb);
        let error = "sv".parse::<Lang>().unwrap_err();
        assert!(error.allowed.contains("nb, nn"), "{}", error.allowed);
    }

    #[test]
    fn a_language_tries_itself_first_and_every_other_one_once() {
        for lang in Lang::ALL {
            let mut tried: Vec<Lang> = lang.fallbacks().collect();
            assert_eq!(tried[0], lang);
            tried.sort();
            assert_eq!(tried, Lang::ALL);
        }
        assert_eq!(Lang::Nn.fallbacks().nth(1), Some(Lang::Nb));
    }
}
