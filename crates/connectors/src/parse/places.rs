//! Places and addresses.

use super::title;
use calendar_domain::{Address, Coordinates, Venue};

/// Parses an address on one line, which may end with a postal code and a town: `Hamarvegen 112, 2406
/// Elverum`.
///
/// ```
/// use calendar_connectors::parse::places::address;
///
/// let address = address("Hamarvegen 112, 2406 Elverum");
/// assert_eq!(address.street.as_deref(), Some("Hamarvegen 112"));
/// assert_eq!(address.postal_code.as_deref(), Some("2406"));
/// ```
#[must_use]
pub fn address(line: &str) -> Address {
    let line = title(line);
    let street = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (before, last) = line.rsplit_once(',').unwrap_or(("", &line));
    if let Some((code, town)) = last.trim().split_once(' ')
        && matches!(code.len(), 4 | 5)
        && code.bytes().all(|b| b.is_ascii_digit())
    {
        return Address {
            street: street(before),
            postal_code: Some(code.to_owned()),
            locality: Some(town.trim().to_owned()),
        };
    }
    Address {
        street: street(&line),
        ..Address::default()
    }
}

/// Combines the parts of an address. A postal code and town that the street repeats are removed from it.
#[must_use]
pub fn address_of(street: &str, postal_code: &str, locality: &str) -> Address {
    let part = |text: &str| Some(title(text)).filter(|text| !text.is_empty());
    let told = address(street);
    let repeats = told.postal_code.is_some() && told.postal_code == part(postal_code);
    Address {
        street: if repeats { told.street } else { part(street) },
        postal_code: part(postal_code),
        locality: part(locality),
    }
}

/// Returns a place. Without a name, the address is its name. Returns `None` without both.
#[must_use]
pub fn venue(name: &str, address: Address, coordinates: Option<Coordinates>) -> Option<Venue> {
    let name = title(name);
    let line = address.line();
    let name = if name.is_empty() { line.clone() } else { name };
    (!name.is_empty()).then(|| Venue::Described {
        name,
        address: (!line.is_empty()).then_some(address),
        municipality: None,
        coordinates,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_on_one_line_is_taken_apart() {
        let told = address("Eksempelvegen 1, 2406 Elverum");
        assert_eq!(told, address_of("Eksempelvegen 1", "2406", "Elverum"));
        assert_eq!(
            address("Eksempelvegen 1").street.as_deref(),
            Some("Eksempelvegen 1")
        );
        assert_eq!(address("2406 Elverum").street, None);
        assert_eq!(address(""), Address::default());
    }

    #[test]
    fn what_stands_beside_the_street_is_not_told_twice() {
        let told = address_of("Eksempelvegen 1, 2406 Elverum", "2406", "Elverum");
        assert_eq!(told.line(), "Eksempelvegen 1, 2406 Elverum");
    }

    #[test]
    fn a_place_without_a_name_is_called_by_its_address() {
        let place = venue(" ", address("Eksempelvegen 1"), None);
        assert!(matches!(place, Some(Venue::Described { name, .. }) if name == "Eksempelvegen 1"));
        assert_eq!(venue("", Address::default(), None), None);
    }
}
