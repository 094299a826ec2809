//! Parser of sentences about recurrence, for the dates implied by the words alone.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The days of a rule as described by a sentence.
#[derive(Debug)]
pub(super) enum Told {
    /// Every n days.
    Days(u32),
    /// Weekdays, every n weeks.
    Weekdays(Vec<Weekday>, u32),
    /// A day of the month, every n months. Months may lack the day only if the sentence says so.
    MonthDay {
        day: u32,
        every: u32,
        if_any: bool,
    },
    LastDay(u32),
    /// The nth weekdays of a month, -1 the last, every n months.
    Nth(Vec<i32>, Weekday, u32),
    Date {
        month: u32,
        day: u32,
    },
    NthOfMonth(Vec<i32>, Weekday, u32),
}

/// The wording of a language.
pub(super) struct Grammar {
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    ordinals: [&'static str; 5],
    and: &'static str,
    /// Splits «den 15. i hver måned» into the day and the period in months.
    month_day: fn(&str) -> Option<(&str, &str)>,
    period: fn(&str, &'static str) -> Option<u32>,
}

const SUFFIX_IF_ANY: [&str; 3] = [
    " som har så mange dager",
    " som har så mange dagar",
    " that has one",
];

pub(super) const BOKMAL: Grammar = Grammar {
    weekdays: [
        "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
    ],
    months: [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    ordinals: ["første", "andre", "tredje", "fjerde", "siste"],
    and: " og ",
    month_day: |text| {
        let text = text.strip_prefix("den ")?;
        let every_other = || Some((text.strip_suffix(" annenhver måned")?, "annenhver måned"));
        text.split_once(" i ").or_else(every_other)
    },
    period: |text, unit| match text.strip_suffix(unit)?.trim_end() {
        "hver" | "hvert" => Some(1),
        "annenhver" => Some(2),
        every => every.strip_prefix("hver ")?.strip_suffix('.')?.parse().ok(),
    },
};

pub(super) const NYNORSK: Grammar = Grammar {
    weekdays: [
        "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag",
    ],
    month_day: |text| {
        let text = text.strip_prefix("den ")?;
        let every_other = || Some((text.strip_suffix(" annankvar månad")?, "annankvar månad"));
        text.split_once(" i ").or_else(every_other)
    },
    period: |text, unit| match text.strip_suffix(unit)?.trim_end() {
        "kvar" | "kvart" => Some(1),
        "annankvar" => Some(2),
        every => every.strip_prefix("kvar ")?.strip_suffix('.')?.parse().ok(),
    },
    ..BOKMAL
};

pub(super) const ENGLISH: Grammar = Grammar {
    weekdays: [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    ordinals: ["first", "second", "third", "fourth", "last"],
    and: " and ",
    month_day: |text| {
        let text = text.strip_prefix("the ").unwrap_or(text);
        text.split_once(" of ").or_else(|| text.split_once(", "))
    },
    period: |text, unit| {
        let every = text.strip_prefix("every ")?;
        if every == unit {
            return Some(1);
        }
        match every.strip_suffix(unit).map(str::trim_end) {
            Some("other") => Some(2),
            _ => every
                .strip_suffix('s')?
                .strip_suffix(unit)?
                .trim_end()
                .parse()
                .ok(),
        }
    },
};

impl Grammar {
    fn list<'t>(&self, text: &'t str) -> Vec<&'t str> {
        text.split(self.and)
            .flat_map(|part| part.split(", "))
            .collect()
    }

    fn weekday(&self, name: &str) -> Option<Weekday> {
        let at = self.weekdays.iter().position(|known| *known == name)?;
        Weekday::try_from(u8::try_from(at).ok()?).ok()
    }

    fn all_weekdays(&self, text: &str) -> Option<Vec<Weekday>> {
        self.list(text)
            .into_iter()
            .map(|name| self.weekday(name))
            .collect()
    }

    fn month(&self, name: &str) -> Option<u32> {
        let at = self.months.iter().position(|known| *known == name)?;
        u32::try_from(at + 1).ok()
    }

    fn ordinals(&self, text: &str) -> Option<Vec<i32>> {
        let number = |name: &str| {
            let at = self.ordinals.iter().position(|known| *known == name)?;
            Some(if at == 4 {
                -1
            } else {
                i32::try_from(at).ok()? + 1
            })
        };
        self.list(text).into_iter().map(number).collect()
    }

    /// Parses «17. mai» or «17 May».
    fn date(&self, text: &str) -> Option<Told> {
        let (day, month) = text.split_once(' ')?;
        let day = day.trim_end_matches('.').parse().ok()?;
        Some(Told::Date {
            month: self.month(month)?,
            day,
        })
    }

    /// Parses «den andre torsdagen» or «second Thursday».
    fn nth(&self, text: &str) -> Option<(Vec<i32>, Weekday)> {
        let text = text.strip_prefix("den ").unwrap_or(text);
        let (nth, weekday) = text.rsplit_once(' ')?;
        let weekday = self
            .weekday(weekday)
            .or_else(|| self.weekday(weekday.strip_suffix("en")?))?;
        Some((self.ordinals(nth)?, weekday))
    }

    /// Parses a sentence; returns `None` if it has an unknown form.
    pub(super) fn read(&self, said: &str) -> Option<Told> {
        let (monday, friday) = (self.weekdays[0], self.weekdays[4]);
        for between in ["til", "to"] {
            if said == format!("{monday} {between} {friday}") {
                let workdays = (0..5).filter_map(|at| Weekday::try_from(at).ok());
                return Some(Told::Weekdays(workdays.collect(), 1));
            }
        }
        for unit in ["dag", "day"] {
            if let Some(every) = (self.period)(said, unit) {
                return Some(Told::Days(every));
            }
        }
        for (start, every) in [
            ("hver ", 1),
            ("annenhver ", 2),
            ("kvar ", 1),
            ("annankvar ", 2),
            ("every other ", 2),
            ("every ", 1),
        ] {
            let days = said
                .strip_prefix(start)
                .and_then(|days| self.all_weekdays(days));
            if let Some(days) = days {
                return Some(Told::Weekdays(days, every));
            }
        }
        for (weeks, on) in [("uke", " på "), ("veke", " på "), ("week", " on ")] {
            if let Some((period, days)) = said.split_once(on)
                && let Some(every) = (self.period)(period, weeks)
            {
                return Some(Told::Weekdays(self.all_weekdays(days)?, every));
            }
        }
        for yearly in ["hvert år ", "kvart år ", "every year on "] {
            if let Some(date) = said.strip_prefix(yearly) {
                return self.date(date);
            }
        }
        for yearly in [" hvert år", " kvart år", " every year"] {
            if let Some(rest) = said.strip_suffix(yearly) {
                let (nth, month) = rest.split_once(" i ").or_else(|| rest.split_once(" of "))?;
                let (nth, weekday) = self.nth(nth.strip_prefix("the ").unwrap_or(nth))?;
                return Some(Told::NthOfMonth(nth, weekday, self.month(month)?));
            }
        }
        let bare = SUFFIX_IF_ANY
            .iter()
            .find_map(|suffix| said.strip_suffix(suffix));
        let if_any = bare.is_some();
        let (which, period) = (self.month_day)(bare.unwrap_or(said))?;
        let every = ["måned", "månad", "month"]
            .iter()
            .find_map(|unit| (self.period)(period, unit))?;
        if ["siste dagen", "last day"].contains(&which) {
            return Some(Told::LastDay(every));
        }
        if let Some((nth, weekday)) = self.nth(which) {
            return Some(Told::Nth(nth, weekday, every));
        }
        let day = which
            .trim_start_matches("day ")
            .trim_end_matches('.')
            .parse()
            .ok()?;
        Some(Told::MonthDay { day, every, if_any })
    }
}

fn months_between(first: NaiveDate, date: NaiveDate) -> u32 {
    let months = |date: NaiveDate| date.year() * 12 + date.month0() as i32;
    u32::try_from(months(date) - months(first)).expect("the date comes after the first")
}

fn days_in_month(date: NaiveDate) -> u32 {
    let first = date.with_day(1).unwrap();
    ((first + Months::new(1)) - first).num_days() as u32
}

/// Returns true for the nth such weekday of the month, counted from the end if negative.
fn is_nth(date: NaiveDate, nth: &[i32]) -> bool {
    let from_start = (date.day0() / 7 + 1) as i32;
    let from_end = -(((days_in_month(date) - date.day()) / 7 + 1) as i32);
    nth.contains(&from_start) || nth.contains(&from_end)
}

/// Returns true if the sentence and the first date imply an occurrence on `date`.
pub(super) fn expects(told: &Told, first: NaiveDate, date: NaiveDate) -> bool {
    let monday = |date: NaiveDate| date - Days::new(date.weekday().num_days_from_monday().into());
    match told {
        Told::Days(every) => (date - first).num_days() % i64::from(*every) == 0,
        Told::Weekdays(days, every) => {
            let weeks = (monday(date) - monday(first)).num_days() / 7;
            days.contains(&date.weekday()) && weeks % i64::from(*every) == 0
        }
        Told::MonthDay { day, every, if_any } => {
            assert!(*day <= 28 || *if_any, "not every month has a day {day}");
            date.day() == *day && months_between(first, date).is_multiple_of(*every)
        }
        Told::LastDay(every) => {
            date.day() == days_in_month(date) && months_between(first, date).is_multiple_of(*every)
        }
        Told::Nth(nth, weekday, every) => {
            assert!(!nth.contains(&5), "not every month has five");
            date.weekday() == *weekday
                && is_nth(date, nth)
                && months_between(first, date).is_multiple_of(*every)
        }
        Told::Date { month, day } => {
            assert!((*month, *day) != (2, 29), "not every year has 29 February");
            (date.month(), date.day()) == (*month, *day)
        }
        Told::NthOfMonth(nth, weekday, month) => {
            date.month() == *month && date.weekday() == *weekday && is_nth(date, nth)
        }
    }
}
