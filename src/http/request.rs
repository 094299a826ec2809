//! Requests.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

use super::credential::Credential;

/// A request.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: &'a Url,
    /// Header fields in addition to the standard ones.
    pub fields: HeaderMap,
    /// The body.
    pub body: Option<Bytes>,
    /// The credential of the partner, if any.
    pub credential: Option<&'a Credential>,
    /// Whether redirects are followed, which is only safe for `GET`.
    pub follow: bool,
    /// Whether the body of the response is read.
    pub reads: bool,
}

impl<'a> Outgoing<'a> {
    /// Creates a `GET` request.
    #[must_use]
    pub fn get(url: &'a Url, accept: &'static str) -> Self {
        let mut fields = HeaderMap::new();
        fields.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Self {
            method: Method::GET,
            url,
            fields,
            body: None,
            credential: None,
            follow: true,
            reads: true,
        }
    }

    /// Creates a request with a body. Redirects are not followed.
    #[must_use]
    pub fn carrying(method: Method, url: &'a Url, media_type: &'static str, body: Bytes) -> Self {
        let mut fields = HeaderMap::new();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self {
            method,
            url,
            fields,
            body: Some(body),
            credential: None,
            follow: false,
            reads: true,
        }
    }
}
