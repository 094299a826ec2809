//! The meaning of schedules, independent of their form.

use calendar_domain::zone::to_utc;
use calendar_domain::{Override, Schedule, Start, When, Window};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::told::REGION;

/// Returns the occurrences in the years from a day on, with their changes. Times are in UTC, since some are
/// written so.
pub fn meaning(schedule: &Schedule, from: NaiveDate) -> Vec<String> {
    let until = from
        .checked_add_days(Days::new(4 * 366))
        .unwrap_or(NaiveDate::MAX);
    let window = Window {
        from,
        until,
        zone: REGION,
    };
    let zone = match &schedule.when {
        When::Timed { zone, .. } => *zone,
        When::AllDay { .. } | When::TimeToCome { .. } => Tz::UTC,
    };
    let limits = Default::default();
    let found = schedule
        .occurrences(window, &limits)
        .expect("within the limits");
    let told = found.into_iter().map(|one| {
        let id = one.recurrence_id.unwrap_or_else(|| one.when.start());
        let id = match id {
            Start::Date(date) => date.to_string(),
            Start::Local(local) => instant(local, zone).to_string(),
        };
        let change = one.change.cloned().unwrap_or_default();
        let change = Override {
            when: None,
            ..change
        };
        format!("{id} {} {change:?}", span(&one.when))
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

/// Returns true if the duration is the same from another start.
pub fn keeps_length(when: &When, start: Start) -> bool {
    let length = |when: &When| when.ends(Tz::UTC) - when.begins(Tz::UTC);
    let is_timed = matches!(when, When::Timed { end: Some(_), .. });
    let moved = when.moved_to(start);
    !is_timed || moved.is_some_and(|moved| length(&moved) == length(when))
}

fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    to_utc(local, zone)
}

fn span(when: &When) -> String {
    match when {
        When::Timed { start, end, zone } => {
            let start = instant(*start, *zone);
            let end = end
                .map(|end| instant(end, *zone))
                .filter(|end| *end > start);
            format!("{start} {end:?}")
        }
        days => format!("{days:?}"),
    }
}
