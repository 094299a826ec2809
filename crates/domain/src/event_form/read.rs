//! Reading of the form.

use uuid::Uuid;

use super::reader::FormReader;
use super::{EventForm, FormContext, FormError, FormFault, FormField, ProgrammePart};
use crate::submission::PrivateFacts;
use crate::{Event, EventId, Field, Lang, Publication, Schedule, Slug, Uid, When};

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
        let title = reading.text([FormField::Title, FormField::TitleNn, FormField::TitleEn]);
        if title.exact(Lang::Nb).is_none() {
            reading.wrong(FormField::Title, FormFault::Missing);
        }
        let schedule = reading.schedule();
        let slug = Slug::from_text(title.get(Lang::Nb));
        // A placeholder beside errors; it is never returned.
        let schedule = schedule.unwrap_or_else(|| Schedule::once(When::day(context.today)));
        let uid: Uid = Uuid::new_v5(&context.namespace, id.as_str().as_bytes()).into();
        let mut event = Event::new(slug, uid, title, schedule, context.now);
        event.id = id.clone();
        event.publication = Publication::Submitted;
        let all = Field::ALL.into_iter();
        for field in all.filter(|it| !matches!(it, Field::Title | Field::Schedule)) {
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
        let mut reading = FormReader::new(self, context);
        let mut event = base.clone();
        for field in Field::ALL {
            let is_same = |it: &&FormField| {
                it.event_field() != Some(field) || self.all(**it) == filled.all(**it)
            };
            if FormField::ALL.iter().all(|it| is_same(&it)) {
                continue;
            }
            match field {
                Field::Title => {
                    let fields = [FormField::Title, FormField::TitleNn, FormField::TitleEn];
                    event.title = reading.text(fields);
                    if event.title.exact(Lang::Nb).is_none() {
                        reading.wrong(FormField::Title, FormFault::Missing);
                    }
                }
                Field::Schedule => {
                    if let Some(schedule) = reading.schedule() {
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
        FormReader::new(self, context).schedule()
    }
}

impl FormReader<'_> {
    fn has_errors_of_place(&self) -> bool {
        let of_place = |it: &FormError| {
            matches!(
                it.field.event_field(),
                Some(Field::Venues | Field::OnlineUrl)
            )
        };
        self.errors.iter().any(of_place)
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
            let position = |it: &FormError| FormField::ALL.iter().position(|f| *f == it.field);
            self.errors.sort_by_key(|it| (position(it), it.row));
            Err(self.errors)
        }
    }

    /// Reads one field of the event other than title and schedule.
    fn read_into(&mut self, event: &mut Event, field: Field) {
        match field {
            Field::Summary => {
                let fields = [
                    FormField::Summary,
                    FormField::SummaryNn,
                    FormField::SummaryEn,
                ];
                event.summary = self.text(fields);
            }
            Field::Description => {
                event.description = self.text([
                    FormField::Description,
                    FormField::DescriptionNn,
                    FormField::DescriptionEn,
                ]);
            }
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
            // The form has no fields for these.
            Field::Title
            | Field::Schedule
            | Field::Status
            | Field::Organizer
            | Field::Images
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
