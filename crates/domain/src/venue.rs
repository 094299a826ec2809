//! Where an event is and who holds it: a record of the catalog, or a description of its own.

use serde::{Deserialize, Serialize};
use url::Url;

use super::nfc::compose;
use super::{Address, Coordinates, MunicipalityNumber, Slug};

/// A place of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// A place of the catalog.
    Place(Slug),
    /// A place that only this event names.
    Described {
        /// What it is called.
        name: String,
        /// Its address, as far as it is told.
        #[serde(default)]
        address: Option<Address>,
        /// The municipality, where it is known.
        #[serde(default)]
        municipality: Option<MunicipalityNumber>,
        /// Its position, where it is told.
        #[serde(default)]
        coordinates: Option<Coordinates>,
    },
}

// Coordinates are never NaN (checked when made), so equality is total.
impl Eq for Venue {}

impl std::hash::Hash for Venue {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Self::Place(slug) => slug.hash(state),
            Self::Described { name, .. } => name.hash(state),
        }
    }
}

impl Venue {
    /// A place known by its name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::Described {
            name,
            address: None,
            municipality: None,
            coordinates: None,
        }
    }
}

impl Venue {
    /// Brings its texts into [Normalization Form C](super::nfc).
    pub fn compose(&mut self) {
        let Self::Described { name, address, .. } = self else {
            return;
        };
        compose(name);
        if let Some(address) = address {
            let parts = [&mut address.street, &mut address.locality];
            parts.into_iter().flatten().for_each(compose);
        }
    }
}

/// The holder of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizerRef {
    /// An organizer of the catalog.
    Organizer(Slug),
    /// One that only this event names.
    Described {
        /// Its name.
        name: String,
        /// Its web page.
        #[serde(default)]
        url: Option<Url>,
    },
}
