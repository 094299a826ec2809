//! Normalizes a schedule to RRULE, RDATE and EXDATE that every program reads alike.
//!
//! RFC 5545 3.8.5.3 leaves a DTSTART that does not match its rule undefined, and programs differ.
//! The output therefore satisfies: DTSTART is the first actual start, every EXDATE excludes an
//! existing start, no RDATE repeats one, and every override replaces a start of the set.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::times::{disambiguated, representable, zone_of};
use calendar_domain::recurrence::{
    ExpansionError, ExpansionLimits, Frequency, RecurrenceRule, RuleEnd, Skip, expand, in_step,
};
use calendar_domain::zone::to_utc;
use calendar_domain::{Override, Recurrence, Schedule, Start, When};

/// Normalized recurrence of a schedule.
#[derive(Debug, PartialEq)]
pub(super) struct Repetition<'a> {
    /// Time of the first start.
    pub when: When,
    /// Rule that matches the first start.
    pub rule: Option<RecurrenceRule>,
    /// Starts after the first that the rule does not generate.
    pub rdates: BTreeSet<Start>,
    /// Excluded starts of the rule.
    pub exdates: BTreeSet<Start>,
    /// Changed occurrences, each one of the set.
    pub overrides: Vec<(Start, &'a Override)>,
}

impl Repetition<'_> {
    /// Returns true if a rule generates more than the first start.
    pub fn repeats(&self) -> bool {
        let rule = self.rule.as_ref();
        rule.is_some_and(|rule| rule.count != Some(1))
    }

    /// Returns the time of the first start as written. A set with a single start is written like an
    /// event without recurrence.
    pub fn told(&self) -> When {
        if self.rule.is_none() && self.overrides.is_empty() {
            disambiguated(&self.when)
        } else {
            self.when.clone()
        }
    }
}

/// Search distances for the first start of a rule, in years.
const REACHES: [i64; 4] = [1, 8, 50, 400];

/// Maximum number of starts that are listed if an RDATE precedes those of a rule: DTSTART is the
/// first start of a set (RFC 5545 3.8.5.3), and no rule generates that one.
const LISTED: usize = 500;

/// Normalizes a schedule without the occurrences for which `omitted` is true. Returns `None` if no
/// start is left.
pub(super) fn repetition<'a>(
    schedule: &Schedule,
    recurrence: &'a Recurrence,
    omitted: impl Fn(&Override) -> bool,
) -> Option<Repetition<'a>> {
    let (out, overrides): (Vec<_>, Vec<_>) = recurrence
        .overrides
        .iter()
        .map(|(id, change)| (*id, change))
        .filter(|(id, _)| alike(schedule, id) && !recurrence.exdates.contains(id))
        .partition(|(_, change)| omitted(change));
    let mut exdates = recurrence.exdates.clone();
    exdates.extend(out.iter().map(|(id, _)| *id));
    exdates.retain(|start| alike(schedule, start));
    let mut rdates: BTreeSet<Start> = recurrence.rdates.iter().copied().collect();
    rdates.extend(overrides.iter().map(|(id, _)| *id));
    rdates.retain(|start| alike(schedule, start) && !exdates.contains(start));

    let set = schedule.rule().map(|rule| RuleSet::new(schedule, rule));
    let first = set.as_ref().and_then(RuleSet::first);
    let (Some(set), Some(first)) = (set, first) else {
        return listed(
            schedule,
            recurrence.rule.is_some(),
            rdates,
            &exdates,
            overrides,
        );
    };
    if rdates.first().is_some_and(|earliest| *earliest < first)
        && let Some(members) = set.few()
    {
        rdates.extend(members.into_iter().filter(|at| !exdates.contains(at)));
        return listed(schedule, true, rdates, &exdates, overrides);
    }
    let members = set.among(rdates.iter().chain(&exdates));
    rdates.retain(|start| !members.contains(start));
    exdates.retain(|start| members.contains(start) && *start >= first);
    Some(Repetition {
        when: schedule.when.moved_to(first)?,
        rule: Some(set.written()),
        rdates,
        exdates,
        overrides,
    })
}

/// Returns a set of single starts: `rdates`, and the schedule's own start unless it has a rule.
fn listed<'a>(
    schedule: &Schedule,
    ruled: bool,
    mut starts: BTreeSet<Start>,
    exdates: &BTreeSet<Start>,
    overrides: Vec<(Start, &'a Override)>,
) -> Option<Repetition<'a>> {
    let own = schedule.when.start();
    if !ruled && !exdates.contains(&own) {
        starts.insert(own);
    }
    let first = starts.pop_first()?;
    // ical.js and vobject count a DTSTART beside RDATE only if there is a rule, so one that
    // generates only DTSTART is added.
    let only = RecurrenceRule {
        count: Some(1),
        ..RecurrenceRule::new(Frequency::Daily)
    };
    Some(Repetition {
        when: schedule.when.moved_to(first)?,
        rule: (!starts.is_empty()).then_some(only),
        rdates: starts,
        exdates: BTreeSet::new(),
        overrides,
    })
}

/// Returns true if a start is of the schedule's type and representable. Others match no occurrence.
fn alike(schedule: &Schedule, start: &Start) -> bool {
    let same = matches!(
        (schedule.when.start(), start),
        (Start::Date(_), Start::Date(_)) | (Start::Local(_), Start::Local(_))
    );
    same && representable(start.date())
}

/// Starts generated by a rule from a schedule's own start on.
struct RuleSet<'a> {
    schedule: &'a Schedule,
    rule: Cow<'a, RecurrenceRule>,
    until: Option<NaiveDateTime>,
}

impl<'a> RuleSet<'a> {
    fn new(schedule: &'a Schedule, rule: Cow<'a, RecurrenceRule>) -> Self {
        let until = rule.until_in(zone_of(&schedule.when));
        Self {
            schedule,
            rule,
            until,
        }
    }

    fn own(&self) -> NaiveDateTime {
        self.schedule.when.start().local()
    }

    fn between(
        &self,
        from: NaiveDateTime,
        to: NaiveDateTime,
    ) -> Result<Vec<NaiveDateTime>, ExpansionError> {
        expand(
            &self.rule,
            self.own(),
            self.until,
            from..to,
            &ExpansionLimits::default(),
        )
    }

    fn start(&self, local: NaiveDateTime) -> Start {
        match self.schedule.when.start() {
            Start::Local(_) => Start::Local(local),
            Start::Date(_) => Start::Date(local.date()),
        }
    }

    /// Returns all starts, if they are few enough to be listed.
    fn few(&self) -> Option<Vec<Start>> {
        if self.rule.is_endless() {
            return None;
        }
        let all = self.between(self.own(), NaiveDateTime::MAX).ok()?;
        let few = all.len() <= LISTED;
        few.then(|| all.into_iter().map(|at| self.start(at)).collect())
    }

    /// Returns the first start.
    fn first(&self) -> Option<Start> {
        let own = self.own();
        let reaches = REACHES.iter().map(|years| TimeDelta::days(years * 366));
        for end in reaches.filter_map(|reach| own.checked_add_signed(reach)) {
            match self.between(own, end) {
                Ok(found) => match found.iter().find(|at| self.may_begin(**at)) {
                    Some(first) => return Some(self.start(*first)),
                    None => continue,
                },
                // Rules that are too dense or expensive to expand are rejected on input.
                Err(_) => return None,
            }
        }
        None
    }

    /// Returns true if the rule generates this start when it is DTSTART. A day moved by SKIP from
    /// the month before does not qualify.
    fn may_begin(&self, at: NaiveDateTime) -> bool {
        self.rule.skip != Skip::Forward || in_step(&self.written(), at, self.until)
    }

    /// Returns those of the given starts that the rule generates.
    fn among<'s>(&self, starts: impl Iterator<Item = &'s Start>) -> BTreeSet<Start> {
        let asked: BTreeSet<Start> = starts.copied().collect();
        let (Some(from), Some(to)) = (asked.first(), asked.last()) else {
            return asked;
        };
        // A rule may put the start of a day at any hour.
        let unit = match to {
            Start::Local(_) => TimeDelta::seconds(1),
            Start::Date(_) => TimeDelta::days(1),
        };
        match self.between(from.local(), to.local() + unit) {
            Ok(found) => {
                let found: BTreeSet<Start> = found.into_iter().map(|at| self.start(at)).collect();
                asked.intersection(&found).copied().collect()
            }
            // Too many starts in the range: test each one separately.
            Err(_) => asked
                .into_iter()
                .filter(|start| {
                    let alone = self.between(start.local(), start.local() + unit);
                    alone.is_ok_and(|found| !found.is_empty())
                })
                .collect(),
        }
    }

    /// Returns the rule as written after a `DTSTART` at its first start: `UNTIL` has DTSTART's type
    /// and is in UTC (RFC 5545 3.3.10), and no part depends on the original DTSTART.
    fn written(&self) -> RecurrenceRule {
        let mut rule = self.rule.clone().into_owned();
        let own = self.own();
        if rule.until.is_some() && rule.count.is_some() {
            self.one_end(&mut rule);
        }
        rule.until = match (&self.schedule.when, rule.until) {
            (_, None) => None,
            (When::Timed { .. }, Some(RuleEnd::Utc(at))) => Some(RuleEnd::Utc(at)),
            (When::Timed { zone, .. }, Some(_)) => self
                .until
                .map(|until| RuleEnd::Utc(to_utc(until, *zone).naive_utc())),
            (When::AllDay { .. } | When::TimeToCome { .. }, Some(_)) => {
                self.until.map(|until| RuleEnd::Date(until.date()))
            }
        };
        let numbered = rule.by_day.iter().any(|day| day.nth.is_some());
        if rule.freq == Frequency::Yearly
            && !rule.by_month_day.is_empty()
            && rule.by_month.is_empty()
            && !numbered
        {
            // RFC 5545 3.3.10 expands it in every month. Some programs take the month from DTSTART,
            // so the months are listed.
            rule.by_month = (1..=12).collect();
        }
        let day_taken_from_start = rule.freq >= Frequency::Monthly
            && rule.by_month_day.is_empty()
            && rule.by_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty();
        if rule.skip != Skip::Omit && day_taken_from_start {
            // A moved day is not the day that the rule means.
            rule.by_month_day = i8::try_from(own.day()).into_iter().collect();
            if rule.freq == Frequency::Yearly && rule.by_month.is_empty() {
                rule.by_month = u8::try_from(own.month()).into_iter().collect();
            }
        }
        rule
    }

    /// Keeps that one of `UNTIL` and `COUNT`, which exclude each other, that ends the set first.
    fn one_end(&self, rule: &mut RecurrenceRule) {
        let counted = RecurrenceRule {
            until: None,
            ..self.rule.clone().into_owned()
        };
        let whole = self.own()..NaiveDateTime::MAX;
        let last = expand(
            &counted,
            self.own(),
            None,
            whole,
            &ExpansionLimits::default(),
        );
        let ends_by_count = last
            .ok()
            .and_then(|all| all.last().copied())
            .is_some_and(|last| self.until.is_some_and(|until| last <= until));
        if ends_by_count {
            rule.until = None;
        } else {
            rule.count = None;
        }
    }
}
