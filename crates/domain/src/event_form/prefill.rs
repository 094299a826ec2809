//! The form filled from an event.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::typed_dates::typed_date;
use super::{EventForm, FormField, repetition_text};
use crate::recurrence::{Frequency, RecurrenceRule, RuleEnd};
use crate::submission::PrivateFacts;
use crate::{Admission, Event, Lang, Recurrence, Schedule, Start, Text, Venue, When};

impl EventForm {
    /// Returns the form that an event and its parts fill. What the form cannot express is left out;
    /// [`read_edit`](Self::read_edit) keeps it.
    #[must_use]
    pub fn from_event(event: &Event, parts: &[Event], private: &PrivateFacts) -> Self {
        let mut form = Self::default();
        form.fill_texts(event);
        form.fill_schedule(&event.schedule);
        form.fill_venue(event.venues.first());
        let address = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
        form.fill(FormField::OnlineUrl, address(&event.online_url));
        form.fill(FormField::Website, address(&event.website));
        for slug in &event.categories {
            form = form.with(FormField::Category, slug.as_str());
        }
        for slug in &event.audiences {
            form = form.with(FormField::Audience, slug.as_str());
        }
        for slug in &event.accessibility {
            form = form.with(FormField::Accessibility, slug.as_str());
        }
        form.fill_facts(event);
        form.fill(
            FormField::Admission,
            match event.admission {
                Admission::Unknown => None,
                Admission::Free => Some("free"),
                Admission::Paid => Some("paid"),
            },
        );
        if let Some(offer) = event.offers.first() {
            form.fill(
                FormField::Price,
                offer.price.clone().map(|price| price.replace('.', ",")),
            );
            form.fill(FormField::TicketUrl, address(&offer.url));
        }
        form.set_images(&event.images);
        form.fill_parts(parts);
        form.fill(FormField::ContactName, private.contact_name.clone());
        form.fill(
            FormField::ContactTelephone,
            private.contact_telephone.clone(),
        );
        let attendance = private
            .expected_attendance
            .map(|expected_attendance| expected_attendance.to_string());
        form.fill(FormField::Attendance, attendance);
        form.fill(FormField::PeakTime, private.peak_time.clone());
        form
    }

    pub(super) fn fill(&mut self, field: FormField, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(field, vec![value.into()]);
        }
    }

    pub(super) fn fill_text(&mut self, text: &Text, field: FormField) {
        for (lang, field) in field.by_language() {
            self.fill(field, text.exact(lang));
        }
    }

    fn fill_texts(&mut self, event: &Event) {
        self.fill_text(&event.title, FormField::Title);
        self.fill_text(&event.summary, FormField::Summary);
        self.fill_text(&event.description, FormField::Description);
    }

    fn fill_schedule(&mut self, schedule: &Schedule) {
        let day = |date: NaiveDate| Some(typed_date(date));
        match &schedule.when {
            When::AllDay { first, until } => {
                self.fill(FormField::Hours, Some("all_day"));
                self.fill(FormField::Date, day(*first));
                let last = until.pred_opt().filter(|last| last > first);
                self.fill(FormField::EndDate, last.and_then(day));
            }
            When::TimeToCome { date } => {
                self.fill(FormField::Hours, Some("to_come"));
                self.fill(FormField::Date, day(*date));
            }
            When::Timed { start, end, .. } => {
                self.fill(FormField::Hours, Some("at"));
                self.fill(FormField::Date, day(start.date()));
                self.fill(FormField::StartTime, Some(typed_clock(start.time())));
                if let Some(end) = end {
                    self.fill(FormField::EndTime, Some(typed_clock(end.time())));
                    self.fill(FormField::EndDate, end_date(*start, *end).and_then(day));
                }
            }
        }
        let Some(recurrence) = &schedule.recurrence else {
            self.fill(FormField::Pattern, Some("once"));
            return;
        };
        let first = schedule.when.start().date();
        match &recurrence.rule {
            None => self.fill(FormField::Pattern, Some("once")),
            // Whoever empties the sentence ends the repetition.
            Some(rule) => match repetition_text::write(rule, first) {
                Some(text) => self.fill(FormField::Repetition, Some(text)),
                None => self.fill_rule(rule),
            },
        }
        self.fill_single_dates(recurrence);
        self.fill_other_dates(schedule, recurrence);
    }

    /// Fills the choices of a rule that has no sentence.
    fn fill_rule(&mut self, rule: &RecurrenceRule) {
        self.fill(FormField::Pattern, Some("repeated"));
        let monthly = rule.freq == Frequency::Monthly;
        self.fill(
            FormField::Every,
            Some(if monthly { "month" } else { "week" }),
        );
        self.fill(FormField::Interval, Some(rule.interval.to_string()));
        if !monthly {
            let number =
                |day: &crate::recurrence::WeekdayNum| day.weekday.number_from_monday().to_string();
            self.set(FormField::Weekday, rule.by_day.iter().map(number).collect());
        }
        let until = rule.until.map(|until| match until {
            RuleEnd::Date(date) => date,
            RuleEnd::Utc(time) | RuleEnd::Local(time) => time.date(),
        });
        self.fill(FormField::Until, until.map(typed_date));
        self.fill(FormField::Count, rule.count.map(|count| count.to_string()));
    }

    /// Fills the dates that are struck or moved.
    fn fill_single_dates(&mut self, recurrence: &Recurrence) {
        let iso = |start: &Start| start.date().to_string();
        self.set(
            FormField::Strike,
            recurrence.exdates.iter().map(iso).collect(),
        );
        let moved = recurrence.overrides.iter().filter_map(|(start, change)| {
            let to = change.when.as_ref()?.start();
            if recurrence.rdates.contains(start) || to == *start {
                return None;
            }
            let clock = match to {
                Start::Local(time) => typed_clock(time.time()),
                Start::Date(_) => String::new(),
            };
            Some((typed_date(start.date()), typed_date(to.date()), clock))
        });
        let (mut from, mut to, mut time) = (Vec::new(), Vec::new(), Vec::new());
        for row in moved {
            from.push(row.0);
            to.push(row.1);
            time.push(row.2);
        }
        self.set(FormField::MoveFrom, from);
        self.set(FormField::MoveTo, to);
        self.set(FormField::MoveTime, time);
    }

    /// Fills the rows of further dates, and of dates with another length or place.
    fn fill_other_dates(&mut self, schedule: &Schedule, recurrence: &Recurrence) {
        let changed = recurrence.overrides.iter().filter(|(start, change)| {
            let is_longer = change
                .when
                .as_ref()
                .is_some_and(|when| when.start() == **start);
            change.venues.is_some() || is_longer
        });
        let starts = recurrence
            .rdates
            .iter()
            .chain(changed.map(|(start, _)| start));
        let mut columns: [Vec<String>; 5] = Default::default();
        for start in starts.collect::<BTreeSet<_>>() {
            let change = recurrence.overrides.get(start);
            let own = change.and_then(|change| change.when.as_ref());
            let clock = |start: &Start| match (start, schedule.when.start()) {
                (Start::Local(time), Start::Local(usual)) if time.time() != usual.time() => {
                    typed_clock(time.time())
                }
                _ => String::new(),
            };
            let end = match own {
                Some(When::Timed {
                    start: to,
                    end: Some(end),
                    ..
                }) if *start == Start::Local(*to) => typed_clock(end.time()),
                _ => String::new(),
            };
            let venue = change.and_then(|change| change.venues.as_deref()?.first());
            let (place, name) = match venue {
                Some(Venue::Place(slug)) => (slug.to_string(), String::new()),
                Some(Venue::Described { name, .. }) => (String::new(), name.clone()),
                None => (String::new(), String::new()),
            };
            let row = [typed_date(start.date()), clock(start), end, place, name];
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        for (field, column) in super::other_dates::COLUMNS.into_iter().zip(columns) {
            self.set(field, column);
        }
    }

    fn fill_venue(&mut self, venue: Option<&Venue>) {
        match venue {
            None => {}
            Some(Venue::Place(slug)) => self.fill(FormField::Place, Some(slug.as_str())),
            Some(Venue::Described {
                name,
                address,
                municipality,
                ..
            }) => {
                self.fill(FormField::PlaceName, Some(name.as_str()));
                let number = municipality
                    .as_ref()
                    .map(|municipality| municipality.as_str());
                self.fill(FormField::PlaceMunicipality, number);
                if let Some(address) = address {
                    self.fill(FormField::PlaceAddress, address.street.clone());
                    self.fill(FormField::PlacePostalCode, address.postal_code.clone());
                    self.fill(FormField::PlaceTown, address.locality.clone());
                }
            }
        }
    }

    fn fill_parts(&mut self, parts: &[Event]) {
        let mut columns: [Vec<String>; 5] = Default::default();
        for part in parts {
            let (start, end) = match &part.schedule.when {
                When::Timed { start, end, .. } => (
                    typed_clock(start.time()),
                    end.map_or_else(String::new, |end| typed_clock(end.time())),
                ),
                When::AllDay { .. } | When::TimeToCome { .. } => (String::new(), String::new()),
            };
            let row = [
                part.id.to_string(),
                part.title.get(Lang::Nb).to_owned(),
                typed_date(part.schedule.when.start().date()),
                start,
                end,
            ];
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        for (field, column) in super::programme::COLUMNS.into_iter().zip(columns) {
            self.set(field, column);
        }
    }
}

/// Returns the day of the end, if it needs one: an evening that ends after midnight does not.
fn end_date(start: NaiveDateTime, end: NaiveDateTime) -> Option<NaiveDate> {
    let (first, last) = (start.date(), end.date());
    if end.time() == NaiveTime::MIN {
        return last.pred_opt().filter(|last| *last > first);
    }
    let is_night = Some(last) == first.succ_opt() && end.time() <= start.time();
    let is_early = NaiveTime::from_hms_opt(6, 0, 0).is_some_and(|latest| end.time() <= latest);
    Some(last).filter(|last| *last != first && !(is_night && is_early))
}

fn typed_clock(time: NaiveTime) -> String {
    format!("{:02}.{:02}", time.hour(), time.minute())
}
