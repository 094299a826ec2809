//! The occurrences of a read file in a span of days, as `ics occurrences` prints them.
//!
//! An occurrence belongs to the span if it *starts* in it: dates and floating times by their own
//! calendar, all others by UTC.
//!
//! Where RFC 5545 is silent: a DTSTART out of step with its rule is no occurrence (as in libical and
//! ical.js); an override of a start that the rule does not give is shown nevertheless, unless an
//! EXDATE names it or its SEQUENCE is lower than the event's; RANGE=THISANDFUTURE moves later starts
//! by as much as it moves its own, with its length and texts, until the next such override; an override
//! that recurs by its own rule, and whose event is not in the file, is an event of its own; an RDATE before
//! DTSTART is an occurrence, since section 3.8.5.2 makes the set the union of rule and dates. BYHOUR,
//! BYMINUTE and BYSECOND are ignored beside a DTSTART that is a date (section 3.3.10).

mod moment;
mod set;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;

pub use moment::Moment;
pub(super) use set::{
    Exceptions, Overrides, StartSet, Starts, end_of, override_key, rule_beside, shift_of,
    until_on_clock_of,
};

use super::finding::{Finding, Reason, Severity};
use super::limits::Limits;
use super::read::{CalTime, ReadCalendar, ReadEnd, ReadEvent, ReadStatus, Series, series};
use calendar_domain::recurrence::{ExpansionError, Limits as RuleLimits};

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
        most_findings: limits.findings,
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
    most_findings: usize,
    given: usize,
    give: &'g mut dyn FnMut(ReadOccurrence<'c>),
}

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
            if !Exceptions::of(master).contain(master.start.local()) {
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
        let exceptions = Exceptions::of(master);
        for (id, change) in overrides {
            if !exceptions.contain(id) {
                self.push(
                    change,
                    Some(&master.start.at(id)),
                    &change.start,
                    &change.end,
                );
            }
        }
    }

    /// Takes out overrides of starts that the event no longer has.
    fn remove_leftovers(&mut self, master: &ReadEvent, overrides: &mut Overrides<'_>) {
        let set = StartSet::new(master, &self.rule_limits);
        set.remove_leftovers(overrides);
        let faults = set.into_faults();
        self.faults(master, faults);
    }

    /// The starts of the master's set near the window, wider by `reach` seconds on both sides.
    fn starts(&mut self, master: &ReadEvent, reach: i64) -> Starts {
        // A day for the difference between the master's clock and UTC.
        let margin = Duration::try_seconds(reach).unwrap_or_default();
        let margin = margin.checked_add(&Duration::days(1)).unwrap_or(margin);
        let (low, high) = (self.window.start, self.window.end);
        let low = low.checked_sub_signed(margin).unwrap_or(low);
        let high = high.checked_add_signed(margin).unwrap_or(high);
        let set = StartSet::new(master, &self.rule_limits);
        let starts = set.starts(&(low..high));
        for fault in set.into_faults() {
            let detail = format!("{fault}; shown are those up to there");
            self.report(master.line, "RRULE", Reason::BadRule, detail);
        }
        starts
    }

    fn faults(&mut self, master: &ReadEvent, faults: Vec<ExpansionError>) {
        for fault in faults {
            self.report(master.line, "RRULE", Reason::BadRule, fault.to_string());
        }
    }

    fn report(&mut self, line: u32, property: &str, reason: Reason, detail: String) {
        let (component, property) = ("VEVENT".to_owned(), property.to_owned());
        let severity = Severity::Warning;
        if self.findings.len() >= self.most_findings {
            return;
        }
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
