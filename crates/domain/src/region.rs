//! The region that the service stands for.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Holiday, Lang, MunicipalityNumber, Owner, Slug, Text};

/// The one record that names the site and its municipalities. Its key is always `region`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The site's name, as in page titles and in `X-WR-CALNAME`.
    pub name: Text,
    /// One line under the name.
    #[serde(default)]
    pub tagline: Text,
    /// Who publishes the calendar and answers for it, where that is settled.
    #[serde(default)]
    pub publisher: Option<String>,
    /// The county it lies in, as in addresses; absent where it lies in several.
    #[serde(default)]
    pub county: Option<String>,
    /// The zone that times are shown in and floating times are read in.
    pub time_zone: Tz,
    /// Languages of the pages, the first being the default.
    pub languages: Vec<Lang>,
    /// Root of the identities derived from data files (UUID version 5, RFC 9562 5.5). Changing
    /// it changes every UID, so it never changes.
    pub uid_namespace: Uuid,
    /// The municipalities, in the order in which they are listed.
    pub municipalities: Vec<Municipality>,
    /// The holidays that are kept here.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Who last set the record.
    pub owner: Owner,
}

/// A municipality of the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Municipality {
    /// Its number today.
    pub number: MunicipalityNumber,
    /// Its address in this service, `/feeds/municipality/<slug>.ics`.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Other names, such as `Våler i Solør`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Numbers it carried before, as found in older material: `0427`, `427`.
    #[serde(default)]
    pub former_numbers: Vec<String>,
}

impl Region {
    /// The municipality with this slug, number (today's or a former one), name or alias.
    #[must_use]
    pub fn municipality(&self, word: &str) -> Option<&Municipality> {
        // As every link of ours has it: found without making letters small.
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
