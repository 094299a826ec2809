//! Organizers of events.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{OrganisationNumber, Owner, Slug, Text};

/// An organization or person that organizes events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organizer {
    /// Part of its address, `/organizers/<slug>`; never changes.
    pub slug: Slug,
    /// Its name, a proper name.
    pub name: String,
    /// Other names used in search and matching.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A short description.
    #[serde(default)]
    pub description: Text,
    /// The organizer's own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// Number in Enhetsregisteret.
    #[serde(default)]
    pub organisation_number: Option<OrganisationNumber>,
    /// Public contact. Private contacts are never part of this record.
    #[serde(default)]
    pub contact: Contact,
    /// Source of the facts.
    #[serde(default)]
    pub source: Option<String>,
    /// Owner of the record.
    pub owner: Owner,
}

/// A role contact that the organizer made public.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// A public mail address, such as `post@…`.
    #[serde(default)]
    pub email: Option<String>,
    /// A public telephone number.
    #[serde(default)]
    pub telephone: Option<String>,
}

/// Keeps contacts out of logs, even public ones.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(…)")
    }
}
