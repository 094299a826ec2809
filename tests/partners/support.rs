//! Shared code of the connector tests: fixtures, real payloads, and requests.

mod partner;

use std::path::{Path, PathBuf};

use calendar_connectors::connector::{
    Connector, FetchContext, Listing, ParsedItem, ParsedPage, PartnerResponse, Unreadable,
};
use calendar_connectors::diagnostic::Diagnostic;
use calendar_connectors::{CONNECTORS, find};
use calendar_domain::{EventDraft, Lang};
use elverum_calendar::ingest::fetch::{self, FetchAllError, FetchOutcome};
use serde::Serialize;
use serde_json::Value;
use url::Url;

pub use partner::{Partner, Reply, Request};

/// Returns a connector by id.
pub fn connector(id: &str) -> &'static dyn Connector {
    find(&id.parse().expect("a connector's name")).expect("there is such a connector")
}

/// The fetch context of all tests: a region in Norway on 15 January 2027 at noon UTC.
pub fn asking(url: &Url) -> FetchContext<'_> {
    FetchContext {
        url,
        zone: chrono_tz::Europe::Oslo,
        language: Lang::Nb,
        today: "2027-01-15".parse().expect("a day"),
        now: "2027-01-15T12:00:00Z".parse().expect("an instant"),
        resume: None,
    }
}

/// Parses a URL.
pub fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

/// Reads a file of `tests/partners/fixtures`.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = fixtures().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/partners/fixtures")
}

/// Returns all fixtures: connector (the name of the folder), path, bytes.
pub fn all_fixtures() -> Vec<(String, PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for (id, folder) in CONNECTORS
        .iter()
        .map(|connector| (connector.id(), fixtures().join(connector.id())))
    {
        let Ok(files) = std::fs::read_dir(folder) else {
            continue;
        };
        for file in files {
            let path = file.expect("the folder can be listed").path();
            let bytes = std::fs::read(&path).expect("the fixture can be read");
            found.push((id.to_owned(), path, bytes));
        }
    }
    found.sort();
    found
}

/// Reads a real payload from `partners/samples` of the corpus. Tests that use it are ignored by default.
pub fn sample(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    let path = Path::new(&folder).join("partners/samples").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a response by a connector.
pub fn read(id: &str, from: &str, bytes: &[u8], purpose: &str) -> Result<ParsedPage, Unreadable> {
    let from = url(from);
    read_asking(id, &from, bytes, purpose, &asking(&from))
}

/// Does the same with another fetch context.
pub fn read_asking(
    id: &str,
    from: &Url,
    bytes: &[u8],
    purpose: &str,
    asking: &FetchContext<'_>,
) -> Result<ParsedPage, Unreadable> {
    let answer = PartnerResponse {
        url: from,
        media_type: None,
        bytes,
        purpose,
    };
    connector(id).read(&answer, asking)
}

/// A page as shown in a snapshot.
#[derive(Serialize)]
pub struct Shown<'a> {
    events: Vec<Value>,
    gone: Vec<&'a str>,
    remarks: &'a [Diagnostic],
    next: Vec<String>,
    listing: String,
    resume: Option<&'a str>,
}

/// Returns the snapshot form of a page.
pub fn shown(page: &ParsedPage) -> Shown<'_> {
    let next = page.next.iter().map(|request| {
        let optional = if request.optional { " (optional)" } else { "" };
        format!("{} {}{optional}", request.url, request.purpose)
            .trim()
            .to_owned()
    });
    Shown {
        events: events(&page.items).into_iter().map(said).collect(),
        gone: gone(&page.items),
        remarks: &page.remarks,
        next: next.collect(),
        listing: format!("{:?}", page.listing),
        resume: page.resume.as_deref(),
    }
}

/// Returns the JSON of a draft without empty fields.
fn said(draft: &EventDraft) -> Value {
    let mut value = serde_json::to_value(draft).expect("a draft can be written");
    prune(&mut value);
    value
}

fn prune(value: &mut Value) {
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(prune);
            map.retain(|_, value| !says_nothing(value));
        }
        Value::Array(list) => list.iter_mut().for_each(prune),
        _ => {}
    }
}

/// Returns the drafts among items.
pub fn events(items: &[ParsedItem]) -> Vec<&EventDraft> {
    let events = items.iter().filter_map(|item| match item {
        ParsedItem::Event(draft) => Some(&**draft),
        ParsedItem::Gone { .. } | ParsedItem::Unread { .. } => None,
    });
    events.collect()
}

/// Returns the draft of an origin.
#[track_caller]
pub fn event<'a>(items: &'a [ParsedItem], origin: &str) -> &'a EventDraft {
    let found = events(items)
        .into_iter()
        .find(|event| event.origin_id == origin);
    found.unwrap_or_else(|| panic!("there is no event {origin}"))
}

/// Returns the origin ids of deleted events.
pub fn gone(items: &[ParsedItem]) -> Vec<&str> {
    let gone = items.iter().filter_map(|item| match item {
        ParsedItem::Gone { origin_id } => Some(origin_id.as_str()),
        ParsedItem::Event(_) | ParsedItem::Unread { .. } => None,
    });
    gone.collect()
}

/// Returns the batch of a successful fetch.
#[track_caller]
pub fn told(asked: Result<FetchOutcome, FetchAllError>) -> fetch::FetchedBatch {
    match asked.expect("the partner answered") {
        FetchOutcome::Fetched(told) => *told,
        FetchOutcome::NotModified => panic!("the partner said that nothing had changed"),
    }
}

/// Asserts that the fetch is whole.
#[track_caller]
pub fn is_whole(told: &fetch::FetchedBatch) {
    assert_eq!(told.listing, Listing::Whole);
}
