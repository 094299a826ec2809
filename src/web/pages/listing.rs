//! A list of events that reads like a calendar: months, days, events.

use chrono::{Datelike, NaiveDate};

use super::Said;
use super::leaf::{Bar, Leaf};
use crate::domain::EventStatus;
use crate::language::{Words, capitalised};

/// One happening in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub title: Said,
    /// «kl. 18.00», «klokkeslett kommer», «6.–15. august»; empty for one whole day.
    pub time: String,
    /// One or two sentences; may be empty.
    pub summary: Said,
    /// Place and municipality in one line; may be empty.
    pub place: String,
    /// Categories, and «Gratis».
    pub tags: Vec<String>,
    /// What has changed, if anything has.
    pub mark: Option<Mark>,
    /// The days, where there are several.
    pub bar: Option<Bar>,
}

/// What is said of an event that is not simply on: the only thing painted in the accent colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// CSS class: `cancelled`, `tentative`, `postponed`, `moved` or `online`.
    pub class: &'static str,
    /// «Avlyst».
    pub label: String,
    /// What more there is to say, such as the old time; may be empty.
    pub detail: String,
}

impl Mark {
    /// The mark of a status; none for an event that is on as told.
    #[must_use]
    pub fn of(status: EventStatus, detail: String, words: Words) -> Option<Self> {
        let class = match status {
            EventStatus::Scheduled => return None,
            EventStatus::Tentative => "tentative",
            EventStatus::Cancelled => "cancelled",
            EventStatus::Postponed => "postponed",
            EventStatus::Rescheduled => "moved",
            EventStatus::MovedOnline => "online",
        };
        let label = words.standing(status)?;
        Some(Self {
            class,
            label,
            detail,
        })
    }
}

/// A row on its days, ready to be put into months.
#[derive(Debug, Clone)]
pub struct Dated {
    /// The day it is listed under.
    pub day: NaiveDate,
    /// What is shown.
    pub row: Row,
}

/// The events that begin on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The date, drawn once for all of them.
    pub leaf: Leaf,
    /// «uke 31» on the first day listed of a week; else empty.
    pub week: String,
    /// Whether it is today.
    pub today: bool,
    /// The events, in order.
    pub rows: Vec<Row>,
}

impl Day {
    /// Whether nothing that is listed on it is sure, so that its number is drawn thin.
    #[must_use]
    pub fn pencilled(&self) -> bool {
        let tentative = |row: &Row| row.mark.as_ref().is_some_and(|it| it.class == "tentative");
        self.rows.iter().all(tentative)
    }
}

/// The days of one month that have events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `2027-03`, for links into the page.
    pub id: String,
    /// «Mars 2027».
    pub title: String,
    /// Its days, in order.
    pub days: Vec<Day>,
}

/// Puts rows, which come in order of their days, under their days and months.
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
                month.days.push(Day {
                    leaf: Leaf::of(day, words),
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
