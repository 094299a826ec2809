//! Combination of several dates of an event into one schedule.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use calendar_domain::{EventStatus, Override, Recurrence, Schedule, Start, When};

/// Maximum number of dates of an event.
pub const DATES: usize = 1_000;

/// One date of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedDate {
    /// The time of this date.
    pub when: When,
    /// The status of this date, if it differs from the event's.
    pub status: Option<EventStatus>,
}

impl From<When> for ParsedDate {
    fn from(when: When) -> Self {
        Self { when, status: None }
    }
}

/// Returns the schedule of the dates, and the number of dates dropped: those beyond [`DATES`], and duplicates
/// with the same start. Returns `None` without dates.
#[must_use]
pub fn schedule(mut dates: Vec<ParsedDate>) -> Option<(Schedule, usize)> {
    dates.sort_by_key(|date| (date.when.start().local(), !is_timed(&date.when)));
    let told = dates.len();
    let mut dates = dates.into_iter();
    let first = dates.next()?;
    let mut kept = BTreeMap::from([(first.when.start(), first.clone())]);
    for date in dates.take(DATES - 1) {
        kept.entry(start_like(&first.when, &date.when))
            .or_insert(date);
    }
    let lost = told - kept.len();
    let mut recurrence = Recurrence::default();
    for (start, date) in kept {
        if start != first.when.start() {
            recurrence.rdates.insert(start);
        }
        let as_told = first.when.moved_to(start).as_ref() == Some(&date.when);
        if !as_told || date.status.is_some() {
            let differs = Override {
                when: (!as_told).then_some(date.when),
                status: date.status,
                ..Override::default()
            };
            recurrence.overrides.insert(start, differs);
        }
    }
    let recurs = recurrence != Recurrence::default();
    let schedule = Schedule {
        when: first.when,
        recurrence: recurs.then_some(recurrence),
    };
    Some((schedule, lost))
}

fn is_timed(when: &When) -> bool {
    matches!(when, When::Timed { .. })
}

/// Returns the start of `other` in the form of `first`, a local time or a date, which identifies it among the
/// event's dates.
fn start_like(first: &When, other: &When) -> Start {
    match (first.start(), other.start()) {
        (Start::Local(_), Start::Date(day)) => Start::Local(day.and_time(NaiveTime::MIN)),
        (Start::Date(_), Start::Local(time)) => Start::Date(time.date()),
        (_, start) => start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::Window;
    use calendar_domain::recurrence::ExpansionLimits;
    use chrono_tz::Tz;

    fn timed(start: &str, end: &str) -> When {
        When::Timed {
            start: start.parse().unwrap(),
            end: Some(end.parse().unwrap()),
            zone: Tz::Europe__Oslo,
        }
    }

    /// Checks that each date is in the schedule as it was given.
    fn round(dates: Vec<When>) {
        let (schedule, lost) =
            schedule(dates.iter().cloned().map(ParsedDate::from).collect()).unwrap();
        assert_eq!(lost, 0);
        let window = Window {
            from: "2027-01-01".parse().unwrap(),
            until: "2028-01-01".parse().unwrap(),
            zone: Tz::Europe__Oslo,
        };
        let found = schedule
            .occurrences(window, &ExpansionLimits::default())
            .unwrap();
        let found: Vec<When> = found.into_iter().map(|when| when.when).collect();
        assert_eq!(found, dates);
    }

    #[test]
    fn one_date_is_an_event_that_happens_once() {
        let when = timed("2027-06-01T18:00:00", "2027-06-01T20:00:00");
        let (schedule, _) = schedule(vec![when.clone().into()]).unwrap();
        assert_eq!(schedule, Schedule::once(when));
    }

    #[test]
    fn dates_of_one_length_need_no_exceptions() {
        let dates = vec![
            timed("2027-06-01T18:00:00", "2027-06-01T20:00:00"),
            timed("2027-12-08T18:00:00", "2027-12-08T20:00:00"),
        ];
        let (schedule, _) =
            schedule(dates.iter().cloned().map(ParsedDate::from).collect()).unwrap();
        assert!(schedule.recurrence.unwrap().overrides.is_empty());
        round(dates);
    }

    #[test]
    fn dates_of_other_lengths_and_kinds_come_out_as_they_went_in() {
        let day = "2027-06-03".parse().unwrap();
        round(vec![
            timed("2027-06-01T18:00:00", "2027-06-01T20:00:00"),
            timed("2027-06-02T12:00:00", "2027-06-02T20:00:00"),
            When::TimeToCome { date: day },
        ]);
        round(vec![
            When::days(day, "2027-06-05".parse().unwrap()),
            timed("2027-07-02T12:00:00", "2027-07-02T20:00:00"),
            When::day("2027-08-02".parse().unwrap()),
        ]);
    }

    #[test]
    fn a_cancelled_date_is_cancelled_alone() {
        let first = timed("2027-06-01T18:00:00", "2027-06-01T20:00:00");
        let off = ParsedDate {
            when: first.clone(),
            status: Some(EventStatus::Cancelled),
        };
        let next = timed("2027-06-02T18:00:00", "2027-06-02T20:00:00");
        let (schedule, _) = schedule(vec![next.into(), off]).unwrap();
        let overrides = schedule.recurrence.unwrap().overrides;
        let found: Vec<_> = overrides
            .iter()
            .map(|(at, value)| (*at, value.status))
            .collect();
        assert_eq!(found, [(first.start(), Some(EventStatus::Cancelled))]);
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let twice = vec![
            timed("2027-06-01T18:00:00", "2027-06-01T20:00:00").into(),
            timed("2027-06-01T18:00:00", "2027-06-01T21:00:00").into(),
        ];
        assert_eq!(schedule(twice).unwrap().1, 1);
        assert!(schedule(Vec::new()).is_none());
    }
}
