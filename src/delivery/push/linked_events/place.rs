//! The place of an event: from the settings, an existing one of the calendar, or a new one.

use reqwest::Method;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::super::payload::{Spot, cut};
use super::super::{Call, EventPayload, Exchange, NextStep, within};
use super::texts::LinkedEventsTexts;
use calendar_domain::LinkedEventsSettings;

/// The place of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum PushLocation<'a> {
    /// A place with this id.
    Known(&'a str),
    /// A place to be found or created.
    Named(&'a Spot),
}

/// Returns the place of an event, without a request.
///
/// # Errors
/// Returns the missing setting if the event has no place.
pub fn event_place<'a>(
    said: &'a EventPayload,
    settings: &'a LinkedEventsSettings,
) -> Result<PushLocation<'a>, String> {
    let under = "under [partner.push.linked_events]";
    let Some(place) = &said.place else {
        let (id, field, what) = match said.event.online_url {
            Some(_) => (&settings.online_place, "online_place", "is held online"),
            None => (&settings.place, "place", "has no place"),
        };
        let id = id.as_deref();
        return id
            .map(PushLocation::Known)
            .ok_or_else(|| format!("it {what}; set {field} to a place for such events {under}"));
    };
    let fold = |text: &str| text.trim().to_lowercase();
    let known = settings
        .places
        .iter()
        .find(|(name, _)| place.slug.as_ref() == Some(name) || fold(name) == fold(&place.name));
    Ok(known.map_or(PushLocation::Named(place), |(_, id)| {
        PushLocation::Known(id)
    }))
}

/// Returns the link to the place of an event.
///
/// # Errors
/// Returns the next step if the link is not known yet.
pub fn link(
    to: &Url,
    said: &EventPayload,
    settings: &LinkedEventsSettings,
    texts: &LinkedEventsTexts,
    so_far: &Exchange,
) -> Result<String, NextStep> {
    let place = match event_place(said, settings).map_err(|_| NextStep::Absent)? {
        PushLocation::Known(id) => return Ok(link_to(to, id)),
        PushLocation::Named(place) => place,
    };
    let mut url = within(to, &["v1"], &["place", ""]);
    url.query_pairs_mut()
        .append_pair("text", &place.name)
        .append_pair("show_all_places", "true")
        .append_pair("page_size", "100");
    let reply = so_far.ask("places", || Call::get(url))?;
    if !reply.is_ok() && !reply.is_gone() {
        return Err(NextStep::Refused("places"));
    }
    let all = reply.json["data"].as_array();
    let all = all.into_iter().flatten();
    if let Some(link) = all.filter_map(|json| link_of(json, place)).min() {
        return Ok(link.1);
    }
    let body = new(place, settings, texts);
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    let url = within(to, &["v1"], &["place", ""]);
    let reply = so_far.ask("place", || Call::carrying(Method::POST, url, body))?;
    if let Some(link) = reply.json["@id"].as_str().filter(|_| reply.is_ok()) {
        return Ok(link.to_owned());
    }
    // It exists, but the search doesn't find it yet.
    let is_taken = ["id", "non_field_errors"];
    if reply.is_refusal() && is_taken.iter().any(|item| reply.json.get(item).is_some()) {
        return Ok(link_to(to, &id));
    }
    Err(NextStep::Refused("place"))
}

fn link_to(to: &Url, id: &str) -> String {
    match id.contains("://") {
        true => id.to_owned(),
        false => within(to, &["v1"], &["place", id, ""]).into(),
    }
}

/// Returns the link to a place of the calendar if it has the same name and is not in another town. The flag
/// is false if the town matches, to sort these first.
fn link_of(theirs: &Value, place: &Spot) -> Option<(bool, String)> {
    let fold = |text: &str| text.trim().to_lowercase();
    let texts = |field: &str| {
        let texts = theirs[field].as_object().into_iter();
        let texts = texts.flat_map(Map::values).filter_map(Value::as_str);
        texts.map(fold).collect::<Vec<_>>()
    };
    let same = texts("name").contains(&fold(&place.name)) && theirs["deleted"] != true;
    let (towns, town) = (texts("address_locality"), place.address.locality.as_deref());
    let elsewhere = town.is_some_and(|town| !towns.is_empty() && !towns.contains(&fold(town)));
    let link = theirs["@id"].as_str().filter(|_| same && !elsewhere)?;
    Some((towns.is_empty(), link.to_owned()))
}

fn new(place: &Spot, settings: &LinkedEventsSettings, texts: &LinkedEventsTexts) -> Value {
    let name = format!("{}\n{}", place.name, place.address.line()).to_lowercase();
    let number = hex::encode(&Sha256::digest(name)[..8]);
    let source = &settings.data_source;
    let key = texts.first();
    let mut body = json!({
        "data_source": source,
        "id": format!("{source}:place-{number}"),
        "origin_id": format!("place-{number}"),
        "name": { key: cut(&place.name, 250) },
        "address_country": "NO",
        // Always sent, even as `null`: omitting it causes a server error.
        "position": place.coordinates.map(|coordinates| {
            json!({ "type": "Point", "coordinates": [coordinates.longitude, coordinates.latitude] })
        }),
    });
    for (field, value) in [
        ("street_address", &place.address.street),
        ("address_locality", &place.address.locality),
    ] {
        if let Some(value) = value {
            body[field] = json!({ key: cut(value, 250) });
        }
    }
    if let Some(code) = &place.address.postal_code {
        body["postal_code"] = json!(cut(code, 10));
    }
    body
}
