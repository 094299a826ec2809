//! Calendar file, JSON Feed, CSV, JSON-LD, RSS and Atom.

use std::collections::HashMap;

use calendar_domain::EventStatus;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::Differences;
use super::model::{Sample, Time, Truth, date, utc_of};
use super::words::{capitalized, label, sentence};
use crate::support::server::BASE;
use crate::support::{CalendarFile, TestServer};

/// Where an event without a place is for search engines.
const REGION: &str = "Elverum, Åmot og Våler";

/// Time, name of the status and place.
type Told = (Time, String, String);

pub fn compare(app: &TestServer, samples: &[Sample], found: &mut Differences) {
    let read = |extension: &str| {
        let answer = app
            .visitor()
            .get(&format!("/feeds/search.{extension}?q=prøve"));
        answer.ok().text().to_owned()
    };
    let ics = from_ics(&read("ics"));
    let json = by_address(&read("json"), "/items", "/id");
    let csv = from_csv(&read("csv"));
    let linked = by_address(&read("jsonld"), "/itemListElement", "/item/@id");
    let news = ["rss", "atom"].map(|name| (name, texts(&read(name))));
    for sample in samples {
        let slug = &sample.slug;
        let address = format!("{BASE}/events/{slug}");
        let truth = |name: fn(EventStatus) -> &'static str| {
            in_order(
                sample
                    .occurrences
                    .iter()
                    .map(|of| (of.time, name(of.status).to_owned(), of.place.to_owned())),
            )
        };
        let dates = truth(in_calendars)
            .into_iter()
            .map(|(time, status, place)| match time {
                Time::ToCome(date) => (Time::Days(date, date), status, place),
                _ => (time, status, place),
            });
        found.compare("ics", slug, short(&ics[&address], sample), in_order(dates));
        let item = &json[&address];
        found.compare(
            "json",
            slug,
            short(&from_json(item, sample.recurs), sample),
            truth(plain),
        );
        found.compare("csv", slug, short(&csv[&address], sample), truth(plain));
        let linked = from_json_ld(&linked[&address]["item"], sample.recurs);
        found.compare("jsonld", slug, short(&linked, sample), truth(in_schema_org));
        let text = item["content_text"]
            .as_str()
            .unwrap()
            .replace('\u{a0}', " ");
        compare_text("the text of json", &text, sample, found);
        for (form, texts) in &news {
            compare_text(form, &texts[&address], sample, found);
        }
    }
}

fn in_order(told: impl Iterator<Item = Told>) -> Vec<Told> {
    let mut told: Vec<Told> = told.collect();
    told.sort();
    told
}

/// Places by their names alone: some forms add the address.
fn short(told: &[Told], sample: &Sample) -> Vec<Told> {
    let names: Vec<&str> = sample.occurrences.iter().map(|of| of.place).collect();
    let name = |line: &str| {
        let known = names
            .iter()
            .find(|name| !name.is_empty() && line.starts_with(**name));
        known.map_or(line.to_owned(), |name| (*name).to_owned())
    };
    let one = |(time, status, place): &Told| (*time, status.clone(), name(place));
    in_order(told.iter().map(one))
}

fn plain(status: EventStatus) -> &'static str {
    status.as_str()
}

fn in_calendars(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Cancelled => "CANCELLED",
        EventStatus::Tentative | EventStatus::Postponed => "TENTATIVE",
        _ => "CONFIRMED",
    }
}

fn in_schema_org(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Scheduled | EventStatus::Tentative => "https://schema.org/EventScheduled",
        EventStatus::Cancelled => "https://schema.org/EventCancelled",
        EventStatus::Postponed => "https://schema.org/EventPostponed",
        EventStatus::Rescheduled => "https://schema.org/EventRescheduled",
        EventStatus::MovedOnline => "https://schema.org/EventMovedOnline",
    }
}

/// Start and end in ISO 8601.
fn time(start: &str, end: Option<&str>) -> Time {
    let instant = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
    match (start.parse::<NaiveDate>(), end) {
        (Ok(first), Some(last)) => Time::Days(first, last.parse().unwrap()),
        (Ok(date), None) => Time::ToCome(date),
        (Err(_), end) => Time::Clock(instant(start), end.map(instant)),
    }
}

fn by_address(feed: &str, list: &str, id: &str) -> HashMap<String, Value> {
    let feed: Value = serde_json::from_str(feed).unwrap();
    let items = feed.pointer(list).unwrap().as_array().unwrap().iter();
    let key = |item: &Value| item.pointer(id).unwrap().as_str().unwrap().to_owned();
    items.map(|item| (key(item), item.clone())).collect()
}

fn from_json(item: &Value, recurs: bool) -> Vec<Told> {
    let details = &item["_event"];
    let one = |value: &Value| {
        let text = |key: &str| value[key].as_str();
        let place = text("location").unwrap_or_default().to_owned();
        (
            time(text("start").unwrap(), text("end")),
            text("status").unwrap().to_owned(),
            place,
        )
    };
    match details["occurrences"].as_array() {
        Some(all) => all.iter().map(one).collect(),
        None if recurs => Vec::new(),
        None => vec![one(details)],
    }
}

fn from_json_ld(item: &Value, recurs: bool) -> Vec<Told> {
    let one = |value: &Value| {
        let text = |key: &str| value[key].as_str();
        let place = match value["location"]["@type"].as_str() {
            Some("VirtualLocation") => "På nett",
            _ => value["location"]["name"].as_str().unwrap_or_default(),
        };
        // An event without a place is in the region there.
        let place = if place == REGION { "" } else { place };
        let time = time(text("startDate").unwrap(), text("endDate"));
        (
            time,
            text("eventStatus").unwrap().to_owned(),
            place.to_owned(),
        )
    };
    match item["subEvent"].as_array() {
        Some(all) => all.iter().map(one).collect(),
        None if recurs => Vec::new(),
        None => vec![one(item)],
    }
}

fn from_csv(table: &str) -> HashMap<String, Vec<Told>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows = reader.deserialize::<HashMap<String, String>>();
    let one = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let span = words.next().unwrap();
        let (start, end) = span
            .split_once('/')
            .map_or((span, None), |(a, b)| (a, Some(b)));
        let status = words.next().unwrap().to_owned();
        (
            time(start, end),
            status,
            words.next().unwrap_or_default().to_owned(),
        )
    };
    rows.map(|row| {
        let row = row.unwrap();
        let end = Some(row["end"].as_str()).filter(|end| !end.is_empty());
        let told = match row["occurrences"].as_str() {
            "" => vec![(
                time(&row["start"], end),
                row["status"].clone(),
                row["place"].clone(),
            )],
            all => all.lines().map(one).collect(),
        };
        (row["url"].clone(), told)
    })
    .collect()
}

/// What a calendar program makes of the file, and the places of the components.
fn from_ics(text: &str) -> HashMap<String, Vec<Told>> {
    let file = CalendarFile::parse(text);
    let calendar = calendar_ical::read::read(text.as_bytes());
    let (from, to) = (date(2026, 12, 1), date(2028, 12, 31));
    let (occurrences, findings) = calendar_ical::occurrences::occurrences(&calendar, from, to);
    assert!(findings.is_empty(), "{findings:?}");
    // The components of each event, by the start that they replace.
    let mut places: HashMap<(&str, String), String> = HashMap::new();
    let mut addresses: HashMap<&str, String> = HashMap::new();
    for one in &file.events {
        let uid = one.value("UID");
        let id = one.try_value("RECURRENCE-ID").map(|value| {
            let zone = one.parameters("RECURRENCE-ID").strip_prefix("TZID=");
            let local = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S");
            match (zone, local) {
                (Some(zone), Ok(local)) => {
                    let at = utc_of(local, zone.parse().unwrap());
                    at.format("%Y%m%dT%H%M%SZ").to_string()
                }
                _ => value.to_owned(),
            }
        });
        let place = one
            .try_value("LOCATION")
            .unwrap_or_default()
            .replace('\\', "");
        places.insert((uid, id.unwrap_or_default()), place);
        addresses.insert(uid, one.value("URL").to_owned());
    }
    let mut told: HashMap<String, Vec<Told>> = HashMap::new();
    for one in occurrences {
        let id = one
            .recurrence_id
            .map(|id| id.to_string())
            .unwrap_or_default();
        let own = places.get(&(one.uid, id));
        let place = own.unwrap_or_else(|| &places[&(one.uid, String::new())]);
        let time = moments(&one.start.to_string(), &one.end.to_string());
        let list = told.entry(addresses[one.uid].clone()).or_default();
        list.push((time, one.status.to_owned(), place.clone()));
    }
    told
}

/// Start and end as `ics occurrences` prints them. A time to come is a date there.
fn moments(start: &str, end: &str) -> Time {
    let instant = |text: &str| {
        let local = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ");
        local.ok().map(|local| local.and_utc())
    };
    let date = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").unwrap();
    match (instant(start), instant(end)) {
        (Some(start), Some(end)) => Time::Clock(start, (end > start).then_some(end)),
        _ => Time::Days(date(start), date(end) - Days::new(1)),
    }
}

/// The texts of RSS and Atom, by the address of the event, as lines.
fn texts(feed: &str) -> HashMap<String, String> {
    let is_rss = feed.contains("<rss");
    let (item, text) = if is_rss {
        ("<item>", "<description>")
    } else {
        ("<entry ", "<content type=\"html\">")
    };
    let one = |xml: &str| {
        let address = xml.split("/events/").nth(1).unwrap();
        let slug = address.split(['<', '"']).next().unwrap();
        let html = xml.split_once(text).unwrap().1.split("</").next().unwrap();
        let html = unescape(html).replace("<br>", "\n").replace("</p>", "\n\n");
        let plain = unescape(&html.replace("<p>", "")).replace('\u{a0}', " ");
        (format!("{BASE}/events/{slug}"), plain)
    };
    feed.split(item).skip(1).map(one).collect()
}

fn unescape(text: &str) -> String {
    let signs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
    ];
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#38;", "&"),
    ];
    let all = signs.into_iter().chain(named).chain([("&amp;", "&")]);
    all.fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn compare_text(form: &str, text: &str, sample: &Sample, found: &mut Differences) {
    let blocks: Vec<&str> = text.split("\n\n").map(str::trim).collect();
    if sample.recurs {
        let dates = blocks
            .iter()
            .find_map(|block| block.strip_prefix("Datoer:\n"));
        let told: Vec<&str> = dates.unwrap_or_default().lines().collect();
        let truth = sample.occurrences_by_time();
        found.compare(form, &sample.slug, told.len(), truth.len());
        for (told, of) in told.into_iter().zip(truth) {
            let (line, exact) = line_of(of, sample.usual_place);
            let fits = told == line || (!exact && told.starts_with(&format!("{line}, ")));
            if !fits {
                found.compare(form, &sample.slug, told, line.as_str());
            }
        }
        return;
    }
    let one = &sample.occurrences[0];
    let head: Vec<&str> = blocks[0].lines().collect();
    found.compare(
        form,
        &sample.slug,
        head[0].to_owned(),
        capitalized(&sentence(one.time, true)),
    );
    let place = head.get(1).copied().unwrap_or_default();
    let fits = place == one.place || place.starts_with(&format!("{}, ", one.place));
    found.compare(form, &sample.slug, (fits, place), (true, place));
    let said = [
        (EventStatus::Cancelled, "Avlyst."),
        (EventStatus::Postponed, "Utsatt. Ny dato er ikke bestemt."),
        (
            EventStatus::Tentative,
            "Foreløpig dato, ikke bekreftet av arrangøren.",
        ),
        (EventStatus::MovedOnline, "Flyttet til nett."),
    ];
    for (status, words) in said {
        let told = text.lines().any(|line| line == words);
        found.compare(
            form,
            &sample.slug,
            (status, told),
            (status, status == one.status),
        );
    }
}

/// The line of an occurrence, and whether it has to be exactly this one: an address may follow a place.
fn line_of(of: &Truth, usual_place: &str) -> (String, bool) {
    let place = Some(of.place).filter(|place| *place != usual_place);
    let parts = [Some(label(of)), place.map(str::to_owned)];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let when = capitalized(&sentence(of.time, true));
    match parts.is_empty() {
        true => (when, true),
        false => (format!("{when}: {}", parts.join("; ")), place.is_none()),
    }
}
