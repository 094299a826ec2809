//! The parts of a programme, a row each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::moved_days::{MOST_DAYS_MOVED, parse_days};
use super::reader::FormReader;
use super::schedule::TypedHours;
use super::typed_dates::{parse_clock, parse_date, parse_end_clock};
use super::{FormFault, FormField};
use crate::{EventId, Text, When};

/// The columns of the table.
pub(super) const COLUMNS: [FormField; 5] = [
    FormField::PartId,
    FormField::PartTitle,
    FormField::PartDate,
    FormField::PartStart,
    FormField::PartEnd,
];

/// A part of the programme, which becomes a sub-event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammePart {
    /// Its event, if it is public already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// Its title.
    pub title: Text,
    /// Its time.
    pub when: When,
    /// Whether a public part keeps its time: it has no time of day, which the table can't say. `when` is its first day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_time: bool,
}

impl FormReader<'_> {
    /// Returns the parts. A row without a date is on `first`, one without a title or a time is an error unless all of
    /// it is blank.
    pub(super) fn parts(&mut self, first: NaiveDate) -> Vec<ProgrammePart> {
        if let Some(typed) = self.form.filled(FormField::PartShift) {
            let fault = match parse_days(typed) {
                Some(_) => FormFault::NotMoved,
                None => FormFault::NotDays(MOST_DAYS_MOVED),
            };
            self.wrong(FormField::PartShift, fault);
        }
        let rows = self.form.rows(&COLUMNS);
        let mut parts: Vec<ProgrammePart> = Vec::new();
        for mut part in (0..rows).filter_map(|row| self.part(row, first)) {
            // Two rows are two parts.
            if part.event.is_some() && parts.iter().any(|other| other.event == part.event) {
                part.event = None;
            }
            parts.push(part);
        }
        parts
    }

    fn part(&mut self, row: usize, first: NaiveDate) -> Option<ProgrammePart> {
        let form = self.form;
        let [id, title, date, start, end] = COLUMNS.map(|column| form.cell(column, row));
        if [title, date, start, end].iter().all(|cell| cell.is_empty()) {
            return None;
        }
        let mut is_wrong = false;
        let mut wrong = |reading: &mut Self, field, fault| {
            reading.wrong_in(field, row, fault);
            is_wrong = true;
        };
        if title.is_empty() {
            wrong(self, FormField::PartTitle, FormFault::Missing);
        }
        let day = if date.is_empty() {
            first
        } else if let Some(day) = parse_date(date, self.context.today) {
            if !self.is_near(FormField::PartDate, row, day, first) {
                return None;
            }
            day
        } else {
            wrong(self, FormField::PartDate, FormFault::NotADate);
            first
        };
        let keeps_time = end.is_empty() && start.is_empty() && self.had_no_time(id, date);
        let clock = parse_clock(start);
        if keeps_time {
            // Nothing to read.
        } else if start.is_empty() {
            wrong(self, FormField::PartStart, FormFault::Missing);
        } else if clock.is_none() {
            wrong(self, FormField::PartStart, FormFault::NotATime);
        }
        let last = parse_end_clock(end);
        if !end.is_empty() && last.is_none() {
            wrong(self, FormField::PartEnd, FormFault::NotATime);
        }
        if is_wrong {
            return None;
        }
        let title = Text::nb(title);
        let event = id.parse().ok();
        if keeps_time {
            let when = When::day(day);
            return Some(ProgrammePart {
                event,
                title,
                when,
                keeps_time,
            });
        }
        let clock = clock?;
        // An error of the end is one of this row.
        let errors = self.errors.len();
        let when = self.when(day, None, TypedHours::At(clock, last));
        if when.is_none() {
            self.errors.truncate(errors);
            self.wrong_in(FormField::PartEnd, row, FormFault::EndNotAfter(clock));
        }
        Some(ProgrammePart {
            event,
            title,
            when: when?,
            keeps_time,
        })
    }

    /// Returns true if an edit began with a row of this part on this date without a time of day.
    fn had_no_time(&self, id: &str, date: &str) -> bool {
        let Some(filled) = self.filled.filter(|_| !id.is_empty()) else {
            return false;
        };
        let mut rows = 0..filled.rows(&COLUMNS);
        rows.any(|row| {
            filled.cell(FormField::PartId, row) == id
                && filled.cell(FormField::PartDate, row) == date
                && filled.cell(FormField::PartStart, row).is_empty()
        })
    }
}
