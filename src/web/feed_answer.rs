//! Responses with a feed: content encoding, range, or 304.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rocket::Request;
use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::tokio::io::{AsyncRead, AsyncSeek, ReadBuf};

use crate::catalog::Calendar;
use crate::feeds::{Coding, EncodedBody, Feed, Stitched};
use calendar_domain::Lang;

use super::accept_encoding::Codings;
use super::conditional::{CHUNK, Copy, readers_copy};
use super::range::{ByteRange, asked};
use super::request_headers::RequestHeaders;

/// Minimum size in bytes for which ranges are advertised.
const LARGE: usize = 64 * 1024;

/// Caches may use a feed for five minutes, then must revalidate.
const CACHING: &str = "public, max-age=300, must-revalidate";

/// A response with a feed.
pub struct FeedAnswer<'r> {
    /// The rendered feed.
    pub stitched: Arc<Stitched>,
    /// Its format.
    pub feed: &'static dyn Feed,
    /// The language of its texts.
    pub lang: Lang,
    /// Content codings that the client accepts.
    pub codings: Codings,
    /// Request headers that the response depends on.
    pub terms: RequestHeaders<'r>,
    /// The calendar whose clock is used.
    pub calendar: &'r Calendar,
}

impl FeedAnswer<'_> {
    /// Returns the body in the most preferred coding that is ready.
    fn body(&self) -> EncodedBody {
        let ready = |coding: &Coding| self.stitched.body(*coding);
        let found = self.codings.as_slice().iter().find_map(ready);
        let plain = || self.stitched.body(Coding::Identity);
        found
            .or_else(plain)
            .expect("a feed is always ready as it is")
    }

    /// Returns true if `tag` is the entity tag of the current feed in any coding that the client accepts.
    fn names_us(&self, tag: &str) -> bool {
        let coding = self.stitched.coding_of(tag);
        coding.is_some_and(|coding| self.codings.as_slice().contains(&coding))
    }
}

/// Every header costs time on this hot path, so none is sent that clients can do without.
impl<'r> Responder<'r, 'static> for FeedAnswer<'r> {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.raw_header("Cache-Control", CACHING);
        answer.raw_header("Vary", "Accept-Encoding");
        answer.raw_header("Access-Control-Allow-Origin", "*");
        answer.raw_header("Link", self.stitched.link.clone());
        let modified = self.stitched.modified;
        let calendar = Some(self.calendar);
        let copy = readers_copy(&self.terms, modified, calendar, |tag| self.names_us(tag));
        let body = match copy {
            Copy::Named(tag) => {
                answer.raw_header("ETag", tag.to_owned());
                return answer.status(Status::NotModified).ok();
            }
            Copy::Dated => {
                answer.raw_header("ETag", String::from(&*self.body().etag));
                return answer.status(Status::NotModified).ok();
            }
            Copy::NoneOrOld => self.body(),
        };
        // Omitted from a 304, where the entity tag suffices (RFC 9110 15.4.5).
        if self.calendar.may_tell(modified) {
            answer.raw_header("Last-Modified", self.stitched.last_modified.clone());
        }
        answer.raw_header("ETag", String::from(&*body.etag));
        answer.raw_header("Content-Type", self.stitched.media_type);
        if self.lang != Lang::default() {
            // That is the default for a request without a language.
            answer.raw_header("Content-Language", self.lang.tag());
        }
        if self.feed.guessable() {
            answer.raw_header("X-Content-Type-Options", "nosniff");
        }
        if self.terms.origin.is_some() {
            // For scripts of other sites only. A cached response without it hides just the tag from such a script, so
            // `Vary` need not name `Origin`.
            answer.raw_header("Access-Control-Expose-Headers", "ETag, Last-Modified");
        }
        if body.coding != Coding::Identity {
            answer.raw_header("Content-Encoding", body.coding.name());
        }
        if body.len() >= LARGE {
            answer.raw_header("Accept-Ranges", "bytes");
        }
        give(answer, body, &self.terms)
    }
}

fn give(
    mut answer: response::Builder<'static>,
    body: EncodedBody,
    terms: &RequestHeaders<'_>,
) -> response::Result<'static> {
    let length = body.len();
    // RFC 9110 13.1.5: a range of another version must not be combined with the client's copy.
    let same = |condition: &str| condition.trim() == &*body.etag;
    let condition = terms.if_range.as_deref();
    let range = terms.range.as_deref();
    let range = match asked(range.filter(|_| condition.is_none_or(same)), length) {
        ByteRange::Whole => 0..length,
        ByteRange::Part(range) => {
            let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            answer.status(Status::PartialContent);
            answer.raw_header("Content-Range", told);
            range
        }
        ByteRange::Nothing => {
            answer.status(Status::RangeNotSatisfiable);
            // The next request, without or with another range, can succeed.
            answer.raw_header("Cache-Control", "no-store");
            answer.header(Header::new("Content-Range", format!("bytes */{length}")));
            return answer.ok();
        }
    };
    let size = range.len();
    answer.sized_body(
        size,
        Reading {
            body,
            at: range.start,
            end: range.end,
        },
    );
    // One more than the body, so that a small one is written in a single poll.
    answer.max_chunk_size((size + 1).min(CHUNK));
    answer.ok()
}

/// A body being written to a client.
struct Reading {
    body: EncodedBody,
    at: usize,
    end: usize,
}

impl AsyncRead for Reading {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut left = out.remaining().min(self.end - self.at);
        let mut given = 0;
        for chunk in self.body.chunks_from(self.at) {
            let length = chunk.len().min(left);
            out.put_slice(&chunk[..length]);
            (left, given) = (left - length, given + length);
            if left == 0 {
                break;
            }
        }
        self.at += given;
        Poll::Ready(Ok(()))
    }
}

/// Unused: Rocket seeks only in bodies of unknown size.
impl AsyncSeek for Reading {
    fn start_seek(self: Pin<&mut Self>, _: io::SeekFrom) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn poll_complete(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }
}
