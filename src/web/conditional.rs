//! Answers that a reader may already have (RFC 9110 13).

use std::io::Cursor;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};
use rocket::Request;
use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};

use crate::catalog::Calendar;
use crate::feeds::etag;

/// The date of HTTP headers, RFC 9110 5.6.7.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Finished bytes with what a cache asks about them.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The body.
    pub bytes: Arc<[u8]>,
    /// The media type, with its parameters.
    pub media_type: &'static str,
    /// A strong validator over the bytes (RFC 9110 8.8.3), quotes included.
    pub etag: String,
    /// When the bytes changed last.
    pub modified: DateTime<Utc>,
    /// `Cache-Control`.
    pub caching: &'static str,
    /// The language of the body, where it has one.
    pub language: Option<crate::domain::Lang>,
    /// The name to save it under, for files that are downloaded.
    pub file_name: Option<String>,
}

impl Finished {
    /// Bytes with the validator that follows from them.
    #[must_use]
    pub fn new(bytes: Vec<u8>, media_type: &'static str, modified: DateTime<Utc>) -> Self {
        Self {
            etag: etag(&bytes),
            bytes: bytes.into(),
            media_type,
            modified,
            caching: "public, max-age=60, must-revalidate",
            language: None,
            file_name: None,
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn in_language(mut self, language: crate::domain::Lang) -> Self {
        self.language = Some(language);
        self
    }
}

/// An instant as a header gives it.
#[must_use]
pub fn http_date(at: DateTime<Utc>) -> String {
    at.format(HTTP_DATE).to_string()
}

/// What a request says of the copy that the reader has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadersCopy {
    Current,
    NoneOrOld,
}

impl Finished {
    fn readers_copy(&self, request: &Request<'_>) -> ReadersCopy {
        let tags: Vec<&str> = request.headers().get("If-None-Match").collect();
        // If-None-Match wins: where it stands, If-Modified-Since is not looked at (13.1.3).
        if !tags.is_empty() {
            let named = tags.iter().flat_map(|line| line.split(',')).map(str::trim);
            let same = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag;
            return if named.into_iter().any(same) {
                ReadersCopy::Current
            } else {
                ReadersCopy::NoneOrOld
            };
        }
        let since = request.headers().get_one("If-Modified-Since");
        let since = since.and_then(|text| NaiveDateTime::parse_from_str(text, HTTP_DATE).ok());
        match since {
            Some(since) if self.modified.trunc_subsecs(0) <= since.and_utc() => {
                ReadersCopy::Current
            }
            _ => ReadersCopy::NoneOrOld,
        }
    }

    /// A `Last-Modified` within the present second could be followed by another change in the
    /// same second, which a reader would never learn of (8.8.2.2): it is told a second later.
    fn tellable_modified(&self, request: &Request<'_>) -> Option<String> {
        let calendar = request.rocket().state::<Arc<Calendar>>();
        let now = calendar.map_or(self.modified + TimeDelta::seconds(2), |c| c.clock().now());
        let settled = now.trunc_subsecs(0) > self.modified.trunc_subsecs(0);
        settled.then(|| http_date(self.modified))
    }
}

impl<'r> Responder<'r, 'static> for Finished {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.header(Header::new("ETag", self.etag.clone()));
        if let Some(modified) = self.tellable_modified(request) {
            answer.header(Header::new("Last-Modified", modified));
        }
        answer.header(Header::new("Cache-Control", self.caching));
        if self.readers_copy(request) == ReadersCopy::Current {
            return answer.status(Status::NotModified).ok();
        }
        answer.header(Header::new("Content-Type", self.media_type));
        if let Some(language) = self.language {
            answer.header(Header::new("Content-Language", language.tag()));
        }
        if let Some(name) = &self.file_name {
            let value = format!("inline; filename=\"{name}\"");
            answer.header(Header::new("Content-Disposition", value));
        }
        let body = Shared(self.bytes);
        let length = body.0.len();
        answer.sized_body(length, Cursor::new(body)).ok()
    }
}

/// Bytes that many answers share.
struct Shared(Arc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
