//! Partners: who else keeps a calendar, and what may be done with what they give.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Connection, Owner, PartnerId, Text};

/// Somebody whose events come in here, or go out from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its key, as on the command line.
    pub id: PartnerId,
    /// Its name today.
    pub name: String,
    /// Names it carried before or is also called by; partners' names drift.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, and how its name came about.
    #[serde(default)]
    pub description: Text,
    /// Its own web page.
    #[serde(default)]
    pub website: Option<Url>,
    /// What may be done with its content.
    #[serde(default)]
    pub policy: ContentPolicy,
    /// Whether it stands for a way in, such as files that are imported by hand, and for nobody whom the public
    /// would call a partner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Where its events come from; absent while it only stands in the plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
    /// Where our events are put at the partner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Connection>,
    /// Who last set the record.
    pub owner: Owner,
}

impl Partner {
    /// A partner of whom only the name is known.
    #[must_use]
    pub fn new(id: PartnerId, name: impl Into<String>, owner: Owner) -> Self {
        Self {
            id,
            name: name.into(),
            aliases: Vec::new(),
            description: Text::default(),
            website: None,
            policy: ContentPolicy::default(),
            internal: false,
            connection: None,
            push: None,
            owner,
        }
    }
}

/// What a partner allows. Governs every output: pages, feeds, API, push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentPolicy {
    /// The credit that has to stand with the content.
    #[serde(default)]
    pub credit: Option<String>,
    /// Where the credit links to.
    #[serde(default)]
    pub credit_url: Option<Url>,
    /// The licence the content is under, by its name or address.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whether search engines may index pages that carry it.
    pub indexing: Permission,
    /// Whether it may be passed on in feeds and interfaces.
    pub passing_on: Permission,
    /// Whether its images may be shown.
    pub images: Permission,
}

/// Whether something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// It may be done.
    Allowed,
    /// It may not be done.
    Refused,
}

impl Default for ContentPolicy {
    /// What a partner that has said nothing gets: everything allowed but its images.
    fn default() -> Self {
        Self {
            credit: None,
            credit_url: None,
            licence: None,
            indexing: Permission::Allowed,
            passing_on: Permission::Allowed,
            images: Permission::Refused,
        }
    }
}
