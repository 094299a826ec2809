//! The licence of a calendar's data.

use serde::{Deserialize, Serialize};
use url::Url;

/// The licence under which others may use the data of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Its short name, such as `CC BY 4.0`.
    pub name: String,
    /// The address of its text, which identifies it.
    pub url: Url,
}
