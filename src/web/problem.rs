//! Errors as HTTP responses; the only place that decides a status.
//!
//! A [`Problem`] renders as a page for people, and as `application/problem+json` (RFC 9457) for programs. A server
//! error discloses no internals: its cause is logged under the request's id, and the response repeats the id.

mod details;
mod kind;

use std::io::Cursor;

use askama::Template;
use rocket::Request;
use rocket::http::{Accept, ContentType, Header, MediaType, Method, Status};
use rocket::response::{self, Responder, Response};

use crate::feeds::format;
use crate::login::LoginError;
use crate::notify::visitor_addresses::VisitorAddressError;
use crate::personal_data::PersonalDataError;
use crate::visitors::VisitorError;
use calendar_language::marks;
use calendar_store::StoreError;

use super::field_error::FieldProblem;
use super::lang::PageLang;
use super::pages::error::{ErrorPage, ProblemLine};
use super::pages::{PageContext, Section, paths};
use super::request_id::request_id;

pub use details::ProblemDetails;
pub use kind::ProblemKind;

/// Maximum number of errors in a response.
const ERRORS: usize = 100;

/// A problem with a request.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The kind.
    pub kind: ProblemKind,
    /// Details, safe to disclose.
    pub detail: Option<String>,
    /// The invalid fields, one entry each.
    pub errors: Vec<FieldProblem>,
    /// Seconds until a retry is worthwhile (RFC 9110 10.2.3).
    pub retry_after: Option<i64>,
    /// The page to show after signing in, without the language, if it is not the page of the request.
    pub next: Option<&'static str>,
    /// The methods of the path, for `Allow` (RFC 9110 10.2.1).
    pub allow: Option<String>,
}

impl Problem {
    /// Returns a problem without details.
    #[must_use]
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            retry_after: None,
            next: None,
            allow: None,
        }
    }

    /// Returns the problem of an unknown path.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ProblemKind::NotFound)
    }

    /// Returns the problem of an exceeded rate limit; a retry can succeed after `seconds`.
    #[must_use]
    pub fn too_many_requests(seconds: i64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(ProblemKind::TooManyRequests)
        }
    }

    /// Returns the problem of invalid fields.
    #[must_use]
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self {
            errors,
            ..Self::new(ProblemKind::InvalidParameters)
        }
    }

    /// Returns the problem of a cursor that continues nothing: it is none of this calendar, or was given for something
    /// else.
    #[must_use]
    pub fn unusable_cursor(cursor: FieldProblem) -> Self {
        Self {
            errors: vec![cursor],
            ..Self::new(ProblemKind::UnusableCursor)
        }
    }

    /// Adds details.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// Logs the cause and returns an internal error that does not disclose it.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(ProblemKind::Internal)
    }

    /// Renders the problem as a page. Returns `None` if that fails.
    fn page(&self, request: &Request<'_>, id: &str) -> Option<String> {
        let context = PageContext::from_request(request)?;
        let here = paths::own_path(request.uri().path().as_str());
        let layout = context.layout(Section::Other, "", here);
        let line = |error: &FieldProblem| ProblemLine::new(error, context.words);
        let lines = self.errors.iter().take(ERRORS).map(line).collect();
        let status = self.kind.status().code;
        // Only server errors are logged under an id that is worth reporting.
        let id = if status >= 500 {
            id.to_owned()
        } else {
            String::new()
        };
        let kind = self.kind.name();
        ErrorPage::new(layout, status, kind, lines, id)
            .render()
            .ok()
            .map(marks::attributes)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Conflict { .. } | StoreError::Taken { .. } => ProblemKind::Conflict,
            StoreError::BadDate { error, .. } => return error.clone().into(),
            StoreError::RecordTooLarge { .. }
            | StoreError::NoteTooLong { .. }
            | StoreError::CommitTooLarge { .. } => ProblemKind::TooLarge,
            StoreError::DiskFull { .. } | StoreError::EphemeralFull { .. } => {
                ProblemKind::StorageFull
            }
            StoreError::NotWritable { .. }
            | StoreError::Io { .. }
            | StoreError::InUse { .. }
            | StoreError::Damaged { .. }
            | StoreError::NewerSchema { .. } => ProblemKind::Unavailable,
            // Bugs in this program, not errors of the client.
            StoreError::Twice { .. }
            | StoreError::WrongKey { .. }
            | StoreError::Unstorable { .. }
            | StoreError::UnknownScheme { .. }
            | StoreError::NoStore { .. }
            | StoreError::BrokenBackup { .. }
            | StoreError::EncryptedBackup { .. }
            | StoreError::PlainBackup { .. }
            | StoreError::OtherFile { .. }
            | StoreError::WrongBackupKey { .. }
            | StoreError::NotInBackup { .. }
            | StoreError::NotEmpty { .. }
            | StoreError::BadAddress { .. } => ProblemKind::Internal,
        };
        if kind.status().code >= 500 {
            tracing::error!(%error, "the store failed");
        } else {
            // An error of the client, or a concurrent change.
            tracing::debug!(%error, "the store failed");
        }
        Self::new(kind)
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Store(error) => error.into(),
            LoginError::NoAccount(_) => Self::new(ProblemKind::NotFound),
            LoginError::Random(_) | LoginError::NoSessions | LoginError::Entry(_) => {
                Self::internal(&error)
            }
        }
    }
}

impl From<PersonalDataError> for Problem {
    fn from(error: PersonalDataError) -> Self {
        match error {
            PersonalDataError::Store(error) => error.into(),
            PersonalDataError::Login(error) => error.into(),
            PersonalDataError::Address(error) => error.into(),
            PersonalDataError::NoAccount => Self::new(ProblemKind::NotFound),
            PersonalDataError::LastEditor => Self::new(ProblemKind::Conflict),
            PersonalDataError::Json(_) => Self::internal(&error),
        }
    }
}

impl From<VisitorError> for Problem {
    fn from(error: VisitorError) -> Self {
        match error {
            VisitorError::Store(error)
            | VisitorError::Address(VisitorAddressError::Store(error)) => error.into(),
            VisitorError::Editorial(error) => error.into(),
            VisitorError::Random(_)
            | VisitorError::NoStore
            | VisitorError::Entry(_)
            | VisitorError::Address(_) => Self::internal(&error),
        }
    }
}

impl From<VisitorAddressError> for Problem {
    fn from(error: VisitorAddressError) -> Self {
        VisitorError::from(error).into()
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
        if self.kind == ProblemKind::KeyNeeded {
            // RFC 6750 3.
            answer.header(Header::new("WWW-Authenticate", "Bearer realm=\"partners\""));
        }
        if let Some(seconds) = self.retry_after {
            answer.header(Header::new("Retry-After", seconds.to_string()));
        }
        if let Some(methods) = &self.allow {
            answer.header(Header::new("Allow", methods.clone()));
        }
        if self.kind == ProblemKind::SignInNeeded
            && (self.next.is_some() || matches!(request.method(), Method::Get | Method::Head))
            && wants_page(request)
        {
            answer.status(Status::SeeOther);
            answer.header(Header::new("Location", sign_in_path(request, self.next)));
            return answer.ok();
        }
        if wants_page(request)
            && let Some(page) = self.page(request, id)
        {
            let lang = PageLang::new(request.uri()).0;
            answer.header(ContentType::HTML);
            answer.header(Header::new("Content-Language", lang.tag()));
            return answer.sized_body(page.len(), Cursor::new(page)).ok();
        }
        let body = self.for_programs(request, id);
        answer.header(ContentType::new("application", "problem+json"));
        answer.sized_body(body.len(), Cursor::new(body)).ok()
    }
}

/// Returns true for the path of a feed, existing or not, such as `/events/<slug>.ics`.
pub(super) fn is_feed(path: &str) -> bool {
    let extension = || path.rsplit_once('.').map(|(_, extension)| extension);
    path.starts_with("/feeds/") || extension().is_some_and(|extension| format(extension).is_some())
}

/// Programmatic interfaces, which never answer with a page.
const FOR_PROGRAMS: [&str; 9] = [
    "/api/",
    "/embed/events.",
    "/embed/theme.",
    "/embed/v1/",
    "/health/",
    "/metrics",
    "/oembed",
    "/static/",
    "/websub",
];
/// Files, whose readers get a page only if they name HTML.
const FILES: [&str; 2] = ["/dump/", "/sitemap"];

/// Returns true if the response should be a page: the path is not a programmatic interface, and the client accepts
/// HTML.
fn wants_page(request: &Request<'_>) -> bool {
    let path = request.uri().path();
    let path = path.as_str();
    let is_among = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    if is_feed(path) || is_among(&FOR_PROGRAMS) {
        return false;
    }
    let is_file = is_among(&FILES);
    let html = |accept: &Accept| {
        let takes =
            |media: &MediaType| *media == MediaType::HTML || (media.top() == "*" && !is_file);
        accept.media_types().any(takes)
    };
    request.accept().is_some_and(html)
}

/// Returns the page for signing in, which leads to `next` afterwards, or back to the page of the request.
fn sign_in_path(request: &Request<'_>, next: Option<&'static str>) -> String {
    let uri = request.uri();
    let start = PageLang::new(uri).0.path_prefix();
    let path = paths::own_path(uri.path().as_str());
    let next = match (next, uri.query()) {
        (Some(next), _) => format!("{start}{next}"),
        (None, Some(query)) => format!("{path}?{query}"),
        (None, None) => path,
    };
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{start}/login?next={next}")
}

/// The problem of a failed request guard. Rocket passes only its status to the catcher, so it is cached in the request.
#[derive(Default)]
pub(super) struct Refusal(std::sync::Mutex<Option<Problem>>);

impl Refusal {
    /// Caches a problem and returns the guard's error.
    pub(super) fn keep(request: &Request<'_>, problem: Problem) -> (Status, Problem) {
        let kept: &Self = request.local_cache(Self::default);
        let status = problem.kind.status();
        *kept.lock() = Some(problem.clone());
        (status, problem)
    }

    /// Takes the cached problem, if there is one.
    pub(super) fn take(request: &Request<'_>) -> Option<Problem> {
        let kept: &Self = request.local_cache(Self::default);
        kept.lock().take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Problem>> {
        // A panic cannot leave the value half-written.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
