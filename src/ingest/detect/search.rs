//! Searches a website for a source of events.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use url::Url;

use super::links;
use crate::http::{Fetched, Fetcher, Outgoing};
use calendar_connectors::CONNECTORS;
use calendar_connectors::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, Request,
};
use calendar_connectors::diagnostic::Diagnostic;
use calendar_connectors::tribe::Tribe;
use calendar_domain::redaction::without_secrets;
use calendar_domain::{EventDraft, Lang};

/// Maximum number of requests in one search.
const REQUESTS: usize = 24;

/// Number of requests reserved for reading what was found.
const KEPT: usize = 4;

/// Maximum number of events returned.
const EVENTS: usize = 10;

/// Maximum number of remarks returned.
const REMARKS: usize = 50;

/// The `Accept` field for an address of unknown kind.
const ACCEPT: &str = "text/calendar, application/ld+json;q=0.9, application/activity+json;q=0.9, application/json;q=0.8, text/html;q=0.8, application/xml;q=0.7, */*;q=0.5";

/// Context of a search.
#[derive(Debug, Clone, Copy)]
pub struct DetectContext {
    /// The region's zone, for times without one.
    pub zone: Tz,
    /// Language of texts that do not declare one.
    pub language: Lang,
    /// Current date in the region.
    pub today: NaiveDate,
    /// Current time.
    pub now: DateTime<Utc>,
}

/// A detected interface.
#[derive(Debug, Clone)]
pub struct Detected {
    /// Id of the connector.
    pub connector: &'static str,
    /// Sentence that says what was recognized.
    pub why: String,
    /// Address to connect to.
    pub url: Url,
    /// The first events, at most ten.
    pub events: Vec<EventDraft>,
    /// Remarks from reading the events.
    pub remarks: Vec<Diagnostic>,
}

/// An address that was tried without success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The address.
    pub url: Url,
    /// Reason for the failure.
    pub why: String,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = without_secrets(self.url.as_str());
        write!(f, "{url}: {}", without_secrets(&self.why))
    }
}

/// No connector reads the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no connector reads {}; tried:{list}", without_secrets(url.as_str()), list = tried.iter().map(|tried| format!("\n- {tried}")).collect::<String>())]
pub struct DetectError {
    /// The requested address.
    pub url: Url,
    /// All attempts, in order.
    pub tried: Vec<Tried>,
}

/// Detects the interface at an address.
///
/// # Errors
/// Returns all attempts if no connector reads the address.
pub async fn detect(
    fetcher: &Fetcher,
    url: &Url,
    context: &DetectContext,
) -> Result<Detected, DetectError> {
    let mut search = Search {
        fetcher,
        context,
        answers: HashMap::new(),
        tried: Vec::new(),
        left: REQUESTS,
    };
    let mut best = None;
    if let Some(page) = search.get(url, ACCEPT).await {
        best = search.at(url, &page).await;
        if !best.as_ref().is_some_and(Found::is_certain) {
            for link in links::feed_links(&page.answer("")) {
                let Some(linked) = search.get(&link, ACCEPT).await else {
                    continue;
                };
                let found = search.at(&link, &linked).await;
                best = better(best, found.map(|value| value.linked_from(url)));
                if best.as_ref().is_some_and(Found::is_certain) {
                    break;
                }
            }
        }
    }
    if best.is_none() {
        best = search.guess(url).await;
    }
    if let Some(found) = &best
        && let Some(interface) = search.of_the_events_calendar(found).await
    {
        best = Some(interface);
    }
    match best {
        Some(found) => Ok(found.detected),
        None => Err(DetectError {
            url: url.clone(),
            tried: search.tried,
        }),
    }
}

/// A detection that yields a readable page.
struct Found {
    detected: Detected,
    certainty: Certainty,
}

impl Found {
    fn is_certain(&self) -> bool {
        self.certainty == Certainty::Certain && !self.detected.events.is_empty()
    }

    fn linked_from(mut self, page: &Url) -> Self {
        let page = without_secrets(page.as_str());
        let url = without_secrets(self.detected.url.as_str());
        self.detected.why = format!("{page} links to {url}, and {}", self.detected.why);
        self
    }
}

/// Returns the better of two detections: the more certain one, unless it gives fewer events. A programme's page
/// may link to the calendar file of a single event.
fn better(first: Option<Found>, second: Option<Found>) -> Option<Found> {
    match (first, second) {
        (Some(first), Some(second)) => {
            let more = second.detected.events.len() >= first.detected.events.len();
            let surer = second.certainty > first.certainty && more;
            Some(if surer || first.detected.events.is_empty() && more {
                second
            } else {
                first
            })
        }
        (first, second) => first.or(second),
    }
}

struct Search<'a> {
    fetcher: &'a Fetcher,
    context: &'a DetectContext,
    /// Responses by URL; `None` if the request failed.
    answers: HashMap<Url, Option<Arc<Fetched>>>,
    tried: Vec<Tried>,
    left: usize,
}

impl Search<'_> {
    fn note(&mut self, url: &Url, why: impl Into<String>) {
        self.tried.push(Tried {
            url: url.clone(),
            why: why.into(),
        });
    }

    /// Requests a URL once. Records a failure and returns `None`.
    async fn get(&mut self, url: &Url, accept: &'static str) -> Option<Arc<Fetched>> {
        if let Some(known) = self.answers.get(url) {
            return known.clone();
        }
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let fetched = match self.fetcher.send(&Outgoing::get(url, accept)).await {
            Ok(fetched) if fetched.status.is_success() => Some(Arc::new(fetched)),
            Ok(fetched) => {
                self.note(url, format!("it responded {}", fetched.status));
                None
            }
            Err(error) => {
                self.note(url, error.to_string());
                None
            }
        };
        self.answers.insert(url.clone(), fetched.clone());
        fetched
    }

    /// Returns the most certain detection in a response that can be read.
    async fn at(&mut self, url: &Url, page: &Arc<Fetched>) -> Option<Found> {
        let answer = page.answer("");
        let recognised = calendar_connectors::recognise(&answer);
        if recognised.is_empty() {
            let what = calendar_connectors::sniff::describe(&answer);
            self.note(url, format!("no connector recognises the content: {what}"));
        }
        for (connector, recognised) in recognised {
            if let Some(found) = self.read(connector, recognised, url).await {
                return Some(found);
            }
        }
        None
    }

    /// Reads the first events by a connector. A detection of certainty `Linked` counts only if there are
    /// events.
    async fn read(
        &mut self,
        connector: &'static dyn Connector,
        recognised: Detection,
        url: &Url,
    ) -> Option<Found> {
        let address = recognised.url.unwrap_or_else(|| url.clone());
        let context = self.context;
        let asking = FetchContext {
            url: &address,
            zone: context.zone,
            language: context.language,
            today: context.today,
            now: context.now,
            resume: None,
        };
        let read = match self.first_events(connector, &asking).await {
            Ok(read) => read,
            Err(why) => {
                self.note(&address, format!("as {}: {why}", connector.id()));
                return None;
            }
        };
        if read.0.is_empty() && recognised.certainty == Certainty::Linked {
            let why = format!(
                "as {}: {}, but it found none",
                connector.id(),
                recognised.why
            );
            self.note(&address, why);
            return None;
        }
        Some(Found {
            certainty: recognised.certainty,
            detected: Detected {
                connector: connector.id(),
                why: recognised.why,
                url: address,
                events: read.0,
                remarks: read.1,
            },
        })
    }

    /// Sends the connector's requests until there are enough events.
    async fn first_events(
        &mut self,
        connector: &dyn Connector,
        asking: &FetchContext<'_>,
    ) -> Result<(Vec<EventDraft>, Vec<Diagnostic>), String> {
        let mut events: Vec<EventDraft> = Vec::new();
        let mut remarks = Vec::new();
        let mut known = HashSet::new();
        let mut waiting: VecDeque<Request> = VecDeque::from([connector.first(asking)]);
        let mut first = true;
        let mut asked: HashSet<(Url, &'static str)> = HashSet::new();
        while let Some(request) = waiting.pop_front() {
            if !asked.insert((request.url.clone(), request.purpose)) {
                continue;
            }
            let Some(fetched) = self.get(&request.url, request.accept).await else {
                if first {
                    return Err("no response".into());
                }
                continue;
            };
            let page = match connector.read(&fetched.answer(request.purpose), asking) {
                Ok(page) => page,
                Err(error) if first => return Err(error.to_string()),
                Err(error) => {
                    remarks.push(Diagnostic::warning(request.url.as_str(), error.to_string()));
                    continue;
                }
            };
            first = false;
            remarks.extend(page.remarks);
            for item in page.items {
                let (origin, draft) = match item {
                    ParsedItem::Event(draft) => (draft.origin_id.clone(), Some(draft)),
                    ParsedItem::Gone { origin_id } | ParsedItem::Unread { origin_id } => {
                        (origin_id, None)
                    }
                };
                if known.insert(origin) {
                    events.extend(draft.map(|draft| *draft));
                }
            }
            if events.len() >= EVENTS || self.left == 0 {
                break;
            }
            waiting.extend(page.next);
        }
        events.truncate(EVENTS);
        remarks.truncate(REMARKS);
        for remark in &mut remarks {
            remark.at = without_secrets(&remark.at);
            remark.detail = without_secrets(&remark.detail);
        }
        Ok((events, remarks))
    }

    /// Returns the interface of The Events Calendar if `found` is a calendar file of it. The file has fewer
    /// events, and its identifiers change with the times.
    async fn of_the_events_calendar(&mut self, found: &Found) -> Option<Found> {
        let url = found.detected.url.clone();
        let file = self.answers.get(&url)?.clone()?;
        let is_theirs = links::by_the_events_calendar(&file.bytes);
        if found.detected.connector != "ics" || !is_theirs {
            return None;
        }
        for guess in Tribe.candidate_urls(&url) {
            let Some(page) = self.get(&guess, ACCEPT).await else {
                continue;
            };
            let found = self.at(&guess, &page).await;
            let found =
                found.filter(|found| found.detected.connector == Tribe.id() && found.is_certain());
            if let Some(found) = found {
                return Some(found.linked_from(&url));
            }
        }
        None
    }

    /// Tries the usual addresses of each kind of site, on the same origin.
    async fn guess(&mut self, url: &Url) -> Option<Found> {
        let candidate_urls = CONNECTORS
            .iter()
            .flat_map(|connector| connector.candidate_urls(url));
        let mut candidate_urls: Vec<Url> = candidate_urls
            .filter(|candidate_url| candidate_url.origin() == url.origin())
            .collect();
        let mut once = HashSet::new();
        candidate_urls
            .retain(|candidate_url| once.insert(candidate_url.clone()) && candidate_url != url);
        let mut best = None;
        for guess in candidate_urls {
            if self.left <= KEPT {
                break;
            }
            let Some(page) = self.get(&guess, ACCEPT).await else {
                continue;
            };
            let found = self.at(&guess, &page).await;
            best = better(best, found);
            if best.as_ref().is_some_and(Found::is_certain) {
                break;
            }
        }
        best
    }
}
