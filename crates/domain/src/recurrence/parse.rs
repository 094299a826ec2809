//! Parser of the RFC 5545 text of a rule.
//!
//! It tolerates unambiguous deviations: case, blanks, a trailing semicolon or comma, the order of
//! parts, and `X-` parts of RFC 2445 (which are ignored). Parts that RFC 5545 forbids but other
//! programs use, such as `BYMONTHDAY` in a weekly rule, are parsed too; see
//! [`violations`](super::violations).

use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::error::{RuleError, RuleFault, excerpt};
use super::rule::{Frequency, RecurrenceRule, RuleEnd, Skip, WeekdayNum};

/// A rule with all values of every part is shorter.
const LONGEST_TEXT: usize = 8 * 1024;

impl FromStr for RecurrenceRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text.len() > LONGEST_TEXT {
            return Err(RuleError::new(
                "RRULE",
                RuleFault::TooLong(text.len()),
                "up to 8 KiB",
            ));
        }
        let mut rule = RecurrenceRule::new(Frequency::Daily);
        let mut seen: Vec<String> = Vec::new();
        for part in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (name, value) = part.split_once('=').ok_or_else(|| {
                let fault = RuleFault::NotUnderstood(excerpt(part));
                RuleError::new("RRULE", fault, "parts of the form NAME=VALUE")
            })?;
            let name = name.trim().to_ascii_uppercase();
            if seen.contains(&name) {
                return Err(RuleError::new(&name, RuleFault::Repeated, "each part once"));
            }
            read_part(&mut rule, &name, value.trim())?;
            seen.push(name);
        }
        if seen.iter().any(|name| name == "FREQ") {
            Ok(rule)
        } else {
            Err(RuleError::new("FREQ", RuleFault::Missing, frequencies()))
        }
    }
}

fn read_part(rule: &mut RecurrenceRule, name: &str, value: &str) -> Result<(), RuleError> {
    if value.is_empty() && !name.starts_with("X-") {
        return Err(RuleError::new(name, RuleFault::Empty, "a value after ="));
    }
    match name {
        "FREQ" => rule.freq = frequency(value)?,
        "INTERVAL" => rule.interval = positive(name, value)?,
        "COUNT" => rule.count = Some(positive(name, value)?),
        "UNTIL" => rule.until = Some(until(value)?),
        "WKST" => rule.wkst = weekday(name, value)?,
        "BYSECOND" => rule.by_second = unsigned(name, value, 0, 60)?,
        "BYMINUTE" => rule.by_minute = unsigned(name, value, 0, 59)?,
        "BYHOUR" => rule.by_hour = unsigned(name, value, 0, 23)?,
        "BYDAY" => rule.by_day = by_day(value)?,
        "BYMONTHDAY" => rule.by_month_day = signed(name, value, 31)?,
        "BYYEARDAY" => rule.by_year_day = signed(name, value, 366)?,
        "BYWEEKNO" => rule.by_week_no = signed(name, value, 53)?,
        "BYMONTH" => rule.by_month = unsigned(name, value, 1, 12)?,
        "BYSETPOS" => rule.by_set_pos = signed(name, value, 366)?,
        "RSCALE" if value.eq_ignore_ascii_case("GREGORIAN") => {}
        "RSCALE" => return Err(not_understood(name, value, "GREGORIAN")),
        "SKIP" => rule.skip = skip(value)?,
        _ if name.starts_with("X-") => {}
        _ => {
            return Err(RuleError::new(
                name,
                RuleFault::Unknown,
                "the parts of RFC 5545 and 7529",
            ));
        }
    }
    Ok(())
}

fn not_understood(name: &str, value: &str, allowed: impl Into<String>) -> RuleError {
    RuleError::new(name, RuleFault::NotUnderstood(excerpt(value)), allowed)
}

fn frequencies() -> String {
    Frequency::ALL.map(Frequency::as_str).join(", ")
}

fn frequency(value: &str) -> Result<Frequency, RuleError> {
    Frequency::ALL
        .into_iter()
        .find(|freq| value.eq_ignore_ascii_case(freq.as_str()))
        .ok_or_else(|| not_understood("FREQ", value, frequencies()))
}

fn skip(value: &str) -> Result<Skip, RuleError> {
    match value.to_ascii_uppercase().as_str() {
        "OMIT" => Ok(Skip::Omit),
        "BACKWARD" => Ok(Skip::Backward),
        "FORWARD" => Ok(Skip::Forward),
        _ => Err(not_understood("SKIP", value, "OMIT, BACKWARD, FORWARD")),
    }
}

/// Parses a whole number of 1 or more. A number too large for `u32` becomes the maximum, since both
/// exceed the last year.
fn positive(name: &str, value: &str) -> Result<u32, RuleError> {
    let digits = value.strip_prefix('+').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(not_understood(name, value, "a whole number, 1 or more"));
    }
    match digits.parse::<u32>().unwrap_or(u32::MAX) {
        0 => Err(RuleError::new(
            name,
            RuleFault::OutOfRange("0".into()),
            "1 or more",
        )),
        number => Ok(number),
    }
}

/// Splits a comma-separated list with at least one entry.
fn entries<'v>(
    name: &'v str,
    value: &'v str,
) -> Result<impl Iterator<Item = &'v str> + 'v, RuleError> {
    let mut entries = value
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .peekable();
    if entries.peek().is_none() {
        return Err(RuleError::new(name, RuleFault::Empty, "a list of values"));
    }
    Ok(entries)
}

fn integer(name: &str, entry: &str, allowed: &str) -> Result<i32, RuleError> {
    let digits = entry.strip_prefix(['+', '-']).unwrap_or(entry);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(not_understood(name, entry, allowed));
    }
    entry
        .parse()
        .map_err(|_| out_of_range(name, entry, allowed))
}

fn out_of_range(name: &str, entry: &str, allowed: &str) -> RuleError {
    RuleError::new(name, RuleFault::OutOfRange(excerpt(entry)), allowed)
}

fn unsigned(name: &str, value: &str, least: i32, most: u8) -> Result<Vec<u8>, RuleError> {
    let allowed = format!("{least} to {most}");
    let mut numbers = Vec::new();
    for entry in entries(name, value)? {
        match u8::try_from(integer(name, entry, &allowed)?) {
            Ok(number) if (least..=i32::from(most)).contains(&i32::from(number)) => {
                numbers.push(number);
            }
            _ => return Err(out_of_range(name, entry, &allowed)),
        }
    }
    Ok(sorted(numbers))
}

fn signed<N>(name: &str, value: &str, most: i32) -> Result<Vec<N>, RuleError>
where
    N: TryFrom<i32> + Ord + Default + Copy,
{
    let allowed = format!("1 to {most} or -{most} to -1");
    let mut numbers = Vec::new();
    for entry in entries(name, value)? {
        let number = integer(name, entry, &allowed)?;
        match N::try_from(number) {
            Ok(fits) if number != 0 && number.abs() <= most => numbers.push(fits),
            _ => return Err(out_of_range(name, entry, &allowed)),
        }
    }
    Ok(sorted(numbers))
}

/// Returns the numbers in ascending order without duplicates, negative ones last.
fn sorted<N: Ord + Default + Copy>(mut numbers: Vec<N>) -> Vec<N> {
    numbers.sort_unstable_by_key(|&number| (number < N::default(), number));
    numbers.dedup();
    numbers
}

fn weekday(name: &str, value: &str) -> Result<Weekday, RuleError> {
    Ok(match value.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return Err(not_understood(name, value, "MO, TU, WE, TH, FR, SA, SU")),
    })
}

fn by_day(value: &str) -> Result<Vec<WeekdayNum>, RuleError> {
    const ALLOWED: &str = "MO, TU, WE, TH, FR, SA, SU, each with a number from -53 to 53 or none";
    let mut days = Vec::new();
    for entry in entries("BYDAY", value)? {
        let letters = entry
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(entry.len());
        let (number, name) = entry.split_at(letters);
        let weekday =
            weekday("BYDAY", name).map_err(|_| not_understood("BYDAY", entry, ALLOWED))?;
        let nth = match number.trim() {
            "" => None,
            number => match integer("BYDAY", number, ALLOWED)? {
                nth @ -53..=53 => Some(nth as i8),
                _ => return Err(out_of_range("BYDAY", entry, ALLOWED)),
            },
        };
        days.push(WeekdayNum { nth, weekday });
    }
    days.sort_by_key(|day| {
        (
            day.nth.is_some_and(|nth| nth < 0),
            day.nth,
            day.weekday.num_days_from_monday(),
        )
    });
    days.dedup();
    Ok(days)
}

/// Parses `YYYYMMDD`, `YYYYMMDDTHHMMSS` or `YYYYMMDDTHHMMSSZ`.
fn until(value: &str) -> Result<RuleEnd, RuleError> {
    const ALLOWED: &str = "YYYYMMDD, YYYYMMDDTHHMMSS or YYYYMMDDTHHMMSSZ";
    let wrong = || not_understood("UNTIL", value, ALLOWED);
    let value = value.to_ascii_uppercase();
    let (value, utc) = match value.strip_suffix('Z') {
        Some(rest) => (rest, true),
        None => (value.as_str(), false),
    };
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let date = read_date(date).ok_or_else(wrong)?;
    Ok(match (time, utc) {
        (None, false) => RuleEnd::Date(date),
        (None, true) => return Err(wrong()),
        (Some(time), utc) => {
            let at = NaiveDateTime::new(date, read_time(time).ok_or_else(wrong)?);
            if utc {
                RuleEnd::Utc(at)
            } else {
                RuleEnd::Local(at)
            }
        }
    })
}

fn read_date(text: &str) -> Option<NaiveDate> {
    let number = digits(text, 8)?;
    NaiveDate::from_ymd_opt((number / 10_000) as i32, number / 100 % 100, number % 100)
}

/// Parses `HHMMSS`. A leap second, `60`, becomes the second before, as RFC 5545 section 3.3.12
/// requires without support for leap seconds.
fn read_time(text: &str) -> Option<NaiveTime> {
    let number = digits(text, 6)?;
    let second = number % 100;
    let second = if second == 60 { 59 } else { second };
    NaiveTime::from_hms_opt(number / 10_000, number / 100 % 100, second)
}

fn digits(text: &str, len: usize) -> Option<u32> {
    let right = text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    right.then(|| text.parse().ok()).flatten()
}
