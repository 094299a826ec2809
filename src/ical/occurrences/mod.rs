//! The occurrences of a read file in a span of days, as `ics occurrences` prints them.
//!
//! An occurrence belongs to the span if it *starts* in it: dates and floating times by their own
//! calendar, all others by UTC.
//!
//! Where RFC 5545 is silent: a DTSTART out of step with its rule is no occurrence (as in libical and
//! ical.js); an override of a start that the rule does not give is shown nevertheless, unless an
//! EXDATE names it or its SEQUENCE is lower than the event's; RANGE=THISANDFUTURE moves later starts
//! by as much as it moves its own, with its length and texts, until the next such override.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Serialize, Serializer};

use crate::domain::recurrence::{Limits as RuleLimits, RecurrenceRule, Until, expand};
use crate::ical::finding::{Finding, Reason, Severity};
use crate::ical::limits::Limits;
use crate::ical::read::{CalTime, ReadCalendar, ReadEnd, ReadEvent, ReadStatus, Series, series};
use crate::ical::value::CalDuration;

/// A time without its zone: a date, an instant, or a floating wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// A date, printed `YYYYMMDD`.
    Date(NaiveDate),
    /// An instant, printed `YYYYMMDDTHHMMSSZ`.
    Utc(NaiveDateTime),
    /// A wall time, printed `YYYYMMDDTHHMMSS`.
    Floating(NaiveDateTime),
}

/// One occurrence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReadOccurrence<'c> {
    /// The event's UID; empty where it has none.
    pub uid: &'c str,
    /// The start that the rule gave it; `None` for an event that happens once.
    pub recurrence_id: Option<Moment>,
    /// When it starts.
    pub start: Moment,
    /// When it ends, exclusive; the start itself for an instant.
    pub end: Moment,
    /// Its title.
    pub summary: &'c str,
    /// STATUS, `CONFIRMED` unless said.
    pub status: &'static str,
}

/// The occurrences that start from `from` to before `to`, in the order of the file's events and then
/// of their starts, and what could not be expanded.
pub fn occurrences(
    calendar: &ReadCalendar,
    from: NaiveDate,
    to: NaiveDate,
) -> (Vec<ReadOccurrence<'_>>, Vec<Finding>) {
    let mut found = Vec::new();
    let findings = for_each_occurrence(calendar, from, to, |occurrence| found.push(occurrence));
    (found, findings)
}

/// Gives the same occurrences one by one, without keeping them.
pub fn for_each_occurrence<'c>(
    calendar: &'c ReadCalendar,
    from: NaiveDate,
    to: NaiveDate,
    mut give: impl FnMut(ReadOccurrence<'c>),
) -> Vec<Finding> {
    let limits = Limits::default();
    let mut expansion = Expansion {
        window: from.and_time(NaiveTime::MIN)..to.and_time(NaiveTime::MIN),
        rule_limits: limits.of_rule(),
        findings: Vec::new(),
        given: 0,
        give: &mut give,
    };
    let mut recurring = 0;
    for series in series(calendar) {
        let event = series.master.or(series.overrides.first().copied());
        recurring += usize::from(series.master.is_some_and(ReadEvent::recurs));
        if recurring > limits.recurring_events || expansion.given > MOST {
            let detail = "too many recurring events or occurrences; the rest is not shown";
            let line = event.map_or(0, |event| event.line);
            expansion.report(line, "", Reason::TooMuch, detail.to_owned());
            break;
        }
        expansion.series(&series);
    }
    expansion.findings
}

/// The most occurrences of one file.
const MOST: usize = 20_000_000;

struct Expansion<'g, 'c> {
    window: Range<NaiveDateTime>,
    rule_limits: RuleLimits,
    findings: Vec<Finding>,
    given: usize,
    give: &'g mut dyn FnMut(ReadOccurrence<'c>),
}

/// The overrides of a series by the start they stand for, on the master's clock.
type Overrides<'c> = BTreeMap<NaiveDateTime, &'c ReadEvent>;

/// A start of the set: on the master's clock, with an end of its own if RDATE gave it one.
type Starts = BTreeMap<NaiveDateTime, ReadEnd>;

impl<'c> Expansion<'_, 'c> {
    fn series(&mut self, series: &Series<'c>) {
        let Some(master) = series.master else {
            // Overrides whose event is not in the file stand for themselves.
            for change in &series.overrides {
                let id = change.recurrence_id.as_ref().map(|id| &id.time);
                self.push(change, id, &change.start, &change.end);
            }
            return;
        };
        if series.overrides.is_empty() && !master.recurs() {
            if !excluded(master, master.start.local()) {
                self.push(master, None, &master.start, &master.end);
            }
            return;
        }
        let mut single = Overrides::new();
        let mut onward = Overrides::new();
        for change in &series.overrides {
            let Some(id) = &change.recurrence_id else {
                continue;
            };
            let local = override_key(&id.time, &master.start);
            single.insert(local, *change);
            if id.this_and_future {
                onward.insert(local, *change);
            }
        }
        self.by_rule(master, &single, &onward);
        self.overridden(master, single);
    }

    /// The starts that no override stands for.
    fn by_rule(&mut self, master: &'c ReadEvent, single: &Overrides<'c>, onward: &Overrides<'c>) {
        let shifts = onward
            .iter()
            .map(|(id, change)| shift_of(*id, change, master));
        let reach = shifts
            .map(|shift| shift.num_seconds().abs())
            .max()
            .unwrap_or(0);
        for (start, own_end) in self.starts(master, reach) {
            if single.contains_key(&start) {
                continue;
            }
            let id = master.start.at(start);
            let Some((base, change)) = onward.range(..start).next_back() else {
                let end = if own_end == ReadEnd::Missing {
                    &master.end
                } else {
                    &own_end
                };
                self.push(master, Some(&id), &id, end);
                continue;
            };
            if let Some(moved) = start.checked_add_signed(shift_of(*base, change, master)) {
                self.push(change, Some(&id), &master.start.at(moved), &change.end);
            }
        }
    }

    fn overridden(&mut self, master: &'c ReadEvent, mut overrides: Overrides<'c>) {
        self.remove_leftovers(master, &mut overrides);
        for (id, change) in overrides {
            if !excluded(master, id) {
                self.push(
                    change,
                    Some(&master.start.at(id)),
                    &change.start,
                    &change.end,
                );
            }
        }
    }

    /// Takes out overrides that are older than their event, which no longer has the starts that
    /// they change.
    fn remove_leftovers(&mut self, master: &ReadEvent, overrides: &mut Overrides<'_>) {
        let is_older = |change: &ReadEvent| change.sequence < master.sequence;
        let mut older = overrides
            .iter()
            .filter(|(_, change)| is_older(change))
            .map(|(id, _)| *id);
        let Some(first) = older.next() else { return };
        let last = older.next_back().unwrap_or(first);
        let Some(end) = last.checked_add_signed(Duration::seconds(1)) else {
            return;
        };
        let starts = self.listed(master, &(first..end));
        overrides.retain(|id, change| !is_older(change) || starts.contains_key(id));
    }

    /// The starts of the master's set near the window, exceptions taken out, wider by `reach` seconds
    /// on both sides.
    fn starts(&mut self, master: &ReadEvent, reach: i64) -> Starts {
        // A day for the difference between the master's clock and UTC.
        let margin = Duration::try_seconds(reach).unwrap_or_default() + Duration::days(1);
        let low = self
            .window
            .start
            .checked_sub_signed(margin)
            .unwrap_or(self.window.start);
        let high = self
            .window
            .end
            .checked_add_signed(margin)
            .unwrap_or(self.window.end);
        let near = low..high;
        let mut starts = self.listed(master, &near);
        for rule in &master.exrules {
            for start in self.ruled(master, rule, &near) {
                starts.remove(&start);
            }
        }
        remove_exdates(master, &mut starts);
        starts
    }

    /// The starts in a span by rule and date, exceptions left aside.
    fn listed(&mut self, master: &ReadEvent, near: &Range<NaiveDateTime>) -> Starts {
        let mut starts = Starts::new();
        if master.rules.is_empty() && near.contains(&master.start.local()) {
            starts.insert(master.start.local(), ReadEnd::Missing);
        }
        for rule in &master.rules {
            let ruled = self.ruled(master, rule, near);
            starts.extend(ruled.into_iter().map(|start| (start, ReadEnd::Missing)));
        }
        for rdate in &master.rdates {
            let start = rdate.start.on_clock_of(&master.start);
            if near.contains(&start) {
                starts.insert(start, rdate.end.clone());
            }
        }
        starts
    }

    fn ruled(
        &mut self,
        master: &ReadEvent,
        rule: &RecurrenceRule,
        near: &Range<NaiveDateTime>,
    ) -> Vec<NaiveDateTime> {
        let until = until_on_clock_of(rule, &master.start);
        match expand(
            rule,
            master.start.local(),
            until,
            near.clone(),
            &self.rule_limits,
        ) {
            Ok(starts) => starts,
            Err(error) => {
                self.report(master.line, "RRULE", Reason::BadRule, error.to_string());
                Vec::new()
            }
        }
    }

    fn report(&mut self, line: u32, property: &str, reason: Reason, detail: String) {
        let (component, property) = ("VEVENT".to_owned(), property.to_owned());
        let severity = Severity::Warning;
        self.findings.push(Finding {
            line,
            component,
            property,
            reason,
            severity,
            detail,
        });
    }

    fn push(&mut self, event: &'c ReadEvent, id: Option<&CalTime>, start: &CalTime, end: &ReadEnd) {
        let begins = Moment::of(start);
        if !self.window.contains(&begins.local()) {
            return;
        }
        self.given += 1;
        (self.give)(ReadOccurrence {
            uid: &event.uid,
            recurrence_id: id.map(Moment::of),
            start: begins,
            end: Moment::of(&end_of(event, start, end)),
            summary: event.title(),
            status: event.status.unwrap_or(ReadStatus::Confirmed).as_str(),
        });
    }
}

/// UNTIL on the clock of the start, inclusive. Beside a DTSTART with a zone it must be in UTC (RFC 5545
/// section 3.3.10); one without `Z` is read as UTC there, as libical and ical.js do.
pub(super) fn until_on_clock_of(rule: &RecurrenceRule, start: &CalTime) -> Option<NaiveDateTime> {
    match (rule.until, start) {
        (Some(Until::Utc(utc) | Until::Local(utc)), CalTime::Zoned { zone, .. }) => {
            Some(zone.to_local(utc))
        }
        _ => rule.until_in(None),
    }
}

/// How far RANGE=THISANDFUTURE moves the starts after it, in wall time.
fn shift_of(id: NaiveDateTime, change: &ReadEvent, master: &ReadEvent) -> Duration {
    change.start.on_clock_of(&master.start) - id
}

/// RECURRENCE-ID on the master's clock. A bare date for an event with a time means the start on
/// that day.
fn override_key(id: &CalTime, start: &CalTime) -> NaiveDateTime {
    match (id, start) {
        (CalTime::Date(date), CalTime::Floating(_) | CalTime::Utc(_) | CalTime::Zoned { .. }) => {
            date.and_time(start.local().time())
        }
        (_, CalTime::Date(_)) => id.local().date().and_time(NaiveTime::MIN),
        _ => id.on_clock_of(start),
    }
}

fn excluded(master: &ReadEvent, start: NaiveDateTime) -> bool {
    master.exdates.iter().any(|exdate| match exdate {
        CalTime::Date(date) => *date == start.date(),
        _ if master.start.is_date() => exdate.local().date() == start.date(),
        _ => exdate.on_clock_of(&master.start) == start,
    })
}

/// The same for many starts at once.
fn remove_exdates(master: &ReadEvent, starts: &mut Starts) {
    let mut dates: HashSet<NaiveDate> = HashSet::new();
    for exdate in &master.exdates {
        match exdate {
            CalTime::Date(date) => _ = dates.insert(*date),
            _ if master.start.is_date() => _ = dates.insert(exdate.local().date()),
            _ => _ = starts.remove(&exdate.on_clock_of(&master.start)),
        }
    }
    if !dates.is_empty() {
        starts.retain(|start, _| !dates.contains(&start.date()));
    }
}

/// When an occurrence ends that begins at `start`: a DTEND as long after it in exact time as the
/// event's own end after its own start (RFC 5545 section 3.8.5.3).
fn end_of(event: &ReadEvent, start: &CalTime, end: &ReadEnd) -> CalTime {
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

impl Moment {
    fn of(time: &CalTime) -> Moment {
        match (time, time.utc()) {
            (CalTime::Date(date), _) => Moment::Date(*date),
            (_, Some(utc)) => Moment::Utc(utc),
            (_, None) => Moment::Floating(time.local()),
        }
    }

    /// The wall time, in UTC for an instant, midnight for a date.
    pub fn local(self) -> NaiveDateTime {
        match self {
            Moment::Date(date) => date.and_time(NaiveTime::MIN),
            Moment::Utc(time) | Moment::Floating(time) => time,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local();
        write!(
            f,
            "{:04}{:02}{:02}",
            local.year(),
            local.month(),
            local.day()
        )?;
        if matches!(self, Moment::Date(_)) {
            return Ok(());
        }
        write!(
            f,
            "T{:02}{:02}{:02}",
            local.hour(),
            local.minute(),
            local.second()
        )?;
        f.write_str(if matches!(self, Moment::Utc(_)) {
            "Z"
        } else {
            ""
        })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
