//! Gancio, an agenda for local communities (`/api/events`).
//!
//! Times are Unix timestamps. The list may omit descriptions, which are then requested from each event's
//! page.

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::parse::fields::{ParsedFields, read_events, words};
use super::parse::json::{Many, Word, json};
use super::parse::pagination::{asking_for, completed, parameter, with};
use super::parse::{self, ParsedTime, places};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, Unreadable,
};
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{EventDraft, Image, Schedule, Text};

/// Number of events requested per page.
const MOST: usize = 100;
/// Number of pages whose descriptions are requested.
const DETAILED_PAGES: usize = 10;
/// The purpose of a request for an event's page.
const DETAIL: &str = "detail";

/// The connector of Gancio.
pub struct Gancio;

impl Connector for Gancio {
    fn id(&self) -> &'static str {
        "gancio"
    }

    fn about(&self) -> &'static str {
        "a Gancio agenda (/api/events)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let midnight = asking.today.and_time(chrono::NaiveTime::MIN);
        let start = to_utc(midnight, asking.zone).timestamp().to_string();
        let mut url = asking_for(asking.url.clone(), "start", &start);
        url = asking_for(url, "max", &MOST.to_string());
        Request::to(asking_for(url, "show_recurrent", "true"))
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(completed(url, &[("", "api/events"), ("/api", "events")]))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        let events = match told {
            Value::Array(events) => events,
            event if answer.purpose == DETAIL || is_ours(&event) => {
                return Ok(read_events(
                    &[event],
                    "id",
                    answer,
                    asking,
                    event_in(answer.url),
                ));
            }
            _ => return Err(Unreadable("it is not a list of events".into())),
        };
        if events.iter().any(|event| !event.is_object()) {
            return Err(Unreadable("it is a list, but not of events".into()));
        }
        let mut page = read_events(&events, "id", answer, asking, event_in(answer.url));
        let number = page_number(answer.url);
        if number < DETAILED_PAGES {
            page.next = events
                .iter()
                .filter_map(|event| details(event, answer.url))
                .collect();
        }
        further(&events, number, answer.url, asking, &mut page);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        if told == Value::Array(Vec::new()) && answer.url.path().ends_with("/api/events") {
            let why = "it is an empty list at Gancio's address of events";
            return Some(Detection::likely(why));
        }
        is_ours(told.get(0)?).then(|| Detection {
            certainty: Certainty::Certain,
            why: "it is a list of events with `start_datetime` and `slug`, as in Gancio".into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        url.join("/api/events").into_iter().collect()
    }
}

fn is_ours(event: &Value) -> bool {
    ["start_datetime", "slug", "title"]
        .iter()
        .all(|name| event.get(name).is_some())
}

fn page_number(url: &Url) -> usize {
    parameter(url, "page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(0)
}

/// Requests the next page if this one is full.
///
/// The fragment, which is never sent, holds the first event of the page before. An instance without support
/// for `page` returns the same page again, which this detects; the events after it are then unknown.
fn further(
    events: &[Value],
    number: usize,
    url: &Url,
    asking: &FetchContext<'_>,
    page: &mut ParsedPage,
) {
    let most = parameter(url, "max")
        .and_then(|most| most.parse().ok())
        .unwrap_or(MOST);
    let first = events.first().and_then(|event| event.get("id"));
    let mark = first.map(|id| format!("after-{}", Word::from(id).text()));
    let last = events.iter().rev().find_map(start);
    if mark.is_some() && url.fragment() == mark.as_deref() {
        page.next.clear();
        let day = last.map(|last| to_local(last, asking.zone).date());
        if let Some(day) = day.and_then(|day| day.pred_opt()) {
            page.listing = Listing::Until(day);
        }
    } else if events.len() == most {
        let mut next = with(url, "page", &(number + 1).to_string());
        next.set_fragment(mark.as_deref());
        page.next.push(Request::to(next));
    }
    let end = parameter(url, "end").map(|end| Word::from(&Value::String(end)));
    let day = end
        .and_then(|end| instant(&end))
        .and_then(|end| to_local(end, asking.zone).date().pred_opt());
    if let (Listing::Whole, Some(day)) = (page.listing, day) {
        page.listing = Listing::Until(day);
    }
}

fn start(event: &Value) -> Option<DateTime<chrono::Utc>> {
    instant(&Word::from(event.get("start_datetime")?))
}

/// Parses a Unix timestamp in seconds.
fn instant(word: &Word) -> Option<DateTime<chrono::Utc>> {
    let instant = DateTime::from_timestamp(word.get()?.parse().ok()?, 0)?;
    parse::is_in_reach(instant.naive_utc()).then_some(instant)
}

/// Returns the request for an event's page, if the list lacks the description.
fn details(event: &Value, list: &Url) -> Option<Request> {
    if event
        .get("description")
        .is_some_and(|event| !event.is_null())
        || !is_ours(event)
    {
        return None;
    }
    let name = Word::from(
        event
            .get("slug")
            .filter(|event| !event.is_null())
            .or(event.get("id"))?,
    );
    let url = below(list, &["api", "event", "detail", name.get()?])?;
    let origin = Word::from(event.get("id")?);
    Some(
        Request::to(url)
            .for_purpose(DETAIL)
            .detail_of(origin.text()),
    )
}

/// Returns an address of the instance that sent the response.
fn below(answer: &Url, path: &[&str]) -> Option<Url> {
    let root = answer.path().split("/api/").next().unwrap_or("").to_owned();
    let mut url = answer.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.set_path(&root);
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire {
    title: Word,
    slug: Word,
    description: Word,
    start_datetime: Word,
    end_datetime: Word,
    tags: Many<Value>,
    place: Many<Place>,
    online_locations: Many<Word>,
    media: Many<Media>,
    #[serde(rename = "updatedAt")]
    updated_at: Word,
    /// The sender, if the event came from another instance.
    #[serde(rename = "apUserApId")]
    sender: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    name: Word,
    address: Word,
    latitude: Word,
    longitude: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Media {
    url: Word,
    name: Word,
}

fn event_in(instance: &Url) -> impl Fn(Wire, &mut ParsedFields<'_>) -> Option<ParsedItem> {
    move |wire, fields| event(&wire, instance, fields)
}

fn event(wire: &Wire, instance: &Url, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    let (title, status) = fields.marked("title", &wire.title)?;
    let Some(start) = instant(&wire.start_datetime) else {
        fields.wrong("start_datetime", "it is not a number of seconds; left out");
        return None;
    };
    let end = instant(&wire.end_datetime);
    if end.is_none() && wire.end_datetime.get().is_some() {
        fields.doubt("end_datetime", "it is not a number of seconds");
    }
    let when = parse::span(
        ParsedTime::Instant(start),
        end.map(ParsedTime::Instant),
        fields.asking.zone,
    );
    let mut draft = EventDraft::new(&*fields.origin, title, Schedule::once(when));
    draft.status = status;
    draft.description = fields.text(&wire.description, parse::description);
    draft.online_url = wire
        .online_locations
        .first()
        .and_then(|url| fields.web("online_locations", url));
    // An event that is only online has a place with this name.
    let places = wire
        .place
        .iter()
        .filter(|place| place.name.text() != "online");
    draft.venues = places
        .filter_map(|place| {
            let position = parse::position(place.latitude.text(), place.longitude.text());
            places::venue(
                place.name.text(),
                places::address(place.address.text()),
                position,
            )
        })
        .collect();
    let tags: Vec<Word> = wire
        .tags
        .iter()
        .map(|tag| Word::from(tag.get("tag").unwrap_or(tag)))
        .collect();
    draft.categories = words(tags.iter().map(Word::text));
    draft.images = wire
        .media
        .iter()
        .filter_map(|media| picture(media, instance, fields))
        .collect();
    let page = wire.slug.get().unwrap_or(&fields.origin).to_owned();
    draft.website = below(instance, &["event", &page]);
    draft.modified = fields.instant("updatedAt", &wire.updated_at, chrono_tz::UTC);
    draft.secondhand = wire.sender.get().is_some();
    Some(ParsedItem::Event(Box::new(draft)))
}

/// Returns an image: a file of this instance, or of the one that the event came from.
fn picture(told: &Media, instance: &Url, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let file = told.url.get()?;
    let url = if file.contains("://") {
        fields.address("media.url", file)?
    } else {
        below(instance, &["media", file])?
    };
    let alt = Text::in_lang(fields.language(), parse::title(told.name.text()));
    Some(Image {
        alt,
        ..Image::at(url)
    })
}
