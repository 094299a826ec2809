//! The rule of the parts of a sentence.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::parser::Parts;
use super::vocabulary::Unit;
use super::{
    MOST_DATES, MOST_INTERVAL, MOST_MONTHS, ParsedRepetition, RepetitionError, nth_of_month,
};
use crate::recurrence::{Frequency, RecurrenceRule, RuleEnd, WeekdayNum};

/// Number of days in which every rule has a date.
const SEARCHED_DAYS: u64 = 400;

/// Returns the rule of the parts, for an event that starts on `start` or later.
pub(super) fn assemble(
    parts: Parts,
    start: NaiveDate,
) -> Result<ParsedRepetition, RepetitionError> {
    let mut rule = frequency(&parts, start)?;
    rule.interval = parts.interval.unwrap_or(1);
    let not_understood = RepetitionError::NotUnderstood(parts.text.clone());
    if !(1..=MOST_INTERVAL).contains(&rule.interval) {
        return Err(not_understood);
    }
    let mut days = (0..SEARCHED_DAYS).filter_map(|n| start.checked_add_days(Days::new(n)));
    let first = days.find(|day| selects(&rule, *day));
    let first = first.ok_or_else(|| not_understood.clone())?;
    if let Some(count) = parts.count {
        if !(1..=MOST_DATES).contains(&count) {
            return Err(RepetitionError::Count(count));
        }
        rule.count = Some(count);
    } else {
        let last = match (parts.until, parts.length) {
            (Some(until), _) => until,
            (None, Some(length)) => after(first, length).ok_or(not_understood)?,
            (None, None) => return Err(RepetitionError::NoEnd),
        };
        if last < first {
            return Err(RepetitionError::EndBefore(first));
        }
        let latest = first.checked_add_months(Months::new(MOST_MONTHS));
        if let Some(latest) = latest.filter(|latest| last > *latest) {
            return Err(RepetitionError::EndAfter(latest));
        }
        rule.until = Some(RuleEnd::Date(last));
    }
    Ok(ParsedRepetition {
        rule,
        first,
        except: parts.except,
    })
}

/// Returns the rule without interval and end.
fn frequency(parts: &Parts, start: NaiveDate) -> Result<RecurrenceRule, RepetitionError> {
    let wrong = || RepetitionError::NotUnderstood(parts.text.clone());
    let weekdays = || parts.weekdays.iter().filter_map(|day| weekday(*day));
    let mut nth: Vec<i8> = parts.nth.clone();
    // «hver måned den 15.» has its day as an ordinal.
    let mut month_day = parts.month_day;
    if parts.unit == Some(Unit::Month)
        && parts.weekdays.is_empty()
        && month_day.is_none()
        && let [day @ 1..=31] = nth[..]
    {
        month_day = Some(day);
        nth.clear();
    }
    if let Some(day) = month_day {
        let is_month = matches!(parts.unit, None | Some(Unit::Month));
        if !nth.is_empty() || !parts.weekdays.is_empty() || !is_month {
            return Err(wrong());
        }
        let mut rule = RecurrenceRule::new(Frequency::Monthly);
        rule.by_month_day = vec![day];
        return Ok(rule);
    }
    if !nth.is_empty() {
        let is_month = matches!(parts.unit, None | Some(Unit::Month));
        let known = nth.iter().all(|nth| matches!(nth, -1 | 1..=4));
        let mut days = weekdays();
        let (Some(day), None, true, true) = (days.next(), days.next(), known, is_month) else {
            return Err(wrong());
        };
        let mut rule = RecurrenceRule::new(Frequency::Monthly);
        // In the order of the month.
        let sorted: BTreeSet<(bool, i8)> = nth.into_iter().map(|nth| (nth < 0, nth)).collect();
        let each = |(_, nth): (bool, i8)| WeekdayNum::nth(nth, day);
        rule.by_day = sorted.into_iter().map(each).collect();
        return Ok(rule);
    }
    match parts.unit {
        Some(Unit::Month) if parts.weekdays.is_empty() => {
            let mut rule = RecurrenceRule::new(Frequency::Monthly);
            rule.by_day = vec![WeekdayNum::nth(nth_of_month(start), start.weekday())];
            Ok(rule)
        }
        Some(Unit::Day) if parts.weekdays.is_empty() => Ok(RecurrenceRule::new(Frequency::Daily)),
        None if parts.weekdays.is_empty() => Err(RepetitionError::NoFrequency),
        None | Some(Unit::Week) => {
            let mut rule = RecurrenceRule::new(Frequency::Weekly);
            rule.by_day = weekdays().map(WeekdayNum::every).collect();
            if rule.by_day.is_empty() {
                rule.by_day.push(WeekdayNum::every(start.weekday()));
            }
            Ok(rule)
        }
        Some(Unit::Month | Unit::Day) => Err(wrong()),
    }
}

/// Returns true if the rule without its interval selects a day.
fn selects(rule: &RecurrenceRule, day: NaiveDate) -> bool {
    let is_last = |days: u64| {
        let later = day.checked_add_days(Days::new(days));
        later.is_none_or(|later| later.month() != day.month())
    };
    let by_day = |num: &WeekdayNum| {
        let nth = match num.nth {
            None => true,
            Some(-1) => is_last(7),
            Some(nth) => u32::try_from(nth).is_ok_and(|nth| day.day0() / 7 + 1 == nth),
        };
        nth && num.weekday == day.weekday()
    };
    let by_month_day = |value: &i8| match value {
        -1 => is_last(1),
        value => u32::try_from(*value).is_ok_and(|value| value == day.day()),
    };
    (rule.by_day.is_empty() || rule.by_day.iter().any(by_day))
        && (rule.by_month_day.is_empty() || rule.by_month_day.iter().any(by_month_day))
}

/// Returns the last day of a length of time from the first.
fn after(first: NaiveDate, (number, unit): (u32, Unit)) -> Option<NaiveDate> {
    let end = match unit {
        Unit::Day => first.checked_add_days(Days::new(number.into())),
        Unit::Week => first.checked_add_days(Days::new(u64::from(number) * 7)),
        Unit::Month => first.checked_add_months(Months::new(number)),
    };
    end?.pred_opt()
}

fn weekday(from_monday: u32) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(from_monday).ok()?).ok()
}
