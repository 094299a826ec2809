//! Ticketmaster's Discovery API, version 2 (`/discovery/v2/events.json`).
//!
//! A query returns at most a thousand events. Later ones are requested with a new query that starts at the
//! last date received.

mod wire;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::parse::fields::{ParsedFields, followed_by, read_events, words};
use super::parse::json::{Many, Word, json};
use super::parse::pagination::{asking_for, completed, parameter, with};
use super::parse::{self, ParsedTime, places, price};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, SecretUse, Unreadable,
};
use calendar_domain::{
    EventDraft, EventStatus, Image, Lang, OrganizerRef, Schedule, Text, Venue, When,
};
use wire::{Dates, TicketmasterEvent, TicketmasterImage, TicketmasterTime, TicketmasterVenue};

/// Number of events per page, which is the maximum.
const SIZE: u64 = 200;
/// Maximum number of events per query over all pages.
const DEEP: u64 = 1_000;
/// The sort order that makes a continued query possible.
const BY_DATE: &str = "date,asc";

/// The connector of Ticketmaster.
pub struct Ticketmaster;

impl Connector for Ticketmaster {
    fn id(&self) -> &'static str {
        "ticketmaster"
    }

    fn about(&self) -> &'static str {
        "Ticketmaster (Discovery API, version 2)"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Query("apikey")
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let mut url = asking_for(asking.url.clone(), "size", &SIZE.to_string());
        url = asking_for(url, "sort", BY_DATE);
        // Without it, only events in English are returned.
        url = asking_for(url, "locale", "*");
        Request::to(asking_for(url, "startDateTime", &midnight(asking.today)))
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(completed(url, &[("", "discovery/v2/events.json")]))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        let events = match told.pointer("/_embedded/events") {
            Some(Value::Array(events)) => events.clone(),
            None if told.get("page").is_some() && told.get("fault").is_none() => Vec::new(),
            _ => {
                let said = told
                    .pointer("/fault/faultstring")
                    .or(told.pointer("/errors/0/detail"));
                let said = parse::title(said.map(Word::from).unwrap_or_default().text());
                return Err(Unreadable(format!(
                    "it contains no `_embedded.events`. {said}"
                )));
            }
        };
        let mut page = read_events(&events, "id", answer, asking, event);
        further(&told, &events, answer, &mut page);
        let end = parameter(answer.url, "endDateTime").and_then(|end| day(&end)?.pred_opt());
        if let (Listing::Whole, Some(day)) = (page.listing, end) {
            page.listing = Listing::Until(day);
        }
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let own = told
            .pointer("/_links/self/href")
            .and_then(Value::as_str)
            .unwrap_or("");
        let first = told.pointer("/_embedded/events/0/dates/start");
        let is_ours = first.is_some() || own.contains("/discovery/v2/events");
        (is_ours && told.get("page").is_some()).then(|| Detection {
            certainty: Certainty::Certain,
            why: "it has a `page` and `_embedded.events` with `dates.start`, as in Ticketmaster"
                .into(),
            url: None,
        })
    }
}

fn midnight(day: NaiveDate) -> String {
    format!("{day}T00:00:00Z")
}

fn day(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok()
}

/// Requests the next page, or a new query from the last date on.
fn further(told: &Value, events: &[Value], answer: &PartnerResponse<'_>, page: &mut ParsedPage) {
    let figure = |name: &str| {
        told.pointer(&format!("/page/{name}"))
            .and_then(Value::as_u64)
    };
    let (number, pages) = (
        figure("number").unwrap_or(0),
        figure("totalPages").unwrap_or(0),
    );
    let size = figure("size").unwrap_or(SIZE);
    if number.saturating_add(1) >= pages {
        return;
    }
    if number.saturating_add(2).saturating_mul(size) <= DEEP {
        let next = with(answer.url, "page", &(number + 1).to_string());
        page.next.push(Request::to(next));
        return;
    }
    if parameter(answer.url, "sort").as_deref() != Some(BY_DATE) {
        page.listing = Listing::Changes;
        return;
    }
    let last = events
        .iter()
        .rev()
        .find_map(|event| day(event.pointer("/dates/start/localDate")?.as_str()?));
    let asked = parameter(answer.url, "startDateTime").and_then(|start| day(&start));
    // One day earlier because of zones.
    let from = last.and_then(|last| last.checked_sub_days(Days::new(1)));
    match (from, last) {
        (Some(from), _) if asked.is_none_or(|asked| from > asked) => {
            let next = with(answer.url, "startDateTime", &midnight(from));
            page.next.push(Request::to(with(&next, "page", "0")));
        }
        (Some(from), _) => page.listing = Listing::Until(from),
        (None, _) => page.listing = Listing::Changes,
    }
}

fn event(wire: TicketmasterEvent, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    if wire.test.is_true() {
        fields.wrong("test", "it is a test event; left out");
        return None;
    }
    let language = wire
        .locale
        .text()
        .parse::<Lang>()
        .unwrap_or(fields.language());
    let text = |word: &Word, make: fn(&str) -> String| Text::in_lang(language, make(word.text()));
    let title = fields.titled("name", text(&wire.name, parse::title))?;
    let places = wire
        .embedded
        .first()
        .map_or(&[][..], |embedded| &embedded.venues);
    let dates = wire.dates.first();
    let Some(dates) = dates else {
        fields.wrong("dates", "missing; left out");
        return None;
    };
    let zone = dates
        .timezone
        .get()
        .or(places.first().and_then(|place| place.timezone.get()));
    let zone = zone.and_then(parse::zone);
    let when = when(dates.start.first(), dates.end.first(), zone, fields)?;
    let mut draft = EventDraft::new(&*fields.origin, title, Schedule::once(when));
    draft.status = status(dates, fields);
    let earlier = dates.initial_start_date.first();
    draft.previous = earlier
        .and_then(|earlier| moment(earlier, zone))
        .map(|start| parse::span(start, None, zone.unwrap_or(fields.asking.zone)));
    let accessible = wire
        .accessibility
        .first()
        .map(|accessibility| accessibility.info.clone());
    for more in [
        &wire.description,
        &wire.info,
        &wire.please_note,
        &accessible.unwrap_or_default(),
    ] {
        draft.description = followed_by(draft.description, &text(more, parse::description));
    }
    draft.venues = places.iter().filter_map(place).collect();
    let promoter = wire
        .promoter
        .first()
        .and_then(|promoter| promoter.name.get());
    draft.organizer = promoter.map(|name| OrganizerRef::Described {
        name: parse::title(name),
        url: None,
    });
    let kinds = wire.classifications.iter().flat_map(|classification| {
        [
            &classification.segment,
            &classification.genre,
            &classification.sub_genre,
        ]
    });
    let kinds = kinds.filter_map(|kind| kind.first()?.name.get());
    draft.categories = words(kinds.filter(|name| *name != "Undefined"));
    if wire
        .classifications
        .iter()
        .any(|classification| classification.family.is_true())
    {
        draft.audiences.push("family".to_owned());
    }
    draft.website = fields.web("url", &wire.url);
    prices(&wire, &mut draft);
    draft.images = picture(&wire.images, fields).into_iter().collect();
    Some(ParsedItem::Event(Box::new(draft)))
}

/// Returns the local time if the zone is known, else the instant.
fn moment(told: &TicketmasterTime, zone: Option<Tz>) -> Option<ParsedTime> {
    let instant = || parse::time(told.date_time.get()?);
    let local = || {
        let time = told.local_time.get()?;
        parse::time(&format!("{}T{time}", told.local_date.get()?))
    };
    let day = || parse::time(told.local_date.get()?);
    let told = if zone.is_some() {
        local().or_else(instant)
    } else {
        instant().or_else(local)
    };
    told.or_else(day)
}

fn when(
    start: Option<&TicketmasterTime>,
    end: Option<&TicketmasterTime>,
    own: Option<Tz>,
    fields: &mut ParsedFields<'_>,
) -> Option<When> {
    let zone = own.unwrap_or(fields.asking.zone);
    let unsettled = |time: &TicketmasterTime| time.date_tbd.is_true() || time.date_tba.is_true();
    let known = start.filter(|start| !unsettled(start));
    let Some((start, at)) = known.and_then(|start| Some((start, moment(start, own)?))) else {
        fields.wrong("dates.start", "its date is unknown; left out");
        return None;
    };
    let end = end.filter(|end| !end.approximate.is_true());
    let end = end.and_then(|end| Some((end, moment(end, own)?)));
    let date = at.local(zone).date();
    if start.no_specific_time.is_true() {
        let last = end.map_or(date, |(_, end)| end.local(zone).date());
        return Some(When::days(date, last));
    }
    if start.time_tba.is_true() || matches!(at, ParsedTime::Day(_)) {
        return Some(When::TimeToCome { date });
    }
    let end = end
        .filter(|(value, _)| !value.no_specific_time.is_true())
        .map(|(_, end)| end);
    Some(parse::span(at, end, zone))
}

fn status(dates: &Dates, fields: &mut ParsedFields<'_>) -> EventStatus {
    let code = dates
        .status
        .first()
        .map(|status| status.code.clone())
        .unwrap_or_default();
    match code.text() {
        "" | "onsale" | "offsale" => EventStatus::Scheduled,
        "cancelled" | "canceled" => EventStatus::Cancelled,
        "postponed" => EventStatus::Postponed,
        "rescheduled" => EventStatus::Rescheduled,
        other => {
            let other = parse::title(other);
            fields.doubt(
                "dates.status",
                format!("«{other}» is unknown; read as scheduled"),
            );
            EventStatus::Scheduled
        }
    }
}

fn place(told: &TicketmasterVenue) -> Option<Venue> {
    let street = told
        .address
        .first()
        .map_or("", |address| address.line1.text());
    let town = told.city.first().map_or("", |city| city.name.text());
    let address = places::address_of(street, told.postal_code.text(), town);
    let position = told.location.first();
    let position = position
        .and_then(|position| parse::position(position.latitude.text(), position.longitude.text()));
    places::venue(told.name.text(), address, position)
}

/// Sets the minimum and maximum price, without fees if both kinds are present.
fn prices(wire: &TicketmasterEvent, draft: &mut EventDraft) {
    let standard = wire
        .price_ranges
        .iter()
        .find(|price_range| price_range.r#type.text() == "standard");
    let Some(range) = standard.or(wire.price_ranges.first()) else {
        return;
    };
    let currency = range.currency.text();
    if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
        let values = [range.min.text(), range.max.text()];
        (draft.offers, draft.admission) = price::offers(&values, currency, draft.website.as_ref());
    }
}

/// Returns the widest image, preferably in 16:9 and not a generic one. All others are the same image in other
/// sizes.
fn picture(told: &Many<TicketmasterImage>, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let best = told.iter().max_by_key(|many| {
        let width = many.width.text().parse::<u32>().unwrap_or(0);
        (!many.fallback.is_true(), many.ratio.text() == "16_9", width)
    })?;
    let url = fields.web("images.url", &best.url)?;
    Some(Image {
        credit: best.attribution.get().map(parse::title),
        ..Image::at(url)
    })
}
