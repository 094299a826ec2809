//! The first and the last occurrence of a schedule, and whether there is one at all.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::recurrence::{ExpansionError, ExpansionLimits, RecurrenceRule, RuleEnd, expand};
use super::zone::LATEST;
use super::{EventStatus, Occurrence, Recurrence, Schedule, Start, Window};

/// Search distances from the first start on and from the last day back, in days.
const REACHES: [u64; 4] = [3, 366, 3_660, 36_600];

impl Schedule {
    /// Returns the first occurrence that is not cancelled, to represent the event by a single time.
    /// If all are cancelled, this is the first occurrence. `None` if every occurrence is excluded.
    #[must_use]
    pub fn leading(&self) -> Option<Occurrence<'_>> {
        let Some(recurrence) = &self.recurrence else {
            return Some(self.own());
        };
        let regular = self.first_from_start().unwrap_or_else(|_| Some(self.own()));
        let found = moved(recurrence).chain(regular);
        found.min_by_key(|found| (!is_on(found), found.when.begins(Tz::UTC)))
    }

    /// Returns the day on which the leading occurrence starts.
    #[must_use]
    pub fn leading_day(&self) -> Option<NaiveDate> {
        Some(self.leading()?.when.start().date())
    }

    /// Returns the last occurrence that is not cancelled; the last one if all are. `None` if the
    /// schedule has no end, exceeds the limits of an expansion, or every occurrence is excluded.
    #[must_use]
    pub fn last_occurrence(&self) -> Option<Occurrence<'_>> {
        if self.recurrence.is_none() {
            return Some(self.own());
        }
        let (first, until) = self.span(Tz::UTC);
        let until = until?;
        let mut last = None;
        for days in REACHES {
            let from = until.checked_sub_days(Days::new(days)).unwrap_or(first);
            let window = window(from.max(first), until);
            let found = self.occurrences(window, &ExpansionLimits::default());
            let ends =
                |occurrence: &Occurrence<'_>| (is_on(occurrence), occurrence.when.ends(Tz::UTC));
            let latest = found.ok()?.into_iter().max_by_key(ends);
            if latest.as_ref().is_some_and(is_on) || from <= first {
                return latest.or(last);
            }
            last = latest.or(last);
        }
        last
    }

    /// Returns true if the event recurs and each occurrence is cancelled on its own.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        let Some(recurrence) = &self.recurrence else {
            return false;
        };
        let overrides = recurrence.overrides.iter();
        let mut changes = overrides
            .filter(|(id, _)| !recurrence.exdates.contains(id))
            .map(|(_, change)| change.status)
            .peekable();
        let some = changes.peek().is_some();
        some && changes.all(|status| status == Some(EventStatus::Cancelled))
            && self.has_only_exceptions(recurrence)
    }

    /// Returns true if each start is excluded or overridden.
    fn has_only_exceptions(&self, recurrence: &Recurrence) -> bool {
        let own = self.when.start();
        let is_exception = |start: &Start| {
            recurrence.exdates.contains(start) || recurrence.overrides.contains_key(start)
        };
        if !recurrence.rdates.iter().all(is_exception) {
            return false;
        }
        let Some(rule) = self.rule() else {
            return is_exception(&own);
        };
        let limits = ExpansionLimits {
            max_occurrences: recurrence.exdates.len() + recurrence.overrides.len(),
            ..ExpansionLimits::default()
        };
        let until = rule.until.as_ref().map(|until| self.until_local(until));
        let all = own.local()..NaiveDateTime::MAX;
        let found = expand(&rule, own.local(), until, all, &limits);
        found.is_ok_and(|found| {
            found
                .into_iter()
                .all(|local| is_exception(&self.start_like(local)))
        })
    }

    /// Returns the time of a schedule without recurrence.
    fn own(&self) -> Occurrence<'_> {
        Occurrence {
            recurrence_id: self.recurrence.as_ref().map(|_| self.when.start()),
            when: self.when.on_clock(),
            change: None,
        }
    }

    /// Returns the first occurrence from the first start on that is not cancelled, or the first
    /// one.
    ///
    /// # Errors
    /// Errors if the rule exceeds the limits before one is found.
    fn first_from_start(&self) -> Result<Option<Occurrence<'_>>, ExpansionError> {
        let from = self.earliest_start().date();
        let from = from.pred_opt().unwrap_or(from);
        let end = self.span(Tz::UTC).1.unwrap_or(NaiveDate::MAX);
        let mut first = None;
        for days in REACHES {
            let until = from.checked_add_days(Days::new(days)).unwrap_or(end);
            let found = match self.occurrences(window(from, until), &ExpansionLimits::default()) {
                Ok(found) => found,
                Err(error) => return first.map(Some).ok_or(error),
            };
            let on = found.iter().position(is_on).unwrap_or(0);
            first = found.into_iter().nth(on);
            if first.as_ref().is_some_and(is_on) || until > end {
                break;
            }
        }
        Ok(first)
    }

    /// Returns the days in `zone` from the first occurrence to the end of the last, exclusive;
    /// `None` for the last if the rule has no end.
    #[must_use]
    pub fn span(&self, zone: Tz) -> (NaiveDate, Option<NaiveDate>) {
        let own = self.when.days_touched(zone);
        let Some(recurrence) = &self.recurrence else {
            return (own.start, Some(own.end));
        };
        let mut first = own.start;
        let mut last = Some(own.end);
        let length = own.end - own.start;
        let others = recurrence
            .overrides
            .values()
            .filter_map(|change| change.when.as_ref());
        let listed = recurrence
            .rdates
            .iter()
            .filter_map(|start| self.when.moved_to(*start));
        for when in others.cloned().chain(listed) {
            let days = when.days_touched(zone);
            first = first.min(days.start);
            last = last.max(Some(days.end));
        }
        if let Some(rule) = self.rule() {
            let end = match (&rule.until, rule.count) {
                (Some(until), _) => length
                    .checked_add(&TimeDelta::days(2))
                    .and_then(|length| until_day(until).checked_add_signed(length)),
                (None, Some(_)) => self.last_counted(&rule, zone),
                (None, None) => None,
            };
            last = end.and_then(|end| last.map(|last| last.max(end)));
        }
        (first, last)
    }

    /// Returns the day after the last occurrence of a rule with `COUNT`; `None` if the rule exceeds
    /// the limits.
    fn last_counted(&self, rule: &RecurrenceRule, zone: Tz) -> Option<NaiveDate> {
        let start = self.when.start().local();
        let window = start..NaiveDateTime::MAX;
        let starts = expand(rule, start, None, window, &ExpansionLimits::default()).ok()?;
        let last = self.when.moved_to(self.start_like(*starts.last()?))?;
        Some(last.days_touched(zone).end)
    }
}

/// Returns the occurrences at another time that are not excluded.
fn moved(recurrence: &Recurrence) -> impl Iterator<Item = Occurrence<'_>> {
    let overrides = recurrence.overrides.iter();
    let kept = overrides.filter(|(id, _)| !recurrence.exdates.contains(id));
    kept.filter_map(|(id, change)| {
        Some(Occurrence {
            recurrence_id: Some(*id),
            when: change.when.as_ref()?.on_clock(),
            change: Some(change),
        })
    })
}

fn is_on(occurrence: &Occurrence<'_>) -> bool {
    let status = occurrence.change.and_then(|change| change.status);
    status != Some(EventStatus::Cancelled)
}

fn window(from: NaiveDate, until: NaiveDate) -> Window {
    Window {
        from,
        until: until.min(LATEST.date()),
        zone: Tz::UTC,
    }
}

fn until_day(until: &RuleEnd) -> NaiveDate {
    match until {
        RuleEnd::Date(date) => *date,
        RuleEnd::Utc(time) | RuleEnd::Local(time) => time.date(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::*;
    use crate::Override;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
    }

    fn at(text: &str) -> Start {
        Start::Local(local(text))
    }

    fn cancelled() -> Override {
        Override {
            status: Some(EventStatus::Cancelled),
            ..Override::default()
        }
    }

    /// Returns a schedule from Thursday, 1 April 2027, 18.00 to 20.00.
    fn schedule(rule: &str, change: impl FnOnce(&mut Recurrence)) -> Schedule {
        let mut recurrence = Recurrence {
            rule: (!rule.is_empty()).then(|| rule.parse().unwrap()),
            ..Recurrence::default()
        };
        change(&mut recurrence);
        Schedule {
            when: crate::When::Timed {
                start: local("2027-04-01T18:00"),
                end: Some(local("2027-04-01T20:00")),
                zone: Tz::Europe__Oslo,
            },
            recurrence: Some(recurrence),
        }
    }

    fn first(schedule: &Schedule) -> Option<Start> {
        schedule.leading().map(|leading| leading.when.start())
    }

    fn last(schedule: &Schedule) -> Option<Start> {
        schedule
            .last_occurrence()
            .map(|last_occurrence| last_occurrence.when.start())
    }

    #[test]
    fn an_event_without_any_date_has_neither_a_first_nor_a_last() {
        let none = schedule("FREQ=WEEKLY;COUNT=2", |recurrence| {
            recurrence.exdates = [at("2027-04-01T18:00"), at("2027-04-08T18:00")].into();
        });
        assert_eq!((first(&none), last(&none)), (None, None));
        assert!(!none.is_cancelled());
        let only = schedule("", |recurrence| {
            recurrence.exdates = [at("2027-04-01T18:00")].into()
        });
        assert_eq!((first(&only), last(&only)), (None, None));
    }

    #[test]
    fn the_first_date_may_be_decades_after_an_excluded_one() {
        let rare = schedule("FREQ=YEARLY;INTERVAL=40", |recurrence| {
            recurrence.exdates = [at("2027-04-01T18:00")].into();
        });
        assert_eq!(first(&rare), Some(at("2067-04-01T18:00")));
        assert_eq!(last(&rare), None);
    }

    #[test]
    fn a_listed_or_moved_date_may_be_before_the_start_of_the_rule() {
        let listed = schedule("FREQ=WEEKLY", |recurrence| {
            recurrence.rdates = [at("2026-04-02T18:00")].into();
        });
        assert_eq!(first(&listed), Some(at("2026-04-02T18:00")));
        let moved = schedule("FREQ=WEEKLY", |recurrence| {
            let change = Override {
                when: Some(crate::When::day("2026-04-02".parse().unwrap())),
                ..Override::default()
            };
            recurrence.overrides = [(at("2027-04-08T18:00"), change)].into();
        });
        let day = Start::Date("2026-04-02".parse().unwrap());
        assert_eq!(first(&moved), Some(day));
    }

    #[test]
    fn the_last_date_is_the_last_that_is_on_wherever_it_is() {
        let counted = schedule("FREQ=WEEKLY;COUNT=5", |recurrence| {
            recurrence.overrides = [(at("2027-04-29T18:00"), cancelled())].into();
        });
        assert_eq!(last(&counted), Some(at("2027-04-22T18:00")));
        let long = schedule("FREQ=YEARLY;UNTIL=20960101T000000Z", |recurrence| {
            recurrence.exdates = [at("2095-04-01T18:00")].into();
        });
        assert_eq!(last(&long), Some(at("2094-04-01T18:00")));
    }

    #[test]
    fn a_recurring_event_is_cancelled_if_each_date_is_cancelled_or_excluded() {
        let all = |rule: &str| {
            schedule(rule, |recurrence| {
                recurrence.exdates = [at("2027-04-01T18:00")].into();
                recurrence.overrides = [(at("2027-04-08T18:00"), cancelled())].into();
            })
        };
        assert!(all("FREQ=WEEKLY;COUNT=2").is_cancelled());
        assert!(all("FREQ=WEEKLY;UNTIL=20270408").is_cancelled());
        assert!(!all("FREQ=WEEKLY;COUNT=3").is_cancelled());
        assert!(!all("FREQ=WEEKLY").is_cancelled());
        let listed = schedule("", |recurrence| {
            recurrence.rdates = [at("2027-04-08T18:00")].into();
            recurrence.overrides = [(at("2027-04-08T18:00"), cancelled())].into();
        });
        assert!(!listed.is_cancelled());
    }

    #[test]
    fn an_endless_rule_has_dates_until_the_last_year() {
        let endless = schedule("FREQ=WEEKLY", |_| ());
        for from in ["9998-01-01", "9999-12-01"] {
            let window = Window {
                from: from.parse().unwrap(),
                until: NaiveDate::MAX,
                zone: Tz::Europe__Oslo,
            };
            let found = endless.occurrences(window, &ExpansionLimits::default());
            assert!(
                found.is_ok_and(|occurrence| !occurrence.is_empty()),
                "{from}"
            );
        }
    }
}
