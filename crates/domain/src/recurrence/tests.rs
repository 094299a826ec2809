//! Tests with the examples of RFC 5545 and of cases that it leaves open.

mod bounds;
mod properties;
mod rfc;
mod text;

use chrono::{NaiveDate, NaiveDateTime};

use super::{ExpansionLimits, RecurrenceRule, expand};

/// Parses `20270101` or `20270101T180000`.
fn at(text: &str) -> NaiveDateTime {
    let text = if text.len() == 8 {
        format!("{text}T000000")
    } else {
        text.to_owned()
    };
    NaiveDateTime::parse_from_str(&text, "%Y%m%dT%H%M%S").unwrap()
}

fn rule(text: &str) -> RecurrenceRule {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Returns at most `most` occurrences from DTSTART on, as dates with times.
fn first(text: &str, dtstart: &str, most: usize) -> Vec<String> {
    let end = NaiveDate::from_ymd_opt(2100, 1, 1)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let limits = ExpansionLimits::default();
    let found = expand(&rule(text), at(dtstart), None, at(dtstart)..end, &limits).unwrap();
    found
        .iter()
        .take(most)
        .map(|at| at.format("%Y%m%dT%H%M%S").to_string())
        .collect()
}

/// Returns the first occurrences as dates, for rules whose times are all DTSTART's.
fn dates(text: &str, dtstart: &str, most: usize) -> Vec<String> {
    first(text, dtstart, most)
        .into_iter()
        .map(|at| at[..8].to_owned())
        .collect()
}
