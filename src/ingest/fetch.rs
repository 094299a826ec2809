//! Sends the requests of one run, until the connector has no more.

mod error;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::header::{self, HeaderName, HeaderValue};
use url::Url;

use calendar_domain::Validators;
use calendar_domain::redaction::{AddressSecrets, without_secrets};
use calendar_ical::finding::Severity;

use crate::http::credential::{Credential, remove_from_links};
use crate::http::{FetchError, Fetched, Fetcher, Outgoing};
use calendar_connectors::connector::{
    Connector, FetchContext, Listing, ParsedItem, ParsedPage, Request, Unreadable,
};
use calendar_connectors::diagnostic::Diagnostic;
use calendar_connectors::parse::title;

pub use error::FetchAllError;

/// Maximum number of requests in one run.
const REQUESTS: usize = 2_000;
/// Maximum number of events in one run.
const EVENTS: usize = 100_000;
/// Maximum number of remarks kept from one run.
const REMARKS: usize = 1_000;
/// Longest `Retry-After` that a run waits out. A longer one ends the run.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything that a partner returned in one run.
#[derive(Debug, Clone, Default)]
pub struct FetchedBatch {
    /// The items, one per origin.
    pub items: Vec<ParsedItem>,
    /// Remarks about the responses.
    pub remarks: Vec<Diagnostic>,
    /// Whether the items are all that the partner has.
    pub listing: Listing,
    /// Cursor for the next run.
    pub resume: Option<String>,
    /// Validators of the response by URL, if the run was a single request.
    pub validators: BTreeMap<String, Validators>,
    /// Number of requests sent.
    pub requests: usize,
    /// Origins of incomplete events: the request for their details failed, or the response is truncated. See
    /// [`FetchedBatch::without_partial_updates`].
    pub partial: BTreeSet<String>,
}

impl FetchedBatch {
    /// Returns the number of unreadable items without an identifiable event.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        let left_out = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        let known = |item: &&ParsedItem| matches!(item, ParsedItem::Unread { origin_id } if !self.partial.contains(origin_id));
        let left_out = self.remarks.iter().filter(left_out).count();
        left_out.saturating_sub(self.items.iter().filter(known).count())
    }
}

/// The outcome of a fetch.
#[derive(Debug, Clone)]
pub enum FetchOutcome {
    /// The partner returned items.
    Fetched(Box<FetchedBatch>),
    /// The partner reports no change since the last run.
    NotModified,
}

/// Fetches everything a partner has. `known` holds the validators of the previous run's responses.
///
/// # Errors
/// See [`FetchAllError`]. An unfinished run returns no items, so that a partial response is never taken for a whole
/// one.
pub async fn ask(
    fetcher: &Fetcher,
    connector: &dyn Connector,
    credential: Option<&Credential>,
    asking: &FetchContext<'_>,
    known: &BTreeMap<String, Validators>,
) -> Result<FetchOutcome, FetchAllError> {
    let mut run = Run {
        fetcher,
        credential,
        address_secrets: AddressSecrets::default(),
        began: (asking.now, Instant::now()),
        told: FetchedBatch::default(),
        places: HashMap::new(),
        is_truncated: false,
        failure: None,
    };
    run.address_secrets.add(asking.url);
    let first = connector.first(asking);
    let mut done: HashSet<(Url, &'static str)> = HashSet::new();
    let mut waiting = VecDeque::from([first]);
    while let Some(request) = waiting.pop_front() {
        if !done.insert((request.url.clone(), request.purpose)) {
            continue;
        }
        if run.told.requests == REQUESTS {
            return Err(FetchAllError::TooMuch {
                what: "pages",
                limit: REQUESTS,
            });
        }
        let validators = known.get(request.url.as_str());
        let fetched = match run.fetch(&request, validators).await {
            Ok(Some(fetched)) => fetched,
            Ok(None) => return Ok(FetchOutcome::NotModified),
            Err(error) if request.optional => {
                run.go_on_without(&request, error.into());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        run.address_secrets.add(&request.url);
        run.address_secrets.add(&fetched.url);
        let page = read(connector, &request, &fetched, asking);
        let page = page.map_err(|error| error.without(credential));
        let page = match page {
            Ok(page) => page,
            Err(error) if request.optional => {
                run.go_on_without(&request, error);
                continue;
            }
            Err(error) => return Err(error),
        };
        let page = match &request.detail_of {
            None => page,
            Some(origin) => match of_one(page, origin) {
                Some(page) => page,
                None => {
                    let error = not_of(&fetched, connector, origin);
                    run.go_on_without(&request, error);
                    continue;
                }
            },
        };
        run.note_validators(&request, &fetched);
        waiting.extend(run.take(page)?);
    }
    Ok(FetchOutcome::Fetched(Box::new(run.finish()?)))
}

/// Reduces a page of details to the event it was requested for. Returns `None` if the page does not describe
/// it.
fn of_one(mut page: ParsedPage, origin: &str) -> Option<ParsedPage> {
    // An event identified by its URL may have another id on its own page.
    if Url::parse(origin).is_ok() {
        return Some(page);
    }
    page.items.retain(|item| match item {
        ParsedItem::Event(draft) => draft.origin_id == origin,
        ParsedItem::Gone { origin_id } | ParsedItem::Unread { origin_id } => origin_id == origin,
    });
    let tells = |item: &ParsedItem| !matches!(item, ParsedItem::Unread { .. });
    page.items.iter().any(tells).then_some(page)
}

fn not_of(fetched: &Fetched, connector: &dyn Connector, origin: &str) -> FetchAllError {
    FetchAllError::Unreadable {
        url: Box::new(fetched.url.clone()),
        connector: connector.id(),
        why: Unreadable(format!("it does not contain event {}", title(origin))),
    }
}

fn read(
    connector: &dyn Connector,
    request: &Request,
    fetched: &Fetched,
    asking: &FetchContext<'_>,
) -> Result<ParsedPage, FetchAllError> {
    let page = if fetched.bytes.trim_ascii().is_empty() {
        Err(Unreadable("the response is empty".into()))
    } else {
        connector.read(&fetched.answer(request.purpose), asking)
    };
    page.map_err(|why| FetchAllError::Unreadable {
        url: Box::new(fetched.url.clone()),
        connector: connector.id(),
        why,
    })
}

struct Run<'a> {
    fetcher: &'a Fetcher,
    credential: Option<&'a Credential>,
    /// Secrets in the partner's address and in those that it redirects to.
    address_secrets: AddressSecrets,
    /// Start of the run, by the calendar's clock and by a monotonic one.
    began: (DateTime<Utc>, Instant),
    told: FetchedBatch,
    /// Index in `told.items` by origin.
    places: HashMap<String, usize>,
    /// Whether a response is truncated.
    is_truncated: bool,
    /// The first failure of a request for details.
    failure: Option<FetchAllError>,
}

impl Run<'_> {
    /// Returns the current time: a run may last minutes.
    fn now(&self) -> DateTime<Utc> {
        let (began, since) = self.began;
        let passed = TimeDelta::from_std(since.elapsed()).unwrap_or_default();
        began.checked_add_signed(passed).unwrap_or(began)
    }

    /// Fetches a URL. Returns `None` if it is unmodified.
    async fn fetch(
        &mut self,
        request: &Request,
        validators: Option<&Validators>,
    ) -> Result<Option<Fetched>, FetchError> {
        let mut outgoing = Outgoing::get(&request.url, request.accept);
        outgoing.credential = self.credential;
        let mut field = |name: HeaderName, value: &Option<String>| {
            let value = value.as_deref().map(HeaderValue::from_str);
            if let Some(Ok(value)) = value {
                outgoing.fields.insert(name, value);
            }
        };
        if let Some(validators) = validators {
            field(header::IF_NONE_MATCH, &validators.etag);
            field(header::IF_MODIFIED_SINCE, &validators.last_modified);
        }
        for waited in [false, true] {
            self.told.requests += 1;
            let fetched = self.fetcher.send(&outgoing).await?;
            let wait = fetched.retry_after(self.now());
            match fetched.status {
                StatusCode::NOT_MODIFIED if validators.is_some() => return Ok(None),
                status if status.is_success() => return Ok(Some(fetched)),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
                    if !waited && wait.is_some_and(|wait| wait <= PATIENCE) =>
                {
                    rocket::tokio::time::sleep(wait.unwrap_or_default()).await;
                }
                status => {
                    return Err(FetchError::Status {
                        url: fetched.url,
                        status,
                        retry_after: wait,
                    });
                }
            }
        }
        unreachable!("the second round always returns")
    }

    fn note_validators(&mut self, request: &Request, fetched: &Fetched) {
        let text = |name| fetched.field(name).map(str::to_owned);
        let validators = Validators {
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
        };
        if validators != Validators::default() {
            let url = request.url.to_string();
            self.told.validators.insert(url, validators);
        }
    }

    fn remark(&mut self, mut remark: Diagnostic) {
        for text in [&mut remark.detail, &mut remark.at] {
            if let Some(credential) = self.credential {
                *text = credential.hidden_in(text);
            }
            *text = without_secrets(text);
        }
        if self.told.remarks.len() < REMARKS {
            self.told.remarks.push(remark);
        }
    }

    /// Records the failure of an optional request.
    fn go_on_without(&mut self, request: &Request, error: FetchAllError) {
        let consequence = match &request.detail_of {
            Some(origin) => {
                self.told.partial.insert(origin.clone());
                format!(
                    "; without these details the stored event {} stays unchanged, and a new event uses the \
                     list's data if they suffice",
                    title(origin)
                )
            }
            None => String::new(),
        };
        self.remark(Diagnostic::warning(
            without_secrets(request.url.as_str()),
            format!("{error}{consequence}"),
        ));
        if request.detail_of.is_some() {
            self.failure.get_or_insert(error);
        }
    }

    /// Returns the batch. An incomplete one has no cursor, so that the next run starts over.
    ///
    /// Errors with the first failure if no event could be read because the requests for details failed.
    fn finish(self) -> Result<FetchedBatch, FetchAllError> {
        let mut told = self.told;
        let is_read = |item: &ParsedItem| matches!(item, ParsedItem::Event(_));
        let is_unread = |item: &ParsedItem| matches!(item, ParsedItem::Unread { origin_id } if told.partial.contains(origin_id));
        if let Some(failure) = self.failure
            && told.items.iter().any(is_unread)
            && !told.items.iter().any(is_read)
        {
            return Err(failure);
        }
        let whole = !self.is_truncated && told.partial.is_empty();
        if told.requests > 1 || !whole {
            // An unmodified first page says nothing about the others.
            told.validators.clear();
        }
        if self.is_truncated {
            told.listing = Listing::Changes;
        }
        if !whole {
            told.resume = None;
        }
        Ok(told)
    }

    /// Adds a page to the batch, and returns the requests that follow from it.
    fn take(&mut self, page: ParsedPage) -> Result<Vec<Request>, FetchAllError> {
        for remark in page.remarks {
            self.remark(remark);
        }
        self.is_truncated |= page.is_truncated;
        self.told.partial.extend(page.partial);
        // A repeated mention with a pending request for its details does not replace the earlier item.
        let details: HashSet<&String> = page
            .next
            .iter()
            .filter_map(|next| next.detail_of.as_ref())
            .collect();
        for mut item in page.items {
            if let ParsedItem::Event(draft) = &mut item {
                remove_from_links(draft, self.credential, &self.address_secrets);
            }
            let (origin, is_named) = match &item {
                ParsedItem::Event(draft) => (&draft.origin_id, false),
                ParsedItem::Gone { origin_id } => (origin_id, false),
                ParsedItem::Unread { origin_id } => (origin_id, details.contains(origin_id)),
            };
            if let Some(place) = self.places.get(origin) {
                if !page.latest_first && !is_named {
                    self.told.items[*place] = item;
                }
            } else {
                self.places.insert(origin.clone(), self.told.items.len());
                self.told.items.push(item);
            }
        }
        if self.told.items.len() > EVENTS {
            return Err(FetchAllError::TooMuch {
                what: "events",
                limit: EVENTS,
            });
        }
        self.told.listing = match (self.told.listing, page.listing) {
            (Listing::Changes, _) | (_, Listing::Changes) => Listing::Changes,
            (Listing::Until(a), Listing::Until(b)) => Listing::Until(a.min(b)),
            (Listing::Until(day), Listing::Whole) | (Listing::Whole, Listing::Until(day)) => {
                Listing::Until(day)
            }
            (Listing::Whole, Listing::Whole) => Listing::Whole,
        };
        if page.resume.is_some() {
            self.told.resume = page.resume;
        }
        Ok(page.next)
    }
}
