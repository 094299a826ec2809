//! The JSON form of a certificate.

use serde::{Deserialize, Serialize};

/// A certificate of sustainability.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object with issuer")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Certificate))]
pub struct WireCertificate {
    /// The issuer: `Miljøfyrtårn`.
    pub issuer: Option<String>,
}
