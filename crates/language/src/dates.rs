//! Dates and times in words: bokmål after Språkrådet, English after the GOV.UK style guide. The
//! code chooses the form (one day, days of one month, hours of a day); the Fluent files contain the
//! wording.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::{Words, marks};
use calendar_domain::When;

/// Whether a date includes its year. A list under the heading «mars 2027» omits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// «7. mars 2027».
    Said,
    /// «7. mars».
    Left,
}

/// An end before this hour of the next morning belongs to the evening before: «lørdag 7. mars kl.
/// 20.00–02.00».
const NIGHT_ENDS: u32 = 6;

/// Returns the text with its first letter capitalized, for the start of a heading or sentence.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let (mark, text) = marks::split_start(text);
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        let first = mark.chars().chain(first.to_uppercase());
        first.chain(rest).collect()
    })
}

/// Returns true if the clocks of a zone go back during `when`, so that the local end is not after
/// the local start.
fn clocks_go_back(when: &When, zone: Tz) -> bool {
    let seen = when.seen_in(zone);
    matches!(seen, When::Timed { start, end: Some(end), .. } if end <= start)
        && when.ends(zone) > when.begins(zone)
}

impl Words {
    /// Returns the day of the week: «lørdag».
    #[must_use]
    pub fn weekday(self, date: NaiveDate) -> String {
        let number = date.weekday().number_from_monday();
        self.say(&format!("weekday-{number}")).into_owned()
    }

    /// Returns the day of the week in three letters: «lør».
    #[must_use]
    pub fn weekday_short(self, date: NaiveDate) -> String {
        let number = date.weekday().number_from_monday();
        self.say(&format!("weekday-short-{number}")).into_owned()
    }

    /// Returns the name of the month: «august».
    #[must_use]
    pub fn month(self, date: NaiveDate) -> String {
        self.say(&format!("month-{}", date.month())).into_owned()
    }

    /// Returns the month in at most five letters: «aug».
    #[must_use]
    pub fn month_short(self, date: NaiveDate) -> String {
        self.say(&format!("month-short-{}", date.month()))
            .into_owned()
    }

    /// Returns month and year: «mars 2027».
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

    /// Returns the ISO 8601 week: «uke 31». Weeks start on Monday in both languages.
    #[must_use]
    pub fn week(self, date: NaiveDate) -> String {
        self.say_with("week-number", &[("week", date.iso_week().week())])
    }

    /// Returns one date: «7. mars 2027».
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

    /// Returns one date with its day of the week: «søndag 7. mars 2027».
    #[must_use]
    pub fn weekday_date(self, date: NaiveDate, year: Year) -> String {
        self.with_weekday(date, self.date(date, year))
    }

    /// Returns the days from `first` to `last`, inclusive: «6.–15. august 2027», «30. juli–2.
    /// august 2027», «31. desember 2027–1. januar 2028». Different years are always included.
    #[must_use]
    pub fn dates(self, first: NaiveDate, last: NaiveDate, year: Year) -> String {
        if last <= first {
            return self.date(first, year);
        }
        let (start, end) = self.range_parts(first, last, year);
        self.say_with("dates-range", &[("first", start), ("last", end)])
    }

    /// Returns the days from `first` to `last`, inclusive, with their weekdays: «fredag 6. til
    /// søndag 15. august 2027».
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

    /// Returns the time of day: «18.00», "6pm".
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

    /// Returns the hours of an event with a start and an optional end: «kl. 10.00–18.00».
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

    /// Returns the text for an unknown time of day: «klokkeslett kommer».
    #[must_use]
    pub fn hours_to_come(self) -> String {
        self.say("hours-to-come").into_owned()
    }

    /// Returns a [`When`] on one line: «lørdag 7. mars 2027 kl. 10.00–18.00», «6.–15. august 2027»,
    /// «lørdag 7. mars 2027, klokkeslett kommer». Times are local to the event and the zone is not
    /// named.
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

    /// Returns a [`When`] on one line in the time of a zone. The end is included even if it is not
    /// after the start in local time because the clocks go back.
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

    /// Returns the hours of a time in a zone; empty if it has none.
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

    /// Returns true if a span is written as hours of the day of its start: it ends on that day, or
    /// in the early morning of the next.
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

    /// Returns the two ends of a range, the first without the parts that it shares with the last.
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
