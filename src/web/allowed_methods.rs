//! The methods of a path, by the mounted routes: `Allow`, and the response to OPTIONS.

use std::convert::Infallible;
use std::fmt;

use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use rocket::{Request, options, routes};

use super::path_routes::routes_at;
use super::policy::{Policy, PolicyRoute};

/// Methods in the order in which they are listed.
const LISTED: [Method; 7] = [
    Method::Get,
    Method::Head,
    Method::Options,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
];

/// The methods of a path (RFC 9110 10.2.1). Displayed as the value of `Allow`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AllowedMethods(Vec<Method>);

impl AllowedMethods {
    /// Returns the methods of the path, or `None` if no route has it.
    pub(super) fn at_path(request: &Request<'_>) -> Option<Self> {
        let own: Vec<Method> = routes_at(request).map(|route| route.method).collect();
        let is_allowed = |method: &Method| match method {
            // Rocket answers HEAD by the route of GET.
            Method::Head => own.contains(&Method::Get),
            Method::Options => true,
            method => own.contains(method),
        };
        let allowed = LISTED.into_iter().filter(is_allowed).collect();
        (!own.is_empty()).then_some(Self(allowed))
    }

    /// Returns true if the method is allowed.
    pub(super) fn contains(&self, method: Method) -> bool {
        self.0.contains(&method)
    }

    /// Returns the methods that change nothing.
    fn safe(&self) -> Self {
        let is_safe =
            |method: &Method| matches!(method, Method::Get | Method::Head | Method::Options);
        Self(self.0.iter().copied().filter(is_safe).collect())
    }
}

impl fmt::Display for AllowedMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, method) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}{method}")?;
        }
        Ok(())
    }
}

/// The response to OPTIONS: the methods of the path. Scripts of any site may read, except what people sign in for.
struct PathOptions {
    allowed: AllowedMethods,
    policy: Policy,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PathOptions {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        match AllowedMethods::at_path(request) {
            Some(allowed) => Outcome::Success(Self {
                allowed,
                policy: Policy::of_path(request),
            }),
            None => Outcome::Forward(Status::NotFound),
        }
    }
}

impl<'r> Responder<'r, 'static> for PathOptions {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.status(Status::NoContent);
        answer.raw_header("Allow", self.allowed.to_string());
        if self.policy != Policy::Private {
            // The response to a preflight request (Fetch, CORS protocol).
            answer.raw_header("Access-Control-Allow-Origin", "*");
            answer.raw_header(
                "Access-Control-Allow-Methods",
                self.allowed.safe().to_string(),
            );
            answer.raw_header(
                "Access-Control-Allow-Headers",
                "If-None-Match, If-Modified-Since",
            );
            answer.raw_header("Access-Control-Max-Age", "86400");
        }
        answer.ok()
    }
}

#[options("/<_..>")]
fn tell_methods(methods: PathOptions) -> PathOptions {
    methods
}

/// Returns the route, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![tell_methods])
}
