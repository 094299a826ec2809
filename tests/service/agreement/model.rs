//! Random events with their occurrences as RFC 5545 has them, found without the program.

use calendar_domain::{EventStatus, Override, Start, Venue, When};
use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime,
    TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::{America, Asia, Australia, Europe, Tz};

use crate::support::builders::EventBuilder;
use crate::support::dice::Dice;
use crate::support::event;

/// Where the readers are.
pub const HERE: Tz = Europe::Oslo;

/// A time as all forms have to tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Time {
    /// Whole days, both included.
    Days(NaiveDate, NaiveDate),
    /// A day whose time of day is to come.
    ToCome(NaiveDate),
    /// Instants.
    Clock(DateTime<Utc>, Option<DateTime<Utc>>),
}

/// An occurrence as all forms have to tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    pub time: Time,
    pub place: &'static str,
    pub status: EventStatus,
    /// The time that it was moved from.
    pub before: Option<Time>,
}

/// An event with what is true of it.
pub struct Sample {
    pub slug: String,
    pub builder: EventBuilder,
    pub recurs: bool,
    /// Where it usually is.
    pub usual_place: &'static str,
    /// Its occurrences in order.
    pub occurrences: Vec<Truth>,
}

impl Sample {
    /// Its occurrences in the order in which they begin.
    pub fn occurrences_by_time(&self) -> Vec<&Truth> {
        let begins = |truth: &&Truth| match truth.time {
            Time::Clock(at, _) => at,
            Time::Days(first, _) | Time::ToCome(first) => {
                utc_of(first.and_time(NaiveTime::MIN), HERE)
            }
        };
        let mut all: Vec<&Truth> = self.occurrences.iter().collect();
        all.sort_by_key(begins);
        all
    }
}

/// A wall time as an instant: the first of two, and the offset before the gap (RFC 5545 3.3.5).
pub fn utc_of(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => {
            let earlier = local - TimeDelta::hours(3);
            zone.from_local_datetime(&earlier)
                .earliest()
                .expect("no gap is that long")
                .to_utc()
                + TimeDelta::hours(3)
        }
    }
}

/// The time of an event or of a moved occurrence.
fn time_of(when: &When) -> Time {
    match when {
        When::AllDay { first, until } => Time::Days(*first, *until - Days::new(1)),
        When::TimeToCome { date } => Time::ToCome(*date),
        When::Timed { start, end, zone } => {
            Time::Clock(utc_of(*start, *zone), end.map(|end| utc_of(end, *zone)))
        }
    }
}

/// The same from another start, with the same length in hours that pass.
fn time_at(when: &When, start: NaiveDateTime) -> Time {
    match time_of(when) {
        Time::Days(first, last) => Time::Days(start.date(), start.date() + (last - first)),
        Time::ToCome(_) => Time::ToCome(start.date()),
        Time::Clock(begins, ends) => {
            let When::Timed { zone, .. } = when else {
                unreachable!("a time on the clock")
            };
            let at = utc_of(start, *zone);
            Time::Clock(at, ends.map(|ends| at + (ends - begins)))
        }
    }
}

const CATALOG: [(&str, &str); 2] = [
    ("Terningen Arena", "terningen-arena"),
    ("Åmot kulturhus", "amot-kulturhus"),
];

fn random_when(dice: &mut Dice) -> When {
    let day = |dice: &mut Dice| date(2027, 1, 12) + Days::new(dice.below(250));
    match dice.below(10) {
        0 => When::day(day(dice)),
        1 => {
            let first = day(dice);
            When::days(first, first + Days::new(1 + dice.below(4)))
        }
        2 => When::TimeToCome { date: day(dice) },
        kind => {
            let zone = *dice.one(&[
                HERE,
                HERE,
                HERE,
                Europe::London,
                America::New_York,
                Tz::UTC,
                Asia::Kathmandu,
                Australia::Lord_Howe,
            ]);
            // Some come by the nights that change the clocks.
            let (date, hour) = if kind == 3 {
                let night = *dice.one(&[date(2027, 3, 28), date(2027, 10, 31)]);
                (night - Days::new(7 * dice.below(5)), dice.below(4))
            } else {
                (day(dice), dice.below(24))
            };
            let minute = *dice.one(&[0, 30]);
            let start = date
                .and_hms_opt(u32::try_from(hour).unwrap(), minute, 0)
                .unwrap();
            let length = *dice.one(&[0, 0, 45, 60, 120, 180, 300, 1800]);
            let end = utc_of(start, zone) + TimeDelta::minutes(length);
            let local = end.with_timezone(&zone).naive_local();
            // An end in the second of two hours has no wall time of its own.
            let end = (length > 0 && utc_of(local, zone) == end).then_some(local);
            When::Timed { start, end, zone }
        }
    }
}

pub fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A rule with its starts on the wall; none where it happens once.
fn random_rule(
    dice: &mut Dice,
    first: NaiveDateTime,
) -> Option<(Option<String>, Vec<NaiveDateTime>)> {
    let every = |days: u64, count: u64| {
        (0..count)
            .map(|value| first + Days::new(days * value))
            .collect()
    };
    let interval = 1 + dice.below(2);
    Some(match dice.below(10) {
        0 => {
            let count = 2 + dice.below(7);
            let rule = format!("FREQ=DAILY;INTERVAL={interval};COUNT={count}");
            (Some(rule), every(interval, count))
        }
        1 | 2 => {
            let count = 2 + dice.below(8);
            let rule = format!("FREQ=WEEKLY;INTERVAL={interval};COUNT={count}");
            (Some(rule), every(7 * interval, count))
        }
        3 => {
            let other = (first.weekday().num_days_from_monday() + 2) % 7;
            let other = Weekday::try_from(u8::try_from(other).unwrap()).unwrap();
            let monday = |at: NaiveDateTime| {
                at.date() - Days::new(at.weekday().num_days_from_monday().into())
            };
            let weeks = |at: NaiveDateTime| ((monday(at) - monday(first)).num_days() / 7) as u64;
            let starts = (0..400)
                .map(|value| first + Days::new(value))
                .filter(|at| [first.weekday(), other].contains(&at.weekday()))
                .filter(|at| weeks(*at).is_multiple_of(interval))
                .take(6)
                .collect();
            let name = |day: Weekday| day.to_string()[..2].to_uppercase();
            let days = format!("{},{}", name(first.weekday()), name(other));
            let rule = format!("FREQ=WEEKLY;INTERVAL={interval};BYDAY={days};COUNT=6");
            (Some(rule), starts)
        }
        4 if first.day() <= 28 => {
            let starts = (0..4).map(|value| first + Months::new(value)).collect();
            (Some("FREQ=MONTHLY;COUNT=4".to_owned()), starts)
        }
        5 => {
            let mut starts = vec![first];
            for _ in 0..1 + dice.below(4) {
                let next = *starts.last().unwrap() + Days::new(1 + dice.below(20));
                starts.push(next);
            }
            (None, starts)
        }
        _ => return None,
    })
}

/// What differs in one occurrence, as it is stored and as it is true.
fn random_change(
    dice: &mut Dice,
    when: &When,
    start: NaiveDateTime,
    truth: &mut Truth,
) -> Override {
    let mut change = Override::default();
    match dice.below(6) {
        0 | 1 => {
            let status = *dice.one(&[
                EventStatus::Cancelled,
                EventStatus::Cancelled,
                EventStatus::Tentative,
                EventStatus::Postponed,
                EventStatus::MovedOnline,
            ]);
            change.status = Some(status);
            truth.status = status;
        }
        2 | 3 => {
            let to = start.date() + Days::new(dice.below(4));
            let moved = match when {
                When::AllDay { .. } => When::days(to, to + Days::new(dice.below(2))),
                When::TimeToCome { .. } => When::TimeToCome { date: to },
                When::Timed { zone, .. } => {
                    let at = to.and_hms_opt(10 + u32::try_from(dice.below(8)).unwrap(), 15, 0);
                    let end = at.map(|at| at + TimeDelta::minutes(90));
                    When::Timed {
                        start: at.unwrap(),
                        end: end.filter(|_| dice.below(2) == 0),
                        zone: *zone,
                    }
                }
            };
            let usual = truth.time;
            truth.time = time_of(&moved);
            change.when = Some(moved);
            let begins = |time: Time| match time {
                Time::Days(first, _) | Time::ToCome(first) => first.and_time(NaiveTime::MIN),
                Time::Clock(at, _) => at.naive_utc(),
            };
            let known = [EventStatus::Scheduled, EventStatus::Rescheduled];
            if begins(usual) != begins(truth.time) && known.contains(&truth.status) {
                truth.status = EventStatus::Rescheduled;
                truth.before = Some(usual);
            }
        }
        _ => {
            let (name, slug) = *dice.one(&CATALOG);
            change.venues = Some(vec![Venue::Place(slug.parse().unwrap())]);
            truth.place = name;
        }
    }
    change
}

/// A random event.
pub fn sample(dice: &mut Dice, number: usize) -> Sample {
    let title = format!("Prøve {number:03}");
    let when = random_when(dice);
    let place = *dice.one(&["Terningen Arena", "Åmot kulturhus", "Storsalen", ""]);
    let status = match dice.below(12) {
        0 => EventStatus::Tentative,
        1 => EventStatus::Cancelled,
        2 => EventStatus::Postponed,
        3 if !place.is_empty() => EventStatus::MovedOnline,
        _ => EventStatus::Scheduled,
    };
    let mut builder = event(&title).at_time(when.clone()).standing(status);
    if !place.is_empty() {
        builder = builder.at(place);
    }
    let first = when.start().local();
    let like = |local: NaiveDateTime| match &when {
        When::Timed { .. } => Start::Local(local),
        _ => Start::Date(local.date()),
    };
    let usual = |start| Truth {
        time: time_at(&when, start),
        place,
        status,
        before: None,
    };
    let rule = random_rule(dice, first);
    let recurs = rule.is_some();
    let mut occurrences = Vec::new();
    if let Some((rule, starts)) = rule {
        builder = match rule {
            Some(rule) => builder.repeating(&rule),
            None => builder.also_on(starts[1..].iter().map(|at| like(*at))),
        };
        for (at, start) in starts.iter().enumerate() {
            let is_last = at + 1 == starts.len();
            if dice.below(8) == 0 && !(is_last && occurrences.is_empty()) {
                builder = builder.without(like(*start));
                continue;
            }
            let mut truth = usual(*start);
            if dice.below(4) == 0 {
                let change = random_change(dice, &when, *start, &mut truth);
                builder = builder.with_change(like(*start), change);
            }
            occurrences.push(truth);
        }
    } else {
        occurrences.push(usual(first));
    }
    for truth in &mut occurrences {
        if truth.status == EventStatus::MovedOnline {
            truth.place = ONLINE;
        }
    }
    let usual_place = match status {
        EventStatus::MovedOnline => ONLINE,
        _ => place,
    };
    Sample {
        slug: format!("prove-{number:03}"),
        builder,
        recurs,
        usual_place,
        occurrences,
    }
}

/// Where what has moved online is.
pub const ONLINE: &str = "På nett";
