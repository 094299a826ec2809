//! Times in bokmål, written without the program.

use calendar_domain::EventStatus;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::model::{HERE, Time, Truth};

const WEEKDAYS: [&str; 7] = [
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
];
const MONTHS: [&str; 12] = [
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
];

fn day(date: NaiveDate, with_year: bool) -> String {
    let month = MONTHS[date.month0() as usize];
    match with_year {
        true => format!("{}. {month} {}", date.day(), date.year()),
        false => format!("{}. {month}", date.day()),
    }
}

fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

fn weekday_day(date: NaiveDate, with_year: bool) -> String {
    format!("{} {}", weekday(date), day(date, with_year))
}

/// The first day of a range without what it shares with the last.
fn shortened(first: NaiveDate, last: NaiveDate) -> String {
    if first.year() != last.year() {
        day(first, true)
    } else if first.month() != last.month() {
        day(first, false)
    } else {
        format!("{}.", first.day())
    }
}

/// «6.–15. august 2027».
fn days(first: NaiveDate, last: NaiveDate, with_year: bool) -> String {
    let with_year = with_year || first.year() != last.year();
    format!("{}–{}", shortened(first, last), day(last, with_year))
}

/// «fredag 6. til søndag 15. august 2027».
fn weekday_days(first: NaiveDate, last: NaiveDate) -> String {
    let begin = shortened(first, last);
    format!("{} {begin} til {}", weekday(first), weekday_day(last, true))
}

fn clock(at: NaiveDateTime) -> String {
    format!("{:02}.{:02}", at.hour(), at.minute())
}

/// Whether the end is told as an hour of the day on which it begins.
fn is_one_evening(start: NaiveDateTime, end: NaiveDateTime) -> bool {
    let next = start.date().succ_opt() == Some(end.date());
    start.date() == end.date() || (next && end.hour() < 6 && end.time() < start.time())
}

/// Start and end on the clock here, and whether it was set back in between.
fn here(time: Time) -> Option<(NaiveDateTime, Option<NaiveDateTime>, bool)> {
    let Time::Clock(start, end) = time else {
        return None;
    };
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&HERE).naive_local();
    let end_here = end.map(local);
    let set_back = end.is_some_and(|end| end > start) && end_here <= Some(local(start));
    Some((local(start), end_here, set_back && end.is_some()))
}

fn hours(start: NaiveDateTime, end: Option<NaiveDateTime>, set_back: bool) -> String {
    let end = end.map(|end| match clock(end).as_str() {
        "00.00" => "24.00".to_owned(),
        other => other.to_owned(),
    });
    let end = end.map_or_else(String::new, |end| format!("–{end}"));
    let set_back = if set_back {
        " (klokka stilles tilbake)"
    } else {
        ""
    };
    format!("kl. {}{end}{set_back}", clock(start))
}

/// A time as a sentence, its first letter small.
pub fn sentence(time: Time, with_year: bool) -> String {
    match time {
        Time::Days(first, last) if first == last => weekday_day(first, with_year),
        Time::Days(first, last) => days(first, last, with_year),
        Time::ToCome(date) => format!("{}, klokkeslett kommer", weekday_day(date, with_year)),
        Time::Clock(..) => {
            let (start, end, set_back) = here(time).unwrap();
            match end.filter(|end| !set_back && !is_one_evening(start, *end)) {
                None => {
                    let hours = hours(start, end, set_back);
                    format!("{} {hours}", weekday_day(start.date(), with_year))
                }
                Some(end) => {
                    let first_year = start.year() != end.year();
                    let begin = weekday_day(start.date(), first_year);
                    let last = weekday_day(end.date(), with_year || first_year);
                    format!("{begin} kl. {} til {last} kl. {}", clock(start), clock(end))
                }
            }
        }
    }
}

/// The same at the head of a page, where ranges name their weekdays.
pub fn headline(time: Time) -> String {
    match time {
        Time::Days(first, last) if first != last => capitalized(&weekday_days(first, last)),
        _ => capitalized(&sentence(time, true)),
    }
}

/// The day under which the agenda lists a time, and what it writes in the column of hours.
pub fn row(time: Time, status: EventStatus) -> (NaiveDate, String) {
    match time {
        Time::Days(first, last) if first != last => (first, days(first, last, false)),
        Time::Days(first, _) if status == EventStatus::Tentative => (first, String::new()),
        Time::Days(first, _) => (first, "hele dagen".to_owned()),
        Time::ToCome(date) => (date, "klokkeslett kommer".to_owned()),
        Time::Clock(..) => {
            let (start, end, set_back) = here(time).unwrap();
            let first = start.date();
            let range = end.filter(|end| !set_back && !is_one_evening(start, *end));
            match range {
                Some(end) => {
                    // What ends at midnight does not touch the day that begins then.
                    let last = (end - chrono::TimeDelta::seconds(1)).date();
                    (first, days(first, last, false))
                }
                None => (first, hours(start, end, set_back)),
            }
        }
    }
}

pub fn capitalized(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

/// The label of a status with the time before; empty for one that is as announced.
pub fn label(truth: &Truth) -> String {
    let label = match truth.status {
        EventStatus::Scheduled => return String::new(),
        EventStatus::Tentative => "Foreløpig dato",
        EventStatus::Cancelled => "Avlyst",
        EventStatus::Postponed => "Utsatt",
        EventStatus::Rescheduled => "Nytt tidspunkt",
        EventStatus::MovedOnline => "Flyttet til nett",
    };
    match truth.before {
        Some(before) => format!("{label}, opprinnelig {}", sentence(before, false)),
        None => label.to_owned(),
    }
}
