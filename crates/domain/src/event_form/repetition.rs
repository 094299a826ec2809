//! Repetition: every nth week on some weekdays, or on the nth weekday of a month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::reader::FormReader;
use super::repetition_text::{
    self, MOST_DATES, MOST_MONTHS, ParsedRepetition, RepetitionError, nth_of_month,
};
use super::schedule::TypedHours;
use super::typed_dates::{parse_clock, parse_date};
use super::{FormFault, FormField};
use crate::recurrence::{ExpansionLimits, Frequency, RecurrenceRule, RuleEnd, WeekdayNum};
use crate::{Recurrence, Schedule, Start, When, Window};

/// The first and last number of weeks or months between dates.
const INTERVALS: (u32, u32) = (1, 52);

impl FormReader<'_> {
    /// Returns the schedule of a repeated event: by its sentence if there is one, otherwise by the choices.
    pub(super) fn repeated(&mut self, date: NaiveDate, hours: TypedHours) -> Option<Schedule> {
        let kept = self.kept_rule.take().map(|rule| ParsedRepetition {
            rule,
            first: date,
            except: BTreeSet::new(),
        });
        let (parsed, end) = match self.form.filled(FormField::Repetition) {
            _ if kept.is_some() => (kept?, FormField::Date),
            Some(text) => (self.in_words(text, date)?, FormField::Repetition),
            None => (self.chosen(date)?, FormField::Until),
        };
        let when = self.when(parsed.first, None, hours)?;
        let mut schedule = Schedule {
            when,
            recurrence: Some(Recurrence {
                rule: Some(parsed.rule),
                ..Recurrence::default()
            }),
        };
        let missed = parsed.except.iter().find(|date| {
            let start = start_on(&schedule.when, **date);
            !schedule.has_occurrence(start)
        });
        if let Some(date) = missed {
            self.wrong(FormField::Repetition, FormFault::NothingLeftOut(*date));
            return None;
        }
        self.single_dates(&mut schedule, &parsed.except, hours)?;
        self.has_a_date(&schedule, end)?;
        Some(schedule)
    }

    /// Returns the repetition of a sentence.
    fn in_words(&mut self, text: &str, date: NaiveDate) -> Option<ParsedRepetition> {
        let fault = match repetition_text::parse(text, date) {
            Ok(parsed) => return Some(parsed),
            Err(RepetitionError::NotUnderstood(words)) => FormFault::NotARepetition(words),
            Err(RepetitionError::NoFrequency) => FormFault::FrequencyMissing,
            Err(RepetitionError::NoEnd) => FormFault::EndOfRepetitionMissing,
            Err(RepetitionError::TwoEnds) => FormFault::TwoEndsOfRepetition,
            Err(RepetitionError::EndBefore(first)) => FormFault::BeforeDay(first),
            Err(RepetitionError::EndAfter(latest)) => FormFault::AfterDay(latest),
            Err(RepetitionError::Count(_)) => FormFault::NotANumber(1, MOST_DATES),
        };
        self.wrong(FormField::Repetition, fault);
        None
    }

    /// Returns the repetition of the choices.
    fn chosen(&mut self, date: NaiveDate) -> Option<ParsedRepetition> {
        let monthly = match self.form.filled(FormField::Every) {
            None | Some("week") => false,
            Some("month") => true,
            Some(_) => {
                self.wrong(FormField::Every, FormFault::UnknownChoice);
                return None;
            }
        };
        let weekdays = if monthly {
            BTreeSet::from([date.weekday().num_days_from_monday()])
        } else {
            self.weekdays(date)?
        };
        let first = (0..7)
            .filter_map(|n| date.checked_add_days(Days::new(n)))
            .find(|day| weekdays.contains(&day.weekday().num_days_from_monday()))?;
        let interval = match self.form.filled(FormField::Interval) {
            None => 1,
            Some(_) => self.number(FormField::Interval, INTERVALS.0, INTERVALS.1)?,
        };
        let freq = if monthly {
            Frequency::Monthly
        } else {
            Frequency::Weekly
        };
        let mut rule = RecurrenceRule::new(freq);
        rule.interval = interval;
        rule.by_day = if monthly {
            vec![WeekdayNum::nth(nth_of_month(first), first.weekday())]
        } else {
            let every = |day: &u32| weekday(*day).map(WeekdayNum::every);
            weekdays.iter().filter_map(every).collect()
        };
        self.end_of(&mut rule, first)?;
        Some(ParsedRepetition {
            rule,
            first,
            except: BTreeSet::new(),
        })
    }

    fn weekdays(&mut self, date: NaiveDate) -> Option<BTreeSet<u32>> {
        let mut chosen = BTreeSet::new();
        for typed in self.form.all(FormField::Weekday) {
            match typed
                .parse::<u32>()
                .ok()
                .filter(|parse| (1..=7).contains(parse))
            {
                Some(number) => chosen.insert(number - 1),
                None => {
                    self.wrong(FormField::Weekday, FormFault::UnknownChoice);
                    return None;
                }
            };
        }
        if chosen.is_empty() {
            chosen.insert(date.weekday().num_days_from_monday());
        }
        Some(chosen)
    }

    /// Sets the end of the rule: a last date or a number of dates.
    fn end_of(&mut self, rule: &mut RecurrenceRule, first: NaiveDate) -> Option<()> {
        let until = self.form.filled(FormField::Until);
        let count = self.form.filled(FormField::Count);
        match (until, count) {
            (None, None) => {
                self.wrong(FormField::Until, FormFault::EndOfRepetitionMissing);
                return None;
            }
            (Some(_), Some(_)) => {
                self.wrong(FormField::Until, FormFault::TwoEndsOfRepetition);
                return None;
            }
            (Some(_), None) => {
                let last = self.date(FormField::Until)?;
                if last < first {
                    self.wrong(FormField::Until, FormFault::BeforeDay(first));
                    return None;
                }
                let latest = first.checked_add_months(Months::new(MOST_MONTHS));
                if let Some(latest) = latest.filter(|latest| last > *latest) {
                    self.wrong(FormField::Until, FormFault::AfterDay(latest));
                    return None;
                }
                rule.until = Some(RuleEnd::Date(last));
            }
            (None, Some(_)) => rule.count = Some(self.number(FormField::Count, 1, MOST_DATES)?),
        }
        Some(())
    }

    /// Applies the dates that are struck or moved.
    pub(super) fn single_dates(
        &mut self,
        schedule: &mut Schedule,
        except: &BTreeSet<NaiveDate>,
        hours: TypedHours,
    ) -> Option<()> {
        let before = self.errors.len();
        let struck = self.form.all(FormField::Strike).iter();
        let struck = struck.filter_map(|typed| parse_date(typed, self.context.today));
        let starts = struck
            .chain(except.iter().copied())
            .map(|date| start_on(&schedule.when, date));
        // A struck date that the changed repetition no longer has says nothing.
        let mut exdates: BTreeSet<Start> = starts
            .filter(|start| schedule.has_occurrence(*start))
            .collect();
        let mut moved = BTreeMap::new();
        for row in 0..self.form.rows(&[FormField::MoveFrom, FormField::MoveTo]) {
            if let Some((start, when)) = self.moved_in(row, schedule, hours) {
                moved.insert(start, when);
            }
        }
        if self.errors.len() > before {
            return None;
        }
        let recurrence = schedule.recurrence.as_mut()?;
        for (start, when) in moved {
            recurrence.overrides.entry(start).or_default().when = Some(when);
        }
        exdates.retain(|start| !recurrence.overrides.contains_key(start));
        recurrence.exdates = exdates;
        Some(())
    }

    /// Reads a row of moved dates: the original start and the new time.
    fn moved_in(
        &mut self,
        row: usize,
        schedule: &Schedule,
        hours: TypedHours,
    ) -> Option<(Start, When)> {
        let form = self.form;
        let [from, to, time] = [FormField::MoveFrom, FormField::MoveTo, FormField::MoveTime]
            .map(|field| form.cell(field, row));
        if to.is_empty() && time.is_empty() {
            return None;
        }
        let Some(date) = parse_date(from, self.context.today) else {
            self.wrong_in(FormField::MoveFrom, row, FormFault::NotADate);
            return None;
        };
        let start = start_on(&schedule.when, date);
        if !schedule.has_occurrence(start) {
            self.wrong_in(FormField::MoveFrom, row, FormFault::NotADateOfRepetition);
            return None;
        }
        let to = if to.is_empty() {
            date
        } else if let Some(to) = parse_date(to, self.context.today) {
            let first = schedule.when.start().date();
            if !self.is_near(FormField::MoveTo, row, to, first) {
                return None;
            }
            to
        } else {
            self.wrong_in(FormField::MoveTo, row, FormFault::NotADate);
            return None;
        };
        let clock = match (time, hours) {
            ("", TypedHours::At(usual, _)) => Some(usual),
            ("", _) => None,
            (typed, _) => {
                let clock = parse_clock(typed);
                if clock.is_none() {
                    self.wrong_in(FormField::MoveTime, row, FormFault::NotATime);
                    return None;
                }
                clock
            }
        };
        let new_start = match clock {
            Some(clock) if matches!(schedule.when, When::Timed { .. }) => {
                Start::Local(to.and_time(clock))
            }
            _ => Start::Date(to),
        };
        Some((start, schedule.when.moved_to(new_start)?))
    }

    /// Checks that at least one date is left.
    pub(super) fn has_a_date(&mut self, schedule: &Schedule, field: FormField) -> Option<()> {
        let from = schedule.earliest_start().date();
        let until = from.checked_add_months(Months::new(132)).unwrap_or(from);
        let window = Window {
            from: from.checked_sub_months(Months::new(12)).unwrap_or(from),
            until,
            zone: self.context.zone,
        };
        let found = schedule.occurrences(window, &ExpansionLimits::default());
        if found.is_ok_and(|found| !found.is_empty()) {
            return Some(());
        }
        self.wrong(field, FormFault::NoDateLeft);
        None
    }
}

/// Returns the start of the occurrence on a day.
pub(super) fn start_on(when: &When, date: NaiveDate) -> Start {
    match when.start() {
        Start::Local(start) => Start::Local(date.and_time(start.time())),
        Start::Date(_) => Start::Date(date),
    }
}

fn weekday(from_monday: u32) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(from_monday).ok()?).ok()
}
