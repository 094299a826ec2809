//! Links in pages.

use super::LocalizedText;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLink {
    /// The text.
    pub label: LocalizedText,
    /// The address; `None` for text alone.
    pub url: Option<String>,
}

/// A link to another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutLink {
    /// The text, such as the host: `fie.no`.
    pub label: String,
    /// The address.
    pub url: String,
}

/// Returns a link to another site, with its host as text: `fie.no`.
#[must_use]
pub fn out_link(url: &url::Url) -> OutLink {
    let host = url.host_str().unwrap_or_else(|| url.as_str());
    OutLink {
        label: host.strip_prefix("www.").unwrap_or(host).to_owned(),
        url: url.to_string(),
    }
}
