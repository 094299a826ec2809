//! TicketCo, a Norwegian ticket seller (`/api/public/v1/events`).
//!
//! The list may contain only the ids of events, which are then requested one by one.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::parse::fields::{ParsedFields, read_events, words};
use super::parse::json::{Keyed, Many, Word, json};
use super::parse::pagination::{asking_for, completed, parameter, with};
use super::parse::{self, places, price};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, SecretUse, Unreadable,
};
use crate::diagnostic::Diagnostic;
use calendar_domain::{EventDraft, EventStatus, Image, OrganizerRef, Schedule};

/// The purpose of a request for one event.
const DETAIL: &str = "detail";

/// The connector of TicketCo.
pub struct TicketCo;

impl Connector for TicketCo {
    fn id(&self) -> &'static str {
        "ticketco"
    }

    fn about(&self) -> &'static str {
        "TicketCo (public API, version 1)"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Query("token")
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking_for(asking.url.clone(), "status", "active"))
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(completed(url, &[("", "api/public/v1/events")]))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        if answer.purpose == DETAIL || (told.get("events").is_none() && is_ours(&told)) {
            let told = told.get("event").cloned().unwrap_or(told);
            return Ok(read_events(&[told], "id", answer, asking, event));
        }
        let Some(Value::Array(events)) = told.get("events") else {
            let said = told.get("error").or(told.get("message"));
            let said = parse::title(said.map(Word::from).unwrap_or_default().text());
            return Err(Unreadable(format!("it contains no list `events`. {said}")));
        };
        let (full, bare): (Vec<Value>, Vec<Value>) = events
            .iter()
            .cloned()
            .partition(|event| event.get("start_at").is_some());
        let mut page = read_events(&full, "id", answer, asking, event);
        for event in &bare {
            match detail(event, answer.url) {
                // The event exists, but nothing else is known until its page is read.
                Some((origin_id, request)) => {
                    page.items.push(ParsedItem::Unread { origin_id });
                    page.next.push(request);
                }
                None => page
                    .remarks
                    .push(Diagnostic::error("events", "an event without id; left out")),
            }
        }
        further(events, answer.url, &mut page);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let events = told.get("events");
        let event = events.map_or(Some(&told), |events| events.get(0))?;
        let host = answer.url.host_str().unwrap_or("");
        let by_host = host.ends_with("ticketco.events") && event.get("id").is_some();
        let why = match is_ours(event) {
            true => "its events have `start_at` and `locale_urls`, as in TicketCo",
            false if by_host && events.is_some() => "it is a list of events at ticketco.events",
            false => return None,
        };
        Some(Detection {
            certainty: Certainty::Certain,
            why: why.into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let is_theirs = url
            .host_str()
            .is_some_and(|host| host.ends_with("ticketco.events"));
        let list = url.join("/api/public/v1/events").ok();
        list.filter(|_| is_theirs).into_iter().collect()
    }
}

fn is_ours(event: &Value) -> bool {
    event.get("start_at").is_some() && event.get("locale_urls").is_some()
}

/// Returns the id of an event and the request for it.
fn detail(event: &Value, list: &Url) -> Option<(String, Request)> {
    let id = Word::from(event.get("id")?);
    let mut url = list.clone();
    // A token in the configured address is required here too.
    let token = parameter(list, "token");
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().ok()?.pop_if_empty().push(id.get()?);
    if let Some(token) = token {
        url.query_pairs_mut().append_pair("token", &token);
    }
    let origin = id.text().to_owned();
    let request = Request::to(url).for_purpose(DETAIL).detail_of(&*origin);
    Some((origin, request))
}

/// Requests pages until one is empty, since responses don't state the number of pages.
///
/// The fragment, which is never sent, holds the first event of the page before. It detects a list without
/// pages, which repeats itself.
fn further(events: &[Value], url: &Url, page: &mut ParsedPage) {
    let Some(first) = events.first().and_then(|event| event.get("id")) else {
        return;
    };
    let mark = format!("after-{}", Word::from(first).text());
    if url.fragment() == Some(&mark) {
        page.next.clear();
        page.items
            .retain(|item| !matches!(item, ParsedItem::Unread { .. }));
        return;
    }
    let number: u32 = parameter(url, "page")
        .and_then(|parameter| parameter.parse().ok())
        .unwrap_or(1);
    let mut next = with(url, "page", &number.saturating_add(1).to_string());
    next.set_fragment(Some(&mark));
    page.next.push(Request::to(next));
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wire {
    title: Word,
    description: Word,
    status: Word,
    start_at: Word,
    end_at: Word,
    location_name: Word,
    location_address: Word,
    organizer_name: Word,
    image: Many<Value>,
    event_minimum_price: Word,
    event_maximum_price: Word,
    currency: Word,
    locale_urls: Keyed<Word>,
    event_categories: Many<Value>,
    tags: Many<Value>,
    updated_at: Word,
}

fn event(wire: Wire, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    let (title, marked) = fields.marked("title", &wire.title)?;
    let start = fields.start("start_at", &wire.start_at)?;
    let end = fields.time("end_at", &wire.end_at);
    let when = parse::span(start, end, fields.asking.zone);
    let mut draft = EventDraft::new(&*fields.origin, title, Schedule::once(when));
    draft.status = match status(&wire.status, fields)? {
        EventStatus::Scheduled => marked,
        said => said,
    };
    draft.description = fields.text(&wire.description, parse::description);
    let address = places::address(wire.location_address.text());
    draft.venues = places::venue(wire.location_name.text(), address, None)
        .into_iter()
        .collect();
    draft.organizer = wire
        .organizer_name
        .get()
        .map(|name| OrganizerRef::Described {
            name: parse::title(name),
            url: None,
        });
    let said: Vec<Word> = wire
        .event_categories
        .iter()
        .chain(wire.tags.iter())
        .map(|event_category| Word::from(event_category.get("name").unwrap_or(event_category)))
        .collect();
    draft.categories = words(said.iter().map(Word::text));
    let pages = wire.locale_urls.texts(|url| url);
    draft.website = fields.address(
        "locale_urls",
        pages.name(fields.language()).unwrap_or_default(),
    );
    prices(&wire, &mut draft, fields);
    draft.images = wire
        .image
        .iter()
        .filter_map(|image| picture(image, fields))
        .collect();
    draft.modified = fields.instant("updated_at", &wire.updated_at, fields.asking.zone);
    Some(ParsedItem::Event(Box::new(draft)))
}

fn status(word: &Word, fields: &mut ParsedFields<'_>) -> Option<EventStatus> {
    match word.text() {
        "cancelled" | "canceled" => Some(EventStatus::Cancelled),
        "postponed" => Some(EventStatus::Postponed),
        "draft" | "inactive" => {
            fields.wrong("status", "it is not for sale; left out");
            None
        }
        _ => Some(EventStatus::Scheduled),
    }
}

fn prices(wire: &Wire, draft: &mut EventDraft, fields: &mut ParsedFields<'_>) {
    let values = [
        wire.event_minimum_price.text(),
        wire.event_maximum_price.text(),
    ];
    if values.iter().all(|value| value.is_empty()) {
        return;
    }
    match price::currency(wire.currency.text(), fields.asking.zone) {
        Some(currency) => {
            (draft.offers, draft.admission) =
                price::offers(&values, currency, draft.website.as_ref());
        }
        None => fields.doubt("event_minimum_price", "its currency is unknown"),
    }
}

/// Returns an image: an object with an address, or the address alone.
fn picture(told: &Value, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let url = Word::from(told.get("url").unwrap_or(told));
    Some(Image::at(fields.web("image.url", &url)?))
}
