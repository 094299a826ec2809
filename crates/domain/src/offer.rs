//! What an event costs, and what it looks like.

use serde::{Deserialize, Serialize};
use url::Url;

use super::Text;

/// Whether an event costs something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Nobody has said.
    #[default]
    Unknown,
    /// Nothing to pay.
    Free,
    /// Something to pay; what, the offers may tell.
    Paid,
}

/// A ticket (schema.org `Offer`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// For whom or what.
    #[serde(default)]
    pub name: Text,
    /// Decimal number with a point, in `currency`: `250.00`.
    #[serde(default)]
    pub price: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Where it is bought.
    #[serde(default)]
    pub url: Option<Url>,
}

/// A picture, by its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it lies.
    pub url: Url,
    /// What it shows, for those who do not see it.
    #[serde(default)]
    pub alt: Text,
    /// Who made it.
    #[serde(default)]
    pub credit: Option<String>,
    /// What may be done with it.
    #[serde(default)]
    pub licence: Option<String>,
}
