//! The mounted routes of a path.

use rocket::http::Method;
use rocket::{Request, Route};

/// Returns the routes whose address matches the path of a request, whatever their method: those of this very path, or
/// else those with parameters. The route of OPTIONS itself, which matches every path, is none of them.
pub(super) fn routes_at<'r>(request: &'r Request<'_>) -> impl Iterator<Item = &'r Route> {
    let routes = || {
        let routes = request.rocket().routes();
        routes.filter(|route| route.method != Method::Options && matches_path(route, request))
    };
    let is_exact = |route: &&Route| !route.uri.path().contains('<');
    let has_exact = request.uri().path() != "*" && routes().any(|route| is_exact(&route));
    routes().filter(move |route| !has_exact || is_exact(route))
}

/// Returns true if Rocket would match the route's address with the path of the request. The target `*` of OPTIONS means
/// the server as a whole (RFC 9110 9.3.7).
fn matches_path(route: &Route, request: &Request<'_>) -> bool {
    if request.uri().path() == "*" {
        return true;
    }
    let mut pattern = route.uri.path().split('/').filter(|part| !part.is_empty());
    let mut path = request.uri().path().segments();
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), _) if expected.ends_with("..>") => return true,
            (Some(expected), Some(_)) if expected.starts_with('<') => {}
            (Some(expected), Some(found)) if expected == found => {}
            _ => return false,
        }
    }
}
