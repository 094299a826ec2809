//! Areas of the earth's surface.

use std::str::FromStr;

use super::FilterValueError;
use crate::Coordinates;

/// Mean radius of the earth in metres (IUGG).
const EARTH: f64 = 6_371_009.0;

/// Maximum radius of a [circle](Area::Circle) in metres: half of the equator.
pub const MAX_RADIUS: f64 = 20_037_500.0;

/// An area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Area {
    /// Everything within a distance of a point.
    Circle {
        /// The point.
        center: Coordinates,
        /// The distance in metres, along a great circle.
        radius: f64,
    },
    /// Everything between two meridians and two parallels.
    Box(BoundingBox),
}

/// A bounding box, as in GeoJSON (RFC 7946 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// The corner with the lowest latitude, and the western meridian.
    pub south_west: Coordinates,
    /// The corner with the highest latitude, and the eastern meridian. It may be west of the other one: the box then
    /// crosses the antimeridian.
    pub north_east: Coordinates,
}

impl Area {
    /// Returns true if a position is in the area or on its border.
    #[must_use]
    pub fn contains(&self, position: Coordinates) -> bool {
        match self {
            Self::Circle { center, radius } => distance(*center, position) <= *radius,
            Self::Box(item) => item.contains(position),
        }
    }
}

impl BoundingBox {
    fn contains(&self, position: Coordinates) -> bool {
        let Self {
            south_west: from,
            north_east: to,
        } = self;
        let is_between = if from.longitude <= to.longitude {
            (from.longitude..=to.longitude).contains(&position.longitude)
        } else {
            position.longitude >= from.longitude || position.longitude <= to.longitude
        };
        is_between && (from.latitude..=to.latitude).contains(&position.latitude)
    }
}

impl FromStr for BoundingBox {
    type Err = FilterValueError;

    /// Parses `west,south,east,north` in decimal degrees. A box whose north is south of its south contains nothing.
    fn from_str(text: &str) -> Result<Self, FilterValueError> {
        let expected = FilterValueError(
            "must be west,south,east,north in decimal degrees, such as 11.2,60.6,12.1,61.3",
        );
        let [west, south, east, north] = numbers(text).ok_or(expected)?;
        let corner = |latitude, longitude| Coordinates::new(latitude, longitude);
        let south_west = corner(south, west).map_err(|_| expected)?;
        let north_east = corner(north, east).map_err(|_| expected)?;
        Ok(Self {
            south_west,
            north_east,
        })
    }
}

/// Parses `latitude,longitude` in decimal degrees.
///
/// # Errors
/// Errors if the text has another form, or if a number is out of range.
pub fn read_position(text: &str) -> Result<Coordinates, FilterValueError> {
    let expected =
        FilterValueError("must be latitude,longitude in decimal degrees, such as 60.8810,11.5624");
    let [latitude, longitude] = numbers(text).ok_or(expected)?;
    Coordinates::new(latitude, longitude).map_err(|_| expected)
}

/// Parses a distance in metres or kilometres: `800m`, `5km`, `2.5km`. Returns metres.
///
/// # Errors
/// Errors if the text has another form, or if the distance is negative. A longer one than [`MAX_RADIUS`] is as long as that.
pub fn read_radius(text: &str) -> Result<f64, FilterValueError> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix("km") {
        Some(number) => (number, 1_000.0),
        None => (text.strip_suffix('m').unwrap_or_default(), 1.0),
    };
    let number: Option<f64> = number.trim().parse().ok();
    let metres = number.map(|number| number * unit);
    let metres = metres.filter(|metre| metre.is_finite() && *metre >= 0.0);
    let metres = metres.map(|metres| metres.min(MAX_RADIUS));
    metres.ok_or(FilterValueError(
        "must be a distance with its unit, m or km, such as 800m or 5km",
    ))
}

fn numbers<const COUNT: usize>(text: &str) -> Option<[f64; COUNT]> {
    let read = text.split(',').map(|part| part.trim().parse().ok());
    let read: Option<Vec<f64>> = read.collect();
    read?.try_into().ok()
}

/// Returns the great-circle distance in metres, by the haversine formula.
fn distance(one: Coordinates, other: Coordinates) -> f64 {
    let (from, to) = (one.latitude.to_radians(), other.latitude.to_radians());
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let north = half(other.latitude - one.latitude);
    let east = half(other.longitude - one.longitude);
    let chord = (north + from.cos() * to.cos() * east).clamp(0.0, 1.0);
    2.0 * EARTH * chord.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates::new(latitude, longitude).unwrap()
    }

    #[test]
    fn a_circle_reaches_as_far_as_its_radius() {
        // Elverum and Hamar are 27 km apart.
        let (elverum, hamar) = (at(60.8810, 11.5624), at(60.7945, 11.0680));
        let circle = |radius| Area::Circle {
            center: elverum,
            radius,
        };
        assert!(circle(1.0).contains(elverum));
        assert!(circle(30_000.0).contains(hamar) && !circle(25_000.0).contains(hamar));
        // Across the antimeridian the way is short.
        let circle = Area::Circle {
            center: at(0.0, 179.9),
            radius: 50_000.0,
        };
        assert!(circle.contains(at(0.0, -179.9)) && !circle.contains(at(0.0, 0.0)));
    }

    #[test]
    fn a_box_has_its_borders_and_may_cross_the_antimeridian() {
        let area = |text: &str| Area::Box(text.parse().unwrap());
        let norway = area("4.0,57.0,31.5,71.5");
        assert!(norway.contains(at(60.88, 11.56)) && norway.contains(at(57.0, 4.0)));
        assert!(!norway.contains(at(55.6, 12.5)) && !norway.contains(at(60.0, 32.0)));
        assert!(!area("4,71,31,57").contains(at(60.88, 11.56)));
        let fiji = area("177,-20,-178,-15");
        assert!(fiji.contains(at(-18.0, 178.0)) && fiji.contains(at(-18.0, -179.0)));
        assert!(!fiji.contains(at(-18.0, 0.0)));
    }

    #[test]
    fn what_is_no_area_is_refused() {
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "a,b,c,d",
            "0,91,0,92",
            "NaN,0,1,1",
        ] {
            assert!(text.parse::<BoundingBox>().is_err(), "{text}");
        }
        for text in ["", "60", "60,11,2", "91,0", "0,181", "inf,0"] {
            assert!(read_position(text).is_err(), "{text}");
        }
        for text in ["", "5", "-1km", "km", "NaNm", "5 miles"] {
            assert!(read_radius(text).is_err(), "{text}");
        }
        assert_eq!(read_radius("2.5km"), Ok(2_500.0));
        assert_eq!(read_radius("800 m"), Ok(800.0));
        assert_eq!(read_radius("99999km"), Ok(MAX_RADIUS));
    }
}
