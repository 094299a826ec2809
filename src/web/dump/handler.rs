//! The addresses of dumps, and their responses.

use std::sync::Arc;

use rocket::http::{Header, Status};
use rocket::request::{FromParam, FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use rocket::{Request, State, get, routes};

use crate::catalog::Calendar;
use crate::feeds::{Coding, Dump, last_modified};
use crate::web::accept_encoding::{Codings, tag_in};
use crate::web::client::Client;
use crate::web::conditional::{readers_copy, set_coding};
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::fields;
use crate::web::guards;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;
use crate::web::request_headers::RequestHeaders;
use crate::web::site::Site;

use super::body::{DumpBody, DumpRequest};
use super::kept::KeptDumps;
use super::turns::DumpTurns;

/// Caches may use a dump for five minutes, then must revalidate.
const CACHING: &str = "public, max-age=300, must-revalidate";

/// Seconds after which a client that is already reading a dump should try again.
const RETRY_AFTER: i64 = 10;

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

/// Request guard: a request without parameters. A dump has every event; a filter that has no effect would mislead.
struct NoParameters;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for NoParameters {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let unknown = FieldError::Unknown(Vec::new());
        let errors: Vec<FieldProblem> = fields(request)
            .iter()
            .map(|(name, _)| FieldProblem::new(name, unknown.clone()))
            .collect();
        if errors.is_empty() {
            return Outcome::Success(Self);
        }
        guards::outcome(request, Err(Problem::invalid(errors)))
    }
}

/// A response with a dump.
struct DumpAnswer {
    dump: Dump,
    /// Whether it is a compressed file, not a compressed response.
    is_file: bool,
    turns: DumpTurns,
    kept: KeptDumps,
}

#[get("/dump/<name>")]
fn show_dump(
    _quota: ReadQuota,
    name: DumpName<'_>,
    _parameters: NoParameters,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
    turns: &State<DumpTurns>,
    kept: &State<KeptDumps>,
) -> Result<DumpAnswer, Problem> {
    let dump = Dump::new(name.extension, calendar.snapshot(), site.base());
    Ok(DumpAnswer {
        dump: dump.ok_or_else(Problem::not_found)?,
        is_file: name.is_file,
        turns: turns.inner().clone(),
        kept: kept.inner().clone(),
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
            (plain.clone(), self.dump.media_type(), coding)
        };
        let mut answer = Response::build();
        answer.header(Header::new("Cache-Control", CACHING));
        answer.header(Header::new("Vary", "Accept-Encoding"));
        let modified = self.dump.snapshot().modified();
        let calendar = request.rocket().state::<Arc<Calendar>>();
        let calendar = calendar.map(|calendar| &**calendar);
        let is_ours = |tag: &str| {
            let mut all = codings.as_slice().iter();
            all.any(|coding| tag_in(&etag, *coding) == tag)
        };
        let copy = readers_copy(&terms, modified, calendar, is_ours);
        if let Some(tag) = copy.tag(&etag, coding) {
            answer.header(Header::new("ETag", tag));
            return answer.status(Status::NotModified).ok();
        }
        if calendar.is_none_or(|calendar| calendar.may_tell(modified)) {
            answer.header(Header::new("Last-Modified", last_modified(modified)));
        }
        let client = Client::new(request);
        let reading = self.turns.begin(client.prefix);
        if reading.is_none() && !client.is_local {
            return Problem::too_many_requests(RETRY_AFTER).respond_to(request);
        }
        answer.header(Header::new("Content-Type", media_type));
        set_coding(&mut answer, &etag, coding);
        let request = DumpRequest {
            dump: self.dump,
            coding: inner,
            turns: self.turns,
            kept: self.kept,
        };
        answer.streamed_body(DumpBody::new(request, reading));
        answer.ok()
    }
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_dump])
}
