//! Responses with a problem (RFC 9457), shared by operations.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Content, Ref, RefOr};

use crate::web::problem::ProblemKind;

/// Kinds of problems with their names in the document and what they mean to a client.
const PROBLEMS: [(ProblemKind, &str, &str); 15] = [
    (
        ProblemKind::InvalidParameters,
        "BadRequest",
        "The request is malformed; `errors` names each wrong parameter and what is allowed.",
    ),
    (
        ProblemKind::KeyNeeded,
        "KeyNeeded",
        "There is no key, or it is not valid.",
    ),
    (
        ProblemKind::KeyRefused,
        "KeyRefused",
        "The key is valid, but not for this.",
    ),
    (
        ProblemKind::NotFound,
        "NotFound",
        "There is no such record.",
    ),
    (
        ProblemKind::Gone,
        "Gone",
        "The event was public and is no longer.",
    ),
    (
        ProblemKind::MethodNotAllowed,
        "MethodNotAllowed",
        "The path does not have this method; `Allow` names those it has.",
    ),
    (
        ProblemKind::Conflict,
        "Conflict",
        "The request does not fit the present state; `errors` or `detail` says what to do.",
    ),
    (
        ProblemKind::PreconditionFailed,
        "PreconditionFailed",
        "The event has changed since you read it. Read it again and repeat your change.",
    ),
    (
        ProblemKind::TooLarge,
        "TooLarge",
        "The body or the event is too large.",
    ),
    (
        ProblemKind::MediaType,
        "UnsupportedMediaType",
        "The body is not of the right media type.",
    ),
    (
        ProblemKind::InvalidEvent,
        "InvalidEvent",
        "The event cannot be taken; `errors` names each wrong member.",
    ),
    (
        ProblemKind::TooManyRequests,
        "TooManyRequests",
        "The quota is used up; `Retry-After` says for how many seconds.",
    ),
    (
        ProblemKind::Internal,
        "Internal",
        "An internal error. Quote `request_id` if you report it.",
    ),
    (
        ProblemKind::Unavailable,
        "Unavailable",
        "The store cannot be used at the moment. Try again later.",
    ),
    (ProblemKind::StorageFull, "StorageFull", "The disk is full."),
];

/// Problems of public reads of a list.
pub struct ReadProblems;
/// Problems of public reads of one record.
pub struct RecordProblems;
/// Problems of public reads of one event.
pub struct EventProblems;
/// Problems of reads with a key.
pub struct KeyedProblems;
/// Problems of writes with a key.
pub struct WriteProblems;
/// Problems of decisions with a key.
pub struct DecisionProblems;

const READ: &[ProblemKind] = &[
    ProblemKind::InvalidParameters,
    ProblemKind::KeyNeeded,
    ProblemKind::Conflict,
    ProblemKind::TooManyRequests,
    ProblemKind::Internal,
    ProblemKind::Unavailable,
];
const KEYED: &[ProblemKind] = &[ProblemKind::KeyRefused, ProblemKind::NotFound];
const WRITE: &[ProblemKind] = &[
    ProblemKind::PreconditionFailed,
    ProblemKind::TooLarge,
    ProblemKind::MediaType,
    ProblemKind::InvalidEvent,
    ProblemKind::StorageFull,
];

macro_rules! responses {
    ($($group:ty: $($kinds:expr),+;)+) => {$(
        impl IntoResponses for $group {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$($kinds),+].concat().into_iter().filter_map(reference).collect()
            }
        }
    )+};
}

responses! {
    ReadProblems: READ;
    RecordProblems: READ, &[ProblemKind::NotFound];
    EventProblems: READ, &[ProblemKind::NotFound, ProblemKind::Gone];
    KeyedProblems: READ, KEYED;
    WriteProblems: READ, KEYED, WRITE;
    DecisionProblems: READ, KEYED, &[ProblemKind::TooLarge, ProblemKind::StorageFull];
}

/// Returns the status of a problem and a reference to its response.
fn reference(kind: ProblemKind) -> Option<(String, RefOr<Response>)> {
    let (_, name, _) = PROBLEMS.iter().find(|(known, ..)| *known == kind)?;
    let status = kind.status().code.to_string();
    Some((status, Ref::from_response_name(*name).into()))
}

/// Returns the responses of all problems by name.
pub fn all() -> impl Iterator<Item = (&'static str, Response)> {
    PROBLEMS.iter().map(|(_, name, description)| {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new().description(*description);
        let response = response.content("application/problem+json", content);
        (*name, response.build())
    })
}
