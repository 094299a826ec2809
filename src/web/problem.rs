//! What went wrong, as HTTP tells it: the one place that decides a status.
//!
//! A [`Problem`] has two faces: a page for people, and `application/problem+json` (RFC 9457) for
//! programs. A fault of ours says nothing of the inside: its cause goes to the log under the
//! request's id, and the answer repeats the id.

use std::io::Cursor;

use askama::Template;
use rocket::http::{Accept, ContentType, Header, MediaType, Method, Status};
use rocket::response::{self, Responder, Response};
use rocket::{Catcher, Request, catch, catchers};
use serde::Serialize;

use crate::feeds::format;
use calendar_domain::Lang;
use calendar_language::Words;
use calendar_store::StoreError;

use super::fault::FieldProblem;
use super::lang::PageLang;
use super::pages::error::{ErrorPage, ProblemLine, ProblemWords};
use super::pages::{Reader, Section, paths};
use super::request_id::request_id;

/// A kind of problem. Its name is the last part of the problem's `type` address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is at this address.
    NotFound,
    /// The query string or the form has wrong fields.
    InvalidParameters,
    /// The request is none that this address understands.
    BadRequest,
    /// The form was sent from a page of another site.
    FromElsewhere,
    /// The record was changed by somebody else meanwhile.
    Conflict,
    /// A key is needed, and none that is known was shown.
    KeyNeeded,
    /// The key opens something else.
    KeyRefused,
    /// The body is of a type that the address does not take.
    MediaType,
    /// The event that was sent has wrong fields.
    InvalidEvent,
    /// The record is not the one that the sender takes it for.
    PreconditionFailed,
    /// Too much was asked for in a short time.
    TooManyRequests,
    /// The body is too large.
    TooLarge,
    /// The address takes other methods.
    MethodNotAllowed,
    /// Too many filters were kept within the hour.
    TooManyFilters,
    /// As many filters are kept as may be.
    FiltersFull,
    /// The disk is full.
    StorageFull,
    /// The store cannot be written or read at the moment.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 18] = [
        Self::NotFound,
        Self::InvalidParameters,
        Self::BadRequest,
        Self::FromElsewhere,
        Self::Conflict,
        Self::KeyNeeded,
        Self::KeyRefused,
        Self::MediaType,
        Self::InvalidEvent,
        Self::PreconditionFailed,
        Self::TooManyRequests,
        Self::TooLarge,
        Self::MethodNotAllowed,
        Self::TooManyFilters,
        Self::FiltersFull,
        Self::StorageFull,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The status that it is answered with.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::NotFound => Status::NotFound,
            Self::InvalidParameters | Self::BadRequest => Status::BadRequest,
            Self::FromElsewhere | Self::KeyRefused => Status::Forbidden,
            Self::KeyNeeded => Status::Unauthorized,
            Self::MediaType => Status::UnsupportedMediaType,
            Self::InvalidEvent => Status::UnprocessableEntity,
            Self::PreconditionFailed => Status::PreconditionFailed,
            Self::Conflict => Status::Conflict,
            Self::TooLarge => Status::PayloadTooLarge,
            Self::MethodNotAllowed => Status::MethodNotAllowed,
            Self::TooManyFilters | Self::TooManyRequests => Status::TooManyRequests,
            Self::FiltersFull | Self::StorageFull => Status::InsufficientStorage,
            Self::Unavailable => Status::ServiceUnavailable,
            Self::Internal => Status::InternalServerError,
        }
    }

    /// Its name, also the stem of its texts in the Fluent files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::InvalidParameters => "invalid-parameters",
            Self::BadRequest => "bad-request",
            Self::FromElsewhere => "from-elsewhere",
            Self::Conflict => "conflict",
            Self::KeyNeeded => "key-needed",
            Self::KeyRefused => "key-refused",
            Self::MediaType => "media-type",
            Self::InvalidEvent => "invalid-event",
            Self::PreconditionFailed => "precondition-failed",
            Self::TooManyRequests => "too-many-requests",
            Self::TooLarge => "too-large",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooManyFilters => "too-many-filters",
            Self::FiltersFull => "filters-full",
            Self::StorageFull => "storage-full",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The kind.
    pub kind: Kind,
    /// The particulars, safe to show.
    pub detail: Option<String>,
    /// The wrong fields, one each.
    pub errors: Vec<FieldProblem>,
    /// After how many seconds it is worth trying again (RFC 9110 10.2.3).
    pub retry_after: Option<i64>,
}

impl Problem {
    /// A problem without particulars.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Nothing is at this address.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound)
    }

    /// Too much was asked for; it is worth trying again after so many seconds.
    #[must_use]
    pub fn too_many_requests(seconds: i64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(Kind::TooManyRequests)
        }
    }

    /// Wrong fields.
    #[must_use]
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self {
            errors,
            ..Self::new(Kind::InvalidParameters)
        }
    }

    /// The same with the particulars.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// A fault of ours; the cause goes to the log alone.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(Kind::Internal)
    }

    /// The problem as a page; none where not even that can be made.
    fn page(&self, request: &Request<'_>, id: &str) -> Option<String> {
        let visit = Reader::of(request)?.0;
        let here = paths::own_path(request.uri().path().as_str());
        let shell = visit.shell(Section::Other, "", here);
        let line = |it: &FieldProblem| ProblemLine {
            field: it.field.clone(),
            detail: it.fault.said(visit.words),
        };
        let lines = self.errors.iter().map(line).collect();
        let status = self.kind.status().code;
        // The reader's own mistake needs no number to be looked up by.
        let id = if status >= 500 {
            id.to_owned()
        } else {
            String::new()
        };
        let kind = self.kind.name();
        ErrorPage::of(shell, status, kind, lines, id).render().ok()
    }

    fn for_programs(&self, request: &Request<'_>, id: &str) -> String {
        let title = ProblemWords::of(self.kind.name(), Words::of(Lang::En)).title;
        let told = |it: &FieldProblem| FieldForPrograms {
            field: it.field.clone(),
            detail: it.fault.in_english(),
        };
        let errors: Vec<FieldForPrograms> = self.errors.iter().map(told).collect();
        let body = ForPrograms {
            kind: format!("/problems/{}", self.kind.name()),
            title: &title,
            status: self.kind.status().code,
            detail: self.detail.as_deref(),
            instance: request.uri().path().as_str(),
            request_id: id,
            errors,
        };
        serde_json::to_string(&body).expect("strings and numbers always serialise")
    }
}

/// RFC 9457 3.
#[derive(Serialize)]
struct ForPrograms<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    instance: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldForPrograms>,
}

#[derive(Serialize)]
struct FieldForPrograms {
    field: String,
    detail: String,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Conflict { .. } | StoreError::Taken { .. } => Kind::Conflict,
            StoreError::BadDate { error, .. } => return error.clone().into(),
            StoreError::RecordTooLarge { .. }
            | StoreError::NoteTooLong { .. }
            | StoreError::CommitTooLarge { .. } => Kind::TooLarge,
            StoreError::DiskFull { .. } => Kind::StorageFull,
            StoreError::NotWritable { .. }
            | StoreError::Io { .. }
            | StoreError::InUse { .. }
            | StoreError::Damaged { .. }
            | StoreError::NewerSchema { .. } => Kind::Unavailable,
            // These are mistakes of the program, not of whoever asked.
            StoreError::Twice { .. }
            | StoreError::WrongKey { .. }
            | StoreError::Unstorable { .. }
            | StoreError::UnknownScheme { .. }
            | StoreError::NoStore { .. }
            | StoreError::BrokenBackup { .. }
            | StoreError::NotInBackup { .. }
            | StoreError::NotEmpty { .. }
            | StoreError::BadAddress { .. } => Kind::Internal,
        };
        if kind.status().code >= 500 {
            tracing::error!(%error, "the store refused");
        } else {
            // The client's own mistake, or two at once.
            tracing::debug!(%error, "the store refused");
        }
        Self::new(kind)
    }
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let id = request_id(request);
        let status = self.kind.status();
        let mut answer = Response::build();
        answer.status(status);
        answer.header(Header::new("Cache-Control", "no-store"));
        answer.header(Header::new("X-Request-Id", id.to_owned()));
        if self.kind == Kind::KeyNeeded {
            // RFC 6750 3.
            answer.header(Header::new("WWW-Authenticate", "Bearer realm=\"partners\""));
        }
        if let Some(seconds) = self.retry_after {
            answer.header(Header::new("Retry-After", seconds.to_string()));
        }
        if wants_page(request)
            && let Some(page) = self.page(request, id)
        {
            let lang = PageLang::of(request.uri()).0;
            answer.header(ContentType::HTML);
            answer.header(Header::new("Content-Language", lang.tag()));
            return answer.sized_body(page.len(), Cursor::new(page)).ok();
        }
        let body = self.for_programs(request, id);
        answer.header(ContentType::new("application", "problem+json"));
        answer.sized_body(body.len(), Cursor::new(body)).ok()
    }
}

/// Whether a path is a feed's, `/events/<slug>.ics` among them, known or not.
pub(super) fn is_feed(path: &str) -> bool {
    let extension = || path.rsplit_once('.').map(|(_, extension)| extension);
    path.starts_with("/feeds/") || extension().is_some_and(|it| format(it).is_some())
}

/// Whether the answer is read by a person: a page's address, asked for by something that takes
/// HTML. Feeds and interfaces are read by programs whatever they say they accept.
fn wants_page(request: &Request<'_>) -> bool {
    let path = request.uri().path();
    let path = path.as_str();
    let for_programs = ["/api/", "/health/", "/metrics", "/static/", "/websub"];
    if is_feed(path) || for_programs.iter().any(|prefix| path.starts_with(prefix)) {
        return false;
    }
    let html = |accept: &Accept| {
        let takes = |media: &MediaType| *media == MediaType::HTML || media.top() == "*";
        accept.media_types().any(takes)
    };
    request.accept().is_some_and(html)
}

/// Why a guard let a request not through, kept for the answer: Rocket hands on its status alone.
#[derive(Default)]
pub(super) struct Refusal(std::sync::Mutex<Option<Problem>>);

impl Refusal {
    /// Keeps a problem, and gives what a guard has to answer.
    pub(super) fn keep(request: &Request<'_>, problem: Problem) -> (Status, Problem) {
        let kept: &Self = request.local_cache(Self::default);
        let status = problem.kind.status();
        *kept.lock() = Some(problem.clone());
        (status, problem)
    }

    fn of(request: &Request<'_>) -> Option<Problem> {
        let kept: &Self = request.local_cache(Self::default);
        kept.lock().take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Problem>> {
        // What a panicking thread left is whole.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What Rocket itself refuses gets the same two faces.
#[catch(default)]
fn refuse(status: Status, request: &Request<'_>) -> Problem {
    let reads = matches!(request.method(), Method::Get | Method::Head);
    if let Some(problem) = Refusal::of(request) {
        return problem;
    }
    Problem::new(match status.code {
        404 => Kind::NotFound,
        // Of a request without a body Rocket says 422 where a part of the path is none of ours.
        422 if reads => Kind::NotFound,
        405 => Kind::MethodNotAllowed,
        401 => Kind::KeyNeeded,
        409 => Kind::Conflict,
        413 => Kind::TooLarge,
        503 => Kind::Unavailable,
        500..=599 => Kind::Internal,
        _ => Kind::BadRequest,
    })
}

/// The catchers.
pub fn catchers() -> Vec<Catcher> {
    catchers![refuse]
}
