//! Further dates of an event, a row each, with their own time and place.

use chrono::NaiveDate;

use super::reader::FormReader;
use super::repetition::start_on;
use super::schedule::TypedHours;
use super::typed_dates::{parse_clock, parse_date, parse_end_clock};
use super::{FormFault, FormField};
use crate::{Override, Schedule, Slug, Start, Venue, When};

/// The columns of the table.
pub(super) const COLUMNS: [FormField; 5] = [
    FormField::OtherDate,
    FormField::OtherStart,
    FormField::OtherEnd,
    FormField::OtherPlace,
    FormField::OtherPlaceName,
];

impl FormReader<'_> {
    /// Returns true if there is a row that is not blank.
    pub(super) fn has_other_dates(&self) -> bool {
        let rows = 0..self.form.rows(&COLUMNS);
        let is_filled = |row| {
            COLUMNS
                .iter()
                .any(|column| !self.form.cell(*column, row).is_empty())
        };
        rows.into_iter().any(is_filled)
    }

    /// Adds the further dates to a schedule. A row on a date of its repetition changes that date. A row without a time has
    /// the usual one, and a row without a place the usual place.
    pub(super) fn other_dates(&mut self, schedule: &mut Schedule, hours: TypedHours) -> Option<()> {
        let before = self.errors.len();
        let mut known = Vec::new();
        for row in 0..self.form.rows(&COLUMNS) {
            let Some((when, venue)) = self.other_date(row, schedule, hours) else {
                continue;
            };
            let start = when.start();
            if known.contains(&start) || start == schedule.when.start() {
                self.wrong_in(FormField::OtherDate, row, FormFault::DateTwice);
                continue;
            }
            known.push(start);
            let usual = schedule.when.occurring_at(start);
            let is_new = !schedule.has_occurrence(start);
            let recurrence = schedule.recurrence.get_or_insert_default();
            if is_new {
                recurrence.rdates.insert(start);
            }
            recurrence.exdates.remove(&start);
            let mut change = recurrence.overrides.remove(&start).unwrap_or_default();
            if usual.as_ref() != Some(&when) {
                change.when = Some(when);
            }
            change.venues = venue.map(|venue| vec![venue]);
            if change != Override::default() {
                recurrence.overrides.insert(start, change);
            }
        }
        (self.errors.len() == before).then_some(())
    }

    /// Reads a row: its time, and its place if it is another.
    fn other_date(
        &mut self,
        row: usize,
        schedule: &Schedule,
        hours: TypedHours,
    ) -> Option<(When, Option<Venue>)> {
        let form = self.form;
        let [date, start, end, place, name] = COLUMNS.map(|column| form.cell(column, row));
        if [date, start, end, place, name]
            .iter()
            .all(|cell| cell.is_empty())
        {
            return None;
        }
        let before = self.errors.len();
        let first = schedule.when.start().date();
        let day = parse_date(date, first);
        match day {
            None if date.is_empty() => self.wrong_in(FormField::OtherDate, row, FormFault::Missing),
            None => self.wrong_in(FormField::OtherDate, row, FormFault::NotADate),
            Some(day) if day < first => {
                self.wrong_in(FormField::OtherDate, row, FormFault::BeforeDay(first));
            }
            Some(day) => {
                self.is_near(FormField::OtherDate, row, day, first);
            }
        }
        let venue = self.other_place(row, place, name);
        let when = self.other_time(row, day.unwrap_or(first), schedule, hours);
        if self.errors.len() > before {
            return None;
        }
        Some((when?, venue))
    }

    fn other_place(&mut self, row: usize, place: &str, name: &str) -> Option<Venue> {
        if !name.is_empty() {
            return Some(Venue::named(name));
        }
        if place.is_empty() {
            return None;
        }
        let slug = place.parse::<Slug>().ok();
        let known = slug.filter(|slug| self.context.names.has_place(slug));
        if known.is_none() {
            self.wrong_in(FormField::OtherPlace, row, FormFault::UnknownChoice);
        }
        known.map(Venue::Place)
    }

    /// Returns the time of a row. One with a start and no end lasts as long as the event.
    fn other_time(
        &mut self,
        row: usize,
        day: NaiveDate,
        schedule: &Schedule,
        hours: TypedHours,
    ) -> Option<When> {
        let form = self.form;
        let [start, end] =
            [FormField::OtherStart, FormField::OtherEnd].map(|field| form.cell(field, row));
        let (usual, usual_end) = match hours {
            TypedHours::At(usual, end) => (usual, end),
            TypedHours::AllDay | TypedHours::ToCome => {
                return schedule.when.occurring_at(start_on(&schedule.when, day));
            }
        };
        let clock = if start.is_empty() {
            Some(usual)
        } else {
            parse_clock(start)
        };
        let last = if end.is_empty() {
            usual_end
        } else {
            parse_end_clock(end)
        };
        if clock.is_none() {
            self.wrong_in(FormField::OtherStart, row, FormFault::NotATime);
        }
        if !end.is_empty() && last.is_none() {
            self.wrong_in(FormField::OtherEnd, row, FormFault::NotATime);
        }
        let clock = clock?;
        if end.is_empty() {
            return schedule
                .when
                .occurring_at(Start::Local(day.and_time(clock)));
        }
        // An error of the end is one of this row.
        let errors = self.errors.len();
        let when = self.when(day, None, TypedHours::At(clock, last));
        if when.is_none() {
            self.errors.truncate(errors);
            self.wrong_in(FormField::OtherEnd, row, FormFault::EndNotAfter(clock));
        }
        when
    }
}
