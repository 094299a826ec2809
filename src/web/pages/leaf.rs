//! The date as the hero: a leaf of a tear-off calendar, and a bar with a cell for each day.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use calendar_language::{Words, Year};

/// One day as columns: weekday, day, month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
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
    /// «lørdag 7. mars 2027», for those who hear the page.
    pub full: String,
    /// «uke 9».
    pub week: String,
}

impl Leaf {
    /// The leaf of one day.
    #[must_use]
    pub fn of(date: NaiveDate, words: Words) -> Self {
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

/// A stretch of days as the hero of a page or card: its first leaf and, if it has one, its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Leaf,
    /// The last day, where there is more than one.
    pub last: Option<Leaf>,
}

impl Span {
    /// The stretch from `first` to `last`, both included.
    #[must_use]
    pub fn of(first: NaiveDate, last: NaiveDate, words: Words) -> Self {
        let last = (last > first).then(|| Leaf::of(last, words));
        Self {
            first: Leaf::of(first, words),
            last,
        }
    }

    /// The month line over the leaf: «august», or both where it runs into another.
    #[must_use]
    pub fn months(&self) -> String {
        match &self.last {
            Some(last) if last.month != self.first.month => {
                format!("{}–{}", self.first.month, last.month)
            }
            _ => self.first.month.clone(),
        }
    }

    /// The weekday line under it: «fre–søn».
    #[must_use]
    pub fn weekdays(&self) -> String {
        match &self.last {
            Some(last) => format!("{}–{}", self.first.weekday, last.weekday),
            None => self.first.weekday.clone(),
        }
    }
}

/// The longest stretch that is drawn day by day.
const MOST_CELLS: i64 = 16;

/// A multi-day event drawn as a bar with a cell for each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// One cell a day; empty where there are too many to draw.
    pub cells: Vec<Cell>,
    /// How far it has come, 0 to 100, for a bar without cells.
    pub percent: i64,
}

/// One day of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The day of the month.
    pub day: u32,
    /// CSS classes: `past`, `now` or `ahead`, and `rest` on a Saturday or Sunday.
    pub class: &'static str,
}

impl Bar {
    /// The bar from `first` to `last` as it looks on the day `today`; none for a single day.
    #[must_use]
    pub fn of(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Option<Self> {
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
                .map(|date| Cell {
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

/// «Dag 3 av 10» of something that runs on `today`.
#[must_use]
pub fn progress(first: NaiveDate, last: NaiveDate, today: NaiveDate, words: Words) -> String {
    let whole = (last - first).num_days() + 1;
    let now = ((today - first).num_days() + 1).clamp(1, whole);
    words.say_with("running-day", &[("day", now), ("days", whole)])
}

/// The Friday to Sunday that is next, or now, seen from `today`.
#[must_use]
pub fn weekend(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let to_sunday = 7 - u64::from(today.weekday().number_from_monday());
    let sunday = today
        .checked_add_days(Days::new(to_sunday))
        .unwrap_or(today);
    let friday = sunday.checked_sub_days(Days::new(2)).unwrap_or(today);
    (friday.max(today), sunday)
}
