//! The time of the event.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::reader::FormReader;
use super::typed_dates::{parse_clock, parse_date, parse_end_clock};
use super::{FormFault, FormField};
use crate::{Schedule, When};

/// The latest end of an evening that began the day before.
const LATEST_EVENING: (u32, u32) = (6, 0);

/// The times of one day, or that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypedHours {
    /// The whole day.
    AllDay,
    /// Not known yet.
    ToCome,
    /// From a start to an end, if known.
    At(NaiveTime, Option<NaiveTime>),
}

impl FormReader<'_> {
    /// Returns the schedule; `None` with at least one error.
    pub(super) fn schedule(&mut self) -> Option<Schedule> {
        let before = self.errors.len();
        let schedule = self.typed_schedule();
        // Such as an evening after the last day that can be written.
        if schedule.is_none() && self.errors.len() == before {
            self.wrong(FormField::Date, FormFault::NotADate);
        }
        schedule
    }

    fn typed_schedule(&mut self) -> Option<Schedule> {
        let before = self.errors.len();
        let date = self.date(FormField::Date);
        if self.form.filled(FormField::Date).is_none() {
            self.wrong(FormField::Date, FormFault::Missing);
        }
        let may_be_past = |date: &NaiveDate| self.allows_past || self.known_first == Some(*date);
        let past = date.filter(|date| *date < self.context.today && !may_be_past(date));
        if let Some(date) = past {
            self.wrong(FormField::Date, FormFault::Past(date));
        }
        let last = self.date(FormField::EndDate);
        if let (Some(date), Some(last)) = (date, last)
            && last < date
        {
            self.wrong(FormField::EndDate, FormFault::BeforeDay(date));
        }
        if let (Some(date), Some(last)) = (date, last) {
            self.is_near(FormField::EndDate, 0, last, date);
        }
        let hours = self.hours();
        let (date, hours) = (date?, hours?);
        let is_repeated = match self.form.filled(FormField::Pattern) {
            _ if self.form.filled(FormField::Repetition).is_some() => true,
            None | Some("once") => false,
            Some("repeated") => true,
            Some(_) => {
                self.wrong(FormField::Pattern, FormFault::UnknownChoice);
                false
            }
        };
        let last = last.filter(|last| *last != date);
        if (is_repeated || self.has_other_dates()) && last.is_some() {
            self.wrong(FormField::EndDate, FormFault::RepeatedOverDays);
        }
        if self.errors.len() > before {
            return None;
        }
        let mut schedule = if is_repeated {
            self.repeated(date, hours)?
        } else {
            Schedule::once(self.when(date, last, hours)?)
        };
        self.other_dates(&mut schedule, hours)?;
        if !is_repeated && schedule.recurrence.is_some() {
            self.single_dates(&mut schedule, &BTreeSet::new(), hours)?;
            self.has_a_date(&schedule, FormField::OtherDate)?;
        }
        Some(schedule)
    }

    /// Returns a date, unless its year cannot be written in feeds.
    pub(super) fn date(&mut self, field: FormField) -> Option<NaiveDate> {
        let typed = self.form.filled(field)?;
        let date = parse_date(typed, self.context.today);
        if date.is_none() {
            self.wrong(field, FormFault::NotADate);
        }
        date
    }

    fn hours(&mut self) -> Option<TypedHours> {
        match self.form.filled(FormField::Hours) {
            Some("all_day") => return Some(TypedHours::AllDay),
            Some("to_come") => return Some(TypedHours::ToCome),
            None | Some("at") => {}
            Some(_) => {
                self.wrong(FormField::Hours, FormFault::UnknownChoice);
                return None;
            }
        }
        let Some(typed) = self.form.filled(FormField::StartTime) else {
            self.wrong(FormField::StartTime, FormFault::Missing);
            return None;
        };
        let start = parse_clock(typed);
        if start.is_none() {
            self.wrong(FormField::StartTime, FormFault::NotATime);
        }
        let end = match self.form.filled(FormField::EndTime) {
            None => None,
            Some(typed) => {
                let end = parse_end_clock(typed);
                if end.is_none() {
                    self.wrong(FormField::EndTime, FormFault::NotATime);
                    return None;
                }
                end
            }
        };
        Some(TypedHours::At(start?, end))
    }

    /// Returns the time of one occurrence.
    pub(super) fn when(
        &mut self,
        date: NaiveDate,
        last: Option<NaiveDate>,
        hours: TypedHours,
    ) -> Option<When> {
        let (start, end) = match hours {
            TypedHours::AllDay => return Some(When::days(date, last.unwrap_or(date))),
            TypedHours::ToCome => {
                return Some(match last {
                    // Several days without times of day are whole days.
                    Some(last) => When::days(date, last),
                    None => When::TimeToCome { date },
                });
            }
            TypedHours::At(start, end) => (start, end),
        };
        let zone = self.context.zone;
        let end = match (end, last) {
            (None, None) => None,
            (None, Some(_)) => {
                self.wrong(FormField::EndTime, FormFault::EndNeeded);
                return None;
            }
            // Midnight ends the last day.
            (Some(NaiveTime::MIN), Some(last)) => Some(day_after(last)?.and_time(NaiveTime::MIN)),
            (Some(end), Some(last)) => Some(last.and_time(end)),
            (Some(end), None) if end > start => Some(date.and_time(end)),
            (Some(end), None) if is_evening_end(end) => Some(day_after(date)?.and_time(end)),
            (Some(_), None) => {
                self.wrong(FormField::EndTime, FormFault::EndNotAfter(start));
                return None;
            }
        };
        Some(When::Timed {
            start: date.and_time(start),
            end,
            zone,
        })
    }
}

/// Returns true if an end at or before the start is in the night after.
fn is_evening_end(end: NaiveTime) -> bool {
    let (hour, minute) = LATEST_EVENING;
    NaiveTime::from_hms_opt(hour, minute, 0).is_some_and(|latest| end <= latest)
}

fn day_after(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(1))
        .filter(|date| date.year() <= 9_999)
}
