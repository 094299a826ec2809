//! The short form of an event, in the fields of the long one.

use crate::catalog::Snapshot;
use crate::web::login::FormFields;
use calendar_domain::event_form::{EventForm, FormContext, FormError, FormFault, FormField};
use uuid::Uuid;

/// The fields of the form.
const FIELDS: [FormField; 11] = [
    FormField::Title,
    FormField::Date,
    FormField::EndDate,
    FormField::StartTime,
    FormField::EndTime,
    FormField::PlaceName,
    FormField::PlaceMunicipality,
    FormField::OrganizerName,
    FormField::Description,
    FormField::Website,
    FormField::Category,
];
/// Maximum number of characters of the description, which bounds what is stored of people who did not confirm.
const DESCRIPTION: usize = 3_000;

/// Returns the form as typed.
pub(super) fn typed(fields: &FormFields) -> EventForm {
    let is_known = |name: &str| FormField::named(name).is_some_and(|field| FIELDS.contains(&field));
    let pairs = fields.0.iter().filter(|(name, _)| is_known(name));
    EventForm::from_pairs(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Returns the form as editors see it: without times it says that they are to come, and a place that the catalog knows is
/// that place.
pub(super) fn completed(typed: &EventForm, snapshot: &Snapshot) -> EventForm {
    let mut form = typed.clone();
    let times = [FormField::StartTime, FormField::EndTime];
    let is_timed = times.iter().any(|field| form.filled(*field).is_some());
    let hours = if is_timed { "at" } else { "to_come" };
    form.set(FormField::Hours, vec![hours.to_owned()]);
    let name = form.filled(FormField::PlaceName).map(str::to_lowercase);
    let known = name.and_then(|name| {
        snapshot
            .places()
            .find(|place| place.name.to_lowercase() == name)
    });
    if let Some(place) = known {
        form.set(FormField::Place, vec![place.slug.to_string()]);
        form.set(FormField::PlaceName, Vec::new());
        form.set(FormField::PlaceMunicipality, Vec::new());
    }
    form
}

/// Returns the errors of a completed form, each at a field of the short one.
pub(super) fn errors(form: &EventForm, context: FormContext<'_>) -> Vec<FormError> {
    let mut errors = form
        .read(&Uuid::nil().into(), context)
        .err()
        .unwrap_or_default();
    for error in &mut errors {
        if error.field == FormField::Place {
            error.field = FormField::PlaceName;
        }
    }
    let is_long = form.get(FormField::Description).chars().count() > DESCRIPTION;
    if is_long
        && !errors
            .iter()
            .any(|error| error.field == FormField::Description)
    {
        let fault = FormFault::TooLong(DESCRIPTION);
        errors.push(FormError::new(FormField::Description, fault));
    }
    let position = |error: &FormError| FIELDS.iter().position(|field| *field == error.field);
    errors.sort_by_key(position);
    errors
}
