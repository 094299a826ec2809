//! The reader of a form: what its parts share.

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use url::Url;
use uuid::Uuid;

use super::repetition_text::MOST_MONTHS;
use super::{EventForm, FormError, FormFault, FormField};
use crate::recurrence::RecurrenceRule;
use crate::{MunicipalityNumber, Slug, Text};

/// Names of the catalog that a form may choose from.
pub trait KnownNames {
    /// Returns true if there is a place with this slug.
    fn has_place(&self, slug: &Slug) -> bool;
    /// Returns true if there is a category with this slug.
    fn has_category(&self, slug: &Slug) -> bool;
    /// Returns true if there is an audience with this slug.
    fn has_audience(&self, slug: &Slug) -> bool;
    /// Returns true if the region has this municipality.
    fn has_municipality(&self, number: &MunicipalityNumber) -> bool;
}

/// What a form is read with.
#[derive(Clone, Copy)]
pub struct FormContext<'a> {
    /// The region's zone.
    pub zone: Tz,
    /// Today in the region.
    pub today: NaiveDate,
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// The region's namespace of UIDs.
    pub namespace: Uuid,
    /// The names to choose from.
    pub names: &'a dyn KnownNames,
}

/// A form being read.
pub(super) struct FormReader<'a> {
    pub form: &'a EventForm,
    pub context: FormContext<'a>,
    pub errors: Vec<FormError>,
    /// The rule of a repetition that an edit leaves as it is.
    pub kept_rule: Option<RecurrenceRule>,
    /// The form that an edit began with.
    pub filled: Option<&'a EventForm>,
    /// The first day that an edit began with, which may be over.
    pub known_first: Option<NaiveDate>,
    /// Whether any first day may be over.
    pub allows_past: bool,
}

impl<'a> FormReader<'a> {
    pub(super) fn new(form: &'a EventForm, context: FormContext<'a>) -> Self {
        let mut reading = Self {
            form,
            context,
            errors: Vec::new(),
            kept_rule: None,
            filled: None,
            known_first: None,
            allows_past: false,
        };
        reading.check_lengths();
        reading
    }

    fn check_lengths(&mut self) {
        for field in FormField::ALL {
            for (row, value) in self.form.all(*field).iter().enumerate() {
                if value.chars().count() > field.limit() {
                    let row = if field.is_column() { row } else { 0 };
                    let fault = FormFault::TooLong(field.limit());
                    self.errors.push(FormError::in_row(*field, row, fault));
                }
            }
        }
    }

    /// Checks that a date is at most a year before the first day, and not after the longest repetition.
    pub(super) fn is_near(
        &mut self,
        field: FormField,
        row: usize,
        date: NaiveDate,
        first: NaiveDate,
    ) -> bool {
        let earliest = first.checked_sub_months(Months::new(12)).unwrap_or(first);
        let latest = first
            .checked_add_months(Months::new(MOST_MONTHS))
            .unwrap_or(first);
        if date < earliest {
            self.wrong_in(field, row, FormFault::BeforeDay(earliest));
        } else if date > latest {
            self.wrong_in(field, row, FormFault::AfterDay(latest));
        }
        (earliest..=latest).contains(&date)
    }

    pub(super) fn wrong(&mut self, field: FormField, fault: FormFault) {
        self.wrong_in(field, 0, fault);
    }

    pub(super) fn wrong_in(&mut self, field: FormField, row: usize, fault: FormFault) {
        let is_known = |error: &FormError| error.field == field && error.row == row;
        if !self.errors.iter().any(is_known) {
            self.errors.push(FormError::in_row(field, row, fault));
        }
    }

    /// Returns the chosen values of a field.
    pub(super) fn slugs(
        &mut self,
        field: FormField,
        known: impl Fn(&Slug) -> bool,
    ) -> std::vec::IntoIter<Slug> {
        let mut chosen = Vec::new();
        for value in self.form.all(field) {
            match value.parse::<Slug>().ok().filter(|slug| known(slug)) {
                Some(slug) => chosen.push(slug),
                None => self.wrong(field, FormFault::UnknownChoice),
            }
        }
        chosen.into_iter()
    }

    /// Returns a web address. One without a scheme is taken as HTTPS.
    pub(super) fn address(&mut self, field: FormField) -> Option<Url> {
        let typed = self.form.filled(field)?;
        let whole = if typed.contains("://") {
            typed.to_owned()
        } else {
            format!("https://{typed}")
        };
        let url = Url::parse(&whole).ok().filter(|url| {
            let is_web = matches!(url.scheme(), "https" | "http");
            let is_named = url.host_str().is_some_and(|host| host.contains('.'));
            is_web && is_named && url.username().is_empty() && url.password().is_none()
        });
        if url.is_none() {
            self.wrong(field, FormFault::NotAnAddress);
        }
        url
    }

    /// Returns a whole number between two others, inclusive.
    pub(super) fn number(&mut self, field: FormField, least: u32, most: u32) -> Option<u32> {
        let typed = self.form.filled(field)?;
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let number = digits
            .parse()
            .ok()
            .filter(|parse| (least..=most).contains(parse));
        if number.is_none() {
            self.wrong(field, FormFault::NotANumber(least, most));
        }
        number
    }

    /// Returns a text from its fields, one for each language.
    pub(super) fn text(&self, field: FormField) -> Text {
        let mut text = Text::default();
        for (lang, field) in field.by_language() {
            text.set(lang, self.form.get(field).trim());
        }
        text
    }
}
