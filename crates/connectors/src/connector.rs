//! The plug point for partners: one kind of interface each.
//!
//! A connector translates and does nothing else: it says what to ask for and turns answers into
//! drafts. It touches no network, no store and no clock; the program's `ingest` layer asks, [`crate::ingest::reconcile`]
//! decides. So one that is right over recorded answers is right.
//!
//! **One more** is a file in [`crate`] with a type that implements [`Connector`], and a
//! line in [`crate::CONNECTORS`]. The command line, `sync --detect`, the tests over every
//! connector and the documentation read that table.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use url::Url;

use calendar_domain::{EventDraft, Lang};

use crate::remark::Remark;

/// One kind of interface that partners have.
pub trait Connector: Sync {
    /// Its name in `partner add --kind`, in `partners.toml` and in answers: `linked_events`.
    fn id(&self) -> &'static str;

    /// What it reads, for people, in a few words.
    fn about(&self) -> &'static str;

    /// How a secret is given to such an interface.
    fn secret(&self) -> SecretUse {
        SecretUse::Password
    }

    /// The first request to a partner at this address. Takes what an operator would paste: the
    /// interface's own address, with or without a query of their own.
    fn first(&self, asking: &Asking<'_>) -> Request {
        Request::to(asking.url.clone())
    }

    /// Reads one answer: events, and what to ask next.
    ///
    /// # Errors
    /// Where the answer as a whole is none of this interface, such as an error in a success's
    /// clothes. An event that cannot be read is a remark, and the rest goes on.
    fn read(&self, answer: &Answer<'_>, asking: &Asking<'_>) -> Result<Page, Unreadable>;

    /// Whether an answer from an unknown address is of this kind, and how that shows.
    fn recognise(&self, answer: &Answer<'_>) -> Option<Recognised>;

    /// Where a site of this kind would have its interface, when only some page of it is known. Asked
    /// in turn when nothing is recognised at the address itself.
    fn guesses(&self, _url: &Url) -> Vec<Url> {
        Vec::new()
    }
}

/// How a secret goes into a request. It is only ever sent to the origin of the partner's own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretUse {
    /// With the user's name, by HTTP's Basic scheme (RFC 7617); without one, as a bearer token.
    Password,
    /// As a bearer token (RFC 6750).
    Bearer,
    /// As a parameter of the query, by this name.
    Query(&'static str),
    /// As a header field, by this name.
    Header(&'static str),
}

/// What a connector knows when it asks and reads.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The partner's address, as configured.
    pub url: &'a Url,
    /// The zone of times that have none of their own.
    pub zone: Tz,
    /// The language of texts that do not say theirs.
    pub language: Lang,
    /// Today, in the region: what lies before it need not be asked for.
    pub today: NaiveDate,
    /// When the run began.
    pub now: DateTime<Utc>,
    /// What [`Page::resume`] said at the end of the last run that was written; none where everything
    /// is to be asked for.
    pub resume: Option<&'a str>,
}

/// Something to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where.
    pub url: Url,
    /// `Accept` (RFC 9110 12.5.1).
    pub accept: &'static str,
    /// What the answer is to be read as, where a connector asks for several kinds of things: a word of
    /// its own, which comes back in [`Answer::purpose`].
    pub purpose: &'static str,
    /// Whether the run goes on without it: a page of details about an event that is known already.
    pub optional: bool,
    /// The origin of the event whose details it gives. Without them a stored event stays as it is.
    pub detail_of: Option<String>,
}

impl Request {
    /// A plain request for JSON or whatever there is.
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

    /// The same for another media type.
    #[must_use]
    pub fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// The same for a purpose.
    #[must_use]
    pub fn for_purpose(self, purpose: &'static str) -> Self {
        Self { purpose, ..self }
    }

    /// The same, without which the run goes on.
    #[must_use]
    pub fn optional(self) -> Self {
        Self {
            optional: true,
            ..self
        }
    }

    /// The same for the details of an event of this origin, without which the run goes on.
    #[must_use]
    pub fn detail_of(self, origin_id: impl Into<String>) -> Self {
        Self {
            optional: true,
            detail_of: Some(origin_id.into()),
            ..self
        }
    }
}

/// What came back. Success only: errors, redirects and «not modified» end in the program's `ingest` layer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Where it came from in the end; relative addresses in it are relative to this.
    pub url: &'a Url,
    /// `Content-Type`, as sent.
    pub media_type: Option<&'a str>,
    /// The body, decompressed.
    pub bytes: &'a [u8],
    /// See [`Request::purpose`].
    pub purpose: &'a str,
}

impl<'a> Answer<'a> {
    /// Whether the media type holds a word such as `json`, whatever its parameters.
    #[must_use]
    pub fn is_said_to_be(&self, word: &str) -> bool {
        self.media_type
            .is_some_and(|it| it.to_ascii_lowercase().contains(word))
    }

    /// The first byte that is no blank and no byte order mark.
    #[must_use]
    pub fn first_byte(&self) -> Option<u8> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf");
        let bytes = bytes.unwrap_or(self.bytes);
        bytes.iter().copied().find(|it| !it.is_ascii_whitespace())
    }
}

/// What an answer said.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The events, in its order. Where one comes again in a later answer of the same run, such as its
    /// page of details, the later one counts.
    pub items: Vec<Item>,
    /// What could not be read, and what was read otherwise than said.
    pub remarks: Vec<Remark>,
    /// What to ask next, in order.
    pub next: Vec<Request>,
    /// Whether all answers of the run together are everything that there is.
    pub listing: Listing,
    /// Whether it tells the latest first, as an outbox does: of what comes again, what was told first
    /// counts then.
    pub latest_first: bool,
    /// Where the next run may go on, if the interface can tell what changed: an instant, a cursor. The
    /// last one of a run counts, and only once the run is written.
    pub resume: Option<String>,
    /// Whether the answer breaks off: what is not in it may still be there, and the next run asks for
    /// everything. A remark says so.
    pub is_truncated: bool,
    /// Origins of events that are not told in full. A stored event stays as it is; a new one is taken with
    /// what is told.
    pub partial: BTreeSet<String>,
}

impl Page {
    /// Of an interface that tells what changed since an instant: what it told now is that, where it was
    /// asked for it, and the next run asks from `margin` before now on. Something may change while a run
    /// goes on, and clocks differ.
    #[must_use]
    pub fn since(mut self, asking: &Asking<'_>, margin: TimeDelta) -> Self {
        if asking.resume.is_some() {
            self.listing = Listing::Changes;
        }
        let since = asking.now - margin;
        self.resume = Some(since.to_rfc3339_opts(SecondsFormat::Secs, true));
        self
    }
}

/// One event of an answer.
#[derive(Debug, Clone)]
pub enum Item {
    /// It is.
    Event(Box<EventDraft>),
    /// It is there, and cannot be read: a remark says why. It is not gone.
    Unread {
        /// What it is called.
        origin_id: String,
    },
    /// The partner says outright that it is no more.
    Gone {
        /// What it was called.
        origin_id: String,
    },
}

/// What it means that an event is not in the answers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Listing {
    /// Everything was told: what is not there is gone.
    #[default]
    Whole,
    /// Everything that begins on this day or before: what lies later may still be there.
    Until(NaiveDate),
    /// Only what changed was told: nothing follows from silence.
    Changes,
}

/// Why an answer could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// That an answer is of a connector's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// How sure that is; among several the surest is taken.
    pub certainty: Certainty,
    /// What it shows by, for the operator: «it has a list `events` with `utc_start_date`».
    pub why: String,
    /// The address to use from now on, where that is another one: of a feed that the page links to.
    pub url: Option<Url>,
}

impl Recognised {
    /// That it looks like it, for a reason.
    #[must_use]
    pub fn likely(why: &str) -> Self {
        Self {
            certainty: Certainty::Likely,
            why: why.to_owned(),
            url: None,
        }
    }
}

/// How sure a recognition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The page only links to something that may be of the kind.
    Linked,
    /// Others may look like that too.
    Likely,
    /// Nothing else looks like that.
    Certain,
}
