//! Dates and times as an editor would write them: bokmål after Språkrådet, English after the
//! GOV.UK style guide. The code chooses the shape (one day, days of one month, hours of a day);
//! how each shape reads stands in the Fluent files.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::Words;
use calendar_domain::When;

/// Whether a date says its year: a list under the heading «mars 2027» need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// «7. mars 2027».
    Said,
    /// «7. mars».
    Left,
}

/// An end up to this hour of the next morning still belongs to the evening before:
/// «lørdag 7. mars kl. 20.00–02.00».
const NIGHT_ENDS: u32 = 6;

/// The text with its first letter large, for the start of a heading or sentence.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

/// Whether the clocks of a zone go back in the middle, so that they show the end as no later.
fn clocks_go_back(when: &When, zone: Tz) -> bool {
    let seen = when.seen_in(zone);
    matches!(seen, When::Timed { start, end: Some(end), .. } if end <= start)
        && when.ends(zone) > when.begins(zone)
}

impl Words {
    /// The day of the week: «lørdag».
    #[must_use]
    pub fn weekday(self, date: NaiveDate) -> String {
        let number = date.weekday().number_from_monday();
        self.say(&format!("weekday-{number}")).into_owned()
    }

    /// The day of the week in three letters, for columns: «lør».
    #[must_use]
    pub fn weekday_short(self, date: NaiveDate) -> String {
        let number = date.weekday().number_from_monday();
        self.say(&format!("weekday-short-{number}")).into_owned()
    }

    /// The month's name: «august».
    #[must_use]
    pub fn month(self, date: NaiveDate) -> String {
        self.say(&format!("month-{}", date.month())).into_owned()
    }

    /// The month in at most five letters, for columns: «aug».
    #[must_use]
    pub fn month_short(self, date: NaiveDate) -> String {
        self.say(&format!("month-short-{}", date.month()))
            .into_owned()
    }

    /// Month and year: «mars 2027».
    #[must_use]
    pub fn month_of_year(self, date: NaiveDate) -> String {
        self.say_with(
            "month-of-year",
            &[
                ("month", self.month(date)),
                ("year", date.year().to_string()),
            ],
        )
    }

    /// The ISO 8601 week: «uke 31». Weeks start on Monday in both languages.
    #[must_use]
    pub fn week(self, date: NaiveDate) -> String {
        self.say_with("week-number", &[("week", date.iso_week().week())])
    }

    /// One date: «7. mars 2027».
    #[must_use]
    pub fn date(self, date: NaiveDate, year: Year) -> String {
        let key = match year {
            Year::Said => "date-day-month-year",
            Year::Left => "date-day-month",
        };
        self.say_with(
            key,
            &[
                ("day", date.day().to_string()),
                ("month", self.month(date)),
                ("year", date.year().to_string()),
            ],
        )
    }

    /// One date with its day of the week: «søndag 7. mars 2027».
    #[must_use]
    pub fn weekday_date(self, date: NaiveDate, year: Year) -> String {
        self.with_weekday(date, self.date(date, year))
    }

    /// The days from `first` to `last`, both shown: «6.–15. august 2027»,
    /// «30. juli–2. august 2027», «31. desember 2027–1. januar 2028». The years are always said
    /// when they differ.
    #[must_use]
    pub fn dates(self, first: NaiveDate, last: NaiveDate, year: Year) -> String {
        if last <= first {
            return self.date(first, year);
        }
        let (start, end) = self.range_parts(first, last, year);
        self.say_with("dates-range", &[("first", start), ("last", end)])
    }

    /// The days from `first` to `last` with their weekdays:
    /// «fredag 6. til søndag 15. august 2027».
    #[must_use]
    pub fn weekday_dates(self, first: NaiveDate, last: NaiveDate, year: Year) -> String {
        if last <= first {
            return self.weekday_date(first, year);
        }
        let (start, end) = self.range_parts(first, last, year);
        self.say_with(
            "dates-range-weekdays",
            &[
                ("first", self.with_weekday(first, start)),
                ("last", self.with_weekday(last, end)),
            ],
        )
    }

    /// The time of day: «18.00», "6pm".
    #[must_use]
    pub fn clock(self, time: NaiveTime) -> String {
        let (pm, hour12) = time.hour12();
        let sharp = match (time.hour(), time.minute()) {
            (0, 0) => "midnight",
            (12, 0) => "midday",
            (_, 0) => "hour",
            _ => "minute",
        };
        self.say_with(
            "clock",
            &[
                ("hour", format!("{:02}", time.hour())),
                ("hour12", hour12.to_string()),
                ("minute", format!("{:02}", time.minute())),
                ("half", if pm { "pm" } else { "am" }.to_owned()),
                ("sharp", sharp.to_owned()),
            ],
        )
    }

    /// The hours of something that starts and may end on one day: «kl. 10.00–18.00».
    #[must_use]
    pub fn hours(self, start: NaiveTime, end: Option<NaiveTime>) -> String {
        let end = end.map(|time| match time {
            NaiveTime::MIN => self.say("clock-midnight-end").into_owned(),
            other => self.clock(other),
        });
        match end {
            None => self.say_with("hours-at", &[("start", self.clock(start))]),
            Some(end) => self.say_with(
                "hours-from-to",
                &[("start", self.clock(start)), ("end", end)],
            ),
        }
    }

    /// That the day is known and the time is not: «klokkeslett kommer».
    #[must_use]
    pub fn hours_to_come(self) -> String {
        self.say("hours-to-come").into_owned()
    }

    /// A whole [`When`] in one line: «lørdag 7. mars 2027 kl. 10.00–18.00»,
    /// «6.–15. august 2027», «lørdag 7. mars 2027, klokkeslett kommer». Local to the event: the
    /// zone is not said.
    #[must_use]
    pub fn when(self, when: &When, year: Year) -> String {
        match when {
            When::AllDay { first, until } => {
                let last = until.pred_opt().unwrap_or(*first).max(*first);
                if last == *first {
                    self.weekday_date(*first, year)
                } else {
                    self.dates(*first, last, year)
                }
            }
            When::Timed { start, end, .. } => self.timed(*start, *end, year),
            When::TimeToCome { date } => self.say_with(
                "when-day-to-come",
                &[
                    ("date", self.weekday_date(*date, year)),
                    ("hours", self.hours_to_come()),
                ],
            ),
        }
    }

    /// The same as seen in a zone. An end that is no later on the clock than its start, since the
    /// clocks went back in between, is told nevertheless.
    #[must_use]
    pub fn when_in(self, when: &When, zone: Tz, year: Year) -> String {
        match when.seen_in(zone) {
            When::Timed { start, .. } if clocks_go_back(when, zone) => self.say_with(
                "when-day-hours",
                &[
                    ("date", self.weekday_date(start.date(), year)),
                    ("hours", self.hours_in(when, zone)),
                ],
            ),
            seen => self.when(&seen, year),
        }
    }

    /// The hours of a time as seen in a zone; empty where it has none.
    #[must_use]
    pub fn hours_in(self, when: &When, zone: Tz) -> String {
        let When::Timed { start, end, .. } = when.seen_in(zone) else {
            return String::new();
        };
        let hours = self.hours(start.time(), end.map(|end| end.time()));
        if clocks_go_back(when, zone) {
            return self.say_with("hours-clocks-back", &[("hours", hours)]);
        }
        hours
    }

    fn timed(self, start: NaiveDateTime, end: Option<NaiveDateTime>, year: Year) -> String {
        let end = end.filter(|end| *end > start);
        if let Some(end) = end.filter(|end| !Self::one_evening(start, *end)) {
            return self.across_days(start, end, year);
        }
        self.say_with(
            "when-day-hours",
            &[
                ("date", self.weekday_date(start.date(), year)),
                ("hours", self.hours(start.time(), end.map(|end| end.time()))),
            ],
        )
    }

    fn across_days(self, start: NaiveDateTime, end: NaiveDateTime, year: Year) -> String {
        let (mut first_year, mut last_year) = (Year::Left, year);
        if start.year() != end.year() {
            (first_year, last_year) = (Year::Said, Year::Said);
        }
        self.say_with(
            "when-across-days",
            &[
                ("first", self.weekday_date(start.date(), first_year)),
                ("start", self.hours(start.time(), None)),
                ("last", self.weekday_date(end.date(), last_year)),
                ("end", self.hours(end.time(), None)),
            ],
        )
    }

    /// Whether a span is told as hours of the day it starts on: within one day, or into the small
    /// hours of the next.
    #[must_use]
    pub fn one_evening(start: NaiveDateTime, end: NaiveDateTime) -> bool {
        start.date() == end.date()
            || (start.date().checked_add_days(Days::new(1)) == Some(end.date())
                && end.hour() < NIGHT_ENDS
                && end.time() < start.time())
    }

    fn with_weekday(self, date: NaiveDate, written: String) -> String {
        self.say_with(
            "date-with-weekday",
            &[("weekday", self.weekday(date)), ("date", written)],
        )
    }

    /// The two ends of a range, the first without what it shares with the last.
    fn range_parts(self, first: NaiveDate, last: NaiveDate, year: Year) -> (String, String) {
        if first.year() != last.year() {
            (self.date(first, Year::Said), self.date(last, Year::Said))
        } else if first.month() != last.month() {
            (self.date(first, Year::Left), self.date(last, year))
        } else {
            let day = self.say_with("date-day", &[("day", first.day().to_string())]);
            (day, self.date(last, year))
        }
    }
}
