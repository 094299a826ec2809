//! Checks that a form was sent from this site.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use url::Url;

use super::problem::{Problem, ProblemKind};
use super::site::Site;

/// Request guard: the request does not come from a page of another site.
///
/// Browsers send `Sec-Fetch-Site` (W3C Fetch Metadata) and, with every POST, `Origin` (RFC 6454 7). A request with
/// neither does not come from a browser and cannot be forged by a page.
pub struct OwnPage;

impl OwnPage {
    fn sent(request: &Request<'_>) -> bool {
        let headers = request.headers();
        if let Some(from) = headers.get_one("Sec-Fetch-Site") {
            return matches!(from, "same-origin" | "none");
        }
        let Some(origin) = headers.get_one("Origin") else {
            return true;
        };
        let host = request.host().map(|host| host.to_string());
        let named = origin.split_once("://").map(|(_, host)| host);
        let site = request.rocket().state::<Site>().map(Site::base);
        (named.is_some() && named == host.as_deref())
            || site.is_some_and(|site| {
                Url::parse(origin).is_ok_and(|parse| parse.origin() == site.origin())
            })
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for OwnPage {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        if Self::sent(request) {
            Outcome::Success(Self)
        } else {
            let problem = Problem::new(ProblemKind::FromElsewhere);
            Outcome::Error((ProblemKind::FromElsewhere.status(), problem))
        }
    }
}
