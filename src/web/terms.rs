//! What a request's headers ask of the answer.

use std::borrow::Cow;

use rocket::Request;
use rocket::http::Method;

/// The headers that a finished answer depends on. Lines of one name stand as one, with commas between
/// them (RFC 9110 5.3); what may be said but once has no meaning then and is passed over.
///
/// Read in one pass: Rocket's map hashes the name that is looked for, letter by letter, which for
/// these came to a twentieth of what a feed's answer cost.
#[derive(Debug, Default)]
pub(super) struct Terms<'r> {
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
    /// `Origin`, which browsers send where a script of another site reads.
    pub origin: Option<Cow<'r, str>>,
}

impl<'r> Terms<'r> {
    /// The terms of a request.
    pub(super) fn of(request: &'r Request<'_>) -> Self {
        let mut terms = Self::default();
        for header in request.headers().iter() {
            if let Some(field) = terms.field(header.name.as_str()) {
                *field = Some(match field.take() {
                    None => header.value,
                    Some(before) => format!("{before}, {}", header.value).into(),
                });
            }
        }
        // A range means nothing to HEAD (RFC 9110 14.2).
        if terms.range.is_some() && asked_head(request) {
            terms.range = None;
        }
        terms
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<Cow<'r, str>>> {
        // Their lengths differ, so that hardly a letter is compared.
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

/// That the request came as HEAD. Rocket answers it by the route of GET, and calls it GET from there on.
struct AskedHead(bool);

/// Keeps the method of a request before Rocket changes it.
pub(super) fn note_method(request: &Request<'_>) {
    if request.method() == Method::Head {
        request.local_cache(|| AskedHead(true));
    }
}

fn asked_head(request: &Request<'_>) -> bool {
    request.local_cache(|| AskedHead(false)).0
}
