//! The body of an event, except for its place.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use url::Url;

use super::super::payload::cut;
use super::super::{EventPayload, within};
use super::texts::LinkedEventsTexts;
use calendar_domain::zone::to_utc;
use calendar_domain::{LinkedEventsSettings, When};

/// Maximum lengths in characters, as the calendar counts them. Longer values cause a server error.
const PROVIDER: usize = 500;
const ADDRESS: usize = 1_000;
const LINK: usize = 200;
const PRICE: usize = 200;

/// Returns the body of an event. `before` are the languages sent before; those without texts now are cleared.
///
/// # Errors
/// Returns the reason if the calendar can't represent the event, and the remedy.
pub fn body(
    to: &Url,
    said: &EventPayload,
    settings: &LinkedEventsSettings,
    texts: &LinkedEventsTexts,
    before: &[&str],
) -> Result<Value, String> {
    let event = &said.event;
    let website = event
        .website
        .as_deref()
        .filter(|website| website.len() <= ADDRESS);
    let website = website.unwrap_or_else(|| said.url()).to_owned();
    let provider = event
        .organizer
        .as_ref()
        .and_then(|organizer| organizer.name.as_deref());
    let provider = provider.map(|provider| cut(provider, PROVIDER));
    let key = texts.first();
    let mut body = json!({
        "type_id": "General",
        "publication_status": "public",
        "name": texts.each(|texts| texts.name.clone()),
        "short_description": texts.each(|texts| texts.short.clone()),
        "description": texts.each(|texts| texts.long.clone()),
        "info_url": texts.each(|_| website.clone()),
        "provider": texts.each(|_| provider.clone().unwrap_or_default()),
        "keywords": keywords(to, said, settings)?,
        "offers": offers(said, key),
        "external_links": links(said, settings, key),
        "custom_data": { "elverum_calendar_id": event.id },
        "in_language": [],
    });
    if provider.is_none() {
        body["provider"] = texts
            .keys()
            .into_iter()
            .map(|key| (key, Value::Null))
            .collect();
    }
    for gone in before
        .iter()
        .filter(|text| !texts.keys().contains(&(**text).to_owned()))
    {
        for field in [
            "name",
            "short_description",
            "description",
            "info_url",
            "provider",
        ] {
            body[field][*gone] = Value::Null;
        }
    }
    times(said, &mut body);
    // An event that no longer recurs is no longer a super event.
    body["super_event_type"] = said.recurs.then_some("recurring").into();
    if let Some(series) = &said.series {
        let link = within(to, &["v1"], &["event", series, ""]);
        body["super_event"] = json!({ "@id": link.as_str() });
    }
    Ok(body)
}

/// Sets the start and end: instants in UTC for times, dates for whole days, with the last day included. An
/// unknown end is omitted, since the calendar has its own default.
fn times(said: &EventPayload, body: &mut Value) {
    let utc = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let of = |when: &When| match when {
        When::Timed { start, end, zone } => (
            utc(to_utc(*start, *zone)),
            end.map(|end| utc(to_utc(end, *zone))),
        ),
        When::AllDay { first, until } => {
            let last = until.pred_opt().unwrap_or(*until);
            (first.to_string(), Some(last.to_string()))
        }
        When::TimeToCome { date } => (date.to_string(), None),
    };
    // A recurring event begins at its first date: another start would count as a reschedule.
    let whole = if said.recurs { &said.first } else { &said.when };
    let (start, mut end) = of(whole);
    if let (true, Some(last)) = (said.recurs, said.dates.last()) {
        // The end covers all dates.
        let (last_start, last_end) = of(&last.when);
        end = last_end.or(Some(last_start));
    }
    body["start_time"] = start.into();
    if let Some(end) = end {
        body["end_time"] = end.into();
    }
}

fn keywords(
    to: &Url,
    said: &EventPayload,
    settings: &LinkedEventsSettings,
) -> Result<Vec<Value>, String> {
    let mut words: Vec<&str> = said.keywords.iter().map(String::as_str).collect();
    if words.is_empty() {
        words.extend(settings.keyword.as_deref());
    }
    if words.is_empty() {
        let ours = said.event.categories.join(", ");
        return Err(format!(
            "it has no keyword of the partner's calendar; map its categories ({ours}) to one under \
             [partner.push.mapping] categories, or set a default keyword under [partner.push.linked_events]"
        ));
    }
    let link = |word: &&str| match word.contains("://") {
        true => (*word).to_owned(),
        false => within(to, &["v1"], &["keyword", word, ""]).into(),
    };
    Ok(words
        .iter()
        .map(|word| json!({ "@id": link(word) }))
        .collect())
}

/// Returns at least one offer. Each needs `is_free`.
fn offers(said: &EventPayload, key: &str) -> Vec<Value> {
    if said.event.free == Some(true) {
        return vec![json!({ "is_free": true })];
    }
    let offers = said.event.offers.iter().map(|one| {
        let mut offer = json!({ "is_free": false });
        let name = one.name.get(said.lang);
        if !name.is_empty() {
            offer["description"] = json!({ key: cut(name, PRICE) });
        }
        if let Some(price) = &one.price {
            let price = price.strip_suffix(".00").unwrap_or(price);
            let price = match one.currency.as_deref() {
                None | Some("NOK") => format!("{price} kr"),
                Some(other) => format!("{price} {other}"),
            };
            offer["price"] = json!({ key: cut(&price, PRICE) });
        }
        if let Some(url) = one.url.as_ref().filter(|one| one.len() <= ADDRESS) {
            offer["info_url"] = json!({ key: url });
        }
        offer
    });
    let offers: Vec<Value> = offers.collect();
    match offers.is_empty() {
        true => vec![json!({ "is_free": false })],
        false => offers,
    }
}

/// Returns the link to the event's page, if it is short enough.
fn links(said: &EventPayload, settings: &LinkedEventsSettings, key: &str) -> Vec<Value> {
    let name = format!("{}-origin", settings.data_source);
    let page = Some(said.url()).filter(|url| !url.is_empty() && url.len() <= LINK);
    let link = |page| json!({ "name": name, "language": key, "link": page });
    page.map(link).into_iter().collect()
}
