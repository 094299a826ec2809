//! The language of a page by the prefix of its path.

use rocket::Request;
use rocket::http::uri::Origin;
use rocket::request::{FromRequest, Outcome};

use calendar_domain::Lang;
use calendar_language::Words;

/// The language of the requested page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLang(pub Lang);

impl PageLang {
    /// Returns the language of a path.
    #[must_use]
    pub fn new(uri: &Origin<'_>) -> Self {
        let (lang, _) = Lang::split_path(uri.path().as_str());
        Self(Words::new(lang).lang())
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PageLang {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self::new(request.uri()))
    }
}
