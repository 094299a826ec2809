//! Postal addresses of places.

use serde_json::{Map, Value};

use calendar_domain::{Address, MunicipalityNumber, Region};

/// The facts about where a place lies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AddressFacts<'a> {
    /// The address, as far as known.
    pub address: Option<&'a Address>,
    /// The municipality, if known.
    pub municipality: Option<&'a MunicipalityNumber>,
}

/// Returns an address as a `PostalAddress`, or `None` if nothing is known.
///
/// A place of an unknown town is taken to lie in the region; county and country are given only for places that do, and
/// the country also for those with a municipality or a postal code of its form.
pub(super) fn postal_address(facts: AddressFacts<'_>, region: &Region) -> Option<Value> {
    let own = facts.address.cloned().unwrap_or_default();
    let town = own.locality.as_deref();
    let known = match (facts.municipality, town) {
        (Some(number), _) => region.municipality(number.as_str()),
        (None, Some(town)) => region.municipality(town),
        (None, None) => None,
    };
    let is_unknown = facts.municipality.is_none() && town.is_none();
    let is_here = known.is_some() || (is_unknown && own.postal_code.is_none());
    let is_in_country = is_here || facts.municipality.is_some() || is_domestic(&own);
    let locality = own.locality.clone().or_else(|| Some(known?.name.clone()));
    let county = region.county.clone().filter(|_| is_here);
    let country = region.country.clone().filter(|_| is_in_country);
    let parts = [
        ("streetAddress", own.street),
        ("postalCode", own.postal_code),
        ("addressLocality", locality),
        ("addressRegion", county),
        ("addressCountry", country),
    ];
    let mut object = Map::new();
    let known = |(key, value): (&str, Option<String>)| Some((key.to_owned(), value?.into()));
    object.extend(parts.into_iter().filter_map(known));
    if object.is_empty() {
        return None;
    }
    object.insert("@type".to_owned(), "PostalAddress".into());
    Some(object.into())
}

/// Returns true if the postal code has four digits, as in the country of the municipality numbers.
fn is_domestic(address: &Address) -> bool {
    let code = address.postal_code.as_deref().unwrap_or_default();
    code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn region() -> Region {
        serde_json::from_value(json!({
            "name": {"nb": "Elverum"}, "county": "Innlandet", "country": "NO", "time_zone": "Europe/Oslo",
            "languages": ["nb"], "uid_namespace": "8a1f8f0e-52a4-4ad5-9c6f-0f2d6a6c9a10", "owner": "data_file",
            "municipalities": [{"number": "3420", "slug": "elverum", "name": "Elverum"}],
        }))
        .unwrap()
    }

    fn written(street: &str, code: &str, town: &str, municipality: &str) -> Value {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let address = Address {
            street: text(street),
            postal_code: text(code),
            locality: text(town),
        };
        let number = municipality.parse().ok();
        let facts = AddressFacts {
            address: Some(&address),
            municipality: number.as_ref(),
        };
        postal_address(facts, &region()).unwrap()
    }

    #[test]
    fn an_address_is_filled_from_municipality_and_region() {
        let filled = written("Gata 1", "2406", "", "3420");
        assert_eq!(filled["addressLocality"], "Elverum");
        assert_eq!(filled["addressRegion"], "Innlandet");
        assert_eq!(filled["addressCountry"], "NO");
        assert_eq!(filled["postalCode"], "2406");
        let nothing = written("", "", "", "");
        let expected =
            json!({"@type": "PostalAddress", "addressRegion": "Innlandet", "addressCountry": "NO"});
        assert_eq!(nothing, expected);
    }

    #[test]
    fn a_place_elsewhere_is_not_in_the_county() {
        let oslo = written("Gata 1", "0150", "Oslo", "0301");
        assert_eq!(oslo["addressRegion"], Value::Null);
        assert_eq!(oslo["addressCountry"], "NO");
        let torsby = written("Gatan 1", "685 30", "Torsby", "");
        assert_eq!(torsby["addressCountry"], Value::Null);
        assert_eq!(torsby["addressLocality"], "Torsby");
    }

    #[test]
    fn a_region_without_names_leaves_an_unknown_address_out() {
        let region = Region {
            county: None,
            country: None,
            ..region()
        };
        assert_eq!(postal_address(AddressFacts::default(), &region), None);
    }
}
