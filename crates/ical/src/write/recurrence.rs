//! A schedule as RRULE, RDATE and EXDATE that every program reads alike.
//!
//! RFC 5545 3.8.5.3 leaves undefined what a DTSTART out of step with its rule means, and programs
//! use that freedom. So nothing out of step is written: DTSTART is the first real start, every
//! EXDATE takes a start out that would else be there, no RDATE repeats one, and an occurrence that
//! differs is one of the set.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::times::{sayable, unmistakable, zone_of};
use calendar_domain::recurrence::{
    ExpansionError, Frequency, Limits, RecurrenceRule, Skip, Until, expand, in_step,
};
use calendar_domain::zone::to_utc;
use calendar_domain::{Override, Recurrence, Schedule, Start, When};

/// What is written of a recurring schedule.
#[derive(Debug, PartialEq)]
pub(super) struct Repetition<'a> {
    /// Time of the first start.
    pub when: When,
    /// The rule in step with it.
    pub rule: Option<RecurrenceRule>,
    /// Starts beside the rule, later ones than the first.
    pub rdates: BTreeSet<Start>,
    /// Starts of the rule that are left out.
    pub exdates: BTreeSet<Start>,
    /// Occurrences that differ, each one of the set.
    pub overrides: Vec<(Start, &'a Override)>,
}

impl Repetition<'_> {
    /// The time of the first start as it is written: of a set that came down to one start, as of
    /// an event that happens once.
    pub fn told(&self) -> When {
        if self.rule.is_none() && self.overrides.is_empty() {
            unmistakable(&self.when)
        } else {
            self.when.clone()
        }
    }
}

/// How far ahead the first start of a rule is sought, in years, one try after the other.
const REACHES: [i64; 4] = [1, 8, 50, 400];

/// The most starts that are listed where an RDATE comes before those of a rule: DTSTART is the first of a
/// set (RFC 5545 3.8.5.3), and no rule gives such a one.
const LISTED: usize = 500;

/// The schedule in step, without the occurrences that `omitted` names; `None` where nothing is
/// left of it.
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

    let set = schedule.rule().map(|rule| RuleSet::of(schedule, rule));
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

/// A set of single starts: those of `rdates`, and the schedule's own unless a rule without members
/// stands in its place.
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
    // Beside an RDATE, ical.js and vobject count a DTSTART only where a rule does: so there is one
    // that gives it and nothing else.
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

/// Whether a start is of the schedule's kind, and can be written. Others name no occurrence.
fn alike(schedule: &Schedule, start: &Start) -> bool {
    let same = matches!(
        (schedule.when.start(), start),
        (Start::Date(_), Start::Date(_)) | (Start::Local(_), Start::Local(_))
    );
    same && sayable(start.date())
}

/// The starts that a rule gives from a schedule's own start on.
struct RuleSet<'a> {
    schedule: &'a Schedule,
    rule: Cow<'a, RecurrenceRule>,
    until: Option<NaiveDateTime>,
}

impl<'a> RuleSet<'a> {
    fn of(schedule: &'a Schedule, rule: Cow<'a, RecurrenceRule>) -> Self {
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
            &Limits::default(),
        )
    }

    fn start(&self, local: NaiveDateTime) -> Start {
        match self.schedule.when.start() {
            Start::Local(_) => Start::Local(local),
            Start::Date(_) => Start::Date(local.date()),
        }
    }

    /// All starts, where they come to an end before there are many.
    fn few(&self) -> Option<Vec<Start>> {
        if self.rule.is_endless() {
            return None;
        }
        let all = self.between(self.own(), NaiveDateTime::MAX).ok()?;
        let few = all.len() <= LISTED;
        few.then(|| all.into_iter().map(|at| self.start(at)).collect())
    }

    /// The first start of all.
    fn first(&self) -> Option<Start> {
        let own = self.own();
        let reaches = REACHES.iter().map(|years| TimeDelta::days(years * 366));
        for end in reaches.filter_map(|reach| own.checked_add_signed(reach)) {
            match self.between(own, end) {
                Ok(found) => match found.iter().find(|at| self.may_begin(**at)) {
                    Some(first) => return Some(self.start(*first)),
                    None => continue,
                },
                // Too dense or too much work to follow: such a rule is refused at the door.
                Err(_) => return None,
            }
        }
        None
    }

    /// Whether the rule gives this start also where it begins with it. A day that SKIP has moved out of
    /// the month before is none that a rule from that day on gives; it is left out.
    fn may_begin(&self, at: NaiveDateTime) -> bool {
        self.rule.skip != Skip::Forward || in_step(&self.written(), at, self.until)
    }

    /// Which of the given starts the rule gives.
    fn among<'s>(&self, starts: impl Iterator<Item = &'s Start>) -> BTreeSet<Start> {
        let asked: BTreeSet<Start> = starts.copied().collect();
        let (Some(from), Some(to)) = (asked.first(), asked.last()) else {
            return asked;
        };
        // A rule may put a day's start at some hour of it.
        let unit = match to {
            Start::Local(_) => TimeDelta::seconds(1),
            Start::Date(_) => TimeDelta::days(1),
        };
        match self.between(from.local(), to.local() + unit) {
            Ok(found) => {
                let found: BTreeSet<Start> = found.into_iter().map(|at| self.start(at)).collect();
                asked.intersection(&found).copied().collect()
            }
            // So many between the first and the last that each is asked for alone.
            Err(_) => asked
                .into_iter()
                .filter(|start| {
                    let alone = self.between(start.local(), start.local() + unit);
                    alone.is_ok_and(|found| !found.is_empty())
                })
                .collect(),
        }
    }

    /// The rule as it is written after a `DTSTART` at its first start: `UNTIL` of DTSTART's kind
    /// and in UTC (RFC 5545 3.3.10), and nothing left to be taken from a DTSTART that is not
    /// there any more.
    fn written(&self) -> RecurrenceRule {
        let mut rule = self.rule.clone().into_owned();
        let own = self.own();
        if rule.until.is_some() && rule.count.is_some() {
            self.one_end(&mut rule);
        }
        rule.until = match (&self.schedule.when, rule.until) {
            (_, None) => None,
            (When::Timed { .. }, Some(Until::Utc(at))) => Some(Until::Utc(at)),
            (When::Timed { zone, .. }, Some(_)) => self
                .until
                .map(|until| Until::Utc(to_utc(until, *zone).naive_utc())),
            (When::AllDay { .. } | When::TimeToCome { .. }, Some(_)) => {
                self.until.map(|until| Until::Date(until.date()))
            }
        };
        let numbered = rule.by_day.iter().any(|day| day.nth.is_some());
        if rule.freq == Frequency::Yearly
            && !rule.by_month_day.is_empty()
            && rule.by_month.is_empty()
            && !numbered
        {
            // RFC 5545 3.3.10 expands it in every month of the year. Some programs take the month
            // from DTSTART, so the months are told.
            rule.by_month = (1..=12).collect();
        }
        let day_taken_from_start = rule.freq >= Frequency::Monthly
            && rule.by_month_day.is_empty()
            && rule.by_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty();
        if rule.skip != Skip::Omit && day_taken_from_start {
            // A day that was moved is not the day that the rule means.
            rule.by_month_day = i8::try_from(own.day()).into_iter().collect();
            if rule.freq == Frequency::Yearly && rule.by_month.is_empty() {
                rule.by_month = u8::try_from(own.month()).into_iter().collect();
            }
        }
        rule
    }

    /// Of `UNTIL` and `COUNT`, which exclude each other, the one that ends the set.
    fn one_end(&self, rule: &mut RecurrenceRule) {
        let counted = RecurrenceRule {
            until: None,
            ..self.rule.clone().into_owned()
        };
        let whole = self.own()..NaiveDateTime::MAX;
        let last = expand(&counted, self.own(), None, whole, &Limits::default());
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
