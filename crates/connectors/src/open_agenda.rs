//! OpenAgenda, API version 3 (`/v3/agendas/{uid}/events`).
//!
//! It lists changes since a time, but not deletions. Without `detailed` it returns only the first, last and
//! next date of an event; such events are requested one by one.

mod wire;

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::parse::dates::{ParsedDate, schedule};
use super::parse::fields::{ParsedFields, followed_by, read_events, words};
use super::parse::json::{Keyed, Many, Word, json};
use super::parse::pagination::{asking_for, parameter, with};
use super::parse::{self, places};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, SecretUse, Unreadable,
};
use calendar_domain::{EventDraft, EventStatus, Image, OrganizerRef, Schedule, Slug, Venue, When};
use wire::{Location, OpenAgendaEvent, OpenAgendaImage, Timing};

/// Number of events per page, which is the maximum.
const LIMIT: &str = "100";
/// Overlap between runs, since data changes during a run and clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(10);
/// The purpose of a request for one event.
const DETAIL: &str = "detail";

/// The connector of OpenAgenda.
pub struct OpenAgenda;

impl Connector for OpenAgenda {
    fn id(&self) -> &'static str {
        "open_agenda"
    }

    fn about(&self) -> &'static str {
        "an agenda of OpenAgenda (API version 3)"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Bearer
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let mut url = asking_for(asking.url.clone(), "limit", LIMIT);
        url = asking_for(url, "detailed", "true");
        if let Some(since) = asking.resume {
            return Request::to(with(&url, "updatedAt[gte]", since));
        }
        if parameter(&url, "relative").is_none() {
            let mut pairs = url.query_pairs_mut();
            pairs
                .append_pair("relative", "current")
                .append_pair("relative", "upcoming");
        }
        Request::to(url)
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
                let said = told
                    .pointer("/error/message")
                    .map(Word::from)
                    .unwrap_or_default();
                let said = parse::title(said.text());
                return Err(Unreadable(format!("it contains no list `data`. {said}")));
            }
        };
        let mut page = read_events(&events, "uid", answer, asking, event);
        if answer.purpose != DETAIL {
            page.next = events
                .iter()
                .filter_map(|event| details(event, answer.url))
                .collect();
        }
        let after = told
            .pointer("/pagination/after")
            .map(Word::from)
            .unwrap_or_default();
        if let Some(after) = after.get() {
            page.next
                .push(Request::to(with(answer.url, "after", after)));
        }
        Ok(page.since(asking, MARGIN))
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let is_list = told.pointer("/pagination/after").is_some();
        let is_empty = told.get("data") == Some(&Value::Array(Vec::new()));
        if is_list && is_empty && answer.url.path().contains("/v3/agendas/") {
            let why = "it is an empty list with `pagination.after`, at the address of an agenda";
            return Some(Detection::likely(why));
        }
        let event = told.get("data").map_or(Some(&told), |data| data.get(0))?;
        is_ours(event).then(|| Detection {
            certainty: Certainty::Certain,
            why: "its events have `originAgenda` and `dateRange`, as in OpenAgenda".into(),
            url: None,
        })
    }
}

fn is_ours(event: &Value) -> bool {
    let names = ["uid", "originAgenda", "dateRange"];
    names.iter().all(|name| event.get(name).is_some())
}

/// Returns the request for one event, if the list lacks its dates and it has several, or lacks its
/// description.
fn details(event: &Value, list: &Url) -> Option<Request> {
    if event.get("timings").is_some() || !is_ours(event) {
        return None;
    }
    let first = event.get("firstTiming");
    if first.is_some() && first == event.get("lastTiming") && event.get("longDescription").is_some()
    {
        return None;
    }
    let mut url = list.clone();
    url.set_query(None);
    let uid = Word::from(event.get("uid")?);
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push(uid.get()?);
    Some(Request::to(url).for_purpose(DETAIL).detail_of(uid.text()))
}

fn event(wire: OpenAgendaEvent, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    // State 2 is published. Lower ones were never published or no longer are.
    if wire.state.get().is_some_and(|state| state != "2") {
        return Some(ParsedItem::Gone {
            origin_id: fields.origin.clone(),
        });
    }
    let language = fields.language();
    let title = fields.titled("title", wire.title.text(language, parse::title))?;
    let schedule = times(&wire, fields)?;
    let mut draft = EventDraft::new(&*fields.origin, title, schedule);
    draft.status = status(&wire.status, fields);
    draft.summary = wire.description.text(language, parse::summary);
    let long = wire.long_description.text(language, parse::description);
    let conditions = wire.conditions.text(language, parse::summary);
    draft.description = followed_by(long, &conditions);
    draft.online_url = fields.web("onlineAccessLink", &wire.online_access_link);
    draft.venues = wire.location.iter().filter_map(place).collect();
    let agenda = wire.origin_agenda.first();
    let address = agenda.and_then(|agenda| fields.web("originAgenda.url", &agenda.url));
    draft.website = address
        .as_ref()
        .and_then(|agenda| own_page(agenda, wire.slug.text()));
    draft.organizer =
        agenda
            .and_then(|agenda| agenda.title.get())
            .map(|title| OrganizerRef::Described {
                name: parse::title(title),
                url: address.clone(),
            });
    draft.categories = keywords(&wire.keywords, fields);
    draft.images = wire
        .image
        .iter()
        .filter_map(|image| picture(image, &wire, fields))
        .collect();
    // Accessible with reduced mobility. The other kinds are not specific enough.
    if wire.accessibility.get("mi").is_some_and(Word::is_true) {
        draft.accessibility.extend("step-free".parse::<Slug>());
    }
    draft.modified = fields.instant("updatedAt", &wire.updated_at, Tz::UTC);
    draft.secondhand = !wire.source_agendas.is_empty();
    Some(ParsedItem::Event(Box::new(draft)))
}

fn times(wire: &OpenAgendaEvent, fields: &mut ParsedFields<'_>) -> Option<Schedule> {
    let named = wire.timezone.get().or(wire
        .location
        .first()
        .and_then(|location| location.timezone.get()));
    let zone = named.and_then(parse::zone).unwrap_or(fields.asking.zone);
    let mut told: Vec<&Timing> = Vec::new();
    match &wire.timings {
        Some(timings) => told.extend(timings.iter()),
        None => {
            let known = [&wire.first_timing, &wire.next_timing, &wire.last_timing];
            told.extend(known.into_iter().flat_map(|known| known.iter()));
            told.dedup_by_key(|timing| timing.begin.clone());
            if told.len() > 1 {
                fields.doubt("timings", "only its first, next and last date are known");
            }
        }
    }
    let mut dates: Vec<ParsedDate> = Vec::new();
    for timing in told {
        let Some(begin) = fields.time("timings.begin", &timing.begin) else {
            continue;
        };
        let end = fields.time("timings.end", &timing.end);
        let when: When = parse::span(begin, end, zone);
        dates.push(when.into());
    }
    let Some((schedule, lost)) = schedule(dates) else {
        fields.wrong("timings", "it has no readable date; left out");
        return None;
    };
    if lost > 0 {
        fields.doubt(
            "timings",
            format!("{lost} of its dates exceed the limit and are left out"),
        );
    }
    Some(schedule)
}

fn status(word: &Word, fields: &mut ParsedFields<'_>) -> EventStatus {
    match word.text() {
        "" | "1" => EventStatus::Scheduled,
        "2" => EventStatus::Rescheduled,
        "3" => EventStatus::MovedOnline,
        "4" => EventStatus::Postponed,
        "5" => {
            fields.doubt("status", "it is full, which has no field here");
            EventStatus::Scheduled
        }
        "6" => EventStatus::Cancelled,
        other => {
            let other = parse::title(other);
            fields.doubt("status", format!("«{other}» is unknown; read as scheduled"));
            EventStatus::Scheduled
        }
    }
}

fn place(told: &Location) -> Option<Venue> {
    let address = places::address_of(
        told.address.text(),
        told.postal_code.text(),
        told.city.text(),
    );
    let position = parse::position(told.latitude.text(), told.longitude.text());
    places::venue(told.name.text(), address, position)
}

/// Returns the event's page on the site of its origin agenda.
fn own_page(agenda: &Url, slug: &str) -> Option<Url> {
    if slug.is_empty() {
        return None;
    }
    let mut url = agenda.clone();
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["events", slug]);
    Some(url)
}

/// Returns the keywords in the default language or its fallbacks, else in the first language present.
fn keywords(told: &Keyed<Many<Word>>, fields: &ParsedFields<'_>) -> Vec<String> {
    let ours = fields.language().fallbacks();
    let said = ours
        .filter_map(|lang| told.get(lang.tag()))
        .find(|text| !text.is_empty());
    let said = said.or_else(|| told.first());
    words(
        said.into_iter()
            .flat_map(|said| said.iter().map(Word::text)),
    )
}

fn picture(
    told: &OpenAgendaImage,
    wire: &OpenAgendaEvent,
    fields: &mut ParsedFields<'_>,
) -> Option<Image> {
    let credit = told.credits.get().or(wire.image_credits.get());
    let url = fields.web("image.src", &told.src)?;
    Some(Image {
        credit: credit.map(parse::title),
        ..Image::at(url)
    })
}
