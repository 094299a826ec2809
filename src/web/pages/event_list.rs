//! Lists of events by month and day.

use chrono::{Datelike, NaiveDate};

use super::LocalizedText;
use super::date_block::{Bar, DateBlock};
use super::picture::PageImage;
use calendar_domain::EventStatus;
use calendar_language::{Words, capitalised};

/// One occurrence in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Address of its page.
    pub url: String,
    /// The title.
    pub title: LocalizedText,
    /// «kl. 18.00», «klokkeslett kommer», «6.–15. august»; may be empty.
    pub time: String,
    /// One or two sentences; may be empty.
    pub summary: LocalizedText,
    /// Place and municipality in one line; may be empty.
    pub place: String,
    /// Categories, and «Gratis».
    pub tags: Vec<String>,
    /// The change, if there is one.
    pub mark: Option<StatusMark>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
    /// Its days as a bar, if there are several.
    pub bar: Option<Bar>,
    /// Its first picture.
    pub picture: Option<PageImage>,
}

/// A label for an event that does not take place as scheduled. Nothing else uses the accent color.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusMark {
    /// CSS class: `cancelled`, `tentative`, `postponed`, `moved` or `online`.
    pub class: &'static str,
    /// «Avlyst».
    pub label: String,
    /// Details, such as the previous time; may be empty.
    pub detail: String,
}

impl StatusMark {
    /// Returns the label of a status, or `None` for a scheduled event.
    #[must_use]
    pub fn new(status: EventStatus, detail: String, words: Words) -> Option<Self> {
        let class = Self::class(status)?;
        let label = words.status_label(status)?;
        Some(Self {
            class,
            label,
            detail,
        })
    }

    /// Returns the CSS class of a status, or `None` for a scheduled event.
    #[must_use]
    pub fn class(status: EventStatus) -> Option<&'static str> {
        match status {
            EventStatus::Scheduled => None,
            EventStatus::Tentative => Some("tentative"),
            EventStatus::Cancelled => Some("cancelled"),
            EventStatus::Postponed => Some("postponed"),
            EventStatus::Rescheduled => Some("moved"),
            EventStatus::MovedOnline => Some("online"),
        }
    }
}

/// A row with its day.
#[derive(Debug, Clone)]
pub struct Dated {
    /// The day under which it is listed.
    pub day: NaiveDate,
    /// The row.
    pub row: EventRow,
}

/// Occurrences that begin on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventListDay {
    /// The date block of the day.
    pub date_block: DateBlock,
    /// «uke 31» on the first listed day of a week; else empty.
    pub week: String,
    /// Whether it is today.
    pub today: bool,
    /// The occurrences, in order.
    pub rows: Vec<EventRow>,
}

impl EventListDay {
    /// Returns true if everything listed on the day is tentative; its number is then drawn thin.
    #[must_use]
    pub fn pencilled(&self) -> bool {
        let tentative = |row: &EventRow| {
            row.mark
                .as_ref()
                .is_some_and(|mark| mark.class == "tentative")
        };
        self.rows.iter().all(tentative)
    }
}

/// The days of one month that have events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `2027-03`, as a fragment identifier.
    pub id: String,
    /// «Mars 2027».
    pub title: String,
    /// The days, in order.
    pub days: Vec<EventListDay>,
}

/// Returns rows in the order of a search, as one section, each under its day. Days of another year than today's have their
/// year beside them.
#[must_use]
pub fn by_relevance(
    rows: impl IntoIterator<Item = Dated>,
    title: String,
    today: NaiveDate,
    words: Words,
) -> Vec<Month> {
    let day = |Dated { day, row }: Dated| EventListDay {
        date_block: DateBlock::new(day, words),
        week: if day.year() == today.year() {
            String::new()
        } else {
            day.year().to_string()
        },
        today: day == today,
        rows: vec![row],
    };
    let days: Vec<EventListDay> = rows.into_iter().map(day).collect();
    if days.is_empty() {
        return Vec::new();
    }
    vec![Month {
        id: "hits".to_owned(),
        title,
        days,
    }]
}

/// Groups rows, sorted by day, into days and months.
#[must_use]
pub fn by_month(
    rows: impl IntoIterator<Item = Dated>,
    today: NaiveDate,
    words: Words,
) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    let mut before: Option<NaiveDate> = None;
    for Dated { day, row } in rows {
        let new_month = before.is_none_or(|b| (b.year(), b.month()) != (day.year(), day.month()));
        if new_month {
            months.push(Month {
                id: day.format("%Y-%m").to_string(),
                title: capitalised(&words.month_of_year(day)),
                days: Vec::new(),
            });
        }
        let Some(month) = months.last_mut() else {
            continue;
        };
        match month.days.last_mut() {
            Some(last) if before == Some(day) => last.rows.push(row),
            _ => {
                let same_week = before.is_some_and(|b| b.iso_week() == day.iso_week());
                month.days.push(EventListDay {
                    date_block: DateBlock::new(day, words),
                    week: if same_week {
                        String::new()
                    } else {
                        words.week(day)
                    },
                    today: day == today,
                    rows: vec![row],
                });
            }
        }
        before = Some(day);
    }
    months
}
