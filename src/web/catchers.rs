//! Responses to errors of Rocket and of request guards.

use rocket::http::{Method, Status};
use rocket::response::{self, Responder};
use rocket::{Catcher, Request, catch};

use super::allowed_methods::AllowedMethods;
use super::policy::Policy;
use super::problem::{Problem, ProblemKind, Refusal};

/// An error with the security headers of its route. A fairing sets them too, but Rocket runs none if the request line is
/// invalid.
struct Refused(Problem);

impl<'r> Responder<'r, 'static> for Refused {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = self.0.respond_to(request)?;
        Policy::of_response(request).write(&mut answer);
        Ok(answer)
    }
}

/// Returns the problem of a method that the path does not have, if it has others.
fn wrong_method(status: Status, request: &Request<'_>) -> Option<Problem> {
    let allowed = AllowedMethods::at_path(request)?;
    // Rocket rejects methods that it does not know, such as PROPFIND, before it looks for a route.
    let is_unknown = status == Status::BadRequest && request.route().is_none();
    let is_missing = status == Status::NotFound && !allowed.contains(request.method());
    (is_unknown || is_missing).then(|| Problem {
        allow: Some(allowed.to_string()),
        ..Problem::new(ProblemKind::MethodNotAllowed)
    })
}

/// Renders errors of Rocket and of request guards as a [`Problem`].
#[catch(default)]
fn refuse(status: Status, request: &Request<'_>) -> Refused {
    let reads = matches!(request.method(), Method::Get | Method::Head);
    let known = Refusal::take(request).or_else(|| wrong_method(status, request));
    let by_status = || {
        Problem::new(match status.code {
            404 => ProblemKind::NotFound,
            // Rocket answers 422 for a GET whose path segment does not parse.
            422 if reads => ProblemKind::NotFound,
            405 => ProblemKind::MethodNotAllowed,
            401 => ProblemKind::KeyNeeded,
            409 => ProblemKind::Conflict,
            413 => ProblemKind::TooLarge,
            503 => ProblemKind::Unavailable,
            500..=599 => ProblemKind::Internal,
            _ => ProblemKind::BadRequest,
        })
    };
    Refused(known.unwrap_or_else(by_status))
}

/// Returns the catchers.
pub fn catchers() -> Vec<Catcher> {
    rocket::catchers![refuse]
}
