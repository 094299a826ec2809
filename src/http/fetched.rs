//! A response to one of our requests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use url::Url;

use calendar_connectors::connector::PartnerResponse;

/// A response.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub fields: HeaderMap,
    /// The decompressed body.
    pub bytes: Vec<u8>,
    /// The `Content-Type`.
    pub media_type: Option<String>,
    /// The final address, after redirects.
    pub url: Url,
}

impl Fetched {
    /// Converts to the form that connectors read. `purpose` is that of the request.
    #[must_use]
    pub fn answer<'a>(&'a self, purpose: &'a str) -> PartnerResponse<'a> {
        PartnerResponse {
            url: &self.url,
            media_type: self.media_type.as_deref(),
            bytes: &self.bytes,
            purpose,
        }
    }

    /// Returns a header field as text, if it is present and valid.
    #[must_use]
    pub fn field(&self, name: header::HeaderName) -> Option<&str> {
        self.fields.get(name).and_then(|field| field.to_str().ok())
    }

    /// Returns the time to wait before the next request: `Retry-After` in seconds or as a date (RFC 9110
    /// section 10.2.3).
    #[must_use]
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        let text = self.field(header::RETRY_AFTER)?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = DateTime::parse_from_rfc2822(text).ok()?;
        (date.to_utc() - now).to_std().ok()
    }
}
