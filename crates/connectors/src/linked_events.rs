//! Linked Events, the API of Helsinki and other cities (`/v1/event/`).
//!
//! It lists changes since a time, including deletions. Times are in UTC. Places and keywords are links unless
//! their inclusion is requested.

mod wire;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde_json::Value;
use url::Url;

use super::parse::fields::{ParsedFields, followed_by, read_events, words};
use super::parse::json::{JsonTexts, Many, Word, json};
use super::parse::pagination::{asking_for, completed, further, with};
use super::parse::{self, ParsedTime, places, price};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, SecretUse, Unreadable,
};
use calendar_domain::{
    Admission, EventDraft, EventStatus, Image, Offer, OrganizerRef, Schedule, Text, When,
};
use wire::{Keyword, LinkedEventsEvent, LinkedEventsImage, Ticket};

/// Number of events per page, which is the maximum.
const PAGE_SIZE: &str = "100";
/// Overlap between runs, since data changes during a run and clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(10);
/// Suffix of the id of the place for online events.
const INTERNET: &str = ":internet";

/// The connector of Linked Events.
pub struct LinkedEvents;

impl Connector for LinkedEvents {
    fn id(&self) -> &'static str {
        "linked_events"
    }

    fn about(&self) -> &'static str {
        "a Linked Events API, as in Helsinki (/v1/event/)"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Header("apikey")
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let mut url = asking_for(asking.url.clone(), "page_size", PAGE_SIZE);
        url = asking_for(url, "include", "location,keywords,audience");
        url = match asking.resume {
            Some(since) => {
                let url = with(&url, "last_modified_since", since);
                with(&url, "show_deleted", "true")
            }
            None => asking_for(url, "start", &asking.today.to_string()),
        };
        Request::to(url)
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(completed(url, &[("", "v1/event/"), ("/v1", "event/")]))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        let events = match told.get("data") {
            Some(Value::Array(events)) => events.clone(),
            None if is_ours(&told) => vec![told.clone()],
            _ => {
                let said = told.get("detail").map(Word::from).unwrap_or_default();
                let said = parse::title(said.text());
                return Err(Unreadable(format!("it contains no list `data`. {said}")));
            }
        };
        let mut page = read_events(&events, "id", answer, asking, event);
        let link = told.pointer("/meta/next").and_then(Value::as_str);
        let next = link.and_then(|link| further(link, answer.url));
        page.next = next.into_iter().map(Request::to).collect();
        Ok(page.since(asking, MARGIN))
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let at_events = answer
            .url
            .path()
            .trim_end_matches('/')
            .ends_with("/v1/event");
        if at_events && told.pointer("/meta/count") == Some(&Value::from(0)) {
            let why = "it is an empty list with `meta.count`, at an address of Linked Events";
            return Some(Detection::likely(why));
        }
        let event = told.get("data").map_or(Some(&told), |data| data.get(0))?;
        is_ours(event).then(|| Detection {
            certainty: Certainty::Certain,
            why: "its events have `event_status` and `last_modified_time`, as in Linked Events"
                .into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let paths = ["/v1/event/", "/linkedevents/v1/event/"];
        paths
            .iter()
            .filter_map(|path| url.join(path).ok())
            .collect()
    }
}

fn is_ours(event: &Value) -> bool {
    let names = ["event_status", "last_modified_time", "start_time"];
    names.iter().all(|name| event.get(name).is_some())
}

fn event(wire: LinkedEventsEvent, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    if wire.deleted.is_true() || !wire.replaced_by.is_null() {
        return Some(ParsedItem::Gone {
            origin_id: fields.origin.clone(),
        });
    }
    if wire.publication_status.text() == "draft" {
        fields.wrong("publication_status", "it is a draft; left out");
        return None;
    }
    let language = fields.language();
    let title = fields.titled("name", wire.name.text(language, parse::title))?;
    let when = when(&wire, fields)?;
    let mut draft = EventDraft::new(&*fields.origin, title, Schedule::once(when));
    draft.status = status(&wire.event_status, fields);
    draft.summary = wire.short_description.text(language, parse::summary);
    draft.description = description(&wire, fields);
    let info = wire.info_url.name(language).unwrap_or_default().to_owned();
    draft.website = fields.address("info_url", &info);
    let links = wire
        .external_links
        .iter()
        .map(|external_link| external_link.link.text());
    draft.marks = links
        .chain(wire.info_url.values())
        .map(str::to_owned)
        .collect();
    place(&wire, &mut draft, fields);
    let name = wire.provider.name(language).map(parse::title);
    draft.organizer = name.map(|name| OrganizerRef::Described { name, url: None });
    draft.categories = keywords(&wire.keywords, fields);
    draft.audiences = keywords(&wire.audience, fields);
    tickets(&wire.offers, &mut draft, fields);
    draft.images = wire
        .images
        .iter()
        .filter_map(|image| picture(image, fields))
        .collect();
    draft.super_event = wire
        .super_event
        .first()
        .and_then(|super_event| named(&super_event.address));
    draft.modified = fields.instant(
        "last_modified_time",
        &wire.last_modified_time,
        chrono_tz::UTC,
    );
    Some(ParsedItem::Event(Box::new(draft)))
}

/// Returns the last segment of a link, which is the id of its target.
fn named(link: &Word) -> Option<String> {
    let path = link.get()?.trim_end_matches('/');
    path.rsplit('/').next().map(str::to_owned)
}

/// Returns the time of an event. An unknown time of day is missing or is midnight in the zone of the event's
/// city. As an end, that is the midnight after the last day.
fn when(wire: &LinkedEventsEvent, fields: &mut ParsedFields<'_>) -> Option<When> {
    let zone = fields.asking.zone;
    let start = fields.start("start_time", &wire.start_time)?;
    let end = fields.time("end_time", &wire.end_time);
    let end_is_day = wire.has_end_time == Some(false);
    if wire.has_start_time == Some(false) || matches!(start, ParsedTime::Day(_)) {
        let first = nearest_day(start.local(zone));
        let last = end.map(|end| match end {
            ParsedTime::Day(day) => day,
            end if end_is_day => before(nearest_day(end.local(zone))),
            end => end.local(zone).date(),
        });
        let last = last.unwrap_or(first);
        return Some(match last > first {
            true => When::days(first, last),
            false => When::TimeToCome { date: first },
        });
    }
    let first = start.local(zone).date();
    let ends_that_day = |end: &ParsedTime| match end {
        ParsedTime::Day(day) => *day <= first,
        end => before(nearest_day(end.local(zone))) <= first,
    };
    let end = end.filter(|end| !(end_is_day && ends_that_day(end)));
    Some(parse::span(start, end, zone))
}

/// Returns the day that begins at a midnight, which may be that of a zone some hours away.
fn nearest_day(midnight: NaiveDateTime) -> NaiveDate {
    let noon = midnight.checked_add_signed(TimeDelta::hours(12));
    noon.unwrap_or(midnight).date()
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

fn status(word: &Word, fields: &mut ParsedFields<'_>) -> EventStatus {
    match word.text() {
        "" | "EventScheduled" => EventStatus::Scheduled,
        "EventCancelled" => EventStatus::Cancelled,
        "EventPostponed" => EventStatus::Postponed,
        "EventRescheduled" => EventStatus::Rescheduled,
        "EventMovedOnline" => EventStatus::MovedOnline,
        other => {
            let other = parse::title(other);
            fields.doubt(
                "event_status",
                format!("«{other}» is unknown; read as scheduled"),
            );
            EventStatus::Scheduled
        }
    }
}

/// Returns the description, followed by additional information about the location.
fn description(wire: &LinkedEventsEvent, fields: &ParsedFields<'_>) -> Text {
    let text = wire.description.text(fields.language(), parse::description);
    let extra = wire
        .location_extra_info
        .text(fields.language(), parse::summary);
    followed_by(text, &extra)
}

fn place(wire: &LinkedEventsEvent, draft: &mut EventDraft, fields: &mut ParsedFields<'_>) {
    let language = fields.language();
    for told in wire.location.iter() {
        let id = told
            .id
            .get()
            .map(str::to_owned)
            .or_else(|| named(&told.address));
        if id.as_deref().is_some_and(|id| id.ends_with(INTERNET)) {
            draft.online_url.clone_from(&draft.website);
            continue;
        }
        let of = |texts: &JsonTexts| texts.name(language).unwrap_or_default().to_owned();
        let street = of(&told.street_address);
        let address = places::address_of(
            &street,
            told.postal_code.text(),
            &of(&told.address_locality),
        );
        let numbers = told.position.first().map(|position| &*position.coordinates);
        let position = match numbers {
            Some([longitude, latitude, ..]) => parse::position(latitude.text(), longitude.text()),
            _ => None,
        };
        match places::venue(&of(&told.name), address, position) {
            Some(venue) => draft.venues.push(venue),
            None => fields.doubt("location", "it has only a link, not the place"),
        }
    }
}

/// Returns the names of keywords. The name of a bare link is its id.
fn keywords(told: &Many<Keyword>, fields: &ParsedFields<'_>) -> Vec<String> {
    let name = |keyword: &Keyword| {
        let name = keyword.name.name(fields.language()).map(str::to_owned);
        name.or_else(|| named(&keyword.address)).unwrap_or_default()
    };
    let names: Vec<String> = told.iter().map(name).collect();
    words(names.iter().map(String::as_str))
}

fn tickets(told: &Many<Ticket>, draft: &mut EventDraft, fields: &mut ParsedFields<'_>) {
    let language = fields.language();
    if !told.is_empty() && told.iter().all(|many| many.is_free.is_true()) {
        draft.admission = Admission::Free;
        return;
    }
    for ticket in told.iter().filter(|many| !many.is_free.is_true()) {
        let said = ticket
            .price
            .name(language)
            .map(parse::title)
            .unwrap_or_default();
        let price = parse::price(&said);
        if !said.is_empty() {
            draft.admission = Admission::Paid;
        }
        let Some(currency) = price::currency(&said, fields.asking.zone) else {
            fields.doubt("offers", format!("the currency of «{said}» is unknown"));
            continue;
        };
        // «5–15 €» is not a single price, so it becomes the offer's name.
        let words = match price {
            Some(_) => Text::default(),
            None => ticket.price.text(language, parse::title),
        };
        let name = ticket.description.text(language, parse::summary);
        let url = ticket
            .info_url
            .name(language)
            .unwrap_or_default()
            .to_owned();
        let offer = Offer {
            name: if name.is_empty() { words } else { name },
            price,
            currency: currency.to_owned(),
            url: fields.address("offers.info_url", &url),
        };
        if offer.price.is_some() || !offer.name.is_empty() || offer.url.is_some() {
            draft.offers.push(offer);
        }
    }
}

fn picture(told: &LinkedEventsImage, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let line = |word: &Word| word.get().map(parse::title);
    let url = fields.web("images.url", &told.url)?;
    Some(Image {
        alt: told.alt_text.text(fields.language(), parse::title),
        credit: line(&told.photographer_name),
        licence: line(&told.license),
        ..Image::at(url)
    })
}
