//! Converts DTSTART, DTEND, rules and dates to a [`Schedule`].

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{Duration, NaiveDateTime, NaiveTime};

use super::super::finding::{Reason, Severity};
use super::super::limits::ReadLimits;
use super::super::occurrences::{StartSet, end_of, rule_beside, until_on_clock_of};
use super::super::read::{CalTime, ReadEnd, ReadEvent};
use super::Converter;
use super::clock::EventClock;
use calendar_domain::recurrence::{RecurrenceRule, RuleEnd, check_public, expand};
use calendar_domain::zone::to_utc;
use calendar_domain::{Recurrence, Schedule, Start, When};

/// Maximum number of starts listed individually if a rule cannot be kept.
pub(super) const LISTED: usize = 500;
/// Number of years for which starts are listed.
const YEARS_AHEAD: i64 = 10;

impl Converter<'_> {
    /// Returns the time of the event itself. Reports if its zone is unknown and UTC is used
    /// instead.
    pub(super) fn when(&mut self, event: &ReadEvent) -> Option<When> {
        let clock = self.clock(event);
        if clock == EventClock::Instants {
            let detail = "no known zone matches the file's own; converted to UTC";
            self.report(event, "DTSTART", Reason::NotKept, Severity::Warning, detail);
        }
        Some(self.when_told(event, &event.start, clock))
    }

    /// Returns the time of an occurrence that starts at `start`.
    pub(super) fn when_told(&self, event: &ReadEvent, start: &CalTime, clock: EventClock) -> When {
        match when_at(event, start, &event.end, clock) {
            When::AllDay { first, until } => match When::day(first) {
                day if day == (When::AllDay { first, until }) && self.hours_come(event) => {
                    When::TimeToCome { date: first }
                }
                _ => When::AllDay { first, until },
            },
            when => when,
        }
    }

    /// Returns true if the description contains the generated line for an unknown time of day.
    fn hours_come(&self, event: &ReadEvent) -> bool {
        let mut lines = event.description.iter().flat_map(|told| told.text.lines());
        lines.any(|line| {
            self.marks
                .hours_to_come
                .iter()
                .any(|words| line.trim() == words)
        })
    }

    /// Returns the schedule of an event with its overrides; `None`, after reporting it, if it never
    /// occurs.
    pub(super) fn schedule(
        &mut self,
        master: &ReadEvent,
        overrides: &[&ReadEvent],
    ) -> Option<Schedule> {
        let when = self.when(master)?;
        let recurs = master.recurs() && !self.is_too_fine(master) && !self.is_one_too_many(master);
        if !recurs && overrides.is_empty() && master.exdates.is_empty() {
            return Some(Schedule::once(when));
        }
        let clock = self.clock(master);
        let mut schedule = if recurs {
            self.recurring(master, when, clock)?
        } else {
            Schedule {
                when,
                recurrence: Some(Recurrence::default()),
            }
        };
        self.overrides(master, overrides, clock, &mut schedule);
        Some(schedule)
    }

    /// Returns true, and reports it, if a rule is finer than daily and has too many starts to be
    /// listed; such an event is read without recurrence.
    fn is_too_fine(&mut self, master: &ReadEvent) -> bool {
        let Some(rule) = master.rules.iter().find(|rule| rule.freq.is_sub_daily()) else {
            return false;
        };
        let listed = self.can_be_listed(master);
        let read_as = if listed {
            "as single occurrences"
        } else {
            "as a single event"
        };
        let detail = format!(
            "a public event may not repeat {}; read {read_as}",
            rule.freq.as_str()
        );
        self.report(master, "RRULE", Reason::BadRule, Severity::Warning, detail);
        !listed
    }

    /// Returns true if the event has few enough starts to be listed.
    fn can_be_listed(&self, master: &ReadEvent) -> bool {
        if master.rules.iter().any(RecurrenceRule::is_endless) {
            return false;
        }
        let near = listed_span(master);
        let set = StartSet::new(master, &self.rule_limits);
        let starts = set.starts(&(near.start..NaiveDateTime::MAX));
        let all_near = starts
            .keys()
            .next_back()
            .is_some_and(|last| *last < near.end);
        set.into_faults().is_empty() && all_near && starts.len() <= LISTED
    }

    fn is_one_too_many(&mut self, master: &ReadEvent) -> bool {
        self.recurring += 1;
        let most = ReadLimits::default().recurring_events;
        if self.recurring == most + 1 {
            let detail =
                format!("more than {most} recurring events; the rest are read as single events");
            self.report(master, "RRULE", Reason::TooMuch, Severity::Error, detail);
        }
        self.recurring > most
    }

    fn recurring(&mut self, master: &ReadEvent, when: When, clock: EventClock) -> Option<Schedule> {
        if let Some(schedule) = self.by_rule(master, &when, clock) {
            return Some(schedule);
        }
        let near = listed_span(master);
        let set = StartSet::new(master, &self.rule_limits);
        let starts = set.starts(&near);
        for fault in set.into_faults() {
            let detail = fault.to_string();
            self.report(master, "RRULE", Reason::BadRule, Severity::Warning, detail);
        }
        let listed: BTreeSet<Start> = starts
            .keys()
            .take(LISTED)
            .map(|local| clock.start(&master.start.at(*local), &master.start))
            .collect();
        let Some(first) = listed.first() else {
            let detail = "its rule and dates have no occurrence; left out";
            self.report(master, "RRULE", Reason::BadRule, Severity::Error, detail);
            return None;
        };
        if !master.rules.is_empty() {
            let detail = format!(
                "its rules are not supported; {} occurrences are listed instead",
                listed.len()
            );
            self.report(master, "RRULE", Reason::NotKept, Severity::Warning, detail);
        }
        let when = when.moved_to(*first).unwrap_or(when);
        let recurrence = Recurrence {
            rdates: listed,
            ..Recurrence::default()
        };
        Some(Schedule {
            when,
            recurrence: Some(recurrence),
        })
    }

    /// Returns the schedule with its single rule, if that is equivalent.
    fn by_rule(&mut self, master: &ReadEvent, when: &When, clock: EventClock) -> Option<Schedule> {
        let ([rule], true) = (&*master.rules, master.exrules.is_empty()) else {
            return None;
        };
        if clock == EventClock::Instants {
            return None;
        }
        let rule = with_until(rule, master, clock);
        check_public(&rule, &self.rule_limits).ok()?;
        if self.begins_with_rdate(&rule, master) && self.can_be_listed(master) {
            return None;
        }
        let when = match self.first_member(&rule, master) {
            Some(first) => when.moved_to(clock.start(&master.start.at(first), &master.start))?,
            None => return None,
        };
        let start = |time: &CalTime| clock.start(time, &master.start);
        let recurrence = Recurrence {
            rule: Some(rule),
            rdates: master
                .rdates
                .iter()
                .map(|date| start(&date.start))
                .collect(),
            exdates: master.exdates.iter().map(start).collect(),
            overrides: Default::default(),
        };
        Some(Schedule {
            when,
            recurrence: Some(recurrence),
        })
    }

    /// Returns true if an RDATE precedes the rule's first start.
    ///
    /// By RFC 5545 section 3.8.5.2 it is an occurrence like any other. Listed individually, it is
    /// the first occurrence in every format.
    fn begins_with_rdate(&self, rule: &RecurrenceRule, master: &ReadEvent) -> bool {
        let rdates = master.rdates.iter();
        let earliest = rdates
            .map(|rdate| rdate.start.on_clock_of(&master.start))
            .min();
        let first = self.first_member(rule, master);
        earliest.is_some_and(|earliest| first.is_none_or(|first| earliest < first))
    }

    /// Returns the first start generated by the rule: DTSTART, unless it does not match the rule.
    fn first_member(&self, rule: &RecurrenceRule, master: &ReadEvent) -> Option<NaiveDateTime> {
        let start = master.start.local();
        let until = until_on_clock_of(rule, &master.start);
        let reaches = [
            Duration::seconds(1),
            Duration::days(366),
            Duration::days(50 * 366),
        ];
        reaches.into_iter().find_map(|reach| {
            let near: Range<_> = start..start.checked_add_signed(reach)?;
            expand(rule, start, until, near, &self.rule_limits)
                .ok()?
                .first()
                .copied()
        })
    }
}

/// Returns the range in which starts are listed: from the first start, some years ahead.
fn listed_span(master: &ReadEvent) -> Range<NaiveDateTime> {
    let from = master.start.local();
    let rdates = master.rdates.iter();
    let first = rdates
        .map(|date| date.start.on_clock_of(&master.start))
        .min();
    let low = first.map_or(from, |first| first.min(from));
    let end = from.checked_add_signed(Duration::days(YEARS_AHEAD * 366));
    low..end.unwrap_or(NaiveDateTime::MAX)
}

/// Returns the rule with UNTIL in the form required by the clock (RFC 5545 section 3.3.10).
fn with_until(rule: &RecurrenceRule, master: &ReadEvent, clock: EventClock) -> RecurrenceRule {
    let mut rule = rule_beside(rule, &master.start).into_owned();
    let Some(local) = until_on_clock_of(&rule, &master.start) else {
        return rule;
    };
    rule.until = Some(match clock {
        EventClock::Days => RuleEnd::Date(local.date()),
        EventClock::Wall(zone) => RuleEnd::Utc(to_utc(local, zone).naive_utc()),
        EventClock::Instants => RuleEnd::Utc(local),
    });
    rule
}

/// Returns the time of an event, or of one of its occurrences, on a clock.
pub(super) fn when_at(
    event: &ReadEvent,
    start: &CalTime,
    end: &ReadEnd,
    clock: EventClock,
) -> When {
    let ends = end_of(event, start, end);
    if let Some(days) = marked_days(event, start, &ends) {
        return days;
    }
    match clock.start(start, start) {
        Start::Date(first) => {
            let next = first.succ_opt().unwrap_or(first);
            When::AllDay {
                first,
                until: ends.local().date().max(next),
            }
        }
        Start::Local(local) => {
            let end = clock.start(&ends, start).local();
            let zone = clock.zone();
            // In an hour that occurs twice, the wall time of the end may precede that of the start.
            When::Timed {
                start: local,
                end: (end > local).then_some(end),
                zone,
            }
        }
    }
}

/// Returns the days of an event that Outlook writes as midnights with an all-day mark.
fn marked_days(event: &ReadEvent, start: &CalTime, end: &CalTime) -> Option<When> {
    let (from, to) = (start.local(), end.on_clock_of(start));
    let midnights = from.time() == NaiveTime::MIN && to.time() == NaiveTime::MIN && to > from;
    (event.marked_all_day && midnights && !event.recurs()).then(|| When::AllDay {
        first: from.date(),
        until: to.date(),
    })
}
