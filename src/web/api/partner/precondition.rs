//! Preconditions of writes (RFC 9110 13.1).

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::reply::ReplyContext;
use crate::feeds::Coding;
use crate::web::accept_encoding::tag_in;
use calendar_domain::{Event, Publication};

/// The preconditions of a request.
#[derive(Debug, Clone, Default)]
pub struct Precondition {
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Precondition {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let all = |name: &str| {
            let lines: Vec<&str> = request.headers().get(name).collect();
            (!lines.is_empty()).then(|| lines.join(","))
        };
        Outcome::Success(Self {
            if_match: all("If-Match"),
            if_none_match: all("If-None-Match"),
        })
    }
}

impl Precondition {
    /// Returns true if the preconditions hold for the stored event. A withdrawn event counts as absent.
    pub fn holds(&self, desk: &ReplyContext, event: Option<&Event>) -> bool {
        if self.if_match.is_none() && self.if_none_match.is_none() {
            return true;
        }
        let event = event.filter(|event| event.publication != Publication::Withdrawn);
        // The client may have read the event in any coding, each with a tag of its own.
        let own: Option<Vec<String>> = event.map(|event| {
            let tag = desk.tag(event);
            Coding::ALL.map(|coding| tag_in(&tag, coding)).into()
        });
        let names = |list: &str| {
            let mut tags = list.split(',').map(str::trim);
            let is_own =
                |own: &[String], text: &str| text == "*" || own.iter().any(|tag| tag == text);
            own.as_ref()
                .is_some_and(|own| tags.any(|tag| is_own(own, tag)))
        };
        self.if_match.as_deref().is_none_or(names)
            && !self.if_none_match.as_deref().is_some_and(names)
    }
}
