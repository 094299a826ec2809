//! The places to choose from in the form.

use super::form_view::{ChoiceView, EventFormView};
use calendar_domain::Place;
use calendar_domain::event_form::FormField;

/// The places to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChoices {
    /// Those that the organisation used last; may be empty.
    pub recent: Vec<ChoiceView>,
    /// All others, by name.
    pub others: Vec<ChoiceView>,
}

impl EventFormView {
    /// Returns the places to choose from.
    #[must_use]
    pub fn places(&self) -> PlaceChoices {
        self.places_in("place", &0)
    }

    /// Returns the places to choose from in a field or a cell of a table.
    #[must_use]
    pub fn places_in(&self, name: &str, row: &usize) -> PlaceChoices {
        let field = FormField::named(name);
        let chosen = field.map_or("", |field| self.form.cell(field, *row));
        let choice = |place: &Place| ChoiceView {
            value: place.slug.to_string(),
            label: place.name.clone(),
            mark: if place.slug.as_str() == chosen {
                " selected"
            } else {
                ""
            },
        };
        let snapshot = &self.context.snapshot;
        let recent = self.recent_places.iter();
        let mut others: Vec<&Place> = snapshot.places().map(AsRef::as_ref).collect();
        others.retain(|place| !self.recent_places.contains(&place.slug));
        others.sort_by_key(|place| place.name.to_lowercase());
        PlaceChoices {
            recent: recent
                .filter_map(|slug| Some(choice(snapshot.place(slug)?)))
                .collect(),
            others: others.into_iter().map(choice).collect(),
        }
    }
}
