//! The reader of a page, from the request.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::Visit;
use crate::catalog::Calendar;
use crate::web::lang::PageLang;
use crate::web::problem::{Kind, Problem};
use crate::web::site::Site;

/// A [`Visit`] of whoever sent the request: the calendar as it stands now, in the language of the
/// address.
pub struct Reader(pub Visit);

impl Reader {
    /// The visit of a request; none where the server was put together without its services.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Option<Self> {
        let calendar = request.rocket().state::<Arc<Calendar>>()?;
        let site = request.rocket().state::<Site>()?;
        let lang = PageLang::of(request.uri()).0;
        Some(Self(Visit::new(
            calendar.snapshot(),
            lang,
            site.base().as_str(),
        )))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Reader {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        match Self::of(request) {
            Some(reader) => Outcome::Success(reader),
            None => {
                let problem = Problem::internal(&"the services of the pages are not managed");
                Outcome::Error((Kind::Internal.status(), problem))
            }
        }
    }
}
