//! References to places and organizers: a record of the catalog or a description.

use serde::{Deserialize, Serialize};
use url::Url;

use super::nfc::compose;
use super::{Address, Coordinates, MunicipalityNumber, Slug};

/// The place of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// A place of the catalog.
    Place(Slug),
    /// A place described by the event itself.
    Described {
        /// Its name.
        name: String,
        /// Its address, if stated.
        #[serde(default)]
        address: Option<Address>,
        /// Its municipality, if known.
        #[serde(default)]
        municipality: Option<MunicipalityNumber>,
        /// Its position, if stated.
        #[serde(default)]
        coordinates: Option<Coordinates>,
    },
}

// Coordinates are never NaN (checked by their constructor), so equality is total.
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
    /// Returns a place with a name only.
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
    /// Normalizes the texts to [Normalization Form C](super::nfc).
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

/// The organizer of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizerRef {
    /// An organizer of the catalog.
    Organizer(Slug),
    /// An organizer described by the event itself.
    Described {
        /// Its name.
        name: String,
        /// Its web page.
        #[serde(default)]
        url: Option<Url>,
    },
}
