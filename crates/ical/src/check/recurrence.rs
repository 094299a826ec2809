//! Checks how the rule, dates, exceptions and overrides of an event fit together (RFC 5545 sections
//! 3.8.4.4 and 3.8.5).

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDateTime};

use super::super::component::Component;
use super::super::limits::ReadLimits;
use super::super::occurrences::{rule_beside, until_on_clock_of};
use super::super::read::{CalTime, ReadEvent};
use super::super::value::{RawTime, split_list};
use super::values::strict_time;
use super::{Checker, each_component, rules};
use calendar_domain::recurrence::{RecurrenceRule, RuleEnd, expand};

/// Maximum number of starts per file that are checked against rules; later ones count as valid.
const QUESTIONS: u32 = 100_000;

/// An event as a component and as read.
struct Seen<'s, 'a> {
    component: &'s Component<'a>,
    read: &'s ReadEvent,
    /// RDATE values on the clock of DTSTART.
    rdates: HashSet<NaiveDateTime>,
    /// Number of starts in the file that may still be checked against rules.
    questions: &'s Cell<u32>,
}

pub(super) fn check(
    roots: &[Component<'_>],
    events: &HashMap<u32, &ReadEvent>,
    checker: &mut Checker,
) {
    let mut masters: HashMap<&str, Seen<'_, '_>> = HashMap::new();
    let mut overrides = Vec::new();
    let questions = Cell::new(QUESTIONS);
    for root in roots {
        each_component(root, &mut |component| {
            let Some(read) = events
                .get(&component.line)
                .filter(|_| component.name == "VEVENT")
            else {
                return;
            };
            let rdates = read
                .rdates
                .iter()
                .map(|date| date.start.on_clock_of(&read.start))
                .collect();
            let seen = Seen {
                component,
                read,
                rdates,
                questions: &questions,
            };
            if read.recurrence_id.is_some() {
                overrides.push(seen);
            } else {
                masters.entry(&read.uid).or_insert(seen);
            }
        });
    }
    for seen in masters.values().chain(&overrides) {
        seen.rules(checker);
        seen.lists(checker);
    }
    for seen in overrides {
        seen.as_override(masters.get(&*seen.read.uid), checker);
    }
}

impl Seen<'_, '_> {
    fn rules(&self, checker: &mut Checker) {
        let mut rules_here = self.component.all("RRULE");
        if let Some(second) = rules_here.by_ref().nth(1) {
            checker.add(rules::SEVERAL_RRULES, second.line, "a second RRULE");
        }
        let Some(property) = self.component.property("RRULE") else {
            return;
        };
        for rule in &self.read.rules {
            if self.read.start.is_date() && rule.has_times() {
                let message = "BYHOUR, BYMINUTE and BYSECOND, but DTSTART is a date";
                checker.add(rules::TIME_BESIDE_DATE, property.line, message);
            }
            if let Some(message) = until_fault(rule, &self.read.start) {
                checker.add(rules::UNTIL_TYPE_MISMATCH, property.line, message);
            }
            let start = self.read.start.local();
            if until_on_clock_of(rule, &self.read.start).is_some_and(|until| until < start) {
                let message = "UNTIL is before DTSTART";
                checker.add(rules::UNTIL_BEFORE_START, property.line, message);
            } else if !self.has_start(rule, start) {
                let message = "DTSTART is not one of the rule's own dates";
                checker.add(rules::OUT_OF_STEP, property.line, message);
            }
        }
    }

    /// Checks EXDATE and RDATE.
    fn lists(&self, checker: &mut Checker) {
        let is_date = self.read.start.is_date();
        let kinds = [
            ("EXDATE", rules::EXDATE_TYPE_MISMATCH),
            ("RDATE", rules::RDATE_TYPE_MISMATCH),
        ];
        let mut mixed = false;
        for (name, rule) in kinds {
            for property in self.component.all(name) {
                let times = split_list(property.value()).filter_map(strict_time);
                if times
                    .into_iter()
                    .any(|time| matches!(time, RawTime::Date(_)) != is_date)
                {
                    let message = format!("{name} is not of DTSTART's type");
                    checker.add(rule, property.line, message);
                    mixed = true;
                }
            }
        }
        let line = self
            .component
            .property("EXDATE")
            .map(|property| property.line);
        let Some(line) = line.filter(|_| !mixed) else {
            return;
        };
        for exdate in &self.read.exdates {
            if !self.occurs_at(exdate.on_clock_of(&self.read.start)) {
                let message = format!("EXDATE of {}: no occurrence starts then", exdate.local());
                checker.add(rules::EXDATE_OF_NOTHING, line, message);
            }
        }
    }

    fn as_override(&self, master: Option<&Seen<'_, '_>>, checker: &mut Checker) {
        let Some(property) = self.component.property("RECURRENCE-ID") else {
            return;
        };
        let Some(id) = &self.read.recurrence_id else {
            return;
        };
        if self.read.recurs() {
            let message = "an override that recurs itself";
            checker.add(rules::OVERRIDE_RECURS, self.component.line, message);
        }
        let recurs = |master: &&Seen<'_, '_>| {
            master.read.recurs() || master.component.property("RRULE").is_some()
        };
        let Some(master) = master.filter(recurs) else {
            let message = "the recurring event is not in the file";
            checker.add(rules::OVERRIDE_WITHOUT_EVENT, property.line, message);
            return;
        };
        if id.time.is_date() != master.read.start.is_date() {
            let message = "RECURRENCE-ID is not of the type of the recurring event's DTSTART";
            checker.add(rules::OVERRIDE_TYPE_MISMATCH, property.line, message);
        } else if !master.occurs_at(id.time.on_clock_of(&master.read.start)) {
            let message = "no occurrence of the recurring event starts then";
            checker.add(rules::OVERRIDE_OF_NOTHING, property.line, message);
        }
    }

    /// Returns true if the event has this start, exceptions ignored. Starts count as valid if a
    /// rule cannot be read or expanded.
    fn occurs_at(&self, local: NaiveDateTime) -> bool {
        let event = self.read;
        let unread = self.component.all("RRULE").nth(event.rules.len()).is_some();
        unread
            || (event.rules.is_empty() && event.start.local() == local)
            || self.rdates.contains(&local)
            || event.rules.iter().any(|rule| self.has_start(rule, local))
    }

    fn has_start(&self, rule: &RecurrenceRule, local: NaiveDateTime) -> bool {
        let Some(left) = self.questions.get().checked_sub(1) else {
            return true;
        };
        self.questions.set(left);
        let Some(end) = local.checked_add_signed(Duration::seconds(1)) else {
            return true;
        };
        let start = &self.read.start;
        let rule = &*rule_beside(rule, start);
        let until = until_on_clock_of(rule, start);
        let limits = ReadLimits {
            rule_steps: 2_000,
            ..ReadLimits::default()
        }
        .of_rule();
        expand(rule, start.local(), until, local..end, &limits)
            .map_or(true, |found| !found.is_empty())
    }
}

/// Returns a message if UNTIL has the wrong type (RFC 5545 section 3.3.10).
fn until_fault(rule: &RecurrenceRule, start: &CalTime) -> Option<&'static str> {
    match (rule.until?, start) {
        (RuleEnd::Date(_), CalTime::Date(_))
        | (RuleEnd::Utc(_), CalTime::Utc(_) | CalTime::Zoned { .. })
        | (RuleEnd::Local(_), CalTime::Floating(_)) => None,
        (_, CalTime::Date(_)) => Some("UNTIL must be a date, as DTSTART is"),
        (_, CalTime::Floating(_)) => Some("UNTIL must be a local time, as DTSTART is"),
        (_, CalTime::Utc(_) | CalTime::Zoned { .. }) => Some("UNTIL must be a time in UTC"),
    }
}
