//! Places of events.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{MunicipalityNumber, Owner, Slug, Text};

/// A place of the catalog, with an address of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Part of its address, `/places/<slug>`; never changes.
    pub slug: Slug,
    /// Its name: a proper name, the same in every language.
    pub name: String,
    /// Other names used in search and matching.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its municipality.
    #[serde(default)]
    pub municipality: Option<MunicipalityNumber>,
    /// Street address, if verified.
    #[serde(default)]
    pub address: Option<Address>,
    /// Position, if verified; never derived from the address.
    #[serde(default)]
    pub coordinates: Option<Coordinates>,
    /// A short description.
    #[serde(default)]
    pub description: Text,
    /// The place's own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// Source of the facts.
    #[serde(default)]
    pub source: Option<String>,
    /// Owner of the record.
    pub owner: Owner,
}

/// A postal address in Norway or elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    #[serde(default)]
    pub street: Option<String>,
    /// Postal code, four digits in Norway; text because of leading zeros.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// The post town, `Elverum`.
    #[serde(default)]
    pub locality: Option<String>,
}

impl Address {
    /// Parses an address from its [`line`](Self::line) and its postal code; returns `None` if both
    /// are absent. A line of another form becomes the street as a whole.
    ///
    /// ```
    /// use calendar_domain::Address;
    ///
    /// let line = "Hamarvegen 112, 2406 Elverum".to_owned();
    /// let address = Address::of_line(Some(line.clone()), Some("2406".to_owned())).unwrap();
    /// assert_eq!(address.street.as_deref(), Some("Hamarvegen 112"));
    /// assert_eq!(address.locality.as_deref(), Some("Elverum"));
    /// assert_eq!(address.line(), line);
    /// ```
    #[must_use]
    pub fn of_line(line: Option<String>, postal_code: Option<String>) -> Option<Self> {
        let by_hand = |line: Option<String>, postal_code: Option<String>| {
            let told = line.as_deref().unwrap_or_default();
            let postal_code = postal_code.filter(|code| !told.contains(code.as_str()));
            (line.is_some() || postal_code.is_some()).then_some(Self {
                street: line,
                postal_code,
                locality: None,
            })
        };
        let (Some(written), Some(code)) = (&line, &postal_code) else {
            return by_hand(line, postal_code);
        };
        let (street, town) = match written.rsplit_once(", ") {
            Some((street, town)) => (Some(street), town),
            None => (None, written.as_str()),
        };
        let locality = town.strip_prefix(code.as_str());
        let Some(locality) = locality.filter(|rest| rest.is_empty() || rest.starts_with(' '))
        else {
            return by_hand(line, postal_code);
        };
        Some(Self {
            street: street.map(str::to_owned),
            locality: Some(locality.trim_start().to_owned()).filter(|text| !text.is_empty()),
            postal_code,
        })
    }

    /// Returns the address on one line: `Hamarvegen 112, 2406 Elverum`.
    #[must_use]
    pub fn line(&self) -> String {
        let town = [self.postal_code.as_deref(), self.locality.as_deref()];
        let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let parts = [self.street.as_deref().unwrap_or(""), &town];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A position in WGS 84, decimal degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawCoordinates")]
pub struct Coordinates {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

#[derive(Deserialize)]
struct RawCoordinates {
    latitude: f64,
    longitude: f64,
}

/// Error for a latitude or longitude out of range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "{latitude}, {longitude} is not a position: latitude ranges from -90 to 90, longitude from -180 to 180"
)]
pub struct CoordinatesError {
    latitude: f64,
    longitude: f64,
}

impl Coordinates {
    /// Returns a checked position.
    ///
    /// # Errors
    /// Errors if a number is out of range or NaN.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, CoordinatesError> {
        if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) {
            Ok(Self {
                latitude,
                longitude,
            })
        } else {
            Err(CoordinatesError {
                latitude,
                longitude,
            })
        }
    }
}

impl TryFrom<RawCoordinates> for Coordinates {
    type Error = CoordinatesError;
    fn try_from(raw: RawCoordinates) -> Result<Self, CoordinatesError> {
        Self::new(raw.latitude, raw.longitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_on_a_letter() {
        let address = Address {
            street: Some("Hamarvegen 112".into()),
            postal_code: Some("2406".into()),
            locality: Some("Elverum".into()),
        };
        assert_eq!(address.line(), "Hamarvegen 112, 2406 Elverum");
        let town = Address {
            street: None,
            ..address
        };
        assert_eq!(town.line(), "2406 Elverum");
    }

    #[test]
    fn a_position_off_the_earth_is_refused() {
        assert!(Coordinates::new(60.88, 11.53).is_ok());
        assert!(Coordinates::new(91.0, 0.0).is_err());
        assert!(Coordinates::new(f64::NAN, 0.0).is_err());
    }

    #[test]
    fn an_address_is_read_from_the_line_that_is_written_of_it() {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        for (street, code, town) in [
            ("Gata 1", "2408", "Elverum"),
            ("Gata 1", "2408", ""),
            ("Kirken, inngang B", "2408", "Elverum"),
            ("", "2408", "Elverum"),
            ("", "2408", ""),
        ] {
            let address = Address {
                street: text(street),
                postal_code: text(code),
                locality: text(town),
            };
            let read = Address::of_line(Some(address.line()), address.postal_code.clone());
            assert_eq!(read, Some(address));
        }
        let by_hand = Address::of_line(text("Gata 1 (bak 2408-bygget)"), text("2408"));
        assert_eq!(by_hand.unwrap().line(), "Gata 1 (bak 2408-bygget)");
    }
}
