//! The recurrence set of a read event: its starts, and how long each lasts (RFC 5545 section 3.8.5).

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use crate::read::{CalTime, ReadEnd, ReadEvent};
use crate::value::CalDuration;
use calendar_domain::recurrence::{
    ExpansionError, Limits as RuleLimits, RecurrenceRule, Until, expand_within,
};

/// The starts of a set on the master's clock, each with an end of its own if RDATE gave it one.
pub(crate) type Starts = BTreeMap<NaiveDateTime, ReadEnd>;

/// The overrides of a series by the start they stand for, on the master's clock.
pub(crate) type Overrides<'c> = BTreeMap<NaiveDateTime, &'c ReadEvent>;

/// Follows the rules and dates of one event, and keeps what went wrong on the way.
pub(crate) struct StartSet<'s> {
    master: &'s ReadEvent,
    limits: &'s RuleLimits,
    faults: RefCell<Vec<ExpansionError>>,
}

impl<'s> StartSet<'s> {
    /// The set of `master`, followed within `limits`.
    pub fn new(master: &'s ReadEvent, limits: &'s RuleLimits) -> Self {
        StartSet {
            master,
            limits,
            faults: RefCell::default(),
        }
    }

    /// Why rules could not be followed to the end.
    pub fn into_faults(self) -> Vec<ExpansionError> {
        self.faults.into_inner()
    }

    /// The starts in a span, exceptions taken out.
    pub fn starts(&self, near: &Range<NaiveDateTime>) -> Starts {
        let mut starts = self.listed(near);
        for rule in &self.master.exrules {
            for start in self.ruled(rule, near) {
                starts.remove(&start);
            }
        }
        let exceptions = Exceptions::of(self.master);
        starts.retain(|start, _| !exceptions.contain(*start));
        starts
    }

    /// The starts in a span by rule and date, exceptions left aside.
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
            // A rule finer than daily gives a day as often as it has hours.
            found = found.into_iter().map(midnight).collect();
            found.dedup();
        }
        found
    }

    /// Takes out overrides that are older than their event, which no longer has the starts that
    /// they change.
    pub fn remove_leftovers(&self, overrides: &mut Overrides<'_>) {
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

/// The rule as it counts beside a start: BYHOUR, BYMINUTE and BYSECOND are ignored beside a date (RFC
/// 5545 section 3.3.10).
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

/// UNTIL on the clock of the start, inclusive. Beside a DTSTART with a zone it must be in UTC (RFC 5545
/// section 3.3.10); one without `Z` is read as UTC there, as libical and ical.js do.
pub(crate) fn until_on_clock_of(rule: &RecurrenceRule, start: &CalTime) -> Option<NaiveDateTime> {
    match (rule.until, start) {
        (Some(Until::Utc(utc) | Until::Local(utc)), CalTime::Zoned { zone, .. }) => {
            Some(zone.to_local(utc))
        }
        _ => rule.until_in(None),
    }
}

/// How far RANGE=THISANDFUTURE moves the starts after it, in wall time.
pub(crate) fn shift_of(id: NaiveDateTime, change: &ReadEvent, master: &ReadEvent) -> Duration {
    change.start.on_clock_of(&master.start) - id
}

/// RECURRENCE-ID on the master's clock. A bare date for an event with a time means the start on
/// that day.
pub(crate) fn override_key(id: &CalTime, start: &CalTime) -> NaiveDateTime {
    match (id, start) {
        (CalTime::Date(date), CalTime::Floating(_) | CalTime::Utc(_) | CalTime::Zoned { .. }) => {
            date.and_time(start.local().time())
        }
        (_, CalTime::Date(_)) => id.local().date().and_time(NaiveTime::MIN),
        _ => id.on_clock_of(start),
    }
}

/// The exceptions of an event, ready to be asked. A bare date takes out all of its day.
#[derive(Default)]
pub(crate) struct Exceptions {
    dates: HashSet<NaiveDate>,
    times: HashSet<NaiveDateTime>,
}

impl Exceptions {
    /// EXDATE of `master`, on its clock.
    pub fn of(master: &ReadEvent) -> Self {
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

    /// Whether a start on the master's clock is taken out.
    pub fn contain(&self, start: NaiveDateTime) -> bool {
        (!self.dates.is_empty() && self.dates.contains(&start.date()))
            || (!self.times.is_empty() && self.times.contains(&start))
    }
}

/// When an occurrence ends that begins at `start`: a DTEND as long after it in exact time as the
/// event's own end after its own start (RFC 5545 section 3.8.5.3).
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

/// Days on the wall clock, seconds in exact time.
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
