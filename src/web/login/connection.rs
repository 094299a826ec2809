//! Whether a request came by a connection on which a session is safe: HTTPS, or this machine itself.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use url::Url;

use crate::web::client::Client;
use crate::web::problem::{Problem, ProblemKind, Refusal};
use crate::web::site::Site;

/// Host names of this machine itself. Browsers treat them as secure although they speak HTTP.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Request guard: the connection is HTTPS, by a proxy or directly, or comes from this machine itself.
///
/// HTTPS counts for the host of the public address alone, whether a proxy or the program speaks it: links in mails are
/// made from it, and anyone can send a request with another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeConnection {
    /// Scheme, host and port that the browser uses, without a trailing slash.
    pub base: String,
    /// True for HTTPS.
    pub is_https: bool,
}

impl SafeConnection {
    /// Returns the connection of a request, or `None` if a session would not be safe on it.
    #[must_use]
    pub fn new(request: &Request<'_>) -> Option<Self> {
        let host = request.host()?.to_string();
        let site = request.rocket().state::<Site>()?;
        let speaks_tls = request.rocket().config().tls_enabled();
        let is_local = Client::new(request).is_local;
        Self::from_parts(&host, &site.base(), speaks_tls, is_local)
    }

    fn from_parts(host: &str, site: &Url, speaks_tls: bool, is_local: bool) -> Option<Self> {
        let https = format!("https://{host}");
        let is_public = || {
            let asked = Url::parse(&https).ok();
            site.scheme() == "https" && asked.is_some_and(|parse| parse.origin() == site.origin())
        };
        if is_public() {
            return Some(Self {
                base: https,
                is_https: true,
            });
        }
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let scheme = if speaks_tls { "https" } else { "http" };
        (is_local && LOCAL.contains(&name)).then(|| Self {
            base: format!("{scheme}://{host}"),
            is_https: speaks_tls,
        })
    }

    /// Returns true if the browser says that the request comes from a page of this site.
    ///
    /// Browsers send `Origin` with every POST (RFC 6454 7), and new ones `Sec-Fetch-Site` (W3C Fetch Metadata). A
    /// request with neither is refused: it comes from no browser that a form was written for.
    #[must_use]
    pub(super) fn is_own(&self, request: &Request<'_>) -> bool {
        let headers = request.headers();
        let origin = headers.get_one("Origin");
        let from = headers.get_one("Sec-Fetch-Site");
        match from {
            // A page without a referrer has no origin to tell.
            Some(from) => {
                let is_known = |text: &str| text == "null" || text.eq_ignore_ascii_case(&self.base);
                from == "same-origin" && origin.is_none_or(is_known)
            }
            None => origin.is_some_and(|origin| origin.eq_ignore_ascii_case(&self.base)),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SafeConnection {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        match Self::new(request) {
            Some(connection) => Outcome::Success(connection),
            None => {
                let problem = Problem::new(ProblemKind::HttpsNeeded);
                Outcome::Error(Refusal::keep(request, problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(host: &str, site: &str, speaks_tls: bool, is_local: bool) -> Option<String> {
        let site = Url::parse(site).unwrap();
        SafeConnection::from_parts(host, &site, speaks_tls, is_local)
            .map(|from_parts| from_parts.base)
    }

    #[test]
    fn https_is_safe_for_the_public_address_alone() {
        let site = "https://kalender.example.no/";
        let own = Some("https://kalender.example.no".to_owned());
        assert_eq!(base("kalender.example.no", site, false, false), own);
        assert!(base("kalender.example.no:443", site, false, false).is_some());
        assert_eq!(base("other.example.no", site, false, false), None);
        assert_eq!(base("kalender.example.no:8000", site, false, false), None);
        assert_eq!(base("kalender.example.no", site, true, false), own);
        assert_eq!(base("other.example.no", site, true, false), None);
        assert_eq!(base("other.example.no", site, true, true), None);
        let local = Some("https://localhost:8443".to_owned());
        assert_eq!(base("localhost:8443", site, true, true), local);
    }

    #[test]
    fn plain_http_is_safe_on_this_machine_itself_alone() {
        let site = "http://kalender.example.no/";
        assert_eq!(base("kalender.example.no", site, false, true), None);
        for host in [
            "localhost:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "localhost",
        ] {
            let own = Some(format!("http://{host}"));
            assert_eq!(base(host, site, false, true), own);
            assert_eq!(
                base(host, site, false, false),
                None,
                "{host} of another machine"
            );
        }
        assert_eq!(base("localhost.example.no", site, false, true), None);
        assert_eq!(base("127.0.0.1.example.no", site, false, true), None);
    }
}
