//! Request headers that determine a response.

use std::borrow::Cow;

use rocket::Request;
use rocket::http::Method;

/// Headers that a finished response depends on. Repeated lines are joined by commas (RFC 9110 5.3); a singleton header
/// then becomes invalid and is ignored.
///
/// They are read in one pass, because a lookup per name in Rocket's map hashes each name.
#[derive(Debug, Default)]
pub(super) struct RequestHeaders<'r> {
    /// `Accept-Encoding`.
    pub accept_encoding: Option<Cow<'r, str>>,
    /// `If-None-Match`.
    pub if_none_match: Option<Cow<'r, str>>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<Cow<'r, str>>,
    /// `Range`.
    pub range: Option<Cow<'r, str>>,
    /// `If-Range`.
    pub if_range: Option<Cow<'r, str>>,
    /// `Origin`, which browsers send with cross-origin reads by scripts.
    pub origin: Option<Cow<'r, str>>,
}

impl<'r> RequestHeaders<'r> {
    /// Reads the headers of a request.
    pub(super) fn new(request: &'r Request<'_>) -> Self {
        let mut terms = Self::default();
        for header in request.headers().iter() {
            if let Some(field) = terms.field(header.name.as_str()) {
                *field = Some(match field.take() {
                    None => header.value,
                    Some(before) => format!("{before}, {}", header.value).into(),
                });
            }
        }
        // `Range` is undefined for HEAD (RFC 9110 14.2).
        if terms.range.is_some() && asked_head(request) {
            terms.range = None;
        }
        terms
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<Cow<'r, str>>> {
        // The lengths differ, so most comparisons end early.
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        Some(if is("Accept-Encoding") {
            &mut self.accept_encoding
        } else if is("If-None-Match") {
            &mut self.if_none_match
        } else if is("If-Modified-Since") {
            &mut self.if_modified_since
        } else if is("Range") {
            &mut self.range
        } else if is("If-Range") {
            &mut self.if_range
        } else if is("Origin") {
            &mut self.origin
        } else {
            return None;
        })
    }
}

/// Whether the request was a HEAD; Rocket routes it as GET and changes its method.
struct AskedHead(bool);

/// Records the method of a request before Rocket changes it.
pub(super) fn note_method(request: &Request<'_>) {
    if request.method() == Method::Head {
        request.local_cache(|| AskedHead(true));
    }
}

fn asked_head(request: &Request<'_>) -> bool {
    request.local_cache(|| AskedHead(false)).0
}
