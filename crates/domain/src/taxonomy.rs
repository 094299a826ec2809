//! Categories and audiences of events.

use serde::{Deserialize, Serialize};

use super::{Owner, Slug, Text};

/// A subject of events, with a feed of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its name in addresses and in JSON: `music`.
    pub slug: Slug,
    /// The name.
    pub name: Text,
    /// One sentence on what belongs here.
    #[serde(default)]
    pub description: Text,
    /// Other terms that partners use for it, compared case-insensitively.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A CSS3 color name for calendar programs (RFC 7986 5.9).
    #[serde(default)]
    pub color: Option<String>,
    /// Position in lists, in ascending order.
    #[serde(default)]
    pub rank: u32,
    /// Owner of the record.
    pub owner: Owner,
}

/// A target group of events, with a feed of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Its name in addresses and in JSON: `families`.
    pub slug: Slug,
    /// The name.
    pub name: Text,
    /// One sentence on who belongs to it.
    #[serde(default)]
    pub description: Text,
    /// Other terms that partners use for it, compared case-insensitively.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Position in lists, in ascending order.
    #[serde(default)]
    pub rank: u32,
    /// Owner of the record.
    pub owner: Owner,
}
