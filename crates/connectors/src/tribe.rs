//! The Events Calendar, a WordPress plugin: its REST API, version 1 (`/wp-json/tribe/events/v1/events`).
//!
//! It doesn't list changes. A cancelled event is recognizable only by its title, which editors mark: «Avlyst:
//! …», «Rescheduled – …».

mod wire;

use chrono::{Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::parse::fields::{ParsedFields, read_events, words};
use super::parse::json::{Many, Word, json};
use super::parse::pagination::{asking_for, further, parameter, without};
use super::parse::{self, ParsedTime, places, price};
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, Unreadable,
};
use calendar_domain::redaction::without_secrets;
use calendar_domain::{Admission, EventDraft, Image, OrganizerRef, Schedule, Venue, When};
use wire::{Holder, TribeEvent, TribeImage, TribeVenue};

/// Number of events per page, which is the maximum.
const PER_PAGE: &str = "50";
/// Query parameters for the start of the period, one of which the operator may have set.
const FROM: [&str; 3] = ["start_date", "starts_after", "ends_after"];

/// The connector of The Events Calendar.
pub struct Tribe;

impl Connector for Tribe {
    fn id(&self) -> &'static str {
        "tribe"
    }

    fn about(&self) -> &'static str {
        "The Events Calendar of WordPress (REST API, version 1)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        let mut url = asking_for(interface(asking.url), "per_page", PER_PAGE);
        if FROM.iter().all(|name| parameter(&url, name).is_none()) {
            url = asking_for(url, "start_date", &asking.today.to_string());
        }
        Request::to(url)
    }

    fn address(&self, url: &Url) -> Result<Url, String> {
        let interface = interface(url);
        let route = parameter(&interface, "rest_route");
        let route = route.as_deref().unwrap_or(interface.path());
        if route.contains("/tribe/events/v1/events") {
            return Ok(interface);
        }
        let site = without_secrets(url.as_str());
        let own = at_root(url, PATH).map_or_else(|| PATH.to_owned(), |value| value.to_string());
        Err(format!(
            "«{site}» is not the API of The Events Calendar, which is at {own}; if WordPress is in a folder, \
             append {PATH} to that folder"
        ))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let told = json(answer.bytes)?;
        let events = events(&told)?;
        let mut page = read_events(&events, "id", answer, asking, event);
        let link = told.get("next_rest_url").and_then(Value::as_str);
        let next = link.and_then(|link| further(link, answer.url));
        // For a signed-in user the link contains a status that the API rejects. Without it the same events
        // are returned.
        let next = next.map(|url| match parameter(&url, "status").as_deref() {
            Some("any") => without(&url, "status"),
            _ => url,
        });
        page.next = next.into_iter().map(Request::to).collect();
        page.listing = listing(&told, answer.url);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let told = json(answer.bytes).ok()?;
        let is_ours = |event: &Value| event.get("utc_start_date").is_some();
        let rest = told.get("rest_url").and_then(Value::as_str).unwrap_or("");
        let by_address = told.get("events").is_some() && rest.contains("/tribe/events/v1");
        let why = match events(&told).ok()?.first() {
            Some(event) if is_ours(event) => {
                "its events have `utc_start_date`, as in The Events Calendar"
            }
            None if by_address => {
                "it is an empty list that contains The Events Calendar's own address"
            }
            _ => return None,
        };
        Some(Detection {
            certainty: Certainty::Certain,
            why: why.into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let paths = [PATH, "/?rest_route=/tribe/events/v1/events"];
        paths
            .iter()
            .filter_map(|path| url.join(path).ok())
            .collect()
    }
}

/// Where a site has the interface.
const PATH: &str = "/wp-json/tribe/events/v1/events";

/// Returns the API address. A site's address, which ends with a slash, is extended with the standard path.
fn interface(url: &Url) -> Url {
    let given = url.path().trim_end_matches('/');
    let own = PATH.match_indices('/').skip(1).map(|(at, _)| &PATH[..at]);
    let mut begun = own.filter_map(|begun| given.strip_suffix(begun));
    let is_page = url.path().ends_with('/') && !given.contains("/wp-json");
    let folder = match begun.next() {
        Some(folder) => folder,
        None if is_page => given.strip_suffix("/events").unwrap_or(given),
        None => return url.clone(),
    };
    let mut interface = url.clone();
    if parameter(url, "rest_route").is_none() {
        interface.set_path(&format!("{folder}{PATH}"));
    }
    interface
}

/// A path of a site without the query and the fragment of one of its pages.
fn at_root(url: &Url, path: &str) -> Option<Url> {
    let mut url = url.join(path).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// Returns the events of a page, or the single event of an event's address.
fn events(told: &Value) -> Result<Vec<Value>, Unreadable> {
    let said = told.get("message").or(told.pointer("/events/message"));
    match told.get("events") {
        Some(Value::Array(events)) => Ok(events.clone()),
        _ if said.is_some() => {
            let said = said.map(Word::from).unwrap_or_default();
            let said = parse::title(said.text());
            Err(Unreadable(format!(
                "it is an error instead of events: {said}"
            )))
        }
        None if told.get("utc_start_date").is_some() => Ok(vec![told.clone()]),
        _ => Err(Unreadable("it contains no list `events`".into())),
    }
}

/// Returns the period covered. Without an end in the request the API covers two years, and states the end in
/// `rest_url`.
fn listing(told: &Value, answer: &Url) -> Listing {
    let own = told.get("rest_url").and_then(Value::as_str);
    let own = own.and_then(|text| Url::parse(text).ok());
    let of = |name| {
        let said = own.as_ref().and_then(|url| parameter(url, name));
        let said = said.or_else(|| parameter(answer, name))?;
        said.get(..10)?.parse::<NaiveDate>().ok()
    };
    let before = ["starts_before", "ends_before"].into_iter().find_map(of);
    let last = of("end_date").or(before.and_then(|day| day.pred_opt()));
    last.map_or(Listing::Whole, Listing::Until)
}

fn event(wire: TribeEvent, fields: &mut ParsedFields<'_>) -> Option<ParsedItem> {
    if wire.status.get().is_some_and(|status| status != "publish") {
        fields.wrong(
            "status",
            format!("it is «{}», not published; left out", wire.status.text()),
        );
        return None;
    }
    if wire.hide_from_listings.is_true() {
        fields.wrong(
            "hide_from_listings",
            "its author hides it from lists; left out",
        );
        return None;
    }
    let (title, status) = fields.marked("title", &wire.title)?;
    let when = when(&wire, fields)?;
    let mut draft = EventDraft::new(&*fields.origin, title, Schedule::once(when));
    draft.status = status;
    draft.summary = fields.text(&wire.excerpt, parse::summary);
    draft.description = fields.text(&wire.description, parse::description);
    draft.venues = wire.venue.iter().filter_map(place).collect();
    if wire.is_virtual.is_true() {
        draft.online_url = fields.web("virtual_url", &wire.virtual_url);
    }
    draft.organizer = organizer(&wire.organizer, fields);
    let terms = wire.categories.iter().chain(wire.tags.iter());
    draft.categories = words(terms.map(|term| term.name.text()));
    let external = fields.web("website", &wire.website);
    costs(&wire, external.as_ref(), &mut draft, fields);
    draft.images = wire
        .image
        .iter()
        .filter_map(|image| picture(image, fields))
        .collect();
    let page = external.as_ref().map(Url::to_string);
    draft.marks = page
        .into_iter()
        .chain([wire.slug.text().to_owned()])
        .collect();
    draft.website = fields.web("url", &wire.url).or(external);
    draft.modified = fields.instant("modified_utc", &wire.modified_utc, Tz::UTC);
    // The lineage lists the sites before this one, and this one.
    draft.secondhand = wire.global_id_lineage.len() > 1;
    Some(ParsedItem::Event(Box::new(draft)))
}

fn when(wire: &TribeEvent, fields: &mut ParsedFields<'_>) -> Option<When> {
    let start = fields.start("start_date", &wire.start_date)?;
    let end = fields.time("end_date", &wire.end_date);
    let own = fields.asking.zone;
    if wire.all_day.is_true() {
        let day = |told: ParsedTime| ParsedTime::Day(told.local(own).date());
        return Some(parse::span(day(start), end.map(day), own));
    }
    if let Some(zone) = clock(wire.timezone.text(), own, start.local(own).year()) {
        return Some(parse::span(start, end, zone));
    }
    let utc = |told: Option<ParsedTime>| {
        told.map(|told| ParsedTime::Instant(told.local(Tz::UTC).and_utc()))
    };
    let start = utc(fields.time("utc_start_date", &wire.utc_start_date)).unwrap_or(start);
    let end = utc(fields.time("utc_end_date", &wire.utc_end_date)).or(end);
    Some(parse::span(start, end, own))
}

/// Returns the zone of the local times, or `None` for an offset that differs from the region's, for which
/// only the UTC times are usable.
///
/// WordPress reports `UTC+0` if no zone was chosen and `UTC+1` if an offset was chosen. Editors enter local
/// time in both cases, in summer and in winter.
fn clock(name: &str, own: Tz, year: i32) -> Option<Tz> {
    let Some(offset) = offset(name) else {
        return Some(parse::zone(name).unwrap_or(own));
    };
    let known = [1, 7].into_iter().filter_map(|month| {
        let day = NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(12, 0, 0)?;
        Some(own.offset_from_utc_datetime(&day).fix().local_minus_utc())
    });
    (offset == 0 || known.into_iter().any(|known| known == offset)).then_some(own)
}

/// Parses the offset of `UTC`, `UTC+1`, `UTC+5.5` or `UTC-3:30` in seconds east.
fn offset(name: &str) -> Option<i32> {
    let name = name.trim().to_ascii_uppercase();
    let name = name.strip_prefix("ETC/").unwrap_or(&name);
    let rest = name
        .strip_prefix("UTC")
        .or_else(|| name.strip_prefix("GMT"))?;
    if rest.is_empty() {
        return Some(0);
    }
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    let rest = rest.strip_prefix(['+', '-'])?;
    let (hours, part) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes.parse::<i32>().ok()? * 60),
        None => match rest.split_once('.') {
            Some((hours, "5")) => (hours, 1_800),
            Some((hours, "75")) => (hours, 2_700),
            Some(_) => return None,
            None => (rest, 0),
        },
    };
    let hours = hours.parse::<i32>().ok().filter(|hours| *hours < 15)?;
    Some(sign * (hours * 3_600 + part))
}

fn place(told: &TribeVenue) -> Option<Venue> {
    let address = places::address_of(told.address.text(), told.zip.text(), told.city.text());
    let position = parse::position(told.geo_lat.text(), told.geo_lng.text());
    places::venue(told.venue.text(), address, position)
}

fn organizer(told: &Many<Holder>, fields: &mut ParsedFields<'_>) -> Option<OrganizerRef> {
    let names: Vec<String> = told
        .iter()
        .map(|many| parse::title(many.organizer.text()))
        .collect();
    let first = names.iter().position(|name| !name.is_empty())?;
    let others: Vec<&str> = names[first + 1..].iter().map(String::as_str).collect();
    if !others.is_empty() {
        let others = others.join(", ");
        fields.doubt("organizer", format!("only one is kept; left out: {others}"));
    }
    let holder = &told[first];
    let site = fields.web("organizer.website", &holder.website);
    let url = site.or_else(|| fields.web("organizer.url", &holder.url));
    Some(OrganizerRef::Described {
        name: names[first].clone(),
        url,
    })
}

fn costs(
    wire: &TribeEvent,
    tickets: Option<&Url>,
    draft: &mut EventDraft,
    fields: &mut ParsedFields<'_>,
) {
    let cost = parse::title(wire.cost.text());
    if price::is_free(&cost) {
        draft.admission = Admission::Free;
        return;
    }
    let details = wire.cost_details.first();
    let mut values: Vec<&str> = details
        .map(|details| details.values.iter().map(Word::text).collect())
        .unwrap_or_default();
    if values.is_empty() && !cost.is_empty() {
        values.push(&cost);
    }
    if values.is_empty() {
        return;
    }
    let signs = details.map(|details| {
        format!(
            "{} {}",
            details.currency_code.text(),
            details.currency_symbol.text()
        )
    });
    let signs = format!("{} {cost}", signs.unwrap_or_default());
    let Some(currency) = price::currency(&signs, fields.asking.zone) else {
        fields.doubt("cost", format!("the currency of «{cost}» is unknown"));
        return;
    };
    (draft.offers, draft.admission) = price::offers(&values, currency, tickets);
    if draft.offers.is_empty() {
        fields.doubt("cost", format!("«{cost}» is not a price"));
    }
}

fn picture(told: &TribeImage, fields: &mut ParsedFields<'_>) -> Option<Image> {
    let url = fields.web("image.url", &told.url)?;
    Some(Image {
        alt: fields.text(&told.alt, parse::title),
        ..Image::at(url)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_no_place_and_what_is_on_the_wall_counts() {
        let oslo = Tz::Europe__Oslo;
        for name in [
            "Europe/Oslo",
            "UTC+0",
            "UTC",
            "Etc/UTC",
            "UTC+1",
            "UTC+2",
            "",
            "Mordor",
        ] {
            assert_eq!(clock(name, oslo, 2027), Some(oslo), "{name}");
        }
        assert_eq!(
            clock("America/New_York", oslo, 2027),
            Some(Tz::America__New_York)
        );
        for name in ["UTC-5", "UTC+5.5", "UTC+5:30"] {
            assert_eq!(clock(name, oslo, 2027), None, "{name}");
        }
        assert_eq!(offset("UTC-3:30"), Some(-12_600));
    }
}
