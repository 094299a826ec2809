//! Converts LOCATION, GEO and CONFERENCE to places.

use url::Url;

use super::super::finding::{Reason, Severity};
use super::super::read::ReadEvent;
use super::own_text::{Own, is_online};
use super::text::{cut, one_line};
use super::{Converter, web_address};
use calendar_domain::{Address, Coordinates, Venue};

/// Maximum length of a place, in characters.
const PLACE: usize = 500;

impl Converter<'_> {
    /// Returns the places and the online address of an event. Only the first LOCATION is used:
    /// places have the same name in every language.
    pub(super) fn venues(
        &mut self,
        event: &ReadEvent,
        own: Option<&Own>,
    ) -> (Vec<Venue>, Option<Url>) {
        let online = event
            .conferences
            .iter()
            .find_map(|link| web_address(&link.url));
        if own.is_some() && is_online(event) {
            return (Vec::new(), online);
        }
        let told = event
            .location
            .first()
            .map(|location| one_line(&location.text));
        let told = told.unwrap_or_default();
        if let Some(url) = web_address(&told) {
            return (Vec::new(), online.or(Some(url)));
        }
        let (told, was_cut) = cut(&told, PLACE);
        if was_cut {
            let detail = format!("longer than {PLACE} letters; cut");
            self.report(
                event,
                "LOCATION",
                Reason::NotKept,
                Severity::Warning,
                detail,
            );
        }
        let coordinates = event
            .geo
            .and_then(|geo| Coordinates::new(geo.latitude, geo.longitude).ok());
        if told.is_empty() && coordinates.is_none() {
            return (Vec::new(), online);
        }
        let others = own.map_or(&[][..], |own| &own.places);
        let others = others.iter().map(|place| venue(place, None));
        let first = std::iter::once(venue(&told, coordinates));
        (first.chain(others).collect(), online)
    }
}

fn venue(told: &str, coordinates: Option<Coordinates>) -> Venue {
    let (name, address) = name_and_address(told);
    Venue::Described {
        name,
        address,
        municipality: None,
        coordinates,
    }
}

/// Splits «Terningen Arena, Hamarvegen 112, 2406 Elverum» into name and address.
///
/// The last part must be a postal code and town; otherwise the whole text is the name. Connectors
/// for other formats use it too.
#[must_use]
pub fn name_and_address(text: &str) -> (String, Option<Address>) {
    let whole = || (text.to_owned(), None);
    let parts: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    // A country after the town is redundant.
    let parts = match parts.split_last() {
        Some((last, rest)) if ["norge", "norway", "noreg"].contains(&&*last.to_lowercase()) => rest,
        _ => &parts[..],
    };
    let Some((town, before)) = parts.split_last() else {
        return whole();
    };
    let Some((code, locality)) = town.split_once(' ') else {
        return whole();
    };
    if code.len() != 4 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return whole();
    }
    let (name, street) = match before {
        [] => return whole(),
        // A single part is an address if it ends in a digit, otherwise a name.
        [only] if only.ends_with(|c: char| c.is_ascii_digit()) => (*only, Some(*only)),
        [only] => (*only, None),
        [names @ .., street] => {
            let length = names.iter().map(|name| name.len() + 2).sum::<usize>() - 2;
            (text.get(..length).unwrap_or(names[0]), Some(*street))
        }
    };
    let address = Address {
        street: street.map(str::to_owned),
        postal_code: Some(code.to_owned()),
        locality: Some(locality.trim().to_owned()),
    };
    (name.trim().trim_end_matches(',').to_owned(), Some(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, Option<String>) {
        let (name, address) = name_and_address(text);
        (name, address.map(|address| address.line()))
    }

    #[test]
    fn an_address_is_told_from_the_name() {
        let line = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts("Terningen Arena, Hamarvegen 112, 2406 Elverum, Norge"),
            (
                "Terningen Arena".into(),
                line("Hamarvegen 112, 2406 Elverum")
            )
        );
        assert_eq!(
            parts("Kulturhuset, 2406 Elverum"),
            ("Kulturhuset".into(), line("2406 Elverum"))
        );
        assert_eq!(
            parts("Storgata 1, 2406 Elverum"),
            ("Storgata 1".into(), line("Storgata 1, 2406 Elverum"))
        );
        assert_eq!(
            parts("Hall A, Arenaen, Vegen 3, 2406 Elverum").0,
            "Hall A, Arenaen"
        );
    }

    #[test]
    fn what_is_no_address_is_the_name() {
        for text in [
            "Kulturhuset",
            "Salen, andre etasje",
            "2406 Elverum",
            "",
            "a, 24060 b",
        ] {
            assert_eq!(parts(text), (text.to_owned(), None));
        }
    }
}
