//! Conditional requests (RFC 9110 13).

use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rocket::Request;
use rocket::http::{Header, Status};
use rocket::response::{self, Builder, Responder, Response};

use crate::catalog::Calendar;
use crate::feeds::{Coding, etag, last_modified};

use super::accept_encoding::{Negotiated, tag_in};
use super::compressed_forms::CompressedForms;
use super::data_licence::DataLicence;
use super::policy::Policy;
use super::request_headers::RequestHeaders;

/// Maximum bytes per chunk written to a connection. Bounds the memory that a slow client holds.
pub(super) const CHUNK: usize = 256 * 1024;

/// A finished body with its cache metadata.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The body.
    pub bytes: Bytes,
    /// The media type, with its parameters.
    pub media_type: &'static str,
    /// A strong entity tag of the bytes (RFC 9110 8.8.3), quotes included.
    pub etag: String,
    /// When the bytes last changed.
    pub modified: DateTime<Utc>,
    /// The value of `Cache-Control`.
    pub caching: &'static str,
    /// The language of the body, if it has one.
    pub language: Option<calendar_domain::Lang>,
    /// Whether the body depends on `Accept-Language`.
    pub is_negotiated: bool,
    /// The value of `Link` (RFC 8288), if there is one.
    pub link: Option<String>,
    /// The licence of the data.
    pub licence: DataLicence,
    /// The value of `X-Robots-Tag`, which tells search engines what they may do.
    pub robots: Option<&'static str>,
    /// The body in other codings, made when they are requested. Copies share them.
    forms: Arc<CompressedForms>,
}

impl Finished {
    /// Returns a response with the entity tag computed from the bytes, cacheable for a minute.
    #[must_use]
    pub fn new(bytes: Vec<u8>, media_type: &'static str, modified: DateTime<Utc>) -> Self {
        let etag = etag(&bytes);
        Self::tagged(bytes, etag, media_type, modified)
    }

    /// Returns a response with a known entity tag, cacheable for a minute.
    #[must_use]
    pub fn tagged(
        bytes: Vec<u8>,
        etag: String,
        media_type: &'static str,
        modified: DateTime<Utc>,
    ) -> Self {
        Self {
            etag,
            // Without the spare capacity, since it may be kept.
            bytes: bytes.into_boxed_slice().into(),
            media_type,
            modified,
            caching: "public, max-age=60, must-revalidate",
            language: None,
            is_negotiated: false,
            link: None,
            licence: DataLicence::default(),
            forms: Arc::default(),
            robots: None,
        }
    }

    /// Sets whether search engines may index the body.
    #[must_use]
    pub fn indexed(mut self, is_indexed: bool) -> Self {
        self.robots = (!is_indexed).then_some("noindex");
        self
    }

    /// Sets the language of the body.
    #[must_use]
    pub fn in_language(mut self, language: calendar_domain::Lang) -> Self {
        self.language = Some(language);
        self
    }

    /// Sets the value of `Cache-Control`.
    #[must_use]
    pub fn with_caching(mut self, caching: &'static str) -> Self {
        self.caching = caching;
        self
    }

    /// Sets the value of `Link` (RFC 8288).
    #[must_use]
    pub fn with_link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }

    /// Sets the licence of the data.
    #[must_use]
    pub fn under(mut self, licence: DataLicence) -> Self {
        self.licence = licence;
        self
    }

    /// Marks the body as one that depends on `Accept-Language`.
    #[must_use]
    pub fn negotiated(mut self) -> Self {
        self.is_negotiated = true;
        self
    }

    /// Returns the value of `Vary`.
    fn vary(&self) -> &'static str {
        if self.is_negotiated {
            "Accept-Encoding, Accept-Language"
        } else {
            "Accept-Encoding"
        }
    }
}

/// Outcome of evaluating a request's preconditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copy<'r> {
    /// The copy with this entity tag is current.
    Named(&'r str),
    /// The copy is current by its date or by `If-None-Match: *`; no entity tag is named.
    Dated,
    /// The client has no copy, or an outdated one.
    NoneOrOld,
}

impl Copy<'_> {
    /// Returns the entity tag of the 304 that answers a client with a current copy; `None` if it has none. `coding` is
    /// that of the response to a client without a copy.
    pub(super) fn tag(&self, etag: &str, coding: Coding) -> Option<String> {
        match self {
            Self::Named(tag) => Some((*tag).to_owned()),
            Self::Dated => Some(tag_in(etag, coding)),
            Self::NoneOrOld => None,
        }
    }
}

/// Evaluates `If-None-Match` and `If-Modified-Since` against the current representation.
///
/// `is_ours` returns true if an entity tag, given without `W/`, is current (weak comparison, RFC 9110 13.1.2). A date
/// counts only if the last change is not later in the same second, and if both are in the past, since the clock of
/// either side may have been wrong.
pub(super) fn readers_copy<'t>(
    terms: &'t RequestHeaders<'_>,
    modified: DateTime<Utc>,
    calendar: Option<&Calendar>,
    is_ours: impl Fn(&str) -> bool,
) -> Copy<'t> {
    // `If-None-Match` takes precedence over `If-Modified-Since` (RFC 9110 13.1.3).
    if terms.if_none_match.is_some() {
        return tagged_copy(terms, is_ours);
    }
    let since = terms.if_modified_since.as_deref();
    let since = since.and_then(|text| httpdate::parse_http_date(text.trim()).ok());
    let is_past = |since: DateTime<Utc>| {
        calendar.is_none_or(|calendar| {
            let now = calendar.clock().now();
            since <= now && modified.timestamp() < now.timestamp()
        })
    };
    match since.map(DateTime::<Utc>::from) {
        Some(since) if modified <= since && is_past(since) => Copy::Dated,
        _ => Copy::NoneOrOld,
    }
}

/// Evaluates `If-None-Match` alone, for a representation without a date.
pub(super) fn tagged_copy<'t>(
    terms: &'t RequestHeaders<'_>,
    is_ours: impl Fn(&str) -> bool,
) -> Copy<'t> {
    let tags = terms.if_none_match.as_deref().unwrap_or_default();
    let mut tags = tags.split(',').map(str::trim);
    match tags.find(|tag| *tag == "*" || is_ours(strong(tag))) {
        Some("*") => Copy::Dated,
        Some(tag) => Copy::Named(strong(tag)),
        None => Copy::NoneOrOld,
    }
}

fn strong(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

impl<'r> Responder<'r, 'static> for Finished {
    fn respond_to(mut self, request: &'r Request<'_>) -> response::Result<'static> {
        self.licence.note(request);
        let mut answer = Response::build();
        let calendar = request.rocket().state::<Arc<Calendar>>();
        if calendar.is_none_or(|calendar| calendar.may_tell(self.modified)) {
            answer.header(Header::new("Last-Modified", last_modified(self.modified)));
        }
        answer.header(Header::new("Cache-Control", self.caching));
        if let Some(robots) = self.robots {
            answer.header(Header::new("X-Robots-Tag", robots));
        }
        if let Some(link) = self.link.take() {
            answer.header(Header::new("Link", link));
        }
        let terms = RequestHeaders::new(request);
        let calendar = calendar.map(|calendar| &**calendar);
        let codings = if Policy::of_response(request).permits_compression() {
            answer.header(Header::new("Vary", self.vary()));
            Negotiated::new(terms.accept_encoding.as_deref(), self.bytes.len())
        } else {
            Negotiated::without_compression()
        };
        let is_ours = |tag: &str| codings.names(tag, &self.etag);
        let copy = readers_copy(&terms, self.modified, calendar, is_ours);
        if let Some(tag) = copy.tag(&self.etag, codings.best()) {
            answer.header(Header::new("ETag", tag));
            return answer.status(Status::NotModified).ok();
        }
        answer.header(Header::new("Content-Type", self.media_type));
        if let Some(language) = self.language {
            answer.header(Header::new("Content-Language", language.tag()));
        }
        let (coding, bytes) = self.forms.get(&self.bytes, codings.best());
        set_coding(&mut answer, &self.etag, coding);
        let length = bytes.len();
        answer.sized_body(length, Cursor::new(bytes));
        // One more than the body, so that a small one is written in a single poll.
        answer.max_chunk_size((length + 1).min(CHUNK));
        answer.ok()
    }
}

/// Sets the entity tag and the coding of a body.
pub(super) fn set_coding(answer: &mut Builder<'_>, etag: &str, coding: Coding) {
    answer.header(Header::new("ETag", tag_in(etag, coding)));
    if coding != Coding::Identity {
        answer.header(Header::new("Content-Encoding", coding.name()));
    }
}
