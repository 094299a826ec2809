//! Who stands behind an event.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{OrganisationNumber, Owner, Slug, Text};

/// An organization or person that holds events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organizer {
    /// Its address in this service, `/organizers/<slug>`; never changes.
    pub slug: Slug,
    /// Its name, a proper name.
    pub name: String,
    /// Other names it is searched and matched by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A short text about it.
    #[serde(default)]
    pub description: Text,
    /// Its own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// Its number in Enhetsregisteret.
    #[serde(default)]
    pub organisation_number: Option<OrganisationNumber>,
    /// How the public reaches it. A private contact is another record altogether.
    #[serde(default)]
    pub contact: Contact,
    /// Where the facts come from.
    #[serde(default)]
    pub source: Option<String>,
    /// Who last set the record.
    pub owner: Owner,
}

/// A role contact that the organizer has chosen to make public.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// A public mail address, such as `post@…`.
    #[serde(default)]
    pub email: Option<String>,
    /// A public telephone number.
    #[serde(default)]
    pub telephone: Option<String>,
}

/// Contacts stay out of logs, even public ones.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(…)")
    }
}
