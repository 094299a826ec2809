//! Checks that places are close to each other and in the country of the region's time zone.

use chrono_tz::Tz;
use toml::Spanned;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::PlaceRow;
use calendar_domain::Coordinates;

/// An area by its southern and northern, western and eastern limits in degrees.
struct Area {
    name: &'static str,
    latitudes: (f64, f64),
    longitudes: (f64, f64),
}

/// Norway with Svalbard and Jan Mayen.
const NORWAY: Area = Area {
    name: "Norway",
    latitudes: (57.0, 81.5),
    longitudes: (-10.0, 35.0),
};

/// Maximum distance from the median of a region's places, in degrees of latitude: about 1,000 km.
const FAR: f64 = 9.0;
/// Number of positions whose median is robust against one error.
const ENOUGH: usize = 3;

impl Area {
    /// Returns the area of a region with this zone, if known.
    fn new(zone: Tz) -> Option<&'static Self> {
        let norwegian = matches!(zone, Tz::Europe__Oslo | Tz::Arctic__Longyearbyen);
        norwegian.then_some(&NORWAY)
    }

    fn has(&self, latitude: f64, longitude: f64) -> bool {
        let within = |(low, high): (f64, f64), value: f64| (low..=high).contains(&value);
        within(self.latitudes, latitude) && within(self.longitudes, longitude)
    }
}

/// Parser of positions for a region with a zone and places.
pub(super) struct Positions {
    country: Option<&'static Area>,
    middle: Option<(f64, f64)>,
}

impl Positions {
    /// Returns a parser. `zone` is `None` if the region has errors.
    pub fn new(zone: Option<Tz>, rows: &[PlaceRow]) -> Self {
        let both = rows.iter().filter_map(|row| {
            let (latitude, longitude) = (row.latitude.as_ref()?, row.longitude.as_ref()?);
            Some((*latitude.get_ref(), *longitude.get_ref()))
        });
        let (latitudes, longitudes): (Vec<f64>, Vec<f64>) = both.unzip();
        let middle = (latitudes.len() >= ENOUGH).then(|| (median(latitudes), median(longitudes)));
        Self {
            country: zone.and_then(Area::new),
            middle,
        }
    }

    /// Returns the position of a place, or records an error if it is implausible.
    pub fn read(&self, file: &mut DataFile, row: &PlaceRow) -> Option<Coordinates> {
        let (latitude, longitude) = match (&row.latitude, &row.longitude) {
            (Some(latitude), Some(longitude)) => (latitude, longitude),
            (None, None) => return None,
            (Some(alone), None) => return half(file, "latitude", alone),
            (None, Some(alone)) => return half(file, "longitude", alone),
        };
        let (north, east) = (*latitude.get_ref(), *longitude.get_ref());
        let position = Coordinates::new(north, east);
        let position = file.checked("latitude", latitude.span(), position)?;
        let Some(wrong) = self.wrong(north, east) else {
            return Some(position);
        };
        let allowed = if self.wrong(east, north).is_none() {
            format!("they look swapped: latitude = {east}, longitude = {north}")
        } else {
            self.allowed()
        };
        let wrong = format!("{north}, {east} is {wrong}");
        file.mistake("latitude", latitude.span(), Mistake::new(wrong, allowed));
        None
    }

    fn wrong(&self, north: f64, east: f64) -> Option<String> {
        if let Some(country) = self.country.filter(|country| !country.has(north, east)) {
            return Some(format!("not in {}", country.name));
        }
        let (middle_north, middle_east) = self.middle?;
        // A degree of longitude is shorter farther north.
        let east_west = (east - middle_east) * middle_north.to_radians().cos();
        let far = (north - middle_north).hypot(east_west) > FAR;
        far.then(|| "more than 1000 km from the other places".to_owned())
    }

    fn allowed(&self) -> String {
        match self.country {
            Some(Area {
                latitudes: (south, north),
                longitudes: (west, east),
                ..
            }) => format!("latitude {south} to {north}, longitude {west} to {east}"),
            None => "a position near the other places".to_owned(),
        }
    }
}

fn half(file: &mut DataFile, field: &str, alone: &Spanned<f64>) -> Option<Coordinates> {
    let mistake = Mistake::new(
        "requires the other coordinate",
        "latitude and longitude, or neither",
    );
    file.mistake(field, alone.span(), mistake);
    None
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
