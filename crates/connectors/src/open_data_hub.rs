//! Open Data Hub, the tourism data of South Tyrol (`/v1/Event`).
//!
//! A record has all dates of an event. It lists changes since a day. A record that is no longer shown
//! remains, marked as inactive.

mod wire;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use serde_json::Value;
use url::Url;

use super::parse::dates::{ParsedDate, schedule};
use super::parse::fields::{ParsedFields, followed_by, read_events, words};
use super::parse::json::{JsonTexts, Word, json};
use super::parse::pagination::{asking_for, completed, further, with};
use super::parse::{self, places, price};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, Unreadable,
};
use calendar_domain::{EventDraft, EventStatus, Image, OrganizerRef, Schedule, When};
use wire::{Detail, OpenDataHubContact, OpenDataHubDay, OpenDataHubEvent, OpenDataHubImage};

/// Number of events per page.
const PAGE_SIZE: &str = "100";
/// Overlap between runs, since `updatefrom` is a day in the server's zone.
const MARGIN: TimeDelta = TimeDelta::days(1);
/// The currency of South Tyrol, since prices have none.
const CURRENCY: &str = "EUR";
/// Maximum number of days of a span that is split into single days.
const SINGLE_DAYS: i64 = 366;

/// The connector of the Open Data Hub.
pub struct OpenDataHub;

impl Connector for OpenDataHub {
    fn id(&self) -> &'static str {
        "open_data_hub"
    }

    fn about(&self) -> &'static str {
        "an Open Data Hub, as in South Tyrol (/v1/Event)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let url = asking_for(asking.url.clone(), "pagesize", PAGE_SIZE);
        let url = asking_for(url, "pagenumber", "1");
        let since = asking.resume.and_then(|since| since.get(..10));
        Request::to(match since {
            Some(day) => with(&url, "updatefrom", day),
            None => asking_for(url, "active", "true"),
        })
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        Ok(completed(url, &[("", "v1/Event"), ("/v1", "Event")]))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        let events = match told.get("Items") {
            Some(Value::Array(events)) => events.clone(),
            None if is_ours(&told) => vec![told.clone()],
            _ => return Err(Unreadable("it contains no list `Items`".into())),
        };
        let mut page = read_events(&events, "Id", answer, asking, event);
        let link = told.get("NextPage").and_then(Value::as_str);
        let next = link.and_then(|link| further(link, answer.url));
        page.next = next.into_iter().map(Request::to).collect();
        Ok(page.since(asking, MARGIN))
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let names = ["TotalResults", "TotalPages", "CurrentPage"];
        let is_list = names.iter().all(|name| told.get(name).is_some());
        if is_list && told.get("Items") == Some(&Value::Array(Vec::new())) {
            let why = "it is an empty list `Items` with `TotalResults` and `CurrentPage`, as in an Open Data Hub";
            return Some(Detection::likely(why));
        }
        let event = told
            .get("Items")
            .map_or(Some(&told), |items| items.get(0))?;
        is_ours(event).then(|| Detection {
            certainty: Certainty::Certain,
            why: "its records have `EventDate` and a `Detail` by language, as in the Open Data Hub"
                .into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        url.join("/v1/Event").into_iter().collect()
    }
}

fn is_ours(event: &Value) -> bool {
    ["Id", "Detail", "EventDate"]
        .iter()
        .all(|name| event.get(name).is_some())
}

fn event(wire: OpenDataHubEvent, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    if wire.active == Some(false) {
        return Some(ParsedItem::Gone {
            origin_id: fields.origin.clone(),
        });
    }
    if wire
        .license_info
        .iter()
        .any(|license_info| license_info.closed_data.is_true())
    {
        fields.wrong("LicenseInfo", "its data are not open; left out");
        return None;
    }
    let language = fields.language();
    let title = wire
        .detail
        .texts(|detail| &detail.title)
        .text(language, parse::title);
    let title = match title.is_empty() {
        true => fields.text(&wire.shortname, parse::title),
        false => title,
    };
    let title = fields.titled("Detail.Title", title)?;
    let (schedule, status) = times(&wire, fields)?;
    let mut draft = EventDraft::new(&*fields.origin, title, schedule);
    draft.status = status;
    let of = |field: fn(&Detail) -> &Word, make: fn(&str) -> String| {
        wire.detail.texts(field).text(language, make)
    };
    draft.summary = of(|detail| &detail.intro_text, parse::summary);
    let more = of(|detail| &detail.additional_text, parse::description);
    draft.description = followed_by(of(|detail| &detail.base_text, parse::description), &more);
    places_of(&wire, &mut draft, fields);
    draft.organizer = organizer(&wire, fields);
    draft.categories = words(
        wire.topics
            .iter()
            .map(|topic| topic.info.get().unwrap_or(topic.id.text())),
    );
    prices(&wire, &mut draft, fields);
    draft.images = wire
        .image_gallery
        .iter()
        .filter_map(|image_gallery| picture(image_gallery, fields))
        .collect();
    let own = wire
        .event_urls
        .iter()
        .filter(|event_url| event_url.active != Some(false));
    let own = own.filter_map(|name| name.url.name(language)).next();
    let contact = wire.contact_infos.texts(|contact_infos| &contact_infos.url);
    let page = own.or_else(|| contact.name(language)).unwrap_or_default();
    draft.website = fields.address("ContactInfos.Url", page);
    draft.modified = fields.instant("LastChange", &wire.last_change, fields.asking.zone);
    Some(ParsedItem::Event(Box::new(draft)))
}

fn times(
    wire: &OpenDataHubEvent,
    fields: &mut ParsedFields<'_>,
) -> Option<(Schedule, EventStatus)> {
    let mut dates = Vec::new();
    for day in wire
        .event_date
        .iter()
        .filter(|day| day.active != Some(false))
    {
        days(day, &mut dates, fields);
    }
    if dates.is_empty() && wire.event_date.is_empty() {
        let only = OpenDataHubDay {
            from: wire.date_begin.clone(),
            to: wire.date_end.clone(),
            ..OpenDataHubDay::default()
        };
        days(&only, &mut dates, fields);
    }
    let all_off = !dates.is_empty() && dates.iter().all(|date| date.status.is_some());
    if all_off {
        dates.iter_mut().for_each(|date| date.status = None);
    }
    let Some((schedule, lost)) = schedule(dates) else {
        fields.wrong("EventDate", "it has no readable date; left out");
        return None;
    };
    if lost > 0 {
        fields.doubt(
            "EventDate",
            format!("{lost} of its dates exceed the limit and are left out"),
        );
    }
    let status = if all_off {
        EventStatus::Cancelled
    } else {
        EventStatus::Scheduled
    };
    Some((schedule, status))
}

/// Adds the dates of an entry: one span, or each of its days.
fn days(told: &OpenDataHubDay, dates: &mut Vec<ParsedDate>, fields: &mut ParsedFields<'_>) {
    let zone = fields.asking.zone;
    let Some(from) = fields.time("EventDate.From", &told.from) else {
        return;
    };
    let from = from.local(zone).date();
    let to = fields.time("EventDate.To", &told.to);
    let to = to.map_or(from, |to| to.local(zone).date().max(from));
    let clock = (hour(&told.begin), hour(&told.end));
    let status = told
        .is_cancelled
        .is_true()
        .then_some(EventStatus::Cancelled);
    let length = (to - from).num_days();
    let is_single = told.single_days.is_true() && length > 0;
    if is_single && length > SINGLE_DAYS {
        fields.doubt(
            "EventDate.SingleDays",
            "more than a year of separate days; read as one period",
        );
    } else if is_single {
        for day in from.iter_days().take_while(|day| *day <= to) {
            let when = when(day, day, clock, zone);
            dates.push(ParsedDate { when, status });
        }
        return;
    }
    let when = when(from, to, clock, zone);
    dates.push(ParsedDate { when, status });
}

/// Parses a time of day. Midnight means that it is unknown.
fn hour(word: &Word) -> Option<NaiveTime> {
    let text = word.get()?;
    let read = |form| NaiveTime::parse_from_str(text, form).ok();
    let time = read("%H:%M:%S%.f").or_else(|| read("%H:%M"))?;
    (time != NaiveTime::MIN).then_some(time)
}

fn when(
    from: NaiveDate,
    to: NaiveDate,
    (begin, end): (Option<NaiveTime>, Option<NaiveTime>),
    zone: chrono_tz::Tz,
) -> When {
    let Some(begin) = begin else {
        let is_day = from == to && end.is_none();
        return if is_day {
            When::TimeToCome { date: from }
        } else {
            When::days(from, to)
        };
    };
    let start = from.and_time(begin);
    let end = match end {
        Some(end) if from == to && end < begin => from
            .checked_add_days(Days::new(1))
            .map(|day| day.and_time(end)),
        Some(end) => Some(to.and_time(end)),
        None if from == to => None,
        // The last day is included to its end.
        None => to.succ_opt().map(|day| day.and_time(NaiveTime::MIN)),
    };
    When::Timed { start, end, zone }
}

fn places_of(wire: &OpenDataHubEvent, draft: &mut EventDraft, fields: &ParsedFields<'_>) {
    let language = fields.language();
    let contact = |field: fn(&OpenDataHubContact) -> &Word| wire.contact_infos.texts(field);
    let text = |texts: JsonTexts| texts.name(language).map(str::to_owned);
    let area = wire.location_info.first();
    let district = area.and_then(|area| {
        area.district_info
            .first()
            .or(area.municipality_info.first())
    });
    let district = district
        .and_then(|district| district.name.name(language))
        .map(str::to_owned);
    let town = text(contact(|contact| &contact.city)).or_else(|| district.clone());
    let name = text(
        wire.event_additional_infos
            .texts(|event_additional_infos| &event_additional_infos.location),
    );
    let name = name.or_else(|| {
        text(
            wire.event_additional_infos
                .texts(|event_additional_infos| &event_additional_infos.mplace),
        )
    });
    let name = name
        .or_else(|| text(contact(|contact| &contact.company_name)))
        .or(district);
    let address = places::address_of(
        &text(contact(|contact| &contact.address)).unwrap_or_default(),
        &text(contact(|contact| &contact.zip_code)).unwrap_or_default(),
        &town.unwrap_or_default(),
    );
    let position = parse::position(wire.latitude.text(), wire.longitude.text());
    draft.venues = places::venue(&name.unwrap_or_default(), address, position)
        .into_iter()
        .collect();
}

fn organizer(wire: &OpenDataHubEvent, fields: &mut ParsedFields<'_>) -> Option<OrganizerRef> {
    let language = fields.language();
    let names = wire
        .organizer_infos
        .texts(|organizer_infos| &organizer_infos.company_name);
    let name = parse::title(names.name(language)?);
    let url = wire
        .organizer_infos
        .texts(|organizer_infos| &organizer_infos.url);
    let url = fields.address("OrganizerInfos.Url", url.name(language).unwrap_or_default());
    Some(OrganizerRef::Described { name, url })
}

/// Sets the price. A price of zero means that it is unknown.
fn prices(wire: &OpenDataHubEvent, draft: &mut EventDraft, fields: &ParsedFields<'_>) {
    let said = wire.event_price.texts(|event_price| &event_price.price);
    let Some(price) = said
        .name(fields.language())
        .filter(|name| !name.trim_matches(['0', '.']).is_empty())
    else {
        return;
    };
    (draft.offers, draft.admission) = price::offers(&[price], CURRENCY, None);
}

fn picture(told: &OpenDataHubImage, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let language = fields.language();
    let alt = told.image_alt_text.text(language, parse::title);
    let alt = match alt.is_empty() {
        true => told.image_desc.text(language, parse::title),
        false => alt,
    };
    let credit = told.copy_right.get().or(told.license_holder.get());
    let url = fields.web("ImageGallery.ImageUrl", &told.image_url)?;
    Some(Image {
        alt,
        credit: credit.map(parse::title),
        licence: told.license.get().map(parse::title),
        ..Image::at(url)
    })
}
