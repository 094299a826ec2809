//! Kinds of problems, with their statuses and names.

use rocket::http::Status;

/// A kind of problem. Its name is the last segment of the problem's `type` URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no such page or record.
    NotFound,
    /// The record was public and is no longer.
    Gone,
    /// The query string or form has invalid fields.
    InvalidParameters,
    /// The request is malformed.
    BadRequest,
    /// The form was sent from a page of another site.
    FromElsewhere,
    /// The record was changed concurrently.
    Conflict,
    /// The cursor continues nothing.
    UnusableCursor,
    /// The request carries no valid key.
    KeyNeeded,
    /// The key has another scope.
    KeyRefused,
    /// The media type of the body is not supported.
    MediaType,
    /// The event in the body has invalid fields.
    InvalidEvent,
    /// A precondition on the record's version failed.
    PreconditionFailed,
    /// The client exceeded its rate limit.
    TooManyRequests,
    /// The body is too large.
    TooLarge,
    /// The method is not supported.
    MethodNotAllowed,
    /// Too many filters were stored within the hour.
    TooManyFilters,
    /// The account is uploading the maximum number of files at once.
    TooManyUploads,
    /// The maximum number of filters is stored.
    FiltersFull,
    /// The format is not available.
    FormatNotAvailable,
    /// The disk is full.
    StorageFull,
    /// The store cannot be read or written at the moment.
    Unavailable,
    /// Personal data can't be shown, since the reading can't be noted.
    AuditUnavailable,
    /// The page is for people who are signed in.
    SignInNeeded,
    /// It is for members of an organisation, or for other editors.
    NotYours,
    /// The page is for editors.
    EditorsOnly,
    /// The form has no valid token.
    FormExpired,
    /// Signing in is not safe on this connection.
    HttpsNeeded,
    /// An internal error.
    Internal,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 28] = [
        Self::NotFound,
        Self::Gone,
        Self::InvalidParameters,
        Self::BadRequest,
        Self::FromElsewhere,
        Self::Conflict,
        Self::UnusableCursor,
        Self::KeyNeeded,
        Self::KeyRefused,
        Self::MediaType,
        Self::InvalidEvent,
        Self::PreconditionFailed,
        Self::TooManyRequests,
        Self::TooLarge,
        Self::MethodNotAllowed,
        Self::TooManyFilters,
        Self::TooManyUploads,
        Self::FiltersFull,
        Self::FormatNotAvailable,
        Self::StorageFull,
        Self::Unavailable,
        Self::AuditUnavailable,
        Self::SignInNeeded,
        Self::NotYours,
        Self::EditorsOnly,
        Self::FormExpired,
        Self::HttpsNeeded,
        Self::Internal,
    ];

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::NotFound => Status::NotFound,
            Self::Gone => Status::Gone,
            Self::InvalidParameters | Self::BadRequest => Status::BadRequest,
            Self::FromElsewhere
            | Self::KeyRefused
            | Self::NotYours
            | Self::SignInNeeded
            | Self::EditorsOnly
            | Self::FormExpired
            | Self::HttpsNeeded => Status::Forbidden,
            Self::KeyNeeded => Status::Unauthorized,
            Self::MediaType => Status::UnsupportedMediaType,
            Self::InvalidEvent => Status::UnprocessableEntity,
            Self::PreconditionFailed => Status::PreconditionFailed,
            Self::Conflict | Self::UnusableCursor => Status::Conflict,
            Self::TooLarge => Status::PayloadTooLarge,
            Self::MethodNotAllowed => Status::MethodNotAllowed,
            Self::TooManyFilters | Self::TooManyUploads | Self::TooManyRequests => {
                Status::TooManyRequests
            }
            Self::FiltersFull | Self::StorageFull => Status::InsufficientStorage,
            Self::FormatNotAvailable => Status::NotImplemented,
            Self::Unavailable | Self::AuditUnavailable => Status::ServiceUnavailable,
            Self::Internal => Status::InternalServerError,
        }
    }

    /// Returns the name, also the prefix of its texts in the Fluent files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::InvalidParameters => "invalid-parameters",
            Self::BadRequest => "bad-request",
            Self::FromElsewhere => "from-elsewhere",
            Self::Conflict => "conflict",
            Self::UnusableCursor => "unusable-cursor",
            Self::KeyNeeded => "key-needed",
            Self::KeyRefused => "key-refused",
            Self::MediaType => "media-type",
            Self::InvalidEvent => "invalid-event",
            Self::PreconditionFailed => "precondition-failed",
            Self::TooManyRequests => "too-many-requests",
            Self::TooLarge => "too-large",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooManyFilters => "too-many-filters",
            Self::TooManyUploads => "too-many-uploads",
            Self::FiltersFull => "filters-full",
            Self::FormatNotAvailable => "format-not-available",
            Self::StorageFull => "storage-full",
            Self::Unavailable => "unavailable",
            Self::AuditUnavailable => "audit-unavailable",
            Self::SignInNeeded => "sign-in-needed",
            Self::NotYours => "not-yours",
            Self::EditorsOnly => "editors-only",
            Self::FormExpired => "form-expired",
            Self::HttpsNeeded => "https-needed",
            Self::Internal => "internal",
        }
    }
}
