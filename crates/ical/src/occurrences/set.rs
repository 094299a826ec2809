//! Recurrence set of a read event: its starts and the length of each (RFC 5545 section 3.8.5).

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use crate::read::{CalTime, ReadEnd, ReadEvent};
use crate::value::CalDuration;
use calendar_domain::recurrence::{
    ExpansionError, ExpansionLimits as RuleLimits, RecurrenceRule, RuleEnd, expand_within,
};

/// Starts of a set on the master's clock, each with its end if an RDATE gives one.
pub(crate) type Starts = BTreeMap<NaiveDateTime, ReadEnd>;

/// OverrideSet of a series by the start they replace, on the master's clock.
pub(crate) type OverrideSet<'c> = BTreeMap<NaiveDateTime, &'c ReadEvent>;

/// Expands the rules and dates of one event and collects the errors.
pub(crate) struct StartSet<'s> {
    master: &'s ReadEvent,
    limits: &'s RuleLimits,
    faults: RefCell<Vec<ExpansionError>>,
}

impl<'s> StartSet<'s> {
    /// Returns the recurrence set of `master`, expanded within `limits`.
    pub fn new(master: &'s ReadEvent, limits: &'s RuleLimits) -> Self {
        StartSet {
            master,
            limits,
            faults: RefCell::default(),
        }
    }

    /// Returns the errors of the expansions so far.
    pub fn into_faults(self) -> Vec<ExpansionError> {
        self.faults.into_inner()
    }

    /// Returns the starts in a range, without exceptions.
    pub fn starts(&self, near: &Range<NaiveDateTime>) -> Starts {
        let mut starts = self.listed(near);
        for rule in &self.master.exrules {
            for start in self.ruled(rule, near) {
                starts.remove(&start);
            }
        }
        let exceptions = Exceptions::new(self.master);
        starts.retain(|start, _| !exceptions.contain(*start));
        starts
    }

    /// Returns the starts in a range by rule and date, exceptions ignored.
    pub fn listed(&self, near: &Range<NaiveDateTime>) -> Starts {
        let master = self.master;
        let mut starts = Starts::new();
        if master.rules.is_empty() && near.contains(&master.start.local()) {
            starts.insert(master.start.local(), ReadEnd::Missing);
        }
        for rule in &master.rules {
            starts.extend(
                self.ruled(rule, near)
                    .into_iter()
                    .map(|start| (start, ReadEnd::Missing)),
            );
        }
        for rdate in &master.rdates {
            let start = rdate.start.on_clock_of(&master.start);
            if near.contains(&start) {
                starts.insert(start, rdate.end.clone());
            }
        }
        starts
    }

    fn ruled(&self, rule: &RecurrenceRule, near: &Range<NaiveDateTime>) -> Vec<NaiveDateTime> {
        let start = &self.master.start;
        let rule = rule_beside(rule, start);
        let until = until_on_clock_of(&rule, start);
        let (mut found, fault) =
            expand_within(&rule, start.local(), until, near.clone(), self.limits);
        self.faults.borrow_mut().extend(fault);
        if start.is_date() {
            // A rule finer than daily generates the same day many times.
            found = found.into_iter().map(midnight).collect();
            found.dedup();
        }
        found
    }

    /// Removes overrides that are older than their event and change starts that it no longer has.
    pub fn remove_leftovers(&self, overrides: &mut OverrideSet<'_>) {
        let is_older = |change: &ReadEvent| change.sequence < self.master.sequence;
        let mut older = overrides
            .iter()
            .filter(|(_, change)| is_older(change))
            .map(|(id, _)| *id);
        let Some(first) = older.next() else { return };
        let last = older.next_back().unwrap_or(first);
        let Some(end) = last.checked_add_signed(Duration::seconds(1)) else {
            return;
        };
        let faults = self.faults.borrow().len();
        let starts = self.listed(&(first..end));
        if self.faults.borrow().len() == faults {
            overrides.retain(|id, change| !is_older(change) || starts.contains_key(id));
        }
    }
}

fn midnight(time: NaiveDateTime) -> NaiveDateTime {
    time.date().and_time(NaiveTime::MIN)
}

/// Returns the rule as it applies to a start: BYHOUR, BYMINUTE and BYSECOND are ignored for a date
/// (RFC 5545 section 3.3.10).
pub(crate) fn rule_beside<'r>(
    rule: &'r RecurrenceRule,
    start: &CalTime,
) -> Cow<'r, RecurrenceRule> {
    if start.is_date() {
        rule.without_times()
    } else {
        Cow::Borrowed(rule)
    }
}

/// Returns UNTIL on the clock of the start, inclusive.
///
/// If DTSTART has a zone, UNTIL must be in UTC (RFC 5545 section 3.3.10). One without `Z` is read
/// as UTC, as libical and ical.js do.
pub(crate) fn until_on_clock_of(rule: &RecurrenceRule, start: &CalTime) -> Option<NaiveDateTime> {
    match (rule.until, start) {
        (Some(RuleEnd::Utc(utc) | RuleEnd::Local(utc)), CalTime::Zoned { zone, .. }) => {
            Some(zone.to_local(utc))
        }
        _ => rule.until_in(None),
    }
}

/// Returns how far RANGE=THISANDFUTURE shifts later starts, in wall time.
pub(crate) fn shift_of(id: NaiveDateTime, change: &ReadEvent, master: &ReadEvent) -> Duration {
    change.start.on_clock_of(&master.start) - id
}

/// Returns RECURRENCE-ID on the master's clock. For an event with a time, a bare date means the
/// start on that day.
pub(crate) fn override_key(id: &CalTime, start: &CalTime) -> NaiveDateTime {
    match (id, start) {
        (CalTime::Date(date), CalTime::Floating(_) | CalTime::Utc(_) | CalTime::Zoned { .. }) => {
            date.and_time(start.local().time())
        }
        (_, CalTime::Date(_)) => id.local().date().and_time(NaiveTime::MIN),
        _ => id.on_clock_of(start),
    }
}

/// Exceptions of an event. A bare date excludes its whole day.
#[derive(Default)]
pub(crate) struct Exceptions {
    dates: HashSet<NaiveDate>,
    times: HashSet<NaiveDateTime>,
}

impl Exceptions {
    /// Collects EXDATE of `master`, on its clock.
    pub fn new(master: &ReadEvent) -> Self {
        let mut exceptions = Exceptions::default();
        for exdate in &master.exdates {
            match exdate {
                CalTime::Date(date) => _ = exceptions.dates.insert(*date),
                _ if master.start.is_date() => {
                    exceptions.dates.insert(exdate.local().date());
                }
                _ => _ = exceptions.times.insert(exdate.on_clock_of(&master.start)),
            }
        }
        exceptions
    }

    /// Returns true if a start on the master's clock is excluded.
    pub fn contain(&self, start: NaiveDateTime) -> bool {
        (!self.dates.is_empty() && self.dates.contains(&start.date()))
            || (!self.times.is_empty() && self.times.contains(&start))
    }
}

/// Returns the end of an occurrence that begins at `start`.
///
/// A DTEND is kept at the same exact distance as in the event itself (RFC 5545 section 3.8.5.3).
pub(crate) fn end_of(event: &ReadEvent, start: &CalTime, end: &ReadEnd) -> CalTime {
    match end {
        ReadEnd::Missing => match start {
            CalTime::Date(date) => CalTime::Date(date.succ_opt().unwrap_or(*date)),
            _ => start.clone(),
        },
        ReadEnd::After(duration) => after(start, *duration),
        ReadEnd::At(at) if start == &event.start => at.clone(),
        ReadEnd::At(at) => {
            let exact = match (event.start.utc(), at.utc()) {
                (Some(begins), Some(ends)) => ends - begins,
                _ => at.local() - event.start.local(),
            };
            after(
                start,
                CalDuration {
                    days: 0,
                    seconds: exact.num_seconds(),
                },
            )
        }
    }
}

/// Adds a duration: days on the wall clock, seconds in exact time.
fn after(start: &CalTime, duration: CalDuration) -> CalTime {
    let nominal = CalDuration {
        seconds: 0,
        ..duration
    };
    let exact = CalDuration {
        days: 0,
        ..duration
    };
    let moved = nominal.after(start.local()).and_then(|local| match start {
        CalTime::Zoned { zone, .. } => exact
            .after(zone.to_utc(local))
            .map(|utc| zone.to_local(utc)),
        _ => exact.after(local),
    });
    moved.map_or_else(|| start.clone(), |local| start.at(local))
}
