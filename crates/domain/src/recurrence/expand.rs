//! Expansion of a rule and its DTSTART to the occurrences in a window.

use std::ops::Range;

use chrono::{NaiveDateTime, TimeDelta};

use super::calendar::SelectedDays;
use super::check::ExpansionLimits;
use super::collect::{Collector, ENOUGH, Flow, MORE, Stamp, at, ceil, day_of, end_of_dates, floor};
use super::error::ExpansionError;
use super::pattern::DayPattern;
use super::period::Period;
use super::rule::RecurrenceRule;
use super::sub_daily;
use super::times::TimePattern;
use super::year::DayNumber;

/// Returns the local starts of the rule's set from DTSTART that are in the window (start inclusive,
/// end exclusive), in order.
///
/// `dtstart` and all results are local to the zone of DTSTART, or floating, or midnights for
/// all-day events; [`zone::to_utc`](crate::zone::to_utc) converts them to instants. `until_local`
/// is the rule's UNTIL in the same local time, as returned by [`RecurrenceRule::until_in`]; `None`
/// uses the rule's own UNTIL without conversion.
///
/// A DTSTART that the rule does not select is not part of the set, and COUNT does not count it.
/// Dates end with the year 9999: a window that ends later requests the whole set, which is an error
/// if the set does not end by then.
///
/// # Errors
/// Errors if the rule exceeds the limits, or if neither the rule nor the window ends.
///
/// # Examples
/// ```
/// use calendar_domain::recurrence::{ExpansionLimits, RecurrenceRule, expand};
/// use chrono::NaiveDate;
///
/// let evening = |day| NaiveDate::from_ymd_opt(2027, 3, day).unwrap().and_hms_opt(18, 0, 0).unwrap();
/// let rule: RecurrenceRule = "FREQ=WEEKLY;BYDAY=TH".parse().unwrap();
/// let window = evening(1)..evening(19);
/// let starts = expand(&rule, evening(4), None, window, &ExpansionLimits::default()).unwrap();
/// assert_eq!(starts, [evening(4), evening(11), evening(18)]);
/// ```
pub fn expand(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until_local: Option<NaiveDateTime>,
    window: Range<NaiveDateTime>,
    limits: &ExpansionLimits,
) -> Result<Vec<NaiveDateTime>, ExpansionError> {
    match expand_within(rule, dtstart, until_local, window, limits) {
        (found, None) => Ok(found),
        (_, Some(error)) => Err(error),
    }
}

/// Returns the same starts within the limits, and an error if there may be more.
#[must_use]
pub fn expand_within(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until_local: Option<NaiveDateTime>,
    window: Range<NaiveDateTime>,
    limits: &ExpansionLimits,
) -> (Vec<NaiveDateTime>, Option<ExpansionError>) {
    let until = until_local.or_else(|| rule.until_in(None));
    follow(rule, dtstart, until, rule.count, window, limits)
}

/// Returns true if DTSTART is part of the rule's set.
///
/// RFC 5545 section 3.8.5.3 requires this; otherwise the set is undefined and programs differ.
/// `until_local` is as in [`expand`]: whether a UTC `UNTIL` on the day of DTSTART is before it
/// depends on the zone.
#[must_use]
pub fn in_step(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until_local: Option<NaiveDateTime>,
) -> bool {
    let Some(second_after) = dtstart.checked_add_signed(TimeDelta::seconds(1)) else {
        return false;
    };
    let until = until_local.or_else(|| rule.until_in(None));
    let limits = ExpansionLimits::default();
    let (found, _) = follow(rule, dtstart, until, None, dtstart..second_after, &limits);
    !found.is_empty()
}

fn follow(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until: Option<NaiveDateTime>,
    count: Option<u32>,
    window: Range<NaiveDateTime>,
    limits: &ExpansionLimits,
) -> (Vec<NaiveDateTime>, Option<ExpansionError>) {
    let (product, limit) = (rule.by_product(), limits.max_by_product);
    if product > limit {
        let error = ExpansionError::TooLarge { product, limit };
        return (Vec::new(), Some(error));
    }
    let end_of_dates = end_of_dates();
    let all = ceil(window.end) > end_of_dates;
    if all && count.is_none() && until.is_none() {
        return (Vec::new(), Some(ExpansionError::Endless));
    }
    let last = until.map_or(end_of_dates - 1, |until| floor(until).min(end_of_dates - 1));
    let window = (ceil(window.start), ceil(window.end).min(end_of_dates));
    let mut into = Collector::new((floor(dtstart), last), window, count, limits);
    if into.earliest() >= into.end() {
        return (Vec::new(), None);
    }
    let days = DayPattern::new(rule, dtstart);
    let times = TimePattern::new(rule, dtstart);
    let walked = match Period::new(rule) {
        Some(period) => Walk::new(rule, period, &days, &times).run(&mut into),
        None => sub_daily::walk(rule, &days, &times, &mut into),
    };
    let (found, cut_off) = into.finish(all);
    (found, walked.err().or(cut_off))
}

/// Iteration over periods of a day or longer.
struct Walk<'r> {
    period: Period,
    interval: i64,
    positions: &'r [i16],
    times: Vec<u32>,
    calendar: SelectedDays<'r>,
    /// With `SKIP=FORWARD`, the set of a month or year can include the first day of the next one.
    reaches_over: bool,
    /// The selected days of the current period.
    days: Vec<DayNumber>,
    /// Occurrences from an earlier period in this one or after it.
    carried: Vec<Stamp>,
}

impl<'r> Walk<'r> {
    fn new(
        rule: &'r RecurrenceRule,
        period: Period,
        days: &'r DayPattern,
        times: &TimePattern,
    ) -> Self {
        let reaches_over = match period {
            Period::Month => days.moves_forward(),
            Period::Year => days.year_moves_forward(),
            _ => false,
        };
        let by_year = rule.interval == 1 && rule.by_set_pos.is_empty() && !reaches_over;
        Walk {
            // If every period counts and no positions are selected within them, the set is every
            // selected day, and whole years are the fastest period.
            period: if by_year { Period::Year } else { period },
            interval: i64::from(rule.interval.max(1)),
            positions: &rule.by_set_pos,
            times: times.of_day(),
            calendar: SelectedDays::new(days),
            reaches_over,
            days: Vec::new(),
            carried: Vec::new(),
        }
    }

    fn run(mut self, into: &mut Collector<'_>) -> Result<(), ExpansionError> {
        let anchor = self.period.index_of(day_of(into.first));
        let near = self.period.index_of(day_of(into.earliest())) - i64::from(self.reaches_over);
        let mut index = anchor + (near - anchor).max(0) / self.interval * self.interval;
        let final_index = self.period.index_of(day_of(into.end() - 1));
        let mut empty = 0;
        // The first period may be empty only because the window cuts it, hence one more than a
        // cycle.
        while index <= final_index && empty <= self.period.in_cycle() {
            into.step()?;
            if self.visit(index, into)?.is_break() {
                return Ok(());
            }
            empty = if self.days.is_empty() { empty + 1 } else { 0 };
            index += self.interval;
        }
        for stamp in std::mem::take(&mut self.carried) {
            if into.offer(stamp)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn visit(&mut self, index: i64, into: &mut Collector<'_>) -> Flow {
        let (first, end) = self.period.days(index);
        self.days.clear();
        if self.reaches_over {
            self.calendar.collect_own(first, end, &mut self.days);
            if self.calendar.is_moved(end) {
                self.days.push(end);
            }
            return self.offer_with_carried(end, into);
        }
        if !self.positions.is_empty() {
            self.calendar.collect(first, end, &mut self.days);
            return offer_all(self.at_positions(), into);
        }
        // Skip days outside the window, which may be a single month of a year.
        let first = first.max(day_of(into.earliest()));
        let end = end.min(day_of(into.end() - 1) + 1);
        self.calendar.collect(first, end, &mut self.days);
        for &day in &self.days {
            if into.offer_day(day, &self.times)?.is_break() {
                return ENOUGH;
            }
        }
        MORE
    }

    /// Returns the occurrences at the rule's BYSETPOS among all selected times on the selected
    /// days.
    fn at_positions(&self) -> Vec<Stamp> {
        let times = self.times.len() as i64;
        let size = self.days.len() as i64 * times;
        let mut indexes: Vec<i64> = (self.positions.iter().map(|&pos| i64::from(pos)))
            .filter(|&pos| pos != 0)
            .map(|pos| if pos > 0 { pos - 1 } else { size + pos })
            .filter(|index| (0..size).contains(index))
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        let member = |i: i64| {
            at(
                self.days[(i / times) as usize],
                self.times[(i % times) as usize],
            )
        };
        indexes.into_iter().map(member).collect()
    }

    fn offer_with_carried(&mut self, end: DayNumber, into: &mut Collector<'_>) -> Flow {
        let mut members = std::mem::take(&mut self.carried);
        if self.positions.is_empty() {
            let times = &self.times;
            members.extend(
                self.days
                    .iter()
                    .flat_map(|&d| times.iter().map(move |&t| at(d, t))),
            );
        } else {
            members.extend(self.at_positions());
        }
        members.sort_unstable();
        members.dedup();
        let over = members.partition_point(|&stamp| stamp < at(end, 0));
        self.carried = members.split_off(over);
        offer_all(members, into)
    }
}

fn offer_all(members: Vec<Stamp>, into: &mut Collector<'_>) -> Flow {
    for stamp in members {
        if into.offer(stamp)?.is_break() {
            return ENOUGH;
        }
    }
    MORE
}
