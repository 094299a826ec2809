//! Venues and organizers, which the events of a site share. Existing ones are used if the name matches;
//! others are created.

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::super::payload::cut;
use super::super::{Call, EventPayload, Exchange, NextStep, id_in, within};
use super::ROOT;

/// Venues or organizers.
pub struct SharedKind {
    path: &'static str,
    /// The field of the name.
    name: &'static str,
    /// The names of the replies.
    search: &'static str,
    make: &'static str,
}

/// Venues.
pub const VENUES: SharedKind = SharedKind {
    path: "venues",
    name: "venue",
    search: "venues",
    make: "venue",
};

/// Organizers.
pub const ORGANIZERS: SharedKind = SharedKind {
    path: "organizers",
    name: "organizer",
    search: "organizers",
    make: "organizer",
};

/// Returns the venue of an event in the site's format.
#[must_use]
pub fn venue(said: &EventPayload) -> Option<Value> {
    let place = said.place.as_ref()?;
    let mut venue = json!({ "venue": cut(&place.name, 180) });
    for (field, value) in [
        ("address", &place.address.street),
        ("city", &place.address.locality),
        ("zip", &place.address.postal_code),
    ] {
        if let Some(value) = value {
            venue[field] = json!(value);
        }
    }
    (!place.name.trim().is_empty()).then_some(venue)
}

/// Returns the organizer of an event in the site's format.
#[must_use]
pub fn organizer(said: &EventPayload) -> Option<Value> {
    let holder = said.event.organizer.as_ref()?;
    let name = holder
        .name
        .as_deref()
        .filter(|name| !name.trim().is_empty())?;
    let mut organizer = json!({ "organizer": cut(name, 180) });
    if let Some(url) = &holder.url {
        organizer["website"] = json!(url);
    }
    Some(organizer)
}

/// Returns the id of a venue or organizer on the site. Creates it if there is none with the name in the town.
/// Returns `None` if `wanted` is `None` or the site rejects the new one.
///
/// # Errors
/// Returns the next step if the id is not known yet.
pub fn find(
    to: &Url,
    kind: &SharedKind,
    wanted: Option<Value>,
    so_far: &Exchange,
) -> Result<Option<Value>, NextStep> {
    let Some(mut wanted) = wanted else {
        return Ok(None);
    };
    let name = wanted[kind.name].as_str().unwrap_or_default().to_owned();
    let city = wanted["city"].as_str().map(str::to_owned);
    // The name of a created venue contains its town, so that it is not mistaken for another.
    let ours = match &city {
        Some(city) if !folded(&name).contains(&folded(city)) => format!("{name}, {city}"),
        _ => name.clone(),
    };
    let mut url = within(to, &ROOT, &[kind.path]);
    url.query_pairs_mut()
        .append_pair("search", &name)
        .append_pair("per_page", "50");
    let reply = so_far.ask(kind.search, || Call::get(url))?;
    if !reply.is_ok() && !reply.is_refusal() {
        return Err(NextStep::Refused(kind.search));
    }
    let is_it = |value: &&Value| {
        let theirs = folded(&plain(value[kind.name].as_str().unwrap_or_default()));
        let town = folded(&plain(value["city"].as_str().unwrap_or_default()));
        let same_town = city.as_ref().is_none_or(|city| town == folded(city));
        (theirs == folded(&name) && same_town) || theirs == folded(&ours)
    };
    let all = reply.json[kind.path].as_array().into_iter().flatten();
    if let Some(number) = { all }.find(is_it).and_then(|value| id_in(&value["id"])) {
        return Ok(Some(as_number(&number)));
    }
    wanted[kind.name] = ours.into();
    let url = within(to, &ROOT, &[kind.path]);
    let reply = so_far.ask(kind.make, || Call::carrying(Method::POST, url, wanted))?;
    match reply {
        reply if reply.is_ok() => Ok(id_in(&reply.json["id"]).as_deref().map(as_number)),
        reply if reply.is_refusal() => Ok(None),
        _ => Err(NextStep::Refused(kind.make)),
    }
}

fn as_number(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| json!(id), Value::from)
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Decodes the HTML entities that WordPress uses in names.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, character) in [
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8211;", "–"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#038;", "&"),
        ("&amp;", "&"),
        ("&#039;", "'"),
        ("&quot;", "\""),
    ] {
        text = text.replace(entity, character);
    }
    text
}
