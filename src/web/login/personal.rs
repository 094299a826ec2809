//! Pages for one person. Their headers are those of [`Policy::Private`](crate::web::policy::Policy::Private).

use std::io::Cursor;

use askama::Template;
use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::response::{self, Responder, Response};

use crate::web::pages::render;
use crate::web::problem::Problem;
use calendar_domain::Lang;

/// A page that only its reader's browser may see.
#[derive(Debug)]
pub struct PersonalPage {
    status: Status,
    html: String,
    lang: Lang,
    /// Seconds until a retry is worthwhile (RFC 9110 10.2.3).
    retry_after: Option<i64>,
}

impl PersonalPage {
    /// Renders a page.
    ///
    /// # Errors
    /// Returns an internal error if the template can't be rendered.
    pub fn new(template: &impl Template, lang: Lang) -> Result<Self, Problem> {
        Ok(Self {
            status: Status::Ok,
            html: render::html(template)?,
            lang,
            retry_after: None,
        })
    }

    /// Sets the status, for a form that has to be corrected: 422 (RFC 9110 15.5.21).
    #[must_use]
    pub fn with_status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// Sets the status of an exceeded rate limit; a retry can succeed after `seconds`.
    #[must_use]
    pub fn too_many(self, seconds: i64) -> Self {
        Self {
            status: Status::TooManyRequests,
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl<'r> Responder<'r, 'static> for PersonalPage {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.status(self.status);
        answer.header(ContentType::HTML);
        answer.header(Header::new("Content-Language", self.lang.tag()));
        if let Some(seconds) = self.retry_after {
            answer.header(Header::new("Retry-After", seconds.to_string()));
        }
        answer
            .sized_body(self.html.len(), Cursor::new(self.html))
            .ok()
    }
}

/// A redirect after a form (303).
#[derive(Debug)]
pub struct SeeOther(pub String);

impl<'r> Responder<'r, 'static> for SeeOther {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .status(Status::SeeOther)
            .header(Header::new("Location", self.0))
            .ok()
    }
}
