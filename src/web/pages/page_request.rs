//! The request guard of pages.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::PageContext;
use crate::web::problem::{Problem, ProblemKind};

/// Request guard: a [`PageContext`] with the current snapshot, in the language of the path.
pub struct PageRequest(pub PageContext);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PageRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        match PageContext::from_request(request) {
            Some(context) => Outcome::Success(Self(context)),
            None => {
                let problem = Problem::internal(&"the services of the pages are not managed");
                Outcome::Error((ProblemKind::Internal.status(), problem))
            }
        }
    }
}
