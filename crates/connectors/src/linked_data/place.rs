//! Places in the schema.org vocabulary: `Place`, `VirtualLocation` and similar types.

use serde_json::Value;
use url::Url;

use super::{each, field, name_of, plain, plain_of, types};
use crate::parse;
use calendar_domain::{Address, Coordinates, Venue};
use calendar_ical::to_events::{cut, name_and_address};

/// Maximum number of places of an event.
const PLACES: usize = 10;
/// Maximum length of a place name in characters.
const NAME: usize = 500;

/// The places and the online address of an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventLocation {
    /// The places.
    pub venues: Vec<Venue>,
    /// The online address.
    pub online: Option<Url>,
}

/// Reads a `location`: a text, a `Place`, a `VirtualLocation`, or a list of them.
#[must_use]
pub fn places(location: &Value, base: &Url) -> EventLocation {
    let mut found = EventLocation::default();
    for one in each(location).iter().take(PLACES) {
        if types(one).any(|kind| kind == "VirtualLocation") {
            let url = plain_of(one, &["url", "id"]);
            let url = url.and_then(|url| parse::web(&url, base));
            found.online = found.online.or(url);
        } else if let Value::String(text) = one {
            match absolute(text) {
                Some(url) => found.online = found.online.or(Some(url)),
                None => found.venues.extend(named(text)),
            }
        } else {
            found.venues.extend(place(one));
        }
    }
    found
}

/// Returns a place from a text: «Terningen Arena, Hamarvegen 112, 2406 Elverum», or a name alone.
#[must_use]
pub fn named(text: &str) -> Option<Venue> {
    let text = cut(&parse::title(text), NAME).0;
    if text.is_empty() {
        return None;
    }
    let (name, address) = name_and_address(&text);
    Some(Venue::Described {
        name,
        address,
        municipality: None,
        coordinates: None,
    })
}

/// Parses a bare web address, which is not a place name.
fn absolute(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn place(object: &Value) -> Option<Venue> {
    let told = address(field(object, "address"));
    let line = told.as_ref().map(Address::line).unwrap_or_default();
    let own = name_of(field(object, "name")).map(|name| cut(&parse::title(&name), NAME).0);
    let coordinates = coordinates(object);
    let name = own.filter(|own| !own.is_empty()).unwrap_or(line);
    if name.is_empty() && coordinates.is_none() {
        return None;
    }
    Some(Venue::Described {
        name,
        address: told,
        municipality: None,
        coordinates,
    })
}

/// Reads an address: a `PostalAddress`, or a text with a street, postal code and town.
#[must_use]
pub fn address(value: &Value) -> Option<Address> {
    let value = each(value).first()?;
    let line = |names: &[&str]| plain_of(value, names).map(|plain| parse::title(&plain));
    let told = if value.is_object() {
        Address {
            street: line(&["streetAddress"]),
            postal_code: line(&["postalCode"]),
            locality: line(&["addressLocality", "addressRegion"]),
        }
    } else {
        let text = parse::title(&plain(value)?);
        match name_and_address(&format!("–, {text}")) {
            (_, Some(address)) => address,
            (_, None) => Address {
                street: Some(text),
                ..Address::default()
            },
        }
    };
    (told != Address::default()).then_some(told)
}

/// Reads coordinates from `geo` or from the object itself.
fn coordinates(object: &Value) -> Option<Coordinates> {
    let inner = each(field(object, "geo")).first();
    [inner, Some(object)]
        .into_iter()
        .flatten()
        .find_map(|item| {
            let latitude = plain_of(item, &["latitude", "lat"])?;
            let longitude = plain_of(item, &["longitude", "long", "lon"])?;
            parse::position(&latitude, &longitude)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base() -> Url {
        "https://eksempel.example/a/".parse().unwrap()
    }

    fn lines(location: &Value) -> Vec<(String, String)> {
        let found = places(location, &base());
        let all = found.venues.into_iter().map(|venue| match venue {
            Venue::Described { name, address, .. } => (
                name,
                address.map(|address| address.line()).unwrap_or_default(),
            ),
            Venue::Place(slug) => (slug.to_string(), String::new()),
        });
        all.collect()
    }

    #[test]
    fn a_place_is_read_as_text_and_as_object() {
        let pair = |name: &str, line: &str| vec![(name.to_owned(), line.to_owned())];
        assert_eq!(lines(&json!("Eksempelhuset")), pair("Eksempelhuset", ""));
        assert_eq!(
            lines(&json!("Eksempelhuset, Storgata 1, 2406 Elverum")),
            pair("Eksempelhuset", "Storgata 1, 2406 Elverum")
        );
        assert_eq!(
            lines(
                &json!({"@type": "Place", "name": "A &amp; B", "address": "Storgata 1, 2406 Elverum"})
            ),
            pair("A & B", "Storgata 1, 2406 Elverum")
        );
        assert_eq!(
            lines(&json!({"@type": "Place", "address": {"addressLocality": "Elverum"}})),
            pair("Elverum", "Elverum")
        );
    }

    #[test]
    fn online_places_are_addresses_to_follow() {
        let both = json!([{"name": "Eksempelhuset"}, {"@type": "VirtualLocation", "url": "https://se.example/1"}]);
        let found = places(&both, &base());
        assert_eq!(found.venues, [Venue::named("Eksempelhuset")]);
        assert_eq!(found.online.unwrap().as_str(), "https://se.example/1");
        let text = places(&json!("https://se.example/2"), &base());
        assert!(text.venues.is_empty() && text.online.is_some());
    }

    #[test]
    fn positions_stand_in_geo_or_beside_the_name() {
        for object in [
            json!({"name": "A", "geo": {"latitude": 60.88, "longitude": "11,56"}}),
            json!({"name": "A", "latitude": "60.88", "longitude": 11.56}),
        ] {
            let found = coordinates(&object).unwrap();
            assert_eq!((found.latitude, found.longitude), (60.88, 11.56));
        }
        assert_eq!(coordinates(&json!({"latitude": 0, "longitude": 0})), None);
    }
}
