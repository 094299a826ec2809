//! The JSON form of an image.

use serde::{Deserialize, Serialize};

use crate::Text;

/// An image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with url, alt, credit and licence"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Image))]
pub struct WireImage {
    /// Address of the image.
    pub url: String,
    /// Alternative text.
    pub alt: Text,
    /// The creator.
    pub credit: Option<String>,
    /// The licence.
    pub licence: Option<String>,
}
