//! The pieces of an embed as finished texts: days and events.

use chrono::NaiveDate;
use serde::Serialize;

use crate::catalog::{EventOccurrence, caught};
use crate::web::pages::date_block::DateBlock;
use crate::web::pages::event_list::StatusMark;
use crate::web::pages::facts::{Credit, partner_credits};
use crate::web::pages::{LocalizedText, PageContext};
use calendar_domain::{EventStatus, Lang};

/// A day with its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedDay {
    /// The date.
    pub date: EmbedDate,
    /// «i dag», or empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub today: String,
    /// Whether every event of the day is tentative.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tentative: bool,
    /// The events, in order.
    pub events: Vec<EmbedEvent>,
    /// The events that are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreLink>,
}

/// A date in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedDate {
    /// ISO 8601.
    pub iso: String,
    /// «lør».
    pub weekday: String,
    /// «7».
    pub day: String,
    /// «mars».
    pub month: String,
    /// «lørdag 7. mars 2027», for screen readers.
    pub full: String,
}

/// An occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedEvent {
    /// Full address of its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The language of the title, if it is not that of the embed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// «kl. 18.00»; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub time: String,
    /// Place and municipality; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub place: String,
    /// The change, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<EmbedStatus>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub places_left: String,
    /// One or two sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<EmbedText>,
    /// The credits that partners require.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<EmbedCredit>,
    /// The licence of its data, by its name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// A text with its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedText {
    /// The text.
    pub text: String,
    /// The language, if it is not that of the embed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}

/// A change of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedStatus {
    /// `cancelled`, `tentative`, `postponed`, `moved` or `online`.
    pub kind: &'static str,
    /// «Avlyst».
    pub label: String,
    /// Details, such as the previous time; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub detail: String,
}

/// A credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedCredit {
    /// «Kilde: …».
    pub text: String,
    /// Address of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A link into the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedLink {
    /// The text.
    pub text: String,
    /// The full address.
    pub url: String,
}

/// A link to the events of a day that are not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoreLink {
    /// «2 flere».
    pub text: String,
    /// «2 flere, lørdag 7. mars 2027».
    pub label: String,
    /// The full address.
    pub url: String,
}

impl EmbedDay {
    /// Returns a day with events.
    #[must_use]
    pub fn new(context: &PageContext, date: NaiveDate, events: Vec<EmbedEvent>) -> Self {
        let today = if date == context.today() {
            context.words.say("today").into_owned()
        } else {
            String::new()
        };
        Self {
            date: DateBlock::new(date, context.words).into(),
            today,
            tentative: events.iter().all(EmbedEvent::is_tentative),
            events,
            more: None,
        }
    }
}

impl From<DateBlock> for EmbedDate {
    fn from(block: DateBlock) -> Self {
        Self {
            iso: block.iso,
            weekday: block.weekday,
            day: block.day,
            month: block.month,
            full: block.full,
        }
    }
}

impl EmbedEvent {
    /// Returns an occurrence; `None` if it can't be rendered, which is logged.
    #[must_use]
    pub fn from_occurrence(context: &PageContext, occurrence: &EventOccurrence) -> Option<Self> {
        let event = caught(|| Self::new(context, occurrence));
        let event = event.inspect_err(|why| {
            tracing::error!(event = %occurrence.event.id, why, "an event is left out of an embed");
        });
        event.ok()
    }

    fn new(context: &PageContext, occurrence: &EventOccurrence) -> Self {
        let row = context.row(occurrence).row;
        Self {
            url: format!("{}{}", context.origin, row.url),
            title: row.title.text,
            lang: row.title.other,
            time: row.time,
            place: row.place,
            status: row.mark.map(EmbedStatus::from),
            places_left: row.places_left,
            summary: EmbedText::from_localized(row.summary),
            credits: credits(partner_credits(context, &occurrence.event)),
            licence: context.snapshot.licence_of(&occurrence.event),
        }
    }

    /// Returns true if its date is unconfirmed.
    #[must_use]
    pub fn is_tentative(&self) -> bool {
        let tentative = StatusMark::class(EventStatus::Tentative);
        self.status.as_ref().map(|status| status.kind) == tentative
    }
}

impl EmbedText {
    /// Returns a text, unless it is empty.
    #[must_use]
    pub fn from_localized(text: LocalizedText) -> Option<Self> {
        let is_there = !text.is_empty();
        is_there.then_some(Self {
            text: text.text,
            lang: text.other,
        })
    }
}

impl From<StatusMark> for EmbedStatus {
    fn from(mark: StatusMark) -> Self {
        Self {
            kind: mark.class,
            label: mark.label,
            detail: mark.detail,
        }
    }
}

/// Returns credits for an embed.
#[must_use]
pub fn credits(credits: Vec<Credit>) -> Vec<EmbedCredit> {
    let credit = |credit: Credit| EmbedCredit {
        text: credit.text,
        url: credit.url,
    };
    credits.into_iter().map(credit).collect()
}
