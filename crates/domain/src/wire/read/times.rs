//! Conversion of times and recurrence.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::plain_facts::read_keyword;
use crate::zone::checked_to_utc;
use crate::{Override, Recurrence, Schedule, Start, When};

use super::super::shape::{WireEvent, WireOverride, WireRecurrence};
use super::super::short;
use super::Reader;

impl Reader {
    pub(super) fn when(&mut self, wire: &WireEvent) -> Option<When> {
        let start = self.point("start", wire.start.as_deref()?)?;
        let end = match wire.end.as_deref() {
            Some(end) => Some(self.point("end", end)?),
            None => None,
        };
        if wire.all_day == Some(true) && matches!(start, Point::Local(_)) {
            let allowed = "is true, so start and end must be dates";
            self.wrong("all_day", allowed);
        }
        self.between(start, end, wire.all_day, ["start", "end"])
    }

    fn between(
        &mut self,
        start: Point,
        end: Option<Point>,
        all_day: Option<bool>,
        names: [&str; 2],
    ) -> Option<When> {
        match (start, end) {
            (Point::Date(date), None) if all_day == Some(false) => Some(When::TimeToCome { date }),
            (Point::Date(first), None) => Some(When::day(first)),
            (Point::Date(first), Some(Point::Date(last))) if last >= first => {
                Some(When::days(first, last))
            }
            (Point::Local(start), None) => Some(When::Timed {
                start,
                end: None,
                zone: self.zone,
            }),
            (Point::Local(start), Some(Point::Local(end))) if end >= start => Some(When::Timed {
                start,
                end: Some(end),
                zone: self.zone,
            }),
            (Point::Date(_), Some(Point::Local(_))) | (Point::Local(_), Some(Point::Date(_))) => {
                self.wrong(
                    names[1],
                    format!("must be a date or a time like {}", names[0]),
                );
                None
            }
            _ => {
                self.wrong(names[1], format!("is before {}", names[0]));
                None
            }
        }
    }

    /// Parses a date, a local time, or an instant, which is converted to local time in the zone.
    pub(super) fn point(&mut self, field: &str, text: &str) -> Option<Point> {
        if let Ok(date) = text.parse::<NaiveDate>() {
            return Some(Point::Date(date));
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return self.instant_point(field, text, instant.to_utc());
        }
        let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let local = local
            .iter()
            .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
        if local.is_none() {
            let allowed = "is neither a date (2027-06-01) nor a time (2027-06-01T18:00:00+02:00)";
            self.wrong(field, format!("«{}» {allowed}", short(text)));
        }
        // Chrono represents a leap second as a nanosecond of 10^9 or more.
        if local.is_some_and(|local| local.nanosecond() > 0) {
            self.not_whole(field, text);
            return None;
        }
        local.map(Point::Local)
    }

    /// An instant on the clock of the zone. One that this clock cannot say is refused.
    fn instant_point(&mut self, field: &str, text: &str, instant: DateTime<Utc>) -> Option<Point> {
        let utc = instant.naive_utc();
        if utc.nanosecond() > 0 {
            self.not_whole(field, text);
            return None;
        }
        // A time in the spring gap, with the offset before it, is kept as it is.
        let written = DateTime::parse_from_rfc3339(text).ok();
        let written = written.map(|written| written.naive_local());
        let is_same = |local: &NaiveDateTime| checked_to_utc(*local, self.zone) == Some(instant);
        if let Some(local) = written.filter(is_same) {
            return Some(Point::Local(local));
        }
        let offset = self.zone.offset_from_utc_datetime(&utc).fix();
        // No local time is so far away that its year would not be refused later.
        let local = utc.checked_add_offset(offset)?;
        let is_another = |kept: DateTime<Utc>| kept != instant;
        if checked_to_utc(local, self.zone).is_some_and(is_another) {
            let (name, zone) = (local.format("%Y-%m-%dT%H:%M:%S"), self.zone);
            let detail = format!(
                "«{}» is the second {name} of that night in {zone}, when the hour repeats; only the first can \
                 be stored; use time_zone UTC, or another time",
                short(text)
            );
            self.wrong(field, detail);
        }
        Some(Point::Local(local))
    }

    fn not_whole(&mut self, field: &str, text: &str) {
        let detail = "has a fraction or a leap second; times are whole seconds from 0 to 59";
        self.wrong(field, format!("«{}» {detail}", short(text)));
    }

    pub(super) fn recurrence(&mut self, wire: &WireRecurrence, when: &When) -> Option<Recurrence> {
        let mut made = Recurrence::default();
        if let Some(rule) = &wire.rrule {
            made.rule = self.parsed("recurrence.rrule", rule);
        }
        for text in &wire.rdates {
            made.rdates
                .extend(self.start("recurrence.rdates", text, when));
        }
        for text in &wire.exdates {
            made.exdates
                .extend(self.start("recurrence.exdates", text, when));
        }
        for item in &wire.overrides {
            let Some(id) = self.start("recurrence.overrides", &item.recurrence_id, when) else {
                continue;
            };
            let zone = self.zone;
            let field = "recurrence.overrides.time_zone";
            self.zone = self.read_zone(field, item.time_zone.as_deref());
            let start = item
                .start
                .as_deref()
                .and_then(|start| self.point("recurrence.overrides", start));
            let end = item
                .end
                .as_deref()
                .and_then(|end| self.point("recurrence.overrides", end));
            let names = ["recurrence.overrides.start", "recurrence.overrides.end"];
            if item.start.is_none() && item.end.is_some() {
                self.wrong(names[0], "is required with end");
            }
            if made.overrides.contains_key(&id) {
                let said = format!("«{}» occurs twice", short(&item.recurrence_id));
                self.wrong("recurrence.overrides.recurrence_id", said);
            }
            let when = start.and_then(|start| self.between(start, end, item.all_day, names));
            self.zone = zone;
            let change = Override {
                when,
                status: item
                    .status
                    .as_deref()
                    .map(|status| self.status("recurrence.overrides", status)),
                availability: item.availability.as_deref().and_then(|word| {
                    let field = "recurrence.overrides.availability";
                    read_keyword(word, field, &mut self.errors)
                }),
                title: item.title.clone(),
                description: item.description.clone(),
                venues: item
                    .place
                    .clone()
                    .and_then(|place| self.place(place))
                    .map(|place| vec![place]),
            };
            made.overrides.insert(id, change);
        }
        (made != Recurrence::default()).then_some(made)
    }

    fn start(&mut self, field: &str, text: &str, when: &When) -> Option<Start> {
        match (self.point(field, text)?, when) {
            (Point::Local(local), When::Timed { .. }) => Some(Start::Local(local)),
            (Point::Date(date), When::AllDay { .. } | When::TimeToCome { .. }) => {
                Some(Start::Date(date))
            }
            _ => {
                self.wrong(
                    field,
                    format!("«{}» must be a date or a time like start", short(text)),
                );
                None
            }
        }
    }
}

/// Returns the indexes of overrides whose `recurrence_id` names no occurrence of the schedule that was read.
#[must_use]
pub fn overrides_of_nothing(
    overrides: &[WireOverride],
    schedule: &Schedule,
    zone: Tz,
) -> Vec<usize> {
    let zone = match schedule.when {
        When::Timed { zone, .. } => zone,
        _ => zone,
    };
    let mut reader = Reader {
        errors: Vec::new(),
        zone,
    };
    let mut is_of_nothing = |value: &WireOverride| {
        let start = reader.start("recurrence_id", &value.recurrence_id, &schedule.when);
        start.is_some_and(|start| !schedule.has_occurrence(start))
    };
    let found = overrides.iter().enumerate();
    let found = found.filter(|(_, value)| is_of_nothing(value));
    found.map(|(index, _)| index).collect()
}

/// A start or an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Date(NaiveDate),
    Local(NaiveDateTime),
}

pub(super) fn at_point(zone: Tz) -> impl Fn(Point) -> When {
    move |point| match point {
        Point::Date(date) => When::day(date),
        Point::Local(start) => When::Timed {
            start,
            end: None,
            zone,
        },
    }
}
