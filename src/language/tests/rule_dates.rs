//! The words of a rule against its dates: what a reader would expect by the sentence alone, and what
//! the expansion gives.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};

use super::{day, en, nb};
use crate::domain::recurrence::{Limits, RecurrenceRule, expand};
use crate::domain::{Recurrence, Schedule, Start, When};

/// The days of a rule as a sentence tells them.
#[derive(Debug)]
enum Told {
    /// Every so many days.
    Days(u32),
    /// Weekdays, every so many weeks.
    Weekdays(Vec<Weekday>, u32),
    /// A day of the month, every so many months; one that a month lacks only where that is said.
    MonthDay {
        day: u32,
        every: u32,
        if_any: bool,
    },
    LastDay(u32),
    /// The nth weekdays of a month, -1 the last, every so many months.
    Nth(Vec<i32>, Weekday, u32),
    Date {
        month: u32,
        day: u32,
    },
    NthOfMonth(Vec<i32>, Weekday, u32),
}

/// How a language writes what is told.
struct Grammar {
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    ordinals: [&'static str; 5],
    and: &'static str,
    /// «den 15. i hver måned», with what comes for the day and the months before and between.
    month_day: fn(&str) -> Option<(&str, &str)>,
    period: fn(&str, &'static str) -> Option<u32>,
}

const SUFFIX_IF_ANY: [&str; 2] = [" som har så mange dager", " that has so many days"];

const NORWEGIAN: Grammar = Grammar {
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
    month_day: |text| text.strip_prefix("den ")?.split_once(" i "),
    period: |text, unit| match text.strip_suffix(unit)?.trim_end() {
        "hver" | "hvert" => Some(1),
        "annenhver" => Some(2),
        every => every.strip_prefix("hver ")?.strip_suffix('.')?.parse().ok(),
    },
};

const ENGLISH: Grammar = Grammar {
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

    /// «17. mai», «17 May».
    fn date(&self, text: &str) -> Option<Told> {
        let (day, month) = text.split_once(' ')?;
        let day = day.trim_end_matches('.').parse().ok()?;
        Some(Told::Date {
            month: self.month(month)?,
            day,
        })
    }

    /// «den andre torsdagen», «second Thursday».
    fn nth(&self, text: &str) -> Option<(Vec<i32>, Weekday)> {
        let text = text.strip_prefix("den ").unwrap_or(text);
        let (nth, weekday) = text.rsplit_once(' ')?;
        let weekday = self
            .weekday(weekday)
            .or_else(|| self.weekday(weekday.strip_suffix("en")?))?;
        Some((self.ordinals(nth)?, weekday))
    }

    fn read(&self, said: &str) -> Option<Told> {
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
        for (weeks, on) in [("uke", " på "), ("week", " on ")] {
            if let Some((period, days)) = said.split_once(on)
                && let Some(every) = (self.period)(period, weeks)
            {
                return Some(Told::Weekdays(self.all_weekdays(days)?, every));
            }
        }
        for yearly in ["hvert år ", "every year on "] {
            if let Some(date) = said.strip_prefix(yearly) {
                return self.date(date);
            }
        }
        for yearly in [" hvert år", " every year"] {
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
        let every = ["måned", "month"]
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

/// Whether it is the nth such weekday of its month, counted from the end where negative.
fn is_nth(date: NaiveDate, nth: &[i32]) -> bool {
    let from_start = (date.day0() / 7 + 1) as i32;
    let from_end = -(((days_in_month(date) - date.day()) / 7 + 1) as i32);
    nth.contains(&from_start) || nth.contains(&from_end)
}

/// Whether a reader expects the event on a date, having read the sentence and seen its first date.
fn expects(told: &Told, first: NaiveDate, date: NaiveDate) -> bool {
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

/// Varied rules, each with a start that is one of its dates.
fn rules() -> Vec<(String, NaiveDate)> {
    let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let mut rules: Vec<String> = Vec::new();
    let mut add = |rule: String| rules.push(rule);
    for interval in [1, 2, 3, 5, 10] {
        add(format!("FREQ=DAILY;INTERVAL={interval}"));
        add(format!("FREQ=WEEKLY;INTERVAL={interval}"));
        add(format!("FREQ=WEEKLY;INTERVAL={interval};BYDAY=MO,TH"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval}"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY=-1"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval};BYDAY=2TU"));
        add(format!("FREQ=YEARLY;INTERVAL={interval}"));
    }
    for day in weekdays {
        add(format!("FREQ=WEEKLY;BYDAY={day};WKST=SU"));
        add(format!("FREQ=MONTHLY;BYDAY=1{day},3{day}"));
        add(format!("FREQ=MONTHLY;BYDAY=-1{day}"));
        add(format!("FREQ=YEARLY;BYMONTH=8;BYDAY=4{day}"));
    }
    for day in [1, 13, 15, 28, 29, 30, 31] {
        add(format!("FREQ=MONTHLY;BYMONTHDAY={day}"));
        add(format!("FREQ=YEARLY;BYMONTHDAY={day}"));
        add(format!("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY={day}"));
        add(format!(
            "FREQ=MONTHLY;BYMONTHDAY={day};RSCALE=GREGORIAN;SKIP=BACKWARD"
        ));
        add(format!(
            "FREQ=MONTHLY;BYMONTHDAY={day};RSCALE=GREGORIAN;SKIP=FORWARD"
        ));
        add(format!("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY={day}"));
    }
    for rule in [
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=YEARLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYDAY=5FR",
        "FREQ=MONTHLY;BYDAY=2TU,-1TU",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=-1SU",
        "FREQ=YEARLY;BYMONTH=8;BYDAY=5SA",
        "FREQ=YEARLY;BYMONTH=8;BYDAY=SA",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=11",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTH=6;BYMONTHDAY=24",
        "FREQ=DAILY;BYMONTH=7",
        "FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ] {
        add(rule.to_owned());
    }
    let from = day("2027-01-20");
    let first = |text: &str| {
        let rule: RecurrenceRule = text.parse().unwrap();
        let found = dates(&rule, from, from + Months::new(600));
        *found
            .first()
            .unwrap_or_else(|| panic!("{text} has no date"))
    };
    let starts: Vec<NaiveDate> = rules.iter().map(|rule| first(rule)).collect();
    rules.into_iter().zip(starts).collect()
}

/// The days of a rule that starts on a day, by the expansion.
fn dates(rule: &RecurrenceRule, first: NaiveDate, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let window = midnight(first)..midnight(until);
    let found = expand(rule, midnight(first), None, window, &Limits::default());
    found.unwrap().into_iter().map(|at| at.date()).collect()
}

#[test]
fn the_words_of_a_hundred_rules_name_the_dates_of_the_rule_and_no_others() {
    let rules = rules();
    let (mut told_in_full, mut wrong) = (0, Vec::new());
    for (text, first) in &rules {
        let rule: RecurrenceRule = text.parse().unwrap();
        let until = *first + Months::new(12 * 9);
        let given = dates(&rule, *first, until);
        let schedule = Schedule {
            when: When::day(*first),
            recurrence: Some(Recurrence {
                rule: Some(rule),
                ..Recurrence::default()
            }),
        };
        let mut in_full = 0;
        for (words, grammar, general) in [
            (nb(), NORWEGIAN, "flere ganger"),
            (en(), ENGLISH, "on several dates"),
        ] {
            let said = words.repetition(&schedule);
            if said == general {
                continue;
            }
            in_full += 1;
            let Some(told) = grammar.read(&said) else {
                wrong.push(format!("{text}: «{said}» is not understood"));
                continue;
            };
            let days = first.iter_days().take_while(|date| *date < until);
            let expected: BTreeSet<NaiveDate> =
                days.filter(|date| expects(&told, *first, *date)).collect();
            if expected != given {
                let odd = expected.symmetric_difference(&given).next().unwrap();
                wrong.push(format!("{text} from {first}: «{said}», but {odd}"));
            }
        }
        assert!(in_full != 1, "{text} is told in one language only");
        told_in_full += usize::from(in_full == 2);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rules.len() >= 100, "{}", rules.len());
    // Saying nothing is no way to be right.
    assert!(told_in_full >= 80, "{told_in_full} of {}", rules.len());
}

#[test]
fn a_day_of_the_month_without_a_month_is_one_of_every_month() {
    let starts = dates(
        &"FREQ=YEARLY;BYMONTHDAY=15".parse().unwrap(),
        day("2027-01-15"),
        day("2028-01-01"),
    );
    assert_eq!(starts.len(), 12);
    let schedule = Schedule {
        when: When::day(day("2027-01-15")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=YEARLY;BYMONTHDAY=15".parse().unwrap()),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "den 15. i hver måned");
    assert_eq!(en().repetition(&schedule), "day 15 of every month");
}

#[test]
fn an_extra_date_that_is_left_out_is_not_told() {
    let extra = Start::Date(day("2027-02-02"));
    let schedule = Schedule {
        when: When::day(day("2027-01-15")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=WEEKLY".parse().unwrap()),
            rdates: [extra].into(),
            exdates: [extra].into(),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "hver fredag, ikke 2. februar");
}

#[test]
fn hours_in_the_rule_of_whole_days_are_not_minded() {
    let schedule = Schedule {
        when: When::day(day("2026-12-04")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18;COUNT=4".parse().unwrap()),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "hver fredag, 4 ganger");
}
