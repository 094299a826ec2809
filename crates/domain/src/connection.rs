//! The connection to a partner's calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConnectorId, Lang, MunicipalityNumber, Slug};

/// Default interval between runs, in minutes.
pub const EVERY_MINUTES: u32 = 60;

/// The source of a partner's events and how they are imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The connector that reads it.
    #[serde(alias = "kind")]
    pub connector: ConnectorId,
    /// The address to fetch; absent if the partner sends its events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// The user name, if the partner requires one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The environment variable of the password, token or key; never the secret itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretName>,
    /// Minutes between runs, before jitter.
    #[serde(default = "every_minutes")]
    pub every_minutes: u32,
    /// Whether runs start only on command.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// What happens to a new event.
    #[serde(default)]
    pub trust: Trust,
    /// Whether the partner publishes its own events or aggregates those of others.
    #[serde(default)]
    pub rank: Rank,
    /// The zone of floating times; the region's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
    /// The language of texts without a language tag; bokmål if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    /// Translation of the partner's terms.
    #[serde(default, skip_serializing_if = "Mapping::is_empty")]
    pub mapping: Mapping,
    /// Settings of a Linked Events calendar that events are pushed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_events: Option<LinkedEventsSettings>,
}

fn every_minutes() -> u32 {
    EVERY_MINUTES
}

impl Connection {
    /// Returns a connection with a connector and an address only.
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
    /// Returns true if runs start on a schedule.
    #[must_use]
    pub fn is_scheduled(&self) -> bool {
        self.url.is_some() && !self.paused
    }
}

/// Settings of a Linked Events calendar that events are pushed to. They are known to its operator
/// only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkedEventsSettings {
    /// Data source that the API key belongs to; the ids of pushed events begin with it.
    pub data_source: String,
    /// The calendar's key for each language of ours. Texts in other languages are not sent.
    pub languages: BTreeMap<Lang, String>,
    /// The keyword of events whose categories are not in `mapping.categories`.
    pub keyword: Option<String>,
    /// Ids of the calendar's places by our slug or by name. Other places are searched for by name,
    /// and created if not found.
    pub places: BTreeMap<String, String>,
    /// The place of events without one.
    pub place: Option<String>,
    /// The place of events held only online.
    pub online_place: Option<String>,
}

impl LinkedEventsSettings {
    /// Returns the first setting that is missing or wrong: its name, the error, and what is
    /// allowed.
    #[must_use]
    pub fn mistake(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let name = |text: &str| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !text.is_empty() && text.len() <= 40 && text.bytes().all(fits)
        };
        if !name(&self.data_source) {
            let wrong = match self.data_source.is_empty() {
                true => "is missing",
                false => "is not the name of a data source",
            };
            let allowed = "the name of the API key's data source";
            return Some(("data_source", wrong, allowed));
        }
        let allowed = "the calendar's key for each language, such as { nb = \"fi\" }";
        if self.languages.is_empty() {
            return Some(("languages", "is missing", allowed));
        }
        let all = self.languages.values();
        let wrong = all.into_iter().any(|key| !name(key));
        wrong.then_some(("languages", "has an invalid language key", allowed))
    }
}

/// What happens to a partner's new event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// It is published at once.
    #[default]
    Publish,
    /// It waits for an editor.
    Queue,
}

/// Precedence between partners with the same event.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Aggregates the events of others.
    Aggregator,
    /// Is the organizer, place or ticket seller of its events.
    #[default]
    Primary,
}

/// Translation of a partner's terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// How the place is determined.
    pub place: PlaceRule,
    /// Our categories by the partner's term; other terms are looked up by name.
    pub categories: BTreeMap<String, BTreeSet<Slug>>,
    /// Our audiences by the partner's term.
    pub audiences: BTreeMap<String, BTreeSet<Slug>>,
    /// Categories added to each event.
    pub add_categories: BTreeSet<Slug>,
    /// Audiences added to each event.
    pub add_audiences: BTreeSet<Slug>,
    /// Which events are imported.
    pub take: Take,
}

impl Mapping {
    /// Returns true if nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How the place of a partner's events is determined.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceRule {
    /// By the event.
    #[default]
    Event,
    /// All events are at this place.
    Fixed(Slug),
    /// The event's place is a room of this place.
    RoomOf(Slug),
    /// All events are online.
    Online,
}

/// Which of a partner's events are imported: those that meet every condition that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Take {
    /// In one of these municipalities, or in an unknown one.
    pub municipalities: BTreeSet<MunicipalityNumber>,
    /// With one of these categories, in the partner's own terms.
    pub categories: BTreeSet<String>,
    /// With one of these words in the title or text.
    pub words: BTreeSet<String>,
    /// With none of these words in the title or text.
    pub not_words: BTreeSet<String>,
    /// Starting within this number of days.
    pub days_ahead: Option<u32>,
}

/// The name of an environment variable that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// Error for a text that is no name of an environment variable. It does not repeat the text, which
/// may be the secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret must be the name of the environment variable (A-Z, 0-9 and _, beginning with a letter) that \
     contains it, not the secret itself"
)]
pub struct SecretNameError;

impl SecretName {
    /// Returns the name of the variable.
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
