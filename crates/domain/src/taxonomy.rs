//! What an event is about, and for whom.

use serde::{Deserialize, Serialize};

use super::{Owner, Slug, Text};

/// A subject that events are sorted under, with a feed of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its address and its name on the wire: `music`.
    pub slug: Slug,
    /// What it is called.
    pub name: Text,
    /// One sentence on what belongs here.
    #[serde(default)]
    pub description: Text,
    /// Other words that partners use for it, matched without regard to case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A CSS3 colour name for calendar programs (RFC 7986 5.9).
    #[serde(default)]
    pub color: Option<String>,
    /// Its place in lists, low first.
    #[serde(default)]
    pub rank: u32,
    /// Who last set the record.
    pub owner: Owner,
}

/// A group that events speak to, with a feed of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Its address and its name on the wire: `families`.
    pub slug: Slug,
    /// What it is called.
    pub name: Text,
    /// One sentence on who is meant.
    #[serde(default)]
    pub description: Text,
    /// Other words that partners use for it, matched without regard to case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its place in lists, low first.
    #[serde(default)]
    pub rank: u32,
    /// Who last set the record.
    pub owner: Owner,
}
