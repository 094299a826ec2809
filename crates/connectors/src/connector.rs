//! The [`Connector`] trait and its types.
//!
//! A connector states which requests to make and parses the responses into drafts. It accesses no network,
//! store or clock: the program's `ingest` layer makes the requests, and its `reconcile` module decides what
//! to store. Recorded responses therefore test a connector completely.
//!
//! To add a connector, implement [`Connector`] in a module of [`crate`] and add a row to
//! [`crate::CONNECTORS`]. The command line, `sync --detect`, the tests of all connectors and the
//! documentation read that table.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use url::Url;

use calendar_domain::{EventDraft, Lang};

use crate::diagnostic::Diagnostic;

/// A parser of one kind of partner interface.
///
/// ```
/// use calendar_connectors::connector::{Connector, FetchContext, ParsedItem, PartnerResponse};
/// use calendar_connectors::ics::IcsConnector;
/// use calendar_domain::Lang;
/// use url::Url;
///
/// let url = Url::parse("https://example.org/all.ics").unwrap();
/// let context = FetchContext {
///     url: &url,
///     zone: chrono_tz::Europe::Oslo,
///     language: Lang::Nb,
///     today: "2027-03-01".parse().unwrap(),
///     now: "2027-03-01T12:00:00Z".parse().unwrap(),
///     resume: None,
/// };
/// assert_eq!(IcsConnector.first(&context).url, url);
///
/// let response = PartnerResponse {
///     url: &url,
///     media_type: Some("text/calendar"),
///     bytes: b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n\
///         SUMMARY:Vinterkonsert\r\nDTSTART:20270310T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
///     purpose: "",
/// };
/// let page = IcsConnector.read(&response, &context).unwrap();
/// let ParsedItem::Event(draft) = &page.items[0] else { panic!("{:?}", page.remarks) };
/// assert_eq!(draft.title.get(Lang::Nb), "Vinterkonsert");
/// ```
pub trait Connector: Sync {
    /// Returns the name used in `partner add --kind`, in `partners.toml` and in output, for example
    /// `linked_events`.
    fn id(&self) -> &'static str;

    /// Returns a short description of what the connector reads.
    fn about(&self) -> &'static str;

    /// Returns how the interface expects a secret.
    fn secret(&self) -> SecretUse {
        SecretUse::Password
    }

    /// Returns the first request to the partner. The configured address is the interface's own, with or
    /// without a query from the operator.
    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking.url.clone())
    }

    /// Returns the address to store for the one that an operator entered. The address of a site is completed if the
    /// interface has a fixed path.
    ///
    /// # Errors
    /// Returns the reason and the correct address if nothing at this address can be read.
    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(url.clone())
    }

    /// Parses a response into events and further requests.
    ///
    /// # Errors
    /// Errors if the whole response is not of this interface, for example an error page with status 200. An
    /// unreadable event becomes a remark and the others are kept.
    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable>;

    /// Returns whether a response from an unknown address is of this kind, and the reason.
    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection>;

    /// Returns addresses at which a site of this kind may have its interface, given any page of the site.
    /// They are tried in order if the address itself is not recognized.
    fn candidate_urls(&self, _url: &Url) -> Vec<Url> {
        Vec::new()
    }
}

/// How a secret is sent. It is sent only to the origin of the partner's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretUse {
    /// HTTP Basic with the user's name (RFC 7617), or a bearer token without one.
    Password,
    /// A bearer token (RFC 6750).
    Bearer,
    /// A query parameter with this name.
    Query(&'static str),
    /// A header field with this name.
    Header(&'static str),
}

/// The context of a connector's requests and parsing.
#[derive(Debug, Clone, Copy)]
pub struct FetchContext<'a> {
    /// The partner's address, as configured.
    pub url: &'a Url,
    /// The zone of times without one.
    pub zone: Tz,
    /// The language of texts without one.
    pub language: Lang,
    /// The current date in the region. Events before it need not be requested.
    pub today: NaiveDate,
    /// The start of the run (UTC).
    pub now: DateTime<Utc>,
    /// [`ParsedPage::resume`] of the last run that was stored; `None` to request everything.
    pub resume: Option<&'a str>,
}

/// A request to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// The `Accept` header (RFC 9110 section 12.5.1).
    pub accept: &'static str,
    /// A connector-specific label of what the response is, returned in [`PartnerResponse::purpose`]. Empty if the
    /// connector makes only one kind of request.
    pub purpose: &'static str,
    /// Whether the run continues if the request fails, as for a page with details of an already known event.
    pub optional: bool,
    /// The origin id of the event whose details are requested. If the request fails, a stored event stays as
    /// it is.
    pub detail_of: Option<String>,
}

impl Request {
    /// Creates a request for JSON or any other type.
    #[must_use]
    pub fn to(url: Url) -> Self {
        Self {
            url,
            accept: "application/json, */*;q=0.5",
            purpose: "",
            optional: false,
            detail_of: None,
        }
    }

    /// Sets the `Accept` header.
    #[must_use]
    pub fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// Sets the purpose.
    #[must_use]
    pub fn for_purpose(self, purpose: &'static str) -> Self {
        Self { purpose, ..self }
    }

    /// Makes the request optional: the run continues if it fails.
    #[must_use]
    pub fn optional(self) -> Self {
        Self {
            optional: true,
            ..self
        }
    }

    /// Makes this an optional request for details of the event with this origin id.
    #[must_use]
    pub fn detail_of(self, origin_id: impl Into<String>) -> Self {
        Self {
            optional: true,
            detail_of: Some(origin_id.into()),
            ..self
        }
    }
}

/// A successful response. Errors, redirects and status 304 are handled by the program's `ingest` layer.
#[derive(Debug, Clone, Copy)]
pub struct PartnerResponse<'a> {
    /// The final address, after redirects. Relative addresses are resolved against it.
    pub url: &'a Url,
    /// The `Content-Type`, as sent.
    pub media_type: Option<&'a str>,
    /// The decompressed body.
    pub bytes: &'a [u8],
    /// The purpose of the request ([`Request::purpose`]).
    pub purpose: &'a str,
}

impl<'a> PartnerResponse<'a> {
    /// Returns true if the media type contains `word`, ignoring case. `word` must be in lower case.
    #[must_use]
    pub fn is_said_to_be(&self, word: &str) -> bool {
        self.media_type
            .is_some_and(|media_type| media_type.to_ascii_lowercase().contains(word))
    }

    /// Returns the first byte after a byte order mark and white space.
    #[must_use]
    pub fn first_byte(&self) -> Option<u8> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf");
        let bytes = bytes.unwrap_or(self.bytes);
        bytes
            .iter()
            .copied()
            .find(|bytes| !bytes.is_ascii_whitespace())
    }
}

/// The content of a response.
#[derive(Debug, Clone, Default)]
pub struct ParsedPage {
    /// The events in the response's order. If a later response of the run has the same event, for example
    /// with its details, the later one is used.
    pub items: Vec<ParsedItem>,
    /// What could not be read, or was read with a correction.
    pub remarks: Vec<Diagnostic>,
    /// Further requests, in order.
    pub next: Vec<Request>,
    /// What all responses of the run together cover.
    pub listing: Listing,
    /// Whether the newest items are first, as in an outbox. The first item about an event is then used
    /// instead of the last.
    pub latest_first: bool,
    /// The position from which the next run may continue, such as a time or a cursor, if the interface
    /// supports it. The last one of a run is used, once the run has been stored.
    pub resume: Option<String>,
    /// Whether the response is truncated, which a remark also reports. Missing events may still exist, and
    /// the next run requests everything.
    pub is_truncated: bool,
    /// Origin ids of incompletely read events. Stored events stay as they are; new ones are stored as read.
    pub partial: BTreeSet<String>,
}

impl ParsedPage {
    /// Completes the page of an interface that can list changes since a time. The listing is
    /// [`Listing::Changes`] if this run resumed an earlier one. The next run requests changes since `margin`
    /// before the start of this run, because data may change during a run and clocks differ.
    #[must_use]
    pub fn since(mut self, asking: &FetchContext<'_>, margin: TimeDelta) -> Self {
        if asking.resume.is_some() {
            self.listing = Listing::Changes;
        }
        let since = asking.now - margin;
        self.resume = Some(since.to_rfc3339_opts(SecondsFormat::Secs, true));
        self
    }
}

/// An event in a response.
#[derive(Debug, Clone)]
pub enum ParsedItem {
    /// A readable event.
    Event(Box<EventDraft>),
    /// An event that exists but can't be read; a remark gives the reason. It is not deleted.
    Unread {
        /// The event's origin id.
        origin_id: String,
    },
    /// An event that the partner explicitly reports as deleted.
    Gone {
        /// The event's origin id.
        origin_id: String,
    },
}

/// What the absence of an event from a run means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Listing {
    /// The run is complete: absent events are deleted.
    #[default]
    Whole,
    /// The run covers events that begin up to this date: later events may still exist.
    Until(NaiveDate),
    /// The run covers only changes: absence means nothing.
    Changes,
}

/// Why a response could not be parsed at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// A response was recognized as a connector's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// The certainty. Of several connectors the most certain one is used.
    pub certainty: Certainty,
    /// The reason, for the operator: «it has a list `events` with `utc_start_date`».
    pub why: String,
    /// The address to use instead, for example of a feed that the page links to.
    pub url: Option<Url>,
}

impl Detection {
    /// Returns a recognition with [`Certainty::Likely`].
    #[must_use]
    pub fn likely(why: &str) -> Self {
        Self {
            certainty: Certainty::Likely,
            why: why.to_owned(),
            url: None,
        }
    }
}

/// The certainty of a recognition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The page only links to something that may be of the kind.
    Linked,
    /// Other kinds may look the same.
    Likely,
    /// No other kind looks like this.
    Certain,
}
