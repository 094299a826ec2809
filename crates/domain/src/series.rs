//! Series of events and their editions.

use serde::{Deserialize, Serialize};
use url::Url;

use super::recurrence::RecurrenceRule;
use super::{EventId, Owner, Slug, Text};

/// An event that recurs over the years: `grundsetmartn-2027` is an edition of `grundsetmartn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Part of its address, `/series/<slug>`; never changes.
    pub slug: Slug,
    /// The title.
    pub title: Text,
    /// Other names used in search and matching.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One or two sentences.
    #[serde(default)]
    pub summary: Text,
    /// The full description; an empty line separates paragraphs.
    #[serde(default)]
    pub description: Text,
    /// Categories of its editions.
    #[serde(default)]
    pub categories: Vec<Slug>,
    /// Audiences of its editions.
    #[serde(default)]
    pub audiences: Vec<Slug>,
    /// Places of its editions, the main place first.
    #[serde(default)]
    pub places: Vec<Slug>,
    /// The municipality it belongs to, by slug.
    #[serde(default)]
    pub municipality: Option<Slug>,
    /// The organizer, if verified.
    #[serde(default)]
    pub organizer: Option<Slug>,
    /// The series' own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// The series that this one is a part of.
    #[serde(default)]
    pub super_series: Option<Slug>,
    /// The usual time as a rule, from which tentative dates are computed.
    #[serde(default)]
    pub rule: Option<RuleHint>,
    /// The usual time of year in words, for a series without a rule.
    #[serde(default)]
    pub usual_time: Text,
    /// The known editions, oldest first.
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// Position in lists, in ascending order.
    #[serde(default)]
    pub rank: u32,
    /// Owner of the record.
    pub owner: Owner,
}

/// The usual time of a series. Dates computed from it are tentative and are never confirmed by the
/// rule itself, unless the day is fixed by law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleHint {
    /// Gives the first day of each edition.
    pub rrule: RecurrenceRule,
    /// Duration of an edition in days, from 1.
    pub days: u32,
    /// The rule in words.
    pub text: Text,
    /// The evidence for the rule, in words.
    pub confidence: Text,
    /// Whether the day is fixed by law and therefore not tentative.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub certain: bool,
}

/// One year of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Identifies the edition within its series; usually the year: `2027`.
    pub label: Slug,
    /// The year it belongs to.
    pub year: i32,
    /// Whether it has a date, was cancelled, or was not held.
    pub standing: EditionStanding,
    /// The source of this information: a name or a description, which may differ by language.
    #[serde(default)]
    pub source: Text,
    /// A note on how certain the information is.
    #[serde(default)]
    pub note: Text,
}

/// The state of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionStanding {
    /// The edition has a date; everything else, including its status, is in this event.
    Event(EventId),
    /// The edition was cancelled and its planned date is unknown.
    Cancelled,
    /// No edition was planned for that year.
    NotHeld,
}

impl Series {
    /// Returns the edition with a label.
    #[must_use]
    pub fn edition(&self, label: &str) -> Option<&Edition> {
        self.editions
            .iter()
            .find(|edition| edition.label.as_str() == label)
    }
}
