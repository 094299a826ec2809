//! Security headers of responses, by route.
//!
//! Each module declares the [`Policy`] of its routes: `Policy::Page.on(routes![show_about])`. A response has the headers
//! of its route's policy, also if it is an error. Everything else has those of [`Policy::Strict`]: a response without a
//! route, and a route that was mounted without a policy.

use std::sync::OnceLock;

use rocket::http::{Header, Method};
use rocket::{Build, Orbit, Request, Response, Rocket, Route};

use super::path_routes::routes_at;

/// Permits the site's own style sheet and images, and forms that post to it. No scripts, no framing.
const WITHOUT_SCRIPTS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same, and the site's own scripts, which may send requests to it.
const WITH_OWN_SCRIPTS: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
    img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same, and frames of the site's own pages.
const WITH_OWN_SCRIPTS_AND_FRAMES: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    frame-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
/// Permits the site's own style sheet, images and scripts, and framing by any site.
const FRAMED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    form-action 'none'; base-uri 'none'; frame-ancestors *";

const OPEN: [Field; 3] = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id",
    ),
    ("X-Content-Type-Options", "nosniff"),
];
const PAGE: [Field; 5] = [
    ("Content-Security-Policy", WITHOUT_SCRIPTS),
    ("Permissions-Policy", "interest-cohort=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
];
const INTERACTIVE: [Field; 5] = [
    ("Content-Security-Policy", WITH_OWN_SCRIPTS_AND_FRAMES),
    ("Permissions-Policy", "interest-cohort=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
];
/// `Cross-Origin-Embedder-Policy` is required of frames in pages that have it (HTML, cross-origin embedder policy).
const EMBED: [Field; 6] = [
    ("Content-Security-Policy", FRAMED),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Permissions-Policy", "interest-cohort=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
];
const STRICT: [Field; 5] = [
    ("Content-Security-Policy", WITHOUT_SCRIPTS),
    ("Permissions-Policy", "interest-cohort=()"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
];
const PRIVATE: [Field; 8] = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", WITH_OWN_SCRIPTS),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "interest-cohort=()"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
];

/// Name and value of a header.
type Field = (&'static str, &'static str);

/// What browsers and caches may do with a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Policy {
    /// No scripts, no framing, no referrer. Not stored, unless the response has a `Cache-Control` of its own.
    #[default]
    Strict,
    /// A page for visitors: no scripts, no framing.
    Page,
    /// A page for visitors with own scripts, which shows own pages in frames. Works without them; no framing by others.
    Interactive,
    /// A page in a frame of any site, with own scripts.
    Embed,
    /// A page for people who sign in: own scripts, no framing, no referrer to other sites. Never stored and never
    /// compressed.
    ///
    /// With `no-referrer`, browsers would send `Origin: null` with forms (Fetch, append a request `Origin` header), and
    /// older ones send nothing else that tells where a form comes from.
    Private,
    /// Data that scripts of any site may read.
    Api,
    /// A feed. As [`Policy::Api`], but a successful response sets its own headers, which are counted on that path.
    Feed,
}

impl Policy {
    /// Returns the routes with this policy.
    #[must_use]
    pub fn on(self, routes: Vec<Route>) -> Vec<PolicyRoute> {
        let with_policy = |route| PolicyRoute {
            policy: self,
            route,
        };
        routes.into_iter().map(with_policy).collect()
    }

    /// Returns the policy of the response to a request.
    ///
    /// If no route has the method of the request, it is the policy that the routes of the path share.
    pub(super) fn of_response(request: &Request<'_>) -> Self {
        let rocket = request.rocket();
        let Some(policies) = rocket.state::<Policies>() else {
            return Self::Strict;
        };
        match request.route() {
            // The route of OPTIONS matches every path, and refuses one that no other route has.
            Some(route)
                if route.method == Method::Options && routes_at(request).next().is_none() =>
            {
                Self::without_route(request.uri().path().as_str())
            }
            Some(route) => policies.find(route, rocket),
            None => Self::of_path(request),
        }
    }

    /// Returns the policy that all routes of the request's path share, or the strict one if they differ. Programs on other
    /// sites can also read that an address of the API is unknown.
    pub(super) fn of_path(request: &Request<'_>) -> Self {
        let rocket = request.rocket();
        let Some(policies) = rocket.state::<Policies>() else {
            return Self::Strict;
        };
        let mut found = routes_at(request).map(|route| policies.find(route, rocket));
        let Some(first) = found.next() else {
            return Self::without_route(request.uri().path().as_str());
        };
        if found.all(|policy| policy == first) {
            first
        } else {
            Self::Strict
        }
    }

    fn without_route(path: &str) -> Self {
        if path.starts_with("/api/") {
            Self::Api
        } else {
            Self::default()
        }
    }

    /// Returns true if responses may be compressed.
    ///
    /// The length of a compressed page tells an attacker whether a text in the address occurs in it (BREACH), so pages
    /// with secrets are not compressed. Data has none: whoever reads it has no session, and keys are not repeated.
    pub(super) fn permits_compression(self) -> bool {
        matches!(
            self,
            Self::Page | Self::Api | Self::Interactive | Self::Embed
        )
    }

    /// Sets the headers of a response.
    pub(super) fn write(self, response: &mut Response<'_>) {
        match self {
            Self::Feed if response.status().code < 400 => {}
            Self::Api | Self::Feed => set(response, &OPEN),
            Self::Page => set(response, &PAGE),
            Self::Interactive => set(response, &INTERACTIVE),
            Self::Embed => set(response, &EMBED),
            Self::Private => set(response, &PRIVATE),
            Self::Strict => {
                set(response, &STRICT);
                if !response.headers().contains("Cache-Control") {
                    response.set_header(Header::new("Cache-Control", "no-store"));
                }
            }
        }
    }
}

/// A route with the policy of its responses.
#[derive(Debug, Clone)]
pub struct PolicyRoute {
    policy: Policy,
    route: Route,
}

/// Mounts routes and records their policies.
pub(super) struct PolicyMounts {
    server: Rocket<Build>,
    declared: Vec<Declared>,
}

impl PolicyMounts {
    /// Returns a builder that mounts on `server`.
    pub(super) fn new(server: Rocket<Build>) -> Self {
        Self {
            server,
            declared: Vec::new(),
        }
    }

    /// Mounts routes under a path.
    ///
    /// # Panics
    /// Panics if the path is not a valid base, as [`Rocket::mount`] does.
    pub(super) fn mount(mut self, base: &'static str, routes: Vec<PolicyRoute>) -> Self {
        for PolicyRoute { policy, route } in &routes {
            let mounted = route.clone().map_base(|old| format!("{base}{old}"));
            // An invalid base makes `Rocket::mount` panic below.
            self.declared.extend(mounted.ok().map(|route| Declared {
                method: route.method,
                uri: route.uri.to_string(),
                rank: route.rank,
                policy: *policy,
            }));
        }
        let routes: Vec<Route> = routes.into_iter().map(|route| route.route).collect();
        self.server = self.server.mount(base, routes);
        self
    }

    /// Returns the server with all routes and their policies.
    pub(super) fn into_server(self) -> Rocket<Build> {
        self.server.manage(Policies {
            declared: self.declared,
            known: OnceLock::new(),
        })
    }
}

/// The policy of a route, which method, address and rank identify: Rocket refuses to start if two routes share them.
#[derive(Debug)]
struct Declared {
    method: Method,
    uri: String,
    rank: isize,
    policy: Policy,
}

/// Policies of the mounted routes.
#[derive(Debug)]
struct Policies {
    declared: Vec<Declared>,
    /// Addresses of the routes in memory, sorted, with their policies.
    known: OnceLock<Vec<(usize, Policy)>>,
}

impl Policies {
    fn find(&self, route: &Route, rocket: &Rocket<Orbit>) -> Policy {
        let known = self.known.get_or_init(|| {
            let row = |route| (address(route), self.declared(route));
            let mut rows: Vec<_> = rocket.routes().map(row).collect();
            rows.sort_by_key(|(address, _)| *address);
            rows
        });
        let found = known.binary_search_by_key(&address(route), |(address, _)| *address);
        let found = found.ok().and_then(|at| known.get(at));
        found.map_or_else(Policy::default, |(_, policy)| *policy)
    }

    fn declared(&self, route: &Route) -> Policy {
        let uri = route.uri.to_string();
        let is_same = |declared: &&Declared| {
            declared.method == route.method && declared.rank == route.rank && declared.uri == uri
        };
        let found = self.declared.iter().find(is_same);
        found.map_or_else(Policy::default, |declared| declared.policy)
    }
}

fn address(route: &Route) -> usize {
    std::ptr::from_ref(route).addr()
}

fn set(response: &mut Response<'_>, fields: &[Field]) {
    for (name, value) in fields {
        response.set_header(Header::new(*name, *value));
    }
}

#[cfg(test)]
mod tests;
