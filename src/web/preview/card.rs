//! The texts of a picture, and its address.

use sha2::{Digest, Sha256};

use calendar_domain::Lang;

/// Width and height in pixels, as Open Graph's readers want them.
pub const SIZE: (u32, u32) = (1200, 630);
/// Version of the drawing. A change gives every picture another address.
const DRAWING: &str = "1";
/// Bytes of the hash in an address.
const HASHED: usize = 6;
/// Maximum length of a text in characters; more is never visible.
const MOST: usize = 300;

/// What a picture is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PreviewSubject {
    /// The calendar.
    #[default]
    Site,
    /// A record of a kind that has pages, such as `events`, with its slug.
    Record(&'static str, String),
}

/// The texts of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreviewCard {
    /// What it is about.
    pub subject: PreviewSubject,
    /// The language.
    pub lang: Lang,
    /// The site's name.
    pub site: String,
    /// The title.
    pub title: String,
    /// When it is; may be empty.
    pub when: String,
    /// Where it is; may be empty.
    pub place: String,
    /// What has changed, such as «Avlyst»; may be empty.
    pub change: String,
    /// The date, if there is one.
    pub date: Option<PreviewDate>,
}

/// A date as on a tear-off calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewDate {
    /// «august 2027».
    pub month: String,
    /// «6», «6–15».
    pub day: String,
    /// «fre», «fre–søn».
    pub weekday: String,
}

impl PreviewCard {
    /// Returns the path of the picture, which contains the hash of its texts.
    #[must_use]
    pub fn path(&self) -> String {
        let (lang, hash) = (self.lang, self.hash());
        match &self.subject {
            PreviewSubject::Site => format!("/og/site.{lang}.{hash}.png"),
            PreviewSubject::Record(kind, slug) => format!("/og/{kind}/{slug}.{lang}.{hash}.png"),
        }
    }

    /// Returns the texts in one line, for those who do not see the picture.
    #[must_use]
    pub fn alt(&self) -> String {
        let parts = [&self.change, &self.title, &self.when, &self.place];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        parts.join(". ")
    }

    /// Returns the hash of everything that is drawn.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let date = self.date.iter();
        let date = date.flat_map(|date| [&date.month, &date.day, &date.weekday]);
        let texts = [
            &self.site,
            &self.title,
            &self.when,
            &self.place,
            &self.change,
        ];
        let texts = texts.into_iter().chain(date).map(String::as_str);
        for text in [DRAWING, self.lang.tag()].into_iter().chain(texts) {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hex::encode(&hash.finalize()[..HASHED])
    }

    /// Cuts every text to the length that can be visible.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        let texts = [
            &mut self.site,
            &mut self.title,
            &mut self.when,
            &mut self.place,
            &mut self.change,
        ];
        for text in texts {
            if let Some((at, _)) = text.char_indices().nth(MOST) {
                text.truncate(at);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_follows_every_text() {
        let card = PreviewCard {
            subject: PreviewSubject::Record("events", "gala".into()),
            title: "Gala".into(),
            ..PreviewCard::default()
        };
        assert!(card.path().starts_with("/og/events/gala.nb."));
        let moved = PreviewCard {
            when: "Lørdag".into(),
            ..card.clone()
        };
        let elsewhere = PreviewCard {
            place: "Lørdag".into(),
            ..card.clone()
        };
        assert_ne!(moved.path(), card.path());
        assert_ne!(moved.path(), elsewhere.path());
    }
}
