//! What kind of interface is at an address, and what would come of it: for an operator who has nothing but
//! a partner's web page.
//!
//! The address itself is asked first, and every connector looks at the answer. The surest counts. A page may
//! link to something better: a calendar, a feed. Where nothing shows at all, the addresses are tried that
//! sites of each kind have.

mod links;

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use url::Url;

use calendar_domain::{EventDraft, Lang};

use crate::http::{Fetched, Fetcher, Outgoing};
use calendar_connectors::CONNECTORS;
use calendar_connectors::connector::{Asking, Certainty, Connector, Item, Recognised, Request};
use calendar_connectors::remark::Remark;
use calendar_connectors::tribe::Tribe;

/// The most requests of one search.
const REQUESTS: usize = 24;
/// Requests that are kept for reading what was found.
const KEPT: usize = 4;
/// The most events that are shown.
const EVENTS: usize = 10;
/// The most remarks that are shown.
const REMARKS: usize = 50;
/// What an address is asked for that nothing is known of.
const ACCEPT: &str = "text/calendar, application/ld+json;q=0.9, application/activity+json;q=0.9, application/json;q=0.8, text/html;q=0.8, application/xml;q=0.7, */*;q=0.5";

/// What a search is made with.
#[derive(Debug, Clone, Copy)]
pub struct DetectContext {
    /// The region's zone, for times without one.
    pub zone: Tz,
    /// The language of texts that do not say theirs.
    pub language: Lang,
    /// Today, in the region.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Detected {
    /// The connector's name.
    pub connector: &'static str,
    /// A sentence that says what it shows by.
    pub why: String,
    /// The address to connect to.
    pub url: Url,
    /// The first events that would be taken, at most ten.
    pub events: Vec<EventDraft>,
    /// What was noticed while reading them.
    pub remarks: Vec<Remark>,
}

/// Something that was tried in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Where.
    pub url: Url,
    /// Why nothing came of it.
    pub why: String,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.url, self.why)
    }
}

/// No connector can read what is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no connector reads {url}; tried:{list}", list = tried.iter().map(|it| format!("\n- {it}")).collect::<String>())]
pub struct DetectError {
    /// The address that was asked about.
    pub url: Url,
    /// Everything that was tried, in order.
    pub tried: Vec<Tried>,
}

/// Finds out what is at an address.
///
/// # Errors
/// Where nothing is, with all that was tried.
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
            for link in links::of(&page.answer("")) {
                let Some(linked) = search.get(&link, ACCEPT).await else {
                    continue;
                };
                let found = search.at(&link, &linked).await;
                best = better(best, found.map(|it| it.linked_from(url)));
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

/// A way that works.
struct Found {
    detected: Detected,
    certainty: Certainty,
}

impl Found {
    fn is_certain(&self) -> bool {
        self.certainty == Certainty::Certain && !self.detected.events.is_empty()
    }

    fn linked_from(mut self, page: &Url) -> Self {
        self.detected.why = format!(
            "{page} links to {}, and {}",
            self.detected.url, self.detected.why
        );
        self
    }
}

/// The better of two ways: a surer one, unless it gives fewer events, as the calendar of a single event
/// does that a whole programme's page links to.
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
    /// What was asked already; none where nothing came.
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

    /// What is at an address; none where nothing is, which is noted.
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
                self.note(url, format!("it answered {}", fetched.status));
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

    /// What the connectors make of an answer: the surest of those that can read it.
    async fn at(&mut self, url: &Url, page: &Arc<Fetched>) -> Option<Found> {
        let answer = page.answer("");
        let recognised = calendar_connectors::recognise(&answer);
        if recognised.is_empty() {
            let what = calendar_connectors::sniff::describe(&answer);
            self.note(url, format!("no connector knows what is there: {what}"));
        }
        for (connector, recognised) in recognised {
            if let Some(found) = self.read(connector, recognised, url).await {
                return Some(found);
            }
        }
        None
    }

    /// The first events by a connector. What it only may lead to events must really do so.
    async fn read(
        &mut self,
        connector: &'static dyn Connector,
        recognised: Recognised,
        url: &Url,
    ) -> Option<Found> {
        let address = recognised.url.unwrap_or_else(|| url.clone());
        let context = self.context;
        let asking = Asking {
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
                "as {}: {}, but none was found",
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

    /// Asks request after request until there are events enough to show.
    async fn first_events(
        &mut self,
        connector: &dyn Connector,
        asking: &Asking<'_>,
    ) -> Result<(Vec<EventDraft>, Vec<Remark>), String> {
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
                    return Err("there was no answer".into());
                }
                continue;
            };
            let page = match connector.read(&fetched.answer(request.purpose), asking) {
                Ok(page) => page,
                Err(error) if first => return Err(error.to_string()),
                Err(error) => {
                    remarks.push(Remark::warning(request.url.as_str(), error.to_string()));
                    continue;
                }
            };
            first = false;
            remarks.extend(page.remarks);
            for item in page.items {
                let (origin, draft) = match item {
                    Item::Event(draft) => (draft.origin_id.clone(), Some(draft)),
                    Item::Gone { origin_id } | Item::Unread { origin_id } => (origin_id, None),
                };
                if known.insert(origin) {
                    events.extend(draft.map(|it| *it));
                }
            }
            if events.len() >= EVENTS || self.left == 0 {
                break;
            }
            waiting.extend(page.next);
        }
        events.truncate(EVENTS);
        remarks.truncate(REMARKS);
        Ok((events, remarks))
    }

    /// The interface of The Events Calendar, where a file of its was found: the file has fewer events, and
    /// identities that change with their times.
    async fn of_the_events_calendar(&mut self, found: &Found) -> Option<Found> {
        let url = found.detected.url.clone();
        let file = self.answers.get(&url)?.clone()?;
        let is_theirs = links::by_the_events_calendar(&file.bytes);
        if found.detected.connector != "ics" || !is_theirs {
            return None;
        }
        for guess in Tribe.guesses(&url) {
            let Some(page) = self.get(&guess, ACCEPT).await else {
                continue;
            };
            let found = self.at(&guess, &page).await;
            let found = found.filter(|it| it.detected.connector == Tribe.id() && it.is_certain());
            if let Some(found) = found {
                return Some(found.linked_from(&url));
            }
        }
        None
    }

    /// The addresses that sites of each kind have, on the same origin.
    async fn guess(&mut self, url: &Url) -> Option<Found> {
        let guesses = CONNECTORS.iter().flat_map(|it| it.guesses(url));
        let mut guesses: Vec<Url> = guesses.filter(|it| it.origin() == url.origin()).collect();
        let mut once = HashSet::new();
        guesses.retain(|it| once.insert(it.clone()) && it != url);
        let mut best = None;
        for guess in guesses {
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
