//! How a partner's calendar is reached and read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConnectorId, Lang, MunicipalityNumber, Slug};

/// How often a partner is asked where nothing else is said, in minutes.
pub const EVERY_MINUTES: u32 = 60;

/// Where a partner's events come from, and what becomes of them on their way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Which connector reads it.
    #[serde(alias = "kind")]
    pub connector: ConnectorId,
    /// Where it is asked; absent where the partner sends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// The name to log in with, where the partner wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The environment variable that has the password, token or key; never the secret itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
    /// Minutes from one run to the next, before jitter.
    #[serde(default = "every_minutes")]
    pub every_minutes: u32,
    /// Whether it is asked only when somebody says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// What becomes of a new event.
    #[serde(default)]
    pub trust: Trust,
    /// Whether it speaks for its own events or passes on those of others.
    #[serde(default)]
    pub rank: Rank,
    /// The zone of times that have none of their own; without it, the region's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
    /// The language of texts that do not say theirs; without it, bokmål.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    /// What its words mean here.
    #[serde(default, skip_serializing_if = "Mapping::is_empty")]
    pub mapping: Mapping,
    /// What a Linked Events calendar has to be told, where events are sent to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_events: Option<LinkedEventsSettings>,
}

fn every_minutes() -> u32 {
    EVERY_MINUTES
}

impl Connection {
    /// A connection of which only the connector and the address are known.
    #[must_use]
    pub fn new(connector: ConnectorId, url: Option<Url>) -> Self {
        Self {
            connector,
            url,
            user: None,
            secret: None,
            every_minutes: EVERY_MINUTES,
            paused: false,
            trust: Trust::default(),
            rank: Rank::default(),
            time_zone: None,
            language: None,
            mapping: Mapping::default(),
            linked_events: None,
        }
    }
}

impl Connection {
    /// Returns true if the partner is asked by itself, again and again.
    #[must_use]
    pub fn is_scheduled(&self) -> bool {
        self.url.is_some() && !self.paused
    }
}

/// What a Linked Events calendar has to be told to take events: only its operator knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkedEventsSettings {
    /// The name of the data source that the API key belongs to: ids of what is sent begin with it.
    pub data_source: String,
    /// The calendar's key for each language of ours. Texts in other languages are not sent.
    pub languages: BTreeMap<Lang, String>,
    /// The keyword of events whose categories `mapping.categories` does not name.
    pub keyword: Option<String>,
    /// Ids of the calendar's places by our slug or by name. Other places are looked for by their name, and
    /// made where there is none.
    pub places: BTreeMap<String, String>,
    /// The place of events that have none.
    pub place: Option<String>,
    /// The place of events that are held online alone.
    pub online_place: Option<String>,
}

impl LinkedEventsSettings {
    /// Returns the first setting that is missing or wrong: its name, what is wrong, and what it has to be.
    #[must_use]
    pub fn mistake(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let name = |text: &str| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !text.is_empty() && text.len() <= 40 && text.bytes().all(fits)
        };
        if !name(&self.data_source) {
            let wrong = match self.data_source.is_empty() {
                true => "is missing",
                false => "is no name of a data source",
            };
            let allowed = "the name of the data source that the API key belongs to";
            return Some(("data_source", wrong, allowed));
        }
        let allowed = "the calendar's key for each language that is sent, such as { nb = \"fi\" }";
        if self.languages.is_empty() {
            return Some(("languages", "is missing", allowed));
        }
        let all = self.languages.values();
        let wrong = all.into_iter().any(|key| !name(key));
        wrong.then_some(("languages", "has what is no key of a language", allowed))
    }
}

/// What becomes of a partner's new event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Everyone sees it at once.
    #[default]
    Publish,
    /// It waits for an editor.
    Queue,
}

/// Whose word counts where two partners tell of one event.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// It collects the events of others.
    Aggregator,
    /// It holds the events that it tells of, or is their place or ticket seller.
    #[default]
    Primary,
}

/// What a partner's words mean here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Where the place comes from.
    pub place: PlaceRule,
    /// Ours for the partner's words for subjects; words that are not listed are looked up by name.
    pub categories: BTreeMap<String, BTreeSet<Slug>>,
    /// Ours for the partner's words for groups of people.
    pub audiences: BTreeMap<String, BTreeSet<Slug>>,
    /// Subjects that each of its events gets.
    pub add_categories: BTreeSet<Slug>,
    /// Groups that each of its events gets.
    pub add_audiences: BTreeSet<Slug>,
    /// Which events are taken.
    pub take: Take,
}

impl Mapping {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where the place of a partner's events comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceRule {
    /// Each event says its own.
    #[default]
    Event,
    /// All are at one place, whatever they say.
    Fixed(Slug),
    /// What the event says is a room of this place.
    RoomOf(Slug),
    /// All are online.
    Online,
}

/// Which of a partner's events are taken: those that pass every part that says something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Take {
    /// In one of these municipalities, or in none that is known.
    pub municipalities: BTreeSet<MunicipalityNumber>,
    /// With one of these words for its subject, the partner's own.
    pub categories: BTreeSet<String>,
    /// With one of these in its title or text.
    pub words: BTreeSet<String>,
    /// With none of these in its title or text.
    pub not_words: BTreeSet<String>,
    /// Beginning within so many days.
    pub days_ahead: Option<u32>,
}

/// The name of an environment variable that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// A text that is no name of an environment variable; the text is not repeated, since it may be the
/// secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret has to be the name of an environment variable (A-Z, 0-9 and _, beginning with a \
     letter) that holds it, not the secret itself"
)]
pub struct SecretNameError;

impl SecretName {
    /// The variable.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for SecretName {
    type Err = SecretNameError;

    fn from_str(text: &str) -> Result<Self, SecretNameError> {
        let shape = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_uppercase());
        if first && text.len() <= 100 && text.bytes().all(shape) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SecretNameError)
        }
    }
}

impl TryFrom<String> for SecretName {
    type Error = SecretNameError;
    fn try_from(text: String) -> Result<Self, SecretNameError> {
        text.parse()
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
