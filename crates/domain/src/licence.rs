//! The licence of a calendar's data, and those of partners.

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

/// A licence as it is shown: by its name, with a link if its address is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenceLink {
    /// Its name, or else its address.
    pub name: String,
    /// The address of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
}

impl LicenceLink {
    /// Returns the licence that a partner states by its name or its address.
    ///
    /// ```
    /// use calendar_domain::LicenceLink;
    ///
    /// let by_address = LicenceLink::stated("https://creativecommons.org/licenses/by-sa/4.0/");
    /// assert!(by_address.url.is_some());
    /// assert_eq!(LicenceLink::stated("All rights reserved").url, None);
    /// ```
    #[must_use]
    pub fn stated(licence: &str) -> Self {
        let url = Url::parse(licence.trim()).ok();
        Self {
            name: licence.trim().to_owned(),
            url: url.filter(|url| matches!(url.scheme(), "http" | "https")),
        }
    }

    /// Returns the name and the address, or the one that there is.
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.url {
            Some(url) if Url::parse(&self.name).as_ref() != Ok(url) => {
                format!("{}, {url}", self.name)
            }
            _ => self.name.clone(),
        }
    }
}

impl From<&Licence> for LicenceLink {
    fn from(licence: &Licence) -> Self {
        Self {
            name: licence.name.clone(),
            url: Some(licence.url.clone()),
        }
    }
}
