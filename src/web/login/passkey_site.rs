//! Request guard: this site, as the authenticators of the browser know it.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use url::Url;

use crate::login::passkeys::RelyingParty;
use crate::web::site::Site;

use super::SafeConnection;

/// Request guard: passkeys can be used on the pages of this site.
///
/// They belong to the public address. On this machine itself they also work at `localhost` and the port on which the
/// program listens, for development; a passkey of one is none of the other.
#[derive(Debug, Clone)]
pub(super) struct PasskeySite(pub(super) RelyingParty);

impl PasskeySite {
    /// Returns the site of a request, or `None` if passkeys can't be used on it.
    pub(super) fn new(request: &Request<'_>) -> Option<Self> {
        let connection = SafeConnection::new(request)?;
        let site = request.rocket().state::<Site>()?;
        let port = request.rocket().config().port;
        Self::from_parts(&connection, &site.base(), port)
    }

    fn from_parts(connection: &SafeConnection, site: &Url, port: u16) -> Option<Self> {
        let asked = Url::parse(&connection.base).ok()?;
        let is_own = asked.origin() == site.origin()
            || (asked.host_str() == Some("localhost")
                && asked.port_or_known_default() == Some(port));
        let party = is_own.then(|| RelyingParty::new(&asked)).flatten();
        party.map(Self)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PasskeySite {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match Self::new(request) {
            Some(site) => Outcome::Success(site),
            None => Outcome::Forward(rocket::http::Status::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_the_public_address_and_for_this_machine_at_the_port_of_the_program() {
        let origin = |base: &str, is_https| {
            let site = Url::parse("https://kalender.example.no/").unwrap();
            let base = base.to_owned();
            let connection = SafeConnection { base, is_https };
            PasskeySite::from_parts(&connection, &site, 8000).map(|site| site.0.origin)
        };
        for (base, is_https) in [
            ("https://kalender.example.no", true),
            ("http://localhost:8000", false),
        ] {
            assert_eq!(origin(base, is_https).as_deref(), Some(base));
        }
        for base in [
            "http://localhost:8001",
            "http://localhost",
            "http://127.0.0.1:8000",
        ] {
            assert_eq!(origin(base, false), None, "{base}");
        }
    }
}
