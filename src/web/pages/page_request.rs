//! The request guard of pages.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::PageContext;
use crate::catalog::Calendar;
use crate::web::lang::PageLang;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::site::Site;

/// Request guard: a [`PageContext`] with the current snapshot, in the language of the path.
pub struct PageRequest(pub PageContext);

impl PageRequest {
    /// Returns the visit of a request, or `None` if a service is not managed.
    #[must_use]
    pub fn new(request: &Request<'_>) -> Option<Self> {
        let calendar = request.rocket().state::<Arc<Calendar>>()?;
        let site = request.rocket().state::<Site>()?;
        let lang = PageLang::new(request.uri()).0;
        Some(Self(PageContext::new(
            calendar.snapshot(),
            lang,
            site.base().as_str(),
        )))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PageRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        match Self::new(request) {
            Some(reader) => Outcome::Success(reader),
            None => {
                let problem = Problem::internal(&"the services of the pages are not managed");
                Outcome::Error((ProblemKind::Internal.status(), problem))
            }
        }
    }
}
