//! A rule as a sentence in bokmål.

use chrono::{Datelike, NaiveDate, Weekday};

use super::super::typed_dates::month_name;
use super::parse;
use crate::recurrence::{Frequency, RecurrenceRule, RuleEnd};

const WEEKDAYS: [&str; 7] = [
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
];

/// Returns a sentence that [`parse`] reads as the rule from its first date on; `None` if there is none.
#[must_use]
pub fn write(rule: &RecurrenceRule, first: NaiveDate) -> Option<String> {
    let often = match rule.freq {
        Frequency::Daily => every(rule.interval, "dag"),
        Frequency::Weekly => weekly(rule)?,
        Frequency::Monthly => monthly(rule)?,
        _ => return None,
    };
    let text = match (rule.until, rule.count) {
        (Some(RuleEnd::Date(last)), None) => format!("{often} til {}", date(last)?),
        (None, Some(1)) => format!("{often}, én gang"),
        (None, Some(count)) => format!("{often}, {count} ganger"),
        _ => return None,
    };
    let read = parse(&text, first).ok()?;
    (read.rule == *rule && read.first == first).then_some(text)
}

fn weekly(rule: &RecurrenceRule) -> Option<String> {
    let names: Vec<&str> = rule
        .by_day
        .iter()
        .map(|by_day| weekday(by_day.weekday))
        .collect();
    let names = listed(&names)?;
    Some(match rule.interval {
        1 => format!("hver {names}"),
        2 => format!("annenhver {names}"),
        interval => format!("hver {interval}. uke på {names}"),
    })
}

fn monthly(rule: &RecurrenceRule) -> Option<String> {
    let month = every(rule.interval, "måned");
    if let [day] = rule.by_month_day[..] {
        return Some(match day {
            -1 => format!("siste dag i {month}"),
            day => format!("den {day}. i {month}"),
        });
    }
    let day = rule.by_day.first()?.weekday;
    let nth = rule.by_day.iter().map(|by_day| match by_day.nth {
        Some(1) => Some("første"),
        Some(2) => Some("andre"),
        Some(3) => Some("tredje"),
        Some(4) => Some("fjerde"),
        Some(-1) => Some("siste"),
        _ => None,
    });
    let nth: Vec<&str> = nth.collect::<Option<_>>()?;
    Some(format!("{} {} i {month}", listed(&nth)?, weekday(day)))
}

fn every(interval: u32, unit: &str) -> String {
    match interval {
        1 => format!("hver {unit}"),
        2 => format!("annenhver {unit}"),
        interval => format!("hver {interval}. {unit}"),
    }
}

fn weekday(day: Weekday) -> &'static str {
    let number = day.num_days_from_monday() as usize;
    WEEKDAYS.get(number).copied().unwrap_or_default()
}

/// Returns the words with commas and «og».
fn listed(words: &[&str]) -> Option<String> {
    let (last, rest) = words.split_last()?;
    if rest.is_empty() {
        return Some((*last).to_owned());
    }
    Some(format!("{} og {last}", rest.join(", ")))
}

fn date(date: NaiveDate) -> Option<String> {
    let month = month_name(date.month0())?;
    Some(format!("{}. {month} {}", date.day(), date.year()))
}
