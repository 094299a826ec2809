//! `/dump/events.ndjson` and `/dump/events.csv`: all events that may be republished, also as files ending in `.gz`.
//!
//! A dump is written while it is read, in batches, so that it takes the same little memory for any number of events and
//! for any number of clients.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use rocket::http::{Header, Status};
use rocket::request::FromParam;
use rocket::response::{self, Responder, Response};
use rocket::tokio::io::{AsyncRead, ReadBuf};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use rocket::{Request, State, get, routes};

use crate::catalog::Calendar;
use crate::feeds::{Coding, Dump, last_modified};

use super::accept_encoding::{Codings, tag_in};
use super::client::Client;
use super::conditional::{readers_copy, set_coding};
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use super::read_quota::ReadQuota;
use super::request_headers::RequestHeaders;
use super::site::Site;

/// Caches may use a dump for five minutes, then must revalidate.
const CACHING: &str = "public, max-age=300, must-revalidate";

/// Seconds after which a client that is already reading a dump should try again.
const RETRY_AFTER: i64 = 10;

/// Managed state: the right to write a batch. One at a time, so that dumps take at most one core, and each client reads
/// one dump at a time, so that one client does not keep the others waiting.
#[derive(Debug, Clone)]
pub(super) struct DumpTurns {
    batches: Arc<Semaphore>,
    readers: Arc<Mutex<HashSet<IpAddr>>>,
}

impl Default for DumpTurns {
    fn default() -> Self {
        Self {
            batches: Arc::new(Semaphore::new(1)),
            readers: Arc::default(),
        }
    }
}

impl DumpTurns {
    /// Notes that a client reads a dump. Returns `None` if it is reading one already.
    fn begin(&self, client: IpAddr) -> Option<Reading> {
        let is_first = self.readers().insert(client);
        is_first.then(|| Reading {
            turns: self.clone(),
            client,
        })
    }

    fn readers(&self) -> MutexGuard<'_, HashSet<IpAddr>> {
        // A panic cannot leave the set half-written.
        let readers = self.readers.lock();
        readers.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that reads a dump, until this is dropped.
struct Reading {
    turns: DumpTurns,
    client: IpAddr,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.turns.readers().remove(&self.client);
    }
}

/// The name of a dump: `events.ndjson`, or `events.ndjson.gz` for a compressed file.
struct DumpName<'r> {
    extension: &'r str,
    is_file: bool,
}

impl<'r> FromParam<'r> for DumpName<'r> {
    type Error = ();

    fn from_param(name: &'r str) -> Result<Self, ()> {
        let rest = name.strip_prefix("events.").ok_or(())?;
        Ok(match rest.strip_suffix(".gz") {
            Some(extension) => Self {
                extension,
                is_file: true,
            },
            None => Self {
                extension: rest,
                is_file: false,
            },
        })
    }
}

/// A response with a dump.
struct DumpAnswer {
    dump: Dump,
    /// Whether it is a compressed file, not a compressed response.
    is_file: bool,
    turns: DumpTurns,
}

#[get("/dump/<name>")]
fn show_dump(
    _quota: ReadQuota,
    name: DumpName<'_>,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
    turns: &State<DumpTurns>,
) -> Result<DumpAnswer, Problem> {
    let dump = Dump::new(name.extension, calendar.snapshot(), site.base());
    Ok(DumpAnswer {
        dump: dump.ok_or_else(Problem::not_found)?,
        is_file: name.is_file,
        turns: turns.inner().clone(),
    })
}

impl<'r> Responder<'r, 'static> for DumpAnswer {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let terms = RequestHeaders::new(request);
        let accepted = terms.accept_encoding.as_deref();
        let codings = Codings::new(accepted.filter(|_| !self.is_file));
        let coding = codings.as_slice().first().copied();
        let coding = coding.unwrap_or(Coding::Identity);
        let plain = self.dump.etag();
        let (etag, media_type, inner) = if self.is_file {
            let file = tag_in(&plain, Coding::Gzip);
            (file, "application/gzip", Coding::Gzip)
        } else {
            (plain, self.dump.media_type(), coding)
        };
        let mut answer = Response::build();
        answer.header(Header::new("Cache-Control", CACHING));
        answer.header(Header::new("Vary", "Accept-Encoding"));
        let modified = self.dump.snapshot().modified();
        let calendar = request.rocket().state::<Arc<Calendar>>();
        let calendar = calendar.map(|it| &**it);
        let is_ours = |tag: &str| {
            let mut all = codings.as_slice().iter();
            all.any(|it| tag_in(&etag, *it) == tag)
        };
        let copy = readers_copy(&terms, modified, calendar, is_ours);
        if let Some(tag) = copy.tag(&etag, coding) {
            answer.header(Header::new("ETag", tag));
            return answer.status(Status::NotModified).ok();
        }
        if calendar.is_none_or(|it| it.may_tell(modified)) {
            answer.header(Header::new("Last-Modified", last_modified(modified)));
        }
        let client = Client::new(request);
        let reading = self.turns.begin(client.prefix);
        if reading.is_none() && !client.is_local {
            return Problem::too_many_requests(RETRY_AFTER).respond_to(request);
        }
        answer.header(Header::new("Content-Type", media_type));
        set_coding(&mut answer, &etag, coding);
        answer.streamed_body(DumpBody::new(self.dump.coded(inner), self.turns, reading));
        answer.ok()
    }
}

/// A dump and its next batch, or `None` after the last.
type Batch = io::Result<(Dump, Option<Vec<u8>>)>;

/// The body of a dump. Writes a batch once the client has taken the one before.
struct DumpBody {
    next: Pin<Box<dyn Future<Output = Batch> + Send>>,
    turns: DumpTurns,
    /// Dropped before the last bytes are sent, so that the client may read another dump once it has them.
    reading: Option<Reading>,
    ready: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl DumpBody {
    fn new(dump: Dump, turns: DumpTurns, reading: Option<Reading>) -> Self {
        Self {
            next: Box::pin(next_batch(dump, turns.clone())),
            turns,
            reading,
            ready: Vec::new(),
            at: 0,
            is_done: false,
        }
    }
}

async fn next_batch(mut dump: Dump, turns: DumpTurns) -> Batch {
    // Infallible: the semaphore is never closed.
    let _turn = turns.batches.acquire().await.map_err(io::Error::other)?;
    let written = spawn_blocking(move || {
        let batch = dump.next_batch()?;
        Ok((dump, batch))
    });
    written.await.map_err(io::Error::other)?
}

impl AsyncRead for DumpBody {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.at == self.ready.len() && !self.is_done {
            let (dump, batch) = ready!(self.next.as_mut().poll(context))?;
            self.is_done = batch.is_none();
            self.ready = batch.unwrap_or_default();
            self.at = 0;
            if self.is_done {
                self.reading = None;
            } else {
                self.next = Box::pin(next_batch(dump, self.turns.clone()));
            }
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let length = rest.len().min(out.remaining());
        out.put_slice(&rest[..length]);
        self.at += length;
        Poll::Ready(Ok(()))
    }
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_dump])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_reads_one_dump_at_a_time_and_keeps_no_other_from_it() {
        let turns = DumpTurns::default();
        let [one, other] = [[203, 0, 113, 7], [203, 0, 113, 8]].map(IpAddr::from);
        let first = turns.begin(one);
        assert!(first.is_some());
        assert!(turns.begin(one).is_none());
        assert!(turns.begin(other).is_some());
        assert!(turns.begin(one).is_none());
        drop(first);
        assert!(turns.begin(one).is_some());
    }
}
