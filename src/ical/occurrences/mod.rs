//! The occurrences of a read file in a span of days, as `ics occurrences` prints them.
//!
//! An occurrence belongs to the span if it *starts* in it: dates and floating times by their own
//! calendar, all others by UTC.
//!
//! Where RFC 5545 is silent: a DTSTART out of step with its rule is no occurrence (as in libical and
//! ical.js); an override of a start that the rule does not give is shown nevertheless, unless an
//! EXDATE names it or its SEQUENCE is lower than the event's; RANGE=THISANDFUTURE moves later starts by as much as it moves its own, with its
//! length and texts, until the next such override.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;

use crate::domain::recurrence::{Limits, RecurrenceRule, Until, expand};
use crate::ical::finding::{Finding, Reason, Severity};
use crate::ical::read::{CalTime, ReadCalendar, ReadEnd, ReadEvent, ReadStatus, Series, series};
use crate::ical::value::CalDuration;

/// One occurrence. Times as `YYYYMMDD`, `YYYYMMDDTHHMMSSZ`, or without `Z` where floating.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReadOccurrence<'c> {
    /// The event's UID; empty where it has none.
    pub uid: &'c str,
    /// The start that the rule gave it; `None` for an event that happens once.
    pub recurrence_id: Option<String>,
    /// When it starts.
    pub start: String,
    /// When it ends, exclusive; the start itself for an instant.
    pub end: String,
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
    let window = from.and_time(NaiveTime::MIN)..to.and_time(NaiveTime::MIN);
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for series in series(calendar) {
        Expansion {
            series: &series,
            window: &window,
            findings: &mut findings,
        }
        .run(&mut found);
    }
    (found, findings)
}

/// The caps of one event's expansion.
fn limits() -> Limits {
    Limits::default()
}

struct Expansion<'s, 'c> {
    series: &'s Series<'c>,
    window: &'s Range<NaiveDateTime>,
    findings: &'s mut Vec<Finding>,
}

/// A start of the set: on the master's clock, with an end of its own if RDATE gave it one.
type Starts = BTreeMap<NaiveDateTime, ReadEnd>;

impl<'c> Expansion<'_, 'c> {
    fn run(&mut self, found: &mut Vec<ReadOccurrence<'c>>) {
        let Some(master) = self.series.master else {
            self.overrides_alone(found);
            return;
        };
        if self.series.overrides.is_empty() && !master.recurs() {
            if !excluded(master, master.start.local()) {
                self.push(found, master, None, &master.start, &master.end);
            }
            return;
        }
        let mut single = BTreeMap::new();
        let mut onward = BTreeMap::new();
        for change in &self.series.overrides {
            let Some(id) = &change.recurrence_id else {
                continue;
            };
            let id_local = override_key(&id.time, &master.start);
            single.insert(id_local, *change);
            if id.this_and_future {
                onward.insert(id_local, *change);
            }
        }
        let reach = onward
            .iter()
            .map(|(id, change)| shift_of(*id, change, master).num_seconds().abs())
            .max();
        let starts = self.starts(master, reach.unwrap_or(0));
        for (start, own_end) in &starts {
            if single.contains_key(start) {
                continue;
            }
            let id = master.start.at(*start);
            match onward.range(..*start).next_back() {
                None => {
                    let end = if *own_end == ReadEnd::Missing {
                        &master.end
                    } else {
                        own_end
                    };
                    self.push(found, master, Some(&id), &id, end);
                }
                Some((base, change)) => {
                    let Some(moved) = start.checked_add_signed(shift_of(*base, change, master))
                    else {
                        continue;
                    };
                    self.push(
                        found,
                        change,
                        Some(&id),
                        &master.start.at(moved),
                        &change.end,
                    );
                }
            }
        }
        for (id, change) in single {
            if !excluded(master, id) && !self.is_obsolete(master, change, id) {
                self.push(
                    found,
                    change,
                    Some(&master.start.at(id)),
                    &change.start,
                    &change.end,
                );
            }
        }
    }

    /// Whether an override is a leftover: older than its master, which no longer has the start that
    /// it changes.
    fn is_obsolete(&mut self, master: &ReadEvent, change: &ReadEvent, id: NaiveDateTime) -> bool {
        if change.sequence >= master.sequence || !master.recurs() {
            return false;
        }
        let moment = id..id + Duration::seconds(1);
        let by_rule = master
            .rules
            .iter()
            .any(|rule| !self.ruled(master, rule, &moment).is_empty());
        let listed = master
            .rdates
            .iter()
            .any(|date| date.start.on_clock_of(&master.start) == id);
        let own = master.rules.is_empty() && master.start.local() == id;
        !(by_rule || listed || own)
    }

    /// Overrides whose master is not in the file stand for themselves.
    fn overrides_alone(&mut self, found: &mut Vec<ReadOccurrence<'c>>) {
        for change in &self.series.overrides {
            let id = change.recurrence_id.as_ref().map(|id| &id.time);
            self.push(found, change, id, &change.start, &change.end);
        }
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
        let mut starts = Starts::new();
        if master.rules.is_empty() && near.contains(&master.start.local()) {
            starts.insert(master.start.local(), ReadEnd::Missing);
        }
        for rule in &master.rules {
            let ruled = self.ruled(master, rule, &near);
            starts.extend(ruled.into_iter().map(|start| (start, ReadEnd::Missing)));
        }
        for rdate in &master.rdates {
            let start = rdate.start.on_clock_of(&master.start);
            if near.contains(&start) {
                starts.insert(start, rdate.end.clone());
            }
        }
        for rule in &master.exrules {
            for start in self.ruled(master, rule, &near) {
                starts.remove(&start);
            }
        }
        remove_exdates(master, &mut starts);
        starts
    }

    fn ruled(
        &mut self,
        master: &ReadEvent,
        rule: &RecurrenceRule,
        near: &Range<NaiveDateTime>,
    ) -> Vec<NaiveDateTime> {
        let until = until_on_clock_of(rule, &master.start);
        match expand(rule, master.start.local(), until, near.clone(), &limits()) {
            Ok(starts) => starts,
            Err(error) => {
                self.findings.push(Finding {
                    line: master.line,
                    component: "VEVENT".to_owned(),
                    property: "RRULE".to_owned(),
                    reason: Reason::BadRule,
                    severity: Severity::Warning,
                    detail: error.to_string(),
                });
                Vec::new()
            }
        }
    }

    fn push(
        &self,
        found: &mut Vec<ReadOccurrence<'c>>,
        event: &'c ReadEvent,
        id: Option<&CalTime>,
        start: &CalTime,
        end: &ReadEnd,
    ) {
        if !self
            .window
            .contains(&start.utc().unwrap_or_else(|| start.local()))
        {
            return;
        }
        found.push(ReadOccurrence {
            uid: &event.uid,
            recurrence_id: id.map(printed),
            start: printed(start),
            end: printed(&end_of(event, start, end)),
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

fn printed(time: &CalTime) -> String {
    match (time, time.utc()) {
        (CalTime::Date(date), _) => date.format("%Y%m%d").to_string(),
        (_, Some(utc)) => utc.format("%Y%m%dT%H%M%SZ").to_string(),
        (_, None) => time.local().format("%Y%m%dT%H%M%S").to_string(),
    }
}

#[cfg(test)]
mod tests;
