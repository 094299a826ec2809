//! Reading of the form.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::reader::FormReader;
use super::repetition::start_on;
use super::typed_dates::parse_date;
use super::{EventForm, FormContext, FormError, FormFault, FormField, MOST_ROWS, ProgrammePart};
use crate::submission::PrivateFacts;
use crate::{Event, EventId, Field, Lang, Publication, Schedule, Slug, Start, Uid, When};

/// What a form says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadForm {
    /// The event.
    pub event: Event,
    /// The parts of its programme.
    pub parts: Vec<ProgrammePart>,
    /// What only organizer and editors may know.
    pub private: PrivateFacts,
}

impl EventForm {
    /// Returns the new event that the form says.
    ///
    /// # Errors
    /// Returns every error, each at its field.
    pub fn read(&self, id: &EventId, context: FormContext<'_>) -> Result<ReadForm, Vec<FormError>> {
        let mut reading = FormReader::new(self, context);
        let title = reading.text(FormField::Title);
        if title.exact(Lang::default()).is_none() {
            reading.wrong(FormField::Title, FormFault::Missing);
        }
        let schedule = reading.schedule();
        let slug = Slug::from_text(title.get(Lang::default()));
        // A placeholder beside errors; it is never returned.
        let schedule = schedule.unwrap_or_else(|| Schedule::once(When::day(context.today)));
        let uid: Uid = Uuid::new_v5(&context.namespace, id.as_str().as_bytes()).into();
        let mut event = Event::new(slug, uid, title, schedule, context.now);
        event.id = id.clone();
        event.publication = Publication::Submitted;
        let all = Field::ALL.into_iter();
        for field in all.filter(|field| !matches!(field, Field::Title | Field::Schedule)) {
            reading.read_into(&mut event, field);
        }
        if event.venues.is_empty() && event.online_url.is_none() && !reading.has_errors_of_place() {
            reading.wrong(FormField::Place, FormFault::Missing);
        }
        reading.finish(event)
    }

    /// Returns the event as the form changes it. Fields that are left as `filled` keep their value.
    ///
    /// # Errors
    /// Returns every error, each at its field.
    pub fn read_edit(
        &self,
        base: &Event,
        filled: &Self,
        context: FormContext<'_>,
    ) -> Result<ReadForm, Vec<FormError>> {
        // The form shows the event's own zone, so what is typed is meant in it.
        let zone = match base.schedule.when {
            When::Timed { zone, .. } => zone,
            When::AllDay { .. } | When::TimeToCome { .. } => context.zone,
        };
        let mut reading = FormReader::new(self, FormContext { zone, ..context });
        reading.filled = Some(filled);
        // An event that is running keeps its first day.
        reading.known_first = reading.filled_first(filled);
        let mut event = base.clone();
        for field in Field::ALL {
            let is_same = |value: &&FormField| {
                value.event_field() != Some(field) || self.says(**value) == filled.says(**value)
            };
            if FormField::ALL.iter().all(|field| is_same(&field)) {
                continue;
            }
            match field {
                Field::Title => {
                    event.title = reading.text(FormField::Title);
                    if event.title.exact(Lang::default()).is_none() {
                        reading.wrong(FormField::Title, FormFault::Missing);
                    }
                }
                Field::Schedule => {
                    let has_same_rule = RULE
                        .iter()
                        .all(|rule| self.says(*rule) == filled.says(*rule));
                    let rule = base.schedule.recurrence.as_ref();
                    reading.kept_rule = rule
                        .and_then(|rule| rule.rule.clone())
                        .filter(|_| has_same_rule);
                    if let Some(mut schedule) = reading.schedule() {
                        keep_further_dates(&base.schedule, filled, &mut schedule);
                        keep_changes(&base.schedule, &mut schedule);
                        event.schedule = schedule;
                    }
                }
                _ => reading.read_into(&mut event, field),
            }
        }
        reading.finish(event)
    }
}

impl EventForm {
    /// Returns the schedule that the form says, if it has no errors. Other fields are not looked at.
    #[must_use]
    pub fn schedule(&self, context: FormContext<'_>) -> Option<Schedule> {
        let mut reading = FormReader::new(self, context);
        reading.allows_past = true;
        reading.schedule()
    }

    /// Returns the values of a field without those that say nothing: the default of a choice, and choices of a repetition
    /// that a sentence prevails over, or that does not repeat.
    fn says(&self, field: FormField) -> &[String] {
        let in_words = self.filled(FormField::Repetition).is_some();
        let is_chosen = !in_words && self.filled(FormField::Pattern) == Some("repeated");
        let says_nothing = match field {
            FormField::Pattern => !is_chosen,
            FormField::Weekday | FormField::Until | FormField::Count => !is_chosen,
            FormField::Every => !is_chosen || self.filled(field) == Some("week"),
            FormField::Interval => !is_chosen || self.filled(field) == Some("1"),
            FormField::Hours => self.filled(field) == Some("at"),
            _ => false,
        };
        if says_nothing { &[] } else { self.all(field) }
    }

    /// Returns the event as far as the form says it, for comparison with others; `None` without a title or a date. Errors
    /// in the form are ignored.
    #[must_use]
    pub fn sketch(&self, context: FormContext<'_>) -> Option<Event> {
        let mut reading = FormReader::new(self, context);
        reading.allows_past = true;
        let title = reading.text(FormField::Title);
        if title.is_empty() {
            return None;
        }
        let date = reading.date(FormField::Date)?;
        let schedule = reading.schedule();
        let schedule = schedule.unwrap_or_else(|| Schedule::once(When::TimeToCome { date }));
        let slug = Slug::from_text(title.get(Lang::default()));
        let mut event = Event::new(slug, Uuid::nil().into(), title, schedule, context.now);
        event.venues = reading.venues();
        event.website = reading.address(FormField::Website);
        Some(event)
    }
}

/// The fields that say the rule of a repetition. The form cannot say every rule, so one that they leave alone is kept.
const RULE: [FormField; 8] = [
    FormField::Date,
    FormField::Pattern,
    FormField::Repetition,
    FormField::Every,
    FormField::Interval,
    FormField::Weekday,
    FormField::Until,
    FormField::Count,
];

/// Keeps further dates that had no row, since the table of the form was full.
fn keep_further_dates(old: &Schedule, filled: &EventForm, new: &mut Schedule) {
    let Some(known) = &old.recurrence else {
        return;
    };
    let rows = filled.all(FormField::OtherDate);
    if rows.len() < MOST_ROWS {
        return;
    }
    let first = old.when.start().date();
    let listed: BTreeSet<NaiveDate> = rows
        .iter()
        .filter_map(|row| parse_date(row, first))
        .collect();
    for start in known
        .rdates
        .iter()
        .filter(|rdate| !listed.contains(&rdate.date()))
    {
        let recurrence = new.recurrence.get_or_insert_default();
        recurrence.rdates.insert(*start);
        if let Some(change) = known.overrides.get(start) {
            recurrence.overrides.insert(*start, change.clone());
        }
    }
}

/// Returns the start in a changed schedule of a date of the old one: the same, the new usual time of a date at the usual
/// time, or the only further date on that day.
fn same_date(old: &Schedule, new: &Schedule, start: Start) -> Option<Start> {
    if new.has_occurrence(start) {
        return Some(start);
    }
    let day = start.date();
    let usual = start_on(&new.when, day);
    let was_usual = start == start_on(&old.when, day);
    if was_usual && new.has_occurrence(usual) {
        return Some(usual);
    }
    let further = new
        .recurrence
        .iter()
        .flat_map(|recurrence| &recurrence.rdates);
    let mut further = further.filter(|further| further.date() == day);
    let only = further.next().copied()?;
    further.next().is_none().then_some(only)
}

/// Keeps what the form does not say about single dates, such as that one is cancelled.
fn keep_changes(old: &Schedule, new: &mut Schedule) {
    let changes = old
        .recurrence
        .iter()
        .flat_map(|recurrence| &recurrence.overrides);
    for (start, change) in changes {
        let Some(start) = same_date(old, new, *start) else {
            continue;
        };
        let says = change.status.is_some()
            || change.availability.is_some()
            || !change.title.is_empty()
            || !change.description.is_empty();
        if !says {
            continue;
        }
        let Some(recurrence) = &mut new.recurrence else {
            return;
        };
        if !recurrence.exdates.contains(&start) {
            let kept = recurrence.overrides.entry(start).or_default();
            (kept.status, kept.availability) = (change.status, change.availability);
            kept.title.clone_from(&change.title);
            kept.description.clone_from(&change.description);
        }
    }
}

impl FormReader<'_> {
    fn has_errors_of_place(&self) -> bool {
        let of_place = |error: &FormError| {
            matches!(
                error.field.event_field(),
                Some(Field::Venues | Field::OnlineUrl)
            )
        };
        self.errors.iter().any(of_place)
    }

    fn filled_first(&self, filled: &EventForm) -> Option<NaiveDate> {
        parse_date(filled.get(FormField::Date), self.context.today)
    }

    fn finish(mut self, event: Event) -> Result<ReadForm, Vec<FormError>> {
        let parts = self.parts(event.schedule.when.start().date());
        let private = self.private();
        if self.errors.is_empty() {
            Ok(ReadForm {
                event,
                parts,
                private,
            })
        } else {
            let position =
                |error: &FormError| FormField::ALL.iter().position(|f| *f == error.field);
            self.errors
                .sort_by_key(|error| (position(error), error.row));
            Err(self.errors)
        }
    }

    /// Reads one field of the event other than title and schedule.
    fn read_into(&mut self, event: &mut Event, field: Field) {
        match field {
            Field::Summary => event.summary = self.text(FormField::Summary),
            Field::Description => event.description = self.text(FormField::Description),
            Field::Venues => event.venues = self.venues(),
            Field::OnlineUrl => event.online_url = self.address(FormField::OnlineUrl),
            Field::Website => event.website = self.address(FormField::Website),
            Field::Categories => {
                let names = self.context.names;
                let known = |slug: &Slug| names.has_category(slug);
                event.categories = self.slugs(FormField::Category, known).collect();
            }
            Field::Audiences => {
                let names = self.context.names;
                let known = |slug: &Slug| names.has_audience(slug);
                event.audiences = self.slugs(FormField::Audience, known).collect();
            }
            Field::Accessibility => {
                let chosen = self.slugs(FormField::Accessibility, |_| true);
                event.accessibility = chosen.collect();
            }
            Field::Availability
            | Field::Setting
            | Field::Languages
            | Field::Sustainability
            | Field::SustainabilityCertificate
            | Field::GettingThere => self.read_fact(event, field),
            Field::Admission => (event.admission, event.offers) = self.admission(),
            Field::Images => event.images = self.images(),
            // The form has no fields for these.
            Field::Title
            | Field::Schedule
            | Field::Status
            | Field::Organizer
            | Field::SuperEvent
            | Field::Publication => {}
        }
    }

    fn private(&mut self) -> PrivateFacts {
        PrivateFacts {
            contact_name: self.form.filled(FormField::ContactName).map(str::to_owned),
            contact_telephone: self
                .form
                .filled(FormField::ContactTelephone)
                .map(str::to_owned),
            expected_attendance: self.number(FormField::Attendance, 1, 1_000_000),
            peak_time: self.form.filled(FormField::PeakTime).map(str::to_owned),
        }
    }
}
