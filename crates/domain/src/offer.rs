//! Prices of an event.

use serde::{Deserialize, Serialize};
use url::Url;

use super::Text;

/// Whether an event costs something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Not stated.
    #[default]
    Unknown,
    /// Free of charge.
    Free,
    /// Not free; `offers` may give the prices.
    Paid,
}

/// A ticket (schema.org `Offer`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The name of the ticket or the group it is for.
    #[serde(default)]
    pub name: Text,
    /// Decimal number with a point, in `currency`: `250.00`.
    #[serde(default)]
    pub price: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Address where the ticket is sold.
    #[serde(default)]
    pub url: Option<Url>,
}
