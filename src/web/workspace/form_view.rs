//! Fields of the event form with label, hint, value, error and the editor's comments.

use super::described_by;
use super::form_messages::message;
use crate::web::pages::PageContext;
use crate::web::pages::picture::PageImage;
use calendar_domain::event_form::{EventForm, FormError, FormField};
use calendar_domain::{Image, ReviewComment, Slug};
use calendar_language::Words;

/// Fields with a hint.
const WITH_HINT: [FormField; 30] = [
    FormField::Title,
    FormField::Date,
    FormField::EndDate,
    FormField::StartTime,
    FormField::EndTime,
    FormField::Repetition,
    FormField::Interval,
    FormField::Weekday,
    FormField::Until,
    FormField::Count,
    FormField::Place,
    FormField::PlaceName,
    FormField::OnlineUrl,
    FormField::Summary,
    FormField::Description,
    FormField::Category,
    FormField::Audience,
    FormField::Price,
    FormField::PartShift,
    FormField::Accessibility,
    FormField::GettingThere,
    FormField::Availability,
    FormField::Setting,
    FormField::Language,
    FormField::Sustainability,
    FormField::CertificateIssuer,
    FormField::ContactName,
    FormField::ContactTelephone,
    FormField::Attendance,
    FormField::PeakTime,
];

/// The accessibility facts that the form offers.
pub const FEATURES: [&str; 8] = [
    "step-free",
    "hearing-loop",
    "toilet",
    "parking",
    "sign-language",
    "captions",
    "quiet-space",
    "assistance-dogs",
];

/// A field with a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldView {
    /// Identifies the element.
    pub id: String,
    /// Name in the form.
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// The hint; may be empty.
    pub hint: String,
    /// The value as typed.
    pub value: String,
    /// The error; may be empty.
    pub error: String,
    /// What an editor wants changed.
    pub comments: Vec<String>,
    /// What another member typed meanwhile; may be empty.
    pub stored: String,
    /// Value of `aria-describedby` as an attribute with a leading space, or an empty string. Safe to write unescaped.
    pub described: String,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceView {
    /// The value.
    pub value: String,
    /// The label.
    pub label: String,
    /// ` checked`, ` selected` or an empty string. Safe to write unescaped.
    pub mark: &'static str,
}

/// A picture in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPicture {
    /// The picture; absent if it is elsewhere.
    pub picture: Option<PageImage>,
    /// Its description.
    pub alt: FieldView,
}

/// An error in the summary at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorLink {
    /// The element.
    pub id: String,
    /// The message.
    pub text: String,
}

/// The displayed form.
#[derive(Debug, Clone)]
pub struct EventFormView {
    pub(super) context: PageContext,
    pub(super) form: EventForm,
    errors: Vec<FormError>,
    comments: Vec<ReviewComment>,
    stored: Option<(EventForm, Vec<FormField>)>,
    pub(super) recent_places: Vec<Slug>,
}

impl EventFormView {
    /// Returns the view of a form.
    #[must_use]
    pub fn new(
        context: &PageContext,
        form: EventForm,
        errors: Vec<FormError>,
        comments: Vec<ReviewComment>,
    ) -> Self {
        Self {
            context: context.clone(),
            form,
            errors,
            comments,
            stored: None,
            recent_places: Vec::new(),
        }
    }

    /// Adds the places that the organisation used last, which are offered first.
    #[must_use]
    pub fn with_recent_places(self, recent_places: Vec<Slug>) -> Self {
        Self {
            recent_places,
            ..self
        }
    }

    /// Adds what another member typed meanwhile in the same fields.
    #[must_use]
    pub fn with_stored(self, stored: EventForm, fields: Vec<FormField>) -> Self {
        Self {
            stored: Some((stored, fields)),
            ..self
        }
    }

    fn comments_on(&self, field: FormField) -> impl Iterator<Item = &ReviewComment> {
        let all = self.comments.iter();
        all.filter(move |comment| comment.field == Some(field))
    }

    /// Returns a field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> FieldView {
        self.cell(name, &0)
    }

    /// Returns a cell of a table.
    #[must_use]
    pub fn cell(&self, name: &str, row: &usize) -> FieldView {
        let Some(field) = FormField::named(name) else {
            return FieldView::default();
        };
        let words = self.context.words;
        let key = name.replace('_', "-");
        let mut errors = self.errors.iter();
        let error = errors.find(|error| error.field == field && error.row == *row);
        let id = element_id(field, *row);
        let hint = if WITH_HINT.contains(&field) {
            words.say(&format!("hint-{key}")).into_owned()
        } else {
            String::new()
        };
        let error = error.map_or_else(String::new, |error| message(words, error));
        let comments = self.comments_on(field);
        let comments: Vec<String> = comments.map(|comment| comment.text.clone()).collect();
        let stored = self.stored.as_ref();
        let stored = stored.filter(|(_, fields)| fields.contains(&field));
        let stored = stored.map_or_else(String::new, |(form, _)| form.all(field).join(", "));
        let described = [
            ("hint", !hint.is_empty()),
            ("error", !error.is_empty()),
            ("comment", !comments.is_empty()),
            ("stored", !stored.is_empty()),
        ];
        FieldView {
            value: self.form.all(field).get(*row).cloned().unwrap_or_default(),
            name: field.as_str(),
            label: words.say(&format!("field-{key}")).into_owned(),
            described: described_by(&id, &described),
            id,
            hint,
            error,
            comments,
            stored,
        }
    }

    /// Returns the rows to show of a table: those with values, and some blank ones.
    #[must_use]
    pub fn rows(&self, name: &str) -> Vec<usize> {
        let field = FormField::named(name);
        let filled = field.map_or(0, |field| self.form.all(field).len());
        (0..(filled + 3).min(60)).collect()
    }

    /// Returns the pictures.
    #[must_use]
    pub fn pictures(&self) -> Vec<FormPicture> {
        let images = self.form.images();
        let picture = |(row, image): (usize, &Image)| FormPicture {
            picture: PageImage::new(&self.context, image),
            alt: self.cell(FormField::ImageAlt.as_str(), &row),
        };
        images.iter().enumerate().map(picture).collect()
    }

    /// Returns the errors, for the summary.
    #[must_use]
    pub fn summary(&self) -> Vec<ErrorLink> {
        let link = |error: &FormError| ErrorLink {
            id: element_id(error.field, error.row),
            text: message(self.context.words, error),
        };
        self.errors.iter().map(link).collect()
    }

    /// Returns the values of fields that the page does not show, so that the form keeps them.
    #[must_use]
    pub fn hidden(&self, names: &[&str]) -> Vec<(&'static str, String)> {
        let fields = names.iter().filter_map(|name| FormField::named(name));
        let pairs = fields.flat_map(|field| {
            let values = self.form.all(field).iter();
            values.map(move |value| (field.as_str(), value.clone()))
        });
        pairs.collect()
    }

    /// Returns true if a field has a value.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        FormField::named(name).is_some_and(|field| self.form.has(field, value))
    }

    /// Returns true if a part of the form that is closed at first has values, errors or comments.
    #[must_use]
    pub fn is_used(&self, names: &[&str]) -> bool {
        let mut fields = names.iter().filter_map(|name| FormField::named(name));
        fields.any(|field| {
            !self.form.all(field).is_empty()
                || self.errors.iter().any(|error| error.field == field)
                || self.comments_on(field).next().is_some()
        })
    }

    pub(super) fn words(&self) -> Words {
        self.context.words
    }

    pub(super) fn typed(&self, field: FormField) -> &[String] {
        self.form.all(field)
    }

    pub(super) fn choice(
        &self,
        field: FormField,
        value: &str,
        label: String,
        mark: &'static str,
    ) -> ChoiceView {
        let mark = if self.form.has(field, value) {
            mark
        } else {
            ""
        };
        ChoiceView {
            value: value.to_owned(),
            label,
            mark,
        }
    }

    /// Returns radio buttons of a field. The first is chosen if the form says nothing.
    #[must_use]
    pub fn radios(&self, name: &str) -> Vec<ChoiceView> {
        let Some(field) = FormField::named(name) else {
            return Vec::new();
        };
        let values: &[&str] = match field {
            FormField::Pattern => &["once", "repeated"],
            FormField::Hours => &["at", "all_day", "to_come"],
            FormField::Every => &["week", "month"],
            FormField::Admission => &["", "free", "paid"],
            FormField::Availability => &["available", "few_left", "sold_out"],
            _ => &[],
        };
        let says_nothing = self.form.filled(field).is_none();
        let choice = |(index, value): (usize, &&str)| {
            let label = if value.is_empty() { "unknown" } else { value };
            let key = format!("choice-{}-{}", field.as_str(), label.replace('_', "-"));
            let label = self.context.words.say(&key).into_owned();
            let mut choice = self.choice(field, value, label, " checked");
            if index == 0 && says_nothing {
                choice.mark = " checked";
            }
            choice
        };
        values.iter().enumerate().map(choice).collect()
    }

    /// Returns the weekdays.
    #[must_use]
    pub fn weekdays(&self) -> Vec<ChoiceView> {
        let choice = |number: u32| {
            let (value, key) = (number.to_string(), format!("weekday-{number}"));
            let label = self.context.words.say(&key).into_owned();
            self.choice(FormField::Weekday, &value, label, " checked")
        };
        (1..=7).map(choice).collect()
    }

    /// Returns the municipalities.
    #[must_use]
    pub fn municipalities(&self) -> Vec<ChoiceView> {
        let all = self.context.snapshot.region().municipalities.iter();
        let field = FormField::PlaceMunicipality;
        all.map(|municipality| {
            let (number, name) = (municipality.number.as_str(), municipality.name.clone());
            self.choice(field, number, name, " selected")
        })
        .collect()
    }

    /// Returns the categories.
    #[must_use]
    pub fn categories(&self) -> Vec<ChoiceView> {
        let all = self.context.snapshot.categories().into_iter();
        all.map(|category| {
            let (slug, label) = (category.slug.as_str(), self.context.text(&category.name));
            self.choice(FormField::Category, slug, label, " checked")
        })
        .collect()
    }

    /// Returns the audiences.
    #[must_use]
    pub fn audiences(&self) -> Vec<ChoiceView> {
        let all = self.context.snapshot.audiences().into_iter();
        all.map(|audience| {
            let (slug, label) = (audience.slug.as_str(), self.context.text(&audience.name));
            self.choice(FormField::Audience, slug, label, " checked")
        })
        .collect()
    }

    /// Returns the accessibility facts, and further ones that the event has from elsewhere.
    #[must_use]
    pub fn features(&self) -> Vec<ChoiceView> {
        let own = self.form.all(FormField::Accessibility).iter();
        let further = own.map(String::as_str);
        let further = further.filter(|name| !FEATURES.contains(name));
        let all = FEATURES.into_iter().chain(further);
        all.map(|feature| {
            let label = self.context.words.feature(feature);
            self.choice(FormField::Accessibility, feature, label, " checked")
        })
        .collect()
    }
}

/// Returns the id of the element of a field.
pub fn element_id(field: FormField, row: usize) -> String {
    if field.is_column() {
        format!("{}-{row}", field.as_str())
    } else {
        field.as_str().to_owned()
    }
}
