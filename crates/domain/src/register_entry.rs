//! What the Central Coordinating Register for Legal Entities (Enhetsregisteret) says about an organisation number.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The outcome of looking an organisation number up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterCheck {
    /// The register was not queried, or did not respond.
    NotChecked,
    /// The register has the number.
    Found(RegisterEntry),
}

/// A legal entity in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// Its name; empty if the register no longer tells it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Time of the answer.
    pub checked: DateTime<Utc>,
    /// Whether it was deleted from the register.
    #[serde(default)]
    pub is_deleted: bool,
    /// Whether it is bankrupt or being wound up.
    #[serde(default)]
    pub is_insolvent: bool,
}
