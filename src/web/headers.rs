//! Response headers and the request log.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Method, Status};
use rocket::{Data, Request, Response, Route, options, routes};

use super::metrics::Answers;
use super::ops::PROBED;
use super::problem::is_feed;
use super::request_headers::note_method;
use super::request_id::request_id;
use super::site::Site;

/// Permits the site's own style sheet and images and forms that post to it; no scripts, no framing.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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
        let path = request.uri().path();
        let path = path.as_str();
        let feed = is_feed(path);
        if request.rocket().state().is_some_and(Site::is_https) {
            answer.set_header(Header::new("Strict-Transport-Security", HSTS));
        }
        if feed || path.starts_with("/api/") {
            // A finished feed sets its own headers. Feeds and the API are readable by scripts of any site.
            let finished =
                request.route().is_some_and(super::feeds::is_own) && answer.status().code < 400;
            if !finished {
                answer.set_header(Header::new("Access-Control-Allow-Origin", "*"));
                answer.set_header(Header::new("X-Content-Type-Options", "nosniff"));
            }
        } else {
            answer.set_header(Header::new("X-Content-Type-Options", "nosniff"));
            answer.set_header(Header::new("X-Frame-Options", "DENY"));
            answer.set_header(Header::new("Content-Security-Policy", PAGE_POLICY));
            answer.set_header(Header::new(
                "Referrer-Policy",
                "strict-origin-when-cross-origin",
            ));
            answer.set_header(Header::new("Permissions-Policy", "interest-cohort=()"));
        }
        if let Some(answers) = request.rocket().state::<Answers>() {
            answers.count(request, answer.status());
        }
        note(request, feed, answer.status());
    }
}

/// Logs a response. Successful feeds and probes are logged at level debug only
/// (`RUST_LOG=info,elverum_calendar::requests=debug`), since they are by far the most frequent.
fn note(request: &Request<'_>, feed: bool, status: Status) {
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
    let quiet = feed || PROBED.contains(&request.uri().path().as_str());
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

/// Response to OPTIONS: the permitted methods. Scripts of any site may read.
#[derive(rocket::Responder)]
#[response(status = 204)]
struct Allowed {
    nothing: (),
    allow: Header<'static>,
    origin: Header<'static>,
    methods: Header<'static>,
    headers: Header<'static>,
    age: Header<'static>,
}

#[options("/<path..>")]
fn tell_methods(path: PathBuf) -> Allowed {
    let reading = [Method::Get, Method::Head, Method::Options]
        .map(|it| it.as_str())
        .join(", ");
    let writing: &[Method] = if path.starts_with("api/v1/partner/events/validate") {
        &[Method::Post, Method::Put, Method::Patch, Method::Delete]
    } else if path.starts_with("api/v1/partner/events") {
        &[Method::Put, Method::Patch, Method::Delete]
    } else if path.strip_prefix("en").unwrap_or(&path) == Path::new("subscribe")
        || path == Path::new("websub")
    {
        &[Method::Post]
    } else {
        &[]
    };
    let writing = writing.iter().map(|it| it.as_str());
    let allowed = [reading.as_str()].into_iter().chain(writing);
    let allowed = allowed.collect::<Vec<_>>().join(", ");
    Allowed {
        nothing: (),
        allow: Header::new("Allow", allowed),
        origin: Header::new("Access-Control-Allow-Origin", "*"),
        methods: Header::new("Access-Control-Allow-Methods", reading),
        headers: Header::new(
            "Access-Control-Allow-Headers",
            "If-None-Match, If-Modified-Since",
        ),
        age: Header::new("Access-Control-Max-Age", "86400"),
    }
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<Route> {
    routes![tell_methods]
}
