//! Response headers and the request log.

use std::time::Instant;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Method, Status};
use rocket::{Data, Request, Response};

use super::data_licence::add_licence;
use super::metrics::Answers;
use super::ops::PROBED;
use super::policy::Policy;
use super::problem::is_feed;
use super::quota;
use super::request_headers::note_method;
use super::request_id::request_id;
use super::site::Site;

/// HTTPS only, for a year (RFC 6797 6.1).
const HSTS: &str = "max-age=31536000";

/// Fairing that sets headers and logs requests.
pub struct Headers;

struct Began(Instant);

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info {
            name: "headers and log",
            kind: Kind::Request | Kind::Response,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        note_method(request);
        if feeds_are_told() || !is_feed(request.uri().path().as_str()) {
            request.local_cache(|| Began(Instant::now()));
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, answer: &mut Response<'r>) {
        let policy = Policy::of_response(request);
        policy.write(answer);
        if policy == Policy::Api {
            quota::set_fields(request, answer);
        }
        if request.rocket().state().is_some_and(Site::is_https) {
            answer.set_header(Header::new("Strict-Transport-Security", HSTS));
        }
        if policy == Policy::Api && answer.status().code < 400 {
            add_licence(request, answer);
        }
        if let Some(answers) = request.rocket().state::<Answers>() {
            answers.count(request, answer.status());
        }
        note(request, policy, answer.status());
    }
}

/// Logs a response. Successful feeds, probes and reads of the API without a key are logged at level debug only
/// (`RUST_LOG=info,elverum_calendar::requests=debug`), since they are by far the most frequent.
fn note(request: &Request<'_>, policy: Policy, status: Status) {
    macro_rules! tell {
        ($tell:ident) => {{
            let took = request.local_cache(|| Began(Instant::now())).0.elapsed();
            tracing::$tell!(
                target: "elverum_calendar::requests",
                id = request_id(request),
                method = %request.method(),
                path = request.uri().path().as_str(),
                status = status.code,
                micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                "answered"
            );
        }};
    }
    let is_read =
        || request.method() == Method::Get && !request.headers().contains("Authorization");
    let quiet = policy == Policy::Feed
        || (policy == Policy::Api && is_read())
        || PROBED.contains(&request.uri().path().as_str());
    if status.code >= 400 || !quiet {
        tell!(info);
    } else if feeds_are_told() {
        tell!(debug);
    }
}

/// Returns true if the log takes a line per feed.
fn feeds_are_told() -> bool {
    tracing::enabled!(target: "elverum_calendar::requests", tracing::Level::DEBUG)
}
