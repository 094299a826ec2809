//! Identifiers, validated on construction.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::nfc::composed;

/// Error for a text that is not a valid identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{given}» is not a valid {kind}: {allowed}")]
pub struct IdError {
    /// The kind of identifier expected.
    pub kind: &'static str,
    /// The text, cut to 80 characters.
    pub given: String,
    /// What is allowed.
    pub allowed: &'static str,
}

impl IdError {
    fn new(kind: &'static str, given: &str, allowed: &'static str) -> Self {
        let given = given.chars().take(80).collect();
        Self {
            kind,
            given,
            allowed,
        }
    }
}

/// Defines a newtype over a validated `String` with `FromStr`, `Display` and validating serde.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $allowed:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The allowed form, for messages.
            pub const ALLOWED: &'static str = $allowed;

            /// Returns the identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError::new($kind, text, $allowed))
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

fn is_slug(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

checked_text!(
    /// The readable part of an address: `grundsetmartn-2027`. Never changes once published.
    Slug,
    "slug",
    "1 to 100 of a-z, 0-9 and single hyphens inside",
    is_slug
);
checked_text!(
    /// The key of an event record. Never shown as text, never changed.
    EventId,
    "event id",
    "1 to 100 of a-z, 0-9 and single hyphens inside",
    is_slug
);
checked_text!(
    /// The name of a connector, as in `partner add --kind`: `linked_events`.
    ConnectorId,
    "connector",
    "1 to 40 of a-z and _",
    |text| (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
);
checked_text!(
    /// The key of a partner, as in `partners.toml` and on the command line.
    PartnerId,
    "partner id",
    "1 to 100 of a-z, 0-9 and single hyphens inside",
    is_slug
);
checked_text!(
    /// The `UID` of RFC 5545 3.8.4.7, as given by the source. Any character except controls is
    /// allowed, since existing calendars use them.
    Uid,
    "UID",
    "1 to 1000 bytes without control characters",
    |text| (1..=1000).contains(&text.len()) && !text.chars().any(char::is_control)
);
checked_text!(
    /// The short name of a [stored filter](super::StoredFilter) in addresses.
    ShortName,
    "short name",
    "12 of the letters a to z without l and o, and the digits 2 to 9",
    ShortName::fits
);
checked_text!(
    /// The key of an account. Never shown.
    AccountId,
    "account id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The key of an outgoing mail.
    MailId,
    "mail id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The key of an organisation. Never shown as text.
    OrganisationId,
    "organisation id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The key of a submission.
    SubmissionId,
    "submission id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The key of a visitor without an account. Says nothing about who it is.
    VisitorId,
    "visitor id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The key of a report of a mistake in an event.
    ReportId,
    "report id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The number of an erasure, on its receipt. Says nothing about whose data it was.
    ErasureId,
    "erasure id",
    "a UUID in lower case with hyphens",
    is_uuid
);
checked_text!(
    /// The name of an image file: the SHA-256 of its content.
    ImageName,
    "image name",
    "64 hexadecimal digits in lower case",
    |text| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
);
checked_text!(
    /// A Norwegian municipality number: four digits, `3420` for Elverum.
    MunicipalityNumber,
    "municipality number",
    "four digits, such as 3420",
    |text| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
);
checked_text!(
    /// A Norwegian organisation number: nine digits, the last a modulus 11 check digit
    /// (Brønnøysundregistrene, weights 3 2 7 6 5 4 3 2).
    OrganisationNumber,
    "organisation number",
    "nine digits of which the last is the modulus 11 check digit",
    is_organisation_number
);

fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok_and(|id| id.as_hyphenated().to_string() == text)
}

fn is_organisation_number(text: &str) -> bool {
    if text.len() != 9 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let digits: Vec<u32> = text.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = digits
        .iter()
        .zip([3, 2, 7, 6, 5, 4, 3, 2])
        .map(|(d, w)| d * w)
        .sum();
    match 11 - sum % 11 {
        11 => digits[8] == 0,
        10 => false,
        check => digits[8] == check,
    }
}

impl Slug {
    /// Returns a slug for any text. Norwegian letters become their usual ASCII forms (æ → ae, ø →
    /// o, å → a), and everything else except letters and digits a hyphen. The slug is cut at the
    /// end of a word to at most 80 characters. A text without letters or digits gives `event`.
    ///
    /// ```
    /// use calendar_domain::Slug;
    ///
    /// assert_eq!(Slug::from_text("Høst på Grundsetmart'n!").as_str(), "host-pa-grundsetmartn");
    /// ```
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut out = String::new();
        for c in composed(text).chars().flat_map(char::to_lowercase) {
            match ascii_of(c) {
                Some(letters) => out.push_str(letters),
                None if c.is_ascii_alphanumeric() => out.push(c),
                // «Grundsetmart'n» is one word.
                None if matches!(c, '\'' | '’') => {}
                None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
                None => {}
            }
            if out.len() > 120 {
                break;
            }
        }
        if out.len() > 80 {
            let cut = out[..80].rfind('-').filter(|at| *at > 20).unwrap_or(80);
            out.truncate(cut);
        }
        let trimmed = out.trim_matches('-');
        Self(if trimmed.is_empty() {
            "event".to_owned()
        } else {
            trimmed.to_owned()
        })
    }

    /// Returns the slug followed by `-suffix`, shortened first if the result would be too long.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        let suffix = Self::from_text(suffix);
        let room = 99_usize.saturating_sub(suffix.0.len());
        let stem = self.0.get(..room).unwrap_or(&self.0).trim_end_matches('-');
        Self(format!("{stem}-{suffix}"))
    }
}

fn ascii_of(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' | 'ä' => "ae",
        'ø' | 'ö' | 'ó' | 'ò' | 'ô' => "o",
        'å' | 'á' | 'à' | 'â' | 'ã' => "a",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ü' | 'ú' | 'ù' | 'û' => "u",
        'ç' => "c",
        'ñ' => "n",
        'ß' => "ss",
        _ => return None,
    })
}

impl From<Slug> for EventId {
    fn from(slug: Slug) -> Self {
        Self(slug.0)
    }
}

/// Implements `From<Uuid>` for ids that may be UUIDs.
macro_rules! from_uuid {
    ($($id:ty),* $(,)?) => {
        $(impl From<uuid::Uuid> for $id {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid.as_hyphenated().to_string())
            }
        })*
    };
}
from_uuid!(
    EventId,
    AccountId,
    OrganisationId,
    SubmissionId,
    VisitorId,
    ReportId,
    ErasureId,
    MailId,
    Uid
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_norwegian_titles() {
        let slug = |t: &str| Slug::from_text(t).to_string();
        assert_eq!(slug("Grundsetmart'n 2027"), "grundsetmartn-2027");
        assert_eq!(slug("Sørlistøa fløtermuseum"), "sorlistoa-flotermuseum");
        assert_eq!(slug("Ærlig – «Åpen dag»!"), "aerlig-apen-dag");
        assert_eq!(slug("A\u{30a}mot"), "amot");
        assert_eq!(slug("***"), "event");
        assert_eq!(slug("日本語"), "event");
    }

    #[test]
    fn every_made_slug_is_a_slug_however_long() {
        for text in [
            "x".repeat(500),
            "ord ".repeat(100),
            "æ".repeat(90),
            "-".repeat(9),
        ] {
            let made = Slug::from_text(&text);
            assert!(is_slug(made.as_str()), "{made}");
            assert!(is_slug(made.with_suffix(&"y".repeat(60)).as_str()));
        }
    }

    #[test]
    fn organisation_numbers_are_checked_by_modulus_11() {
        assert!("952857991".parse::<OrganisationNumber>().is_ok());
        assert!("952857992".parse::<OrganisationNumber>().is_err());
        assert!("95285799".parse::<OrganisationNumber>().is_err());
    }

    #[test]
    fn a_uid_carries_no_line_break() {
        assert!("a@b".parse::<Uid>().is_ok());
        assert!("a\r\nBEGIN:VEVENT".parse::<Uid>().is_err());
        assert!("".parse::<Uid>().is_err());
    }
}
