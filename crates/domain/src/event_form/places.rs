//! The place of the event.

use super::reader::FormReader;
use super::{FormFault, FormField};
use crate::{Address, MunicipalityNumber, Slug, Venue};

impl FormReader<'_> {
    /// Returns the places: one of the catalog, or another that the form describes.
    pub(super) fn venues(&mut self) -> Vec<Venue> {
        if let Some(name) = self.form.filled(FormField::PlaceName) {
            let name = name.to_owned();
            return vec![self.described(name)];
        }
        let rest = [
            FormField::PlaceAddress,
            FormField::PlacePostalCode,
            FormField::PlaceTown,
        ];
        if rest.iter().any(|field| self.form.filled(*field).is_some()) {
            self.wrong(FormField::PlaceName, FormFault::Missing);
            return Vec::new();
        }
        let Some(chosen) = self.form.filled(FormField::Place) else {
            return Vec::new();
        };
        let slug = chosen.parse::<Slug>().ok();
        match slug.filter(|slug| self.context.names.has_place(slug)) {
            Some(slug) => vec![Venue::Place(slug)],
            None => {
                self.wrong(FormField::Place, FormFault::UnknownChoice);
                Vec::new()
            }
        }
    }

    fn described(&mut self, name: String) -> Venue {
        let form = self.form;
        let text = |field| form.filled(field).map(str::to_owned);
        let postal_code = text(FormField::PlacePostalCode);
        let is_code = |code: &String| code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
        if postal_code.as_ref().is_some_and(|code| !is_code(code)) {
            self.wrong(FormField::PlacePostalCode, FormFault::NotAPostalCode);
        }
        let address = Address {
            street: text(FormField::PlaceAddress),
            postal_code,
            locality: text(FormField::PlaceTown),
        };
        let municipality = form.filled(FormField::PlaceMunicipality);
        let municipality = municipality.and_then(|typed| {
            let number = typed.parse::<MunicipalityNumber>().ok();
            let number = number.filter(|number| self.context.names.has_municipality(number));
            if number.is_none() {
                self.wrong(FormField::PlaceMunicipality, FormFault::UnknownChoice);
            }
            number
        });
        Venue::Described {
            name,
            address: Some(address).filter(|address| *address != Address::default()),
            municipality,
            coordinates: None,
        }
    }
}
