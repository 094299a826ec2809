//! Expansion of a schedule to its occurrences in a window.

use std::cmp::Reverse;
use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::overlap::MAX_OVERLAP;
use super::recurrence::{ExpansionError, ExpansionLimits, RuleEnd, expand};
use super::zone::{LATEST, to_local};
use super::{Occurrence, Recurrence, Schedule, Start, When};

/// Days in `zone`, `until` exclusive. The window contains everything that touches one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last one.
    pub until: NaiveDate,
    /// The zone of the days.
    pub zone: Tz,
}

impl Window {
    /// Returns true if an occurrence touches the window.
    #[must_use]
    pub fn touches(&self, when: &When) -> bool {
        let days = when.days_touched(self.zone);
        days.start < self.until && self.from < days.end
    }
}

impl Schedule {
    /// Returns the occurrences that touch the window, in order of their start. Of those that
    /// started before it, only the [`MAX_OVERLAP`] with the latest end are returned.
    ///
    /// # Errors
    /// Errors if the rule exceeds the limits (see [`ExpansionLimits`]).
    ///
    /// # Examples
    /// ```
    /// use calendar_domain::recurrence::ExpansionLimits;
    /// use calendar_domain::{Recurrence, Schedule, When, Window};
    /// use chrono::NaiveDate;
    ///
    /// let day = |month, day| NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    /// let schedule = Schedule {
    ///     when: When::day(day(3, 4)),
    ///     recurrence: Some(Recurrence {
    ///         rule: Some("FREQ=MONTHLY;BYDAY=1TH".parse().unwrap()),
    ///         ..Recurrence::default()
    ///     }),
    /// };
    /// let spring = Window { from: day(3, 1), until: day(6, 1), zone: chrono_tz::Europe::Oslo };
    /// let found = schedule.occurrences(spring, &ExpansionLimits::default()).unwrap();
    /// let days: Vec<_> = found.iter().map(|occurrence| occurrence.when.start().date()).collect();
    /// assert_eq!(days, [day(3, 4), day(4, 1), day(5, 6)]);
    /// ```
    pub fn occurrences(
        &self,
        window: Window,
        limits: &ExpansionLimits,
    ) -> Result<Vec<Occurrence<'_>>, ExpansionError> {
        let Some(recurrence) = &self.recurrence else {
            let only = Occurrence {
                recurrence_id: None,
                when: self.when.on_clock(),
                change: None,
            };
            return Ok(if window.touches(&only.when) {
                vec![only]
            } else {
                Vec::new()
            });
        };
        let mut found: Vec<Occurrence<'_>> = Vec::new();
        for start in self.starts(recurrence, window, limits)? {
            if recurrence.overrides.contains_key(&start) {
                continue;
            }
            let Some(when) = self.when.occurring_at(start) else {
                continue;
            };
            if window.touches(&when) {
                found.push(Occurrence {
                    recurrence_id: Some(start),
                    when,
                    change: None,
                });
            }
        }
        for (id, change) in &recurrence.overrides {
            if recurrence.exdates.contains(id) {
                continue;
            }
            let usual = || {
                let moved = self.when.occurring_at(*id);
                moved.unwrap_or_else(|| self.when.on_clock())
            };
            let when = change.when.as_ref().map_or_else(usual, When::on_clock);
            if window.touches(&when) {
                found.push(Occurrence {
                    recurrence_id: Some(*id),
                    when,
                    change: Some(change),
                });
            }
        }
        found.sort_by_key(|o| (o.when.begins(window.zone), o.recurrence_id));
        keep_those_that_end_last(&mut found, window);
        Ok(found)
    }

    /// Returns true if a start is one that the rule or an extra date gives, whether or not it is excluded. A rule that
    /// exceeds the limits gives none.
    #[must_use]
    pub fn has_occurrence(&self, start: Start) -> bool {
        let Some(recurrence) = &self.recurrence else {
            return start == self.when.start();
        };
        if start == self.when.start() || recurrence.rdates.contains(&start) {
            return true;
        }
        let local = start.local();
        let (Some(rule), Some(end)) =
            (self.rule(), local.checked_add_signed(TimeDelta::seconds(1)))
        else {
            return false;
        };
        let until = rule.until.as_ref().map(|until| self.until_local(until));
        let first = self.when.start().local();
        let found = expand(&rule, first, until, local..end, &ExpansionLimits::default());
        found.is_ok_and(|found| found.iter().any(|expand| self.start_like(*expand) == start))
    }

    /// Returns the starts of the recurrence set that can touch the window, without exceptions, in
    /// order.
    fn starts(
        &self,
        recurrence: &Recurrence,
        window: Window,
        limits: &ExpansionLimits,
    ) -> Result<Vec<Start>, ExpansionError> {
        let first = self.when.start();
        let range = self.start_range(window);
        let mut starts: Vec<Start> = match self.rule() {
            Some(rule) => {
                let until = rule.until.as_ref().map(|until| self.until_local(until));
                expand(&rule, first.local(), until, range.clone(), limits)?
                    .into_iter()
                    .map(|local| self.start_like(local))
                    .collect()
            }
            None => vec![first],
        };
        starts.extend(
            recurrence
                .rdates
                .iter()
                .filter(|start| range.contains(&start.local())),
        );
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|start| !recurrence.exdates.contains(start));
        Ok(starts)
    }

    /// Returns the local starts that can touch the window: earlier by the length of the event, and
    /// wider by a day at both ends for the difference of zones.
    fn start_range(&self, window: Window) -> Range<NaiveDateTime> {
        let own = self.when.days_touched(window.zone);
        let length = Days::new((own.end - own.start).num_days().unsigned_abs() + 1);
        let from = window
            .from
            .checked_sub_days(length)
            .unwrap_or(NaiveDate::MIN);
        let until = window
            .until
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX)
            .and_time(NaiveTime::MIN);
        // A window that ends later would request all of an endless rule.
        let end_of_dates = LATEST + TimeDelta::seconds(1);
        from.and_time(NaiveTime::MIN)..until.min(end_of_dates)
    }

    /// Returns a local time as a start of this schedule's kind.
    pub(super) fn start_like(&self, local: NaiveDateTime) -> Start {
        match self.when {
            When::Timed { .. } => Start::Local(local),
            When::AllDay { .. } | When::TimeToCome { .. } => Start::Date(local.date()),
        }
    }

    /// Returns `UNTIL` as a local time of this schedule, inclusive (RFC 5545 3.3.10).
    pub(super) fn until_local(&self, until: &RuleEnd) -> NaiveDateTime {
        let end_of_day = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
        match (until, &self.when) {
            (RuleEnd::Date(date), _) => date.and_time(end_of_day),
            (RuleEnd::Utc(utc), When::Timed { zone, .. }) => to_local(utc.and_utc(), *zone),
            (RuleEnd::Utc(time) | RuleEnd::Local(time), _) => *time,
        }
    }
}

/// Keeps only the [`MAX_OVERLAP`] latest-ending occurrences of those that started before the
/// window, to bound the size of a page.
fn keep_those_that_end_last(found: &mut Vec<Occurrence<'_>>, window: Window) {
    let days = |occurrence: &Occurrence<'_>| occurrence.when.days_touched(window.zone);
    let running = found.partition_point(|occurrence| days(occurrence).start < window.from);
    if running <= MAX_OVERLAP {
        return;
    }
    let mut kept: Vec<usize> = (0..running).collect();
    kept.sort_by_cached_key(|at| Reverse((days(&found[*at]).end, *at)));
    kept.truncate(MAX_OVERLAP);
    let mut at = 0..;
    found.retain(|_| {
        at.next()
            .is_some_and(|at| at >= running || kept.contains(&at))
    });
}
