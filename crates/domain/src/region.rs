//! The region that the service covers.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Holiday, Lang, Licence, MunicipalityNumber, Owner, SchoolBreak, Slug, Text};

/// The only record that names the site and its municipalities. Its key is always `region`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Name of the site, as in page titles and in `X-WR-CALNAME`.
    pub name: Text,
    /// One line under the name.
    #[serde(default)]
    pub tagline: Text,
    /// The publisher responsible for the calendar, if decided.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Public email address for questions about the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The licence of the data; absent if none is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Licence>,
    /// The county, as in postal addresses; absent if the region spans several.
    #[serde(default)]
    pub county: Option<String>,
    /// The country, ISO 3166-1 alpha-2, as in postal addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The zone in which times are shown and floating times are interpreted.
    pub time_zone: Tz,
    /// Languages of the pages, the default first.
    pub languages: Vec<Lang>,
    /// Namespace of the ids derived from data files (UUID version 5, RFC 9562 5.5). It must never
    /// change: every UID depends on it.
    pub uid_namespace: Uuid,
    /// The municipalities in display order.
    pub municipalities: Vec<Municipality>,
    /// The holidays observed in the region.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// The school breaks that the municipalities published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub school_breaks: Vec<SchoolBreak>,
    /// Owner of the record.
    pub owner: Owner,
}

/// A municipality of the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Municipality {
    /// Its current number.
    pub number: MunicipalityNumber,
    /// Part of its address, `/feeds/municipality/<slug>.ics`.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Other names, such as `Våler i Solør`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Former numbers, as found in older material: `0427`, `427`.
    #[serde(default)]
    pub former_numbers: Vec<String>,
}

impl Region {
    /// Returns the address of the licence of the data, if one is granted.
    #[must_use]
    pub fn licence_url(&self) -> Option<&str> {
        self.licence.as_ref().map(|licence| licence.url.as_str())
    }

    /// Returns the municipality with this slug, number (current or former), name or alias.
    #[must_use]
    pub fn municipality(&self, word: &str) -> Option<&Municipality> {
        // Links within the service have the exact slug or number: no need to change the case.
        let linked = |m: &&Municipality| m.slug.as_str() == word || m.number.as_str() == word;
        if let Some(found) = self.municipalities.iter().find(linked) {
            return Some(found);
        }
        let wanted = word.trim().to_lowercase();
        self.municipalities.iter().find(|m| {
            m.slug.as_str() == wanted
                || m.number.as_str() == wanted
                || m.name.to_lowercase() == wanted
                || m.aliases.iter().any(|a| a.to_lowercase() == wanted)
                || m.former_numbers.contains(&wanted)
        })
    }
}
