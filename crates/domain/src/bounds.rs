//! Checks that dates are within the years 1 to 9999, which RFC 5545 3.3.4 can represent.
//!
//! Drafts are checked when they are planned, records when they are committed. Both the local time
//! and the time in UTC must be in bounds, since feeds contain both.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::recurrence::RuleEnd;
use super::zone::{EARLIEST, LATEST, checked_to_utc};
use super::{Event, EventDraft, Field, Record, Recurrence, Schedule, Start, When};
use crate::sync_state::Subject;

/// Error for a date outside the years 1 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct DateError {
    /// The field by its name in JSON: `recurrence.rdates`.
    pub field: String,
    /// A description of the error.
    pub detail: String,
}

/// Returns true if a day is within the years 1 to 9999.
#[must_use]
pub fn is_writable(day: NaiveDate) -> bool {
    (EARLIEST.date()..=LATEST.date()).contains(&day)
}

/// Parses a command-line argument as a day within the years 1 to 9999.
///
/// # Errors
/// Returns a sentence that describes the expected form.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    day.filter(|day| is_writable(*day))
        .ok_or_else(|| "it must be a day of the years 1 to 9999, such as 2027-06-01".to_owned())
}

/// Returns an error for every date of a draft outside the years 1 to 9999.
#[must_use]
pub fn draft_errors(draft: &EventDraft) -> Vec<DateError> {
    let mut found = Found::default();
    found.schedule(&draft.schedule);
    found.previous(draft.previous.as_ref());
    if let Some(modified) = draft.modified {
        found.instant("modified", modified);
    }
    found.0
}

/// Checks the dates of an event.
///
/// # Errors
/// Returns the first date outside the years 1 to 9999.
pub fn check_event(event: &Event) -> Result<(), DateError> {
    let mut found = Found::default();
    found.schedule(&event.schedule);
    found.previous(event.previous.as_ref());
    found.instant("created", event.created);
    found.instant("modified", event.modified);
    for source in &event.sources {
        found.instant("sources", source.fetched_at);
    }
    if let Some(change) = &event.last_change {
        found.instant("last_change", change.at);
    }
    found.0.into_iter().next().map_or(Ok(()), Err)
}

/// Checks those dates of a record that may be shown.
///
/// # Errors
/// Returns the first date outside the years 1 to 9999.
pub fn check_record(record: &Record) -> Result<(), DateError> {
    match record {
        Record::Event(event) => check_event(event),
        Record::Suggestion(suggestion) => match &suggestion.matter {
            Subject::Fields { fields, told } if fields.contains(&Field::Schedule) => {
                check_event(told)
            }
            Subject::Fields { .. } | Subject::SameEvent { .. } => Ok(()),
        },
        Record::SourceVersion(version) => check_event(&version.told),
        Record::Submission(submission) => match &submission.next {
            Some(next) => check_event(next),
            None => Ok(()),
        },
        Record::Filter(filter) => {
            let mut found = Found::default();
            for (field, day) in [("from", filter.query.from), ("to", filter.query.to)] {
                day.into_iter().for_each(|day| found.day(field, day));
            }
            found.0.into_iter().next().map_or(Ok(()), Err)
        }
        _ => Ok(()),
    }
}

#[derive(Default)]
struct Found(Vec<DateError>);

impl Found {
    fn wrong(&mut self, field: &str, detail: String) {
        self.0.push(DateError {
            field: field.to_owned(),
            detail,
        });
    }

    fn day(&mut self, field: &str, day: NaiveDate) {
        if !is_writable(day) {
            self.wrong(field, format!("{day} is outside the years 1 to 9999"));
        }
    }

    fn start(&mut self, field: &str, start: Start, zone: Tz) {
        let local = match start {
            Start::Date(day) => return self.day(field, day),
            Start::Local(local) => local,
        };
        if !is_writable(local.date()) {
            self.wrong(field, format!("{local} is outside the years 1 to 9999"));
        } else if checked_to_utc(local, zone).is_none() {
            let detail = format!("{local} in {zone} is outside the years 1 to 9999 in UTC");
            self.wrong(field, detail);
        }
    }

    fn instant(&mut self, field: &str, at: DateTime<Utc>) {
        self.day(field, at.date_naive());
    }

    fn when(&mut self, when: &When, [start, end]: [&str; 2]) {
        let zone = zone_of(when);
        self.start(start, when.start(), zone);
        match when {
            When::AllDay { until, .. } => self.day(end, until.pred_opt().unwrap_or(*until)),
            When::Timed { end: Some(at), .. } => self.start(end, Start::Local(*at), zone),
            When::Timed { end: None, .. } | When::TimeToCome { .. } => {}
        }
    }

    fn schedule(&mut self, schedule: &Schedule) {
        self.when(&schedule.when, ["start", "end"]);
        if let Some(recurrence) = &schedule.recurrence {
            self.recurrence(recurrence, zone_of(&schedule.when));
        }
    }

    fn previous(&mut self, previous: Option<&When>) {
        if let Some(when) = previous {
            self.when(when, ["previous_start", "previous_start"]);
        }
    }

    fn recurrence(&mut self, recurrence: &Recurrence, zone: Tz) {
        match recurrence.rule.as_ref().and_then(|rule| rule.until) {
            Some(RuleEnd::Date(day)) => self.day("recurrence.rrule", day),
            Some(RuleEnd::Local(time) | RuleEnd::Utc(time)) => {
                self.day("recurrence.rrule", time.date());
            }
            None => {}
        }
        for start in &recurrence.rdates {
            self.start("recurrence.rdates", *start, zone);
        }
        for start in &recurrence.exdates {
            self.start("recurrence.exdates", *start, zone);
        }
        for (id, change) in &recurrence.overrides {
            self.start("recurrence.overrides.recurrence_id", *id, zone);
            if let Some(when) = &change.when {
                let fields = ["recurrence.overrides.start", "recurrence.overrides.end"];
                self.when(when, fields);
            }
        }
    }
}

/// Returns the zone of a time; UTC if it has none.
fn zone_of(when: &When) -> Tz {
    match when {
        When::Timed { zone, .. } => *zone,
        When::AllDay { .. } | When::TimeToCome { .. } => Tz::UTC,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Override, Text};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Returns the fields of a schedule that are out of bounds.
    fn fields(schedule: Schedule) -> Vec<String> {
        let draft = EventDraft::new("1", Text::nb("x"), schedule);
        draft_errors(&draft)
            .into_iter()
            .map(|draft_error| draft_error.field)
            .collect()
    }

    #[test]
    fn the_first_and_last_day_are_within_bounds_and_their_neighbours_are_not() {
        let whole = When::days(day("0001-01-01"), day("9999-12-31"));
        assert!(fields(Schedule::once(whole)).is_empty());
        let wider = When::days(day("0000-12-31"), day("+10000-01-01"));
        assert_eq!(fields(Schedule::once(wider)), ["start", "end"]);
        assert!(parse_day("9999-12-31").is_ok() && parse_day("+10000-01-01").is_err());
    }

    #[test]
    fn every_date_of_a_recurrence_is_looked_at() {
        let far = Start::Date(NaiveDate::MAX);
        let moved = Override {
            when: Some(When::days(NaiveDate::MIN, NaiveDate::MAX)),
            ..Override::default()
        };
        let recurrence = Recurrence {
            rule: Some("FREQ=DAILY;UNTIL=00000101".parse().unwrap()),
            rdates: [far].into(),
            exdates: [far].into(),
            overrides: [(far, moved)].into(),
        };
        let schedule = Schedule {
            when: When::day(day("2027-05-01")),
            recurrence: Some(recurrence),
        };
        let expected = [
            "recurrence.rrule",
            "recurrence.rdates",
            "recurrence.exdates",
            "recurrence.overrides.recurrence_id",
            "recurrence.overrides.start",
            "recurrence.overrides.end",
        ];
        assert_eq!(fields(schedule), expected);
    }
}
