//! From a rule and its DTSTART to the members that fall in a window.

use std::ops::Range;

use chrono::{NaiveDateTime, TimeDelta};

use super::calendar::Calendar;
use super::check::Limits;
use super::collect::{Collector, ENOUGH, Flow, MORE, Stamp, at, ceil, day_of, end_of_dates, floor};
use super::pattern::DayPattern;
use super::period::Period;
use super::rule::RecurrenceRule;
use super::sub_daily;
use super::times::TimePattern;
use super::year::Day;

/// Why a rule was not expanded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpansionError {
    /// More members in the window than the cap.
    #[error("the rule has more than {limit} occurrences in this time")]
    TooManyOccurrences {
        /// [`Limits::max_occurrences`].
        limit: usize,
    },
    /// More work than the cap before the window's end was reached.
    #[error("the rule needs more than {limit} steps to be followed this far")]
    TooManySteps {
        /// [`Limits::max_iterations`].
        limit: u64,
    },
    /// The BY lists multiply to more than the cap.
    #[error("the rule's BY lists multiply to {product}, more than {limit}")]
    TooLarge {
        /// [`RecurrenceRule::by_product`].
        product: u64,
        /// [`Limits::max_by_product`].
        limit: u64,
    },
    /// The whole set of a rule without COUNT and UNTIL was asked for.
    #[error("the rule has no end, and the time asked for has none either")]
    Endless,
    /// The whole set was asked for, and COUNT reaches past 31 December 9999.
    #[error("the rule goes on after the year 9999")]
    BeyondDates,
}

/// The local, wall-clock starts of the rule's set, from DTSTART on, that fall in the window
/// (start inclusive, end exclusive), in order.
///
/// `dtstart` and all results are on the clock of DTSTART's zone, or floating, or midnights for
/// all-day events; [`zone::to_utc`](crate::zone::to_utc) makes instants of them.
/// `until_local` is the rule's UNTIL on that same clock, as
/// [`RecurrenceRule::until_in`] gives it; `None` takes the rule's own UNTIL as it stands.
///
/// A DTSTART that the rule does not select is no member, and COUNT does not count it. Dates end
/// with the year 9999: a window that ends later asks for the whole set, which is an error when
/// the set does not end by then.
///
/// # Errors
/// Where the rule exceeds the limits, or has no end that the window could have.
pub fn expand(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until_local: Option<NaiveDateTime>,
    window: Range<NaiveDateTime>,
    limits: &Limits,
) -> Result<Vec<NaiveDateTime>, ExpansionError> {
    match expand_within(rule, dtstart, until_local, window, limits) {
        (found, None) => Ok(found),
        (_, Some(error)) => Err(error),
    }
}

/// Returns the same starts as far as the limits allow, and why there may be more.
#[must_use]
pub fn expand_within(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until_local: Option<NaiveDateTime>,
    window: Range<NaiveDateTime>,
    limits: &Limits,
) -> (Vec<NaiveDateTime>, Option<ExpansionError>) {
    let until = until_local.or_else(|| rule.until_in(None));
    follow(rule, dtstart, until, rule.count, window, limits)
}

/// Whether DTSTART is itself a member of the rule's set.
///
/// RFC 5545 section 3.8.5.3 asks it of those who write; the set of a rule that is out of step is
/// undefined there, and programs differ. `until_local` is as in [`expand`]: a UTC `UNTIL` on the day of
/// DTSTART ends the set before it or after it, as the zone has it.
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
    let limits = Limits::default();
    let (found, _) = follow(rule, dtstart, until, None, dtstart..second_after, &limits);
    !found.is_empty()
}

fn follow(
    rule: &RecurrenceRule,
    dtstart: NaiveDateTime,
    until: Option<NaiveDateTime>,
    count: Option<u32>,
    window: Range<NaiveDateTime>,
    limits: &Limits,
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
    let walked = match Period::of(rule) {
        Some(period) => Walk::new(rule, period, &days, &times).run(&mut into),
        None => sub_daily::walk(rule, &days, &times, &mut into),
    };
    let (found, cut_off) = into.finish(all);
    (found, walked.err().or(cut_off))
}

/// A walk over periods of a day or longer.
struct Walk<'r> {
    period: Period,
    interval: i64,
    positions: &'r [i16],
    times: Vec<u32>,
    calendar: Calendar<'r>,
    /// `SKIP=FORWARD`: a month's set can reach one day into the next month, a year's into the next
    /// year.
    reaches_over: bool,
    /// The selected days of the period at hand.
    days: Vec<Day>,
    /// Members of an earlier period that fall into this one or after it.
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
            // With every period in and no positions to count in them, the set is simply every
            // selected day, and a year at a time is the quickest way through.
            period: if by_year { Period::Year } else { period },
            interval: i64::from(rule.interval.max(1)),
            positions: &rule.by_set_pos,
            times: times.of_day(),
            calendar: Calendar::new(days),
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
        // The first period may look empty because the window cuts it, hence one more than a cycle.
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
        // What lies outside is not asked for, which matters when the window is one month of a
        // year.
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

    /// The members at the rule's BYSETPOS, of all selected times on the selected days.
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

    fn offer_with_carried(&mut self, end: Day, into: &mut Collector<'_>) -> Flow {
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
