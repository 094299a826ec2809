//! Dates as graphics: a block for a day, and a bar with a cell for each day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use calendar_language::{Words, Year};

/// One day as a date block: weekday, day, month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateBlock {
    /// ISO 8601, for the `datetime` attribute.
    pub iso: String,
    /// «lør».
    pub weekday: String,
    /// «7».
    pub day: String,
    /// «mars».
    pub month: String,
    /// «2027».
    pub year: String,
    /// «lørdag 7. mars 2027», for screen readers.
    pub full: String,
    /// «uke 9».
    pub week: String,
}

impl DateBlock {
    /// Returns the block of one day.
    #[must_use]
    pub fn new(date: NaiveDate, words: Words) -> Self {
        Self {
            iso: date.to_string(),
            weekday: words.weekday_short(date),
            day: date.day().to_string(),
            month: words.month_short(date),
            year: date.year().to_string(),
            full: words.weekday_date(date, Year::Said),
            week: words.week(date),
        }
    }
}

/// A range of days: a block for the first day and, if there are several, one for the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: DateBlock,
    /// The last day, if there are several.
    pub last: Option<DateBlock>,
}

impl Span {
    /// Returns the range from `first` to `last`, both included.
    #[must_use]
    pub fn new(first: NaiveDate, last: NaiveDate, words: Words) -> Self {
        let last = (last > first).then(|| DateBlock::new(last, words));
        Self {
            first: DateBlock::new(first, words),
            last,
        }
    }

    /// Returns the months: «august», or both if they differ.
    #[must_use]
    pub fn months(&self) -> String {
        match &self.last {
            Some(last) if last.month != self.first.month => {
                format!("{}–{}", self.first.month, last.month)
            }
            _ => self.first.month.clone(),
        }
    }

    /// Returns the weekdays: «fre–søn».
    #[must_use]
    pub fn weekdays(&self) -> String {
        match &self.last {
            Some(last) => format!("{}–{}", self.first.weekday, last.weekday),
            None => self.first.weekday.clone(),
        }
    }
}

/// Maximum number of days drawn as cells.
const MOST_CELLS: i64 = 16;

/// A multi-day event drawn as a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// One cell per day; empty if there are too many.
    pub cells: Vec<BarDay>,
    /// Progress in percent, 0 to 100, for a bar without cells.
    pub percent: i64,
}

/// One day of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarDay {
    /// The day of the month.
    pub day: u32,
    /// CSS classes: `past`, `now` or `ahead`, and `rest` on a Saturday or Sunday.
    pub class: &'static str,
}

impl Bar {
    /// Returns the bar from `first` to `last` as of `today`, or `None` for a single day.
    #[must_use]
    pub fn new(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Option<Self> {
        let days = (last - first).num_days() + 1;
        if days < 2 {
            return None;
        }
        let gone = (today - first).num_days().clamp(0, days);
        let cells = if days > MOST_CELLS {
            Vec::new()
        } else {
            first
                .iter_days()
                .take_while(|date| *date <= last)
                .map(|date| BarDay {
                    day: date.day(),
                    class: class(date, today),
                })
                .collect()
        };
        Some(Self {
            cells,
            percent: gone * 100 / days,
        })
    }
}

fn class(date: NaiveDate, today: NaiveDate) -> &'static str {
    let rest = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    match (date.cmp(&today), rest) {
        (std::cmp::Ordering::Less, false) => "past",
        (std::cmp::Ordering::Less, true) => "past rest",
        (std::cmp::Ordering::Equal, false) => "now",
        (std::cmp::Ordering::Equal, true) => "now rest",
        (std::cmp::Ordering::Greater, false) => "ahead",
        (std::cmp::Ordering::Greater, true) => "ahead rest",
    }
}

/// Returns «Dag 3 av 10» for an event in progress on `today`.
#[must_use]
pub fn progress(first: NaiveDate, last: NaiveDate, today: NaiveDate, words: Words) -> String {
    let whole = (last - first).num_days() + 1;
    let now = ((today - first).num_days() + 1).clamp(1, whole);
    words.say_with("running-day", &[("day", now), ("days", whole)])
}

/// Returns the current or next weekend: Friday, but not before `today`, to Sunday.
#[must_use]
pub fn weekend(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let to_sunday = 7 - u64::from(today.weekday().number_from_monday());
    let sunday = today
        .checked_add_days(Days::new(to_sunday))
        .unwrap_or(today);
    let friday = sunday.checked_sub_days(Days::new(2)).unwrap_or(today);
    (friday.max(today), sunday)
}
