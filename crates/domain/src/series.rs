//! Events that come back: a series and its editions.

use serde::{Deserialize, Serialize};
use url::Url;

use super::recurrence::RecurrenceRule;
use super::{EventId, Owner, Slug, Text};

/// A flagship event over the years: `grundsetmartn`, of which `grundsetmartn-2027` is an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its address in this service, `/series/<slug>`; never changes.
    pub slug: Slug,
    /// What it is called.
    pub title: Text,
    /// Other names it is searched and matched by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One or two sentences.
    #[serde(default)]
    pub summary: Text,
    /// The long text, paragraphs parted by an empty line.
    #[serde(default)]
    pub description: Text,
    /// What its editions are about.
    #[serde(default)]
    pub categories: Vec<Slug>,
    /// Whom its editions speak to.
    #[serde(default)]
    pub audiences: Vec<Slug>,
    /// Where its editions are held, the main place first.
    #[serde(default)]
    pub places: Vec<Slug>,
    /// The municipality it belongs to, by slug.
    #[serde(default)]
    pub municipality: Option<Slug>,
    /// Who holds it, where that is verified.
    #[serde(default)]
    pub organizer: Option<Slug>,
    /// Its own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// The series that this one is a part of.
    #[serde(default)]
    pub super_series: Option<Slug>,
    /// When it usually is, for a tentative date ahead of time.
    #[serde(default)]
    pub rule: Option<RuleHint>,
    /// Usual time of year in words, where no rule gives a date.
    #[serde(default)]
    pub usual_time: Text,
    /// What is known of each year, oldest first.
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// Its place in lists, low first.
    #[serde(default)]
    pub rank: u32,
    /// Who last set the record.
    pub owner: Owner,
}

/// When a series usually is. Only a hint: what it gives is tentative and never confirms itself, unless the day is fixed
/// by law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleHint {
    /// Gives the first day in each year.
    pub rrule: RecurrenceRule,
    /// How many days an edition lasts, from 1.
    pub days: u32,
    /// The rule in words.
    pub text: Text,
    /// What the rule rests on, in words.
    pub confidence: Text,
    /// Whether the day is fixed by law, so that nothing is provisional about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub certain: bool,
}

/// One year of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Names the edition within its series; usually the year: `2027`.
    pub label: Slug,
    /// The year it belongs to.
    pub year: i32,
    /// What became of it.
    pub standing: EditionStanding,
    /// Where this is known from: a name or a description, in words that may differ by language.
    #[serde(default)]
    pub source: Text,
    /// What a reader should know of how sure it is.
    #[serde(default)]
    pub note: Text,
}

/// What is known of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionStanding {
    /// It has a date: the event tells the rest, its own status included.
    Event(EventId),
    /// It was cancelled, and no date is known that it was planned for.
    Cancelled,
    /// It was never planned for that year.
    NotHeld,
}

impl Series {
    /// The edition of a year.
    #[must_use]
    pub fn edition(&self, label: &str) -> Option<&Edition> {
        self.editions
            .iter()
            .find(|edition| edition.label.as_str() == label)
    }
}
