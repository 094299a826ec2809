//! The language of a page, which its address tells: English under `/en/`, else bokmål.

use rocket::Request;
use rocket::http::uri::Origin;
use rocket::request::{FromRequest, Outcome};

use calendar_domain::Lang;

/// The language that the page is asked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLang(pub Lang);

impl PageLang {
    /// The language of an address.
    #[must_use]
    pub fn of(uri: &Origin<'_>) -> Self {
        let path = uri.path();
        let english = path == "/en" || path.starts_with("/en/");
        Self(if english { Lang::En } else { Lang::Nb })
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PageLang {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self::of(request.uri()))
    }
}
