//! The structure of the data files. Values that are validated later carry their position in the
//! file; the conversion to records validates them.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use calendar_domain::partner::Permission;
use calendar_domain::{Connection, EventStatus, HolidayKind, Lang, Text};

/// A text with its position in the file.
pub(super) type SpannedText = Spanned<String>;

/// `region.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionFile {
    pub name: Spanned<Text>,
    #[serde(default)]
    pub tagline: Text,
    pub publisher: Option<SpannedText>,
    pub contact: Option<SpannedText>,
    pub licence: Option<LicenceRow>,
    pub county: Option<SpannedText>,
    pub country: Option<SpannedText>,
    pub time_zone: SpannedText,
    pub languages: Spanned<Vec<Lang>>,
    pub uid_namespace: SpannedText,
    #[serde(default)]
    pub municipality: Vec<MunicipalityRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceRow {
    pub name: SpannedText,
    pub url: SpannedText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MunicipalityRow {
    pub number: SpannedText,
    pub slug: SpannedText,
    pub name: SpannedText,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    #[serde(default)]
    pub former_numbers: Vec<SpannedText>,
}

/// `categories.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoriesFile {
    #[serde(default)]
    pub category: Vec<TopicRow>,
}

/// `audiences.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AudiencesFile {
    #[serde(default)]
    pub audience: Vec<TopicRow>,
}

/// A category or an audience; only categories have a color.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicRow {
    pub slug: SpannedText,
    pub name: Spanned<Text>,
    #[serde(default)]
    pub description: Text,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    pub color: Option<SpannedText>,
}

/// `places.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacesFile {
    #[serde(default)]
    pub place: Vec<PlaceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRow {
    pub slug: SpannedText,
    pub name: SpannedText,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    pub municipality: Option<SpannedText>,
    pub street: Option<String>,
    pub postal_code: Option<SpannedText>,
    pub locality: Option<String>,
    pub latitude: Option<Spanned<f64>>,
    pub longitude: Option<Spanned<f64>>,
    #[serde(default)]
    pub description: Text,
    pub website: Option<SpannedText>,
    pub source: Option<String>,
}

/// `organizers.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizersFile {
    #[serde(default)]
    pub organizer: Vec<OrganizerRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizerRow {
    pub slug: SpannedText,
    pub name: SpannedText,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    #[serde(default)]
    pub description: Text,
    pub website: Option<SpannedText>,
    pub organisation_number: Option<SpannedText>,
    pub email: Option<SpannedText>,
    pub telephone: Option<String>,
    pub source: Option<String>,
}

/// `partners.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnersFile {
    #[serde(default)]
    pub partner: Vec<PartnerRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerRow {
    pub id: SpannedText,
    pub name: SpannedText,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    #[serde(default)]
    pub description: Text,
    pub website: Option<SpannedText>,
    #[serde(default)]
    pub policy: PolicyRow,
    #[serde(default)]
    pub internal: bool,
    pub connection: Option<Spanned<Connection>>,
    pub push: Option<Spanned<Connection>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyRow {
    pub credit: Option<String>,
    pub credit_url: Option<SpannedText>,
    pub licence: Option<String>,
    pub indexing: Option<Permission>,
    pub passing_on: Option<Permission>,
    pub images: Option<Permission>,
}

/// `holidays.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidaysFile {
    #[serde(default)]
    pub holiday: Vec<HolidayRow>,
    #[serde(default)]
    pub school_break: Vec<SchoolBreakRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchoolBreakRow {
    pub name: Spanned<Text>,
    pub first: Spanned<Datetime>,
    pub last: Spanned<Datetime>,
    pub municipalities: Vec<SpannedText>,
    pub source: SpannedText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayRow {
    pub slug: SpannedText,
    pub name: Spanned<Text>,
    pub kind: HolidayKind,
    pub date: Option<SpannedText>,
    pub easter: Option<Spanned<i32>>,
}

/// `series.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeriesFile {
    #[serde(default)]
    pub series: Vec<SeriesRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeriesRow {
    pub slug: SpannedText,
    pub title: Spanned<Text>,
    #[serde(default)]
    pub aliases: Vec<SpannedText>,
    #[serde(default)]
    pub summary: Text,
    #[serde(default)]
    pub description: Text,
    #[serde(default)]
    pub categories: Vec<SpannedText>,
    #[serde(default)]
    pub audiences: Vec<SpannedText>,
    #[serde(default)]
    pub places: Vec<SpannedText>,
    pub municipality: Option<SpannedText>,
    pub locality: Option<SpannedText>,
    pub organizer: Option<SpannedText>,
    pub website: Option<SpannedText>,
    pub super_series: Option<SpannedText>,
    #[serde(default)]
    pub usual_time: Text,
    pub rule: Option<RuleRow>,
    #[serde(default)]
    pub edition: Vec<EditionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleRow {
    pub rrule: SpannedText,
    pub days: Spanned<u32>,
    pub text: Spanned<Text>,
    pub confidence: Spanned<Text>,
    #[serde(default)]
    pub certain: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditionRow {
    pub year: Spanned<i32>,
    pub start: Option<Spanned<Datetime>>,
    pub end: Option<Spanned<Datetime>>,
    pub time: Option<Spanned<Datetime>>,
    pub end_time: Option<Spanned<Datetime>>,
    pub status: Option<Spanned<EditionOutcome>>,
    pub previous_start: Option<Spanned<Datetime>>,
    pub source: Option<SourceWords>,
    #[serde(default)]
    pub note: Text,
}

/// The source of an edition: a name that is the same in every language, or a text.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a text, or one in each language: { nb = \"…\", en = \"…\" }"
)]
pub(super) enum SourceWords {
    Name(String),
    Text(Text),
}

/// The state of an edition: an event's status, or that it was not held.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EditionOutcome {
    Scheduled,
    Tentative,
    Cancelled,
    Postponed,
    Rescheduled,
    MovedOnline,
    NotHeld,
}

impl EditionOutcome {
    /// Returns the status of the event; `None` if the edition was not held.
    pub fn status(self) -> Option<EventStatus> {
        Some(match self {
            Self::Scheduled => EventStatus::Scheduled,
            Self::Tentative => EventStatus::Tentative,
            Self::Cancelled => EventStatus::Cancelled,
            Self::Postponed => EventStatus::Postponed,
            Self::Rescheduled => EventStatus::Rescheduled,
            Self::MovedOnline => EventStatus::MovedOnline,
            Self::NotHeld => return None,
        })
    }
}
