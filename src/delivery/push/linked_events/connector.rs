//! The push connector of Linked Events.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::place::PushLocation;
use super::{body, place, texts};
use crate::delivery::push::{Call, EventPayload, Exchange, NextStep, Push, Target, within};
use calendar_connectors::connector::SecretUse;
use calendar_domain::{Connection, EventStatus, LinkedEventsSettings, Pushed};

/// Linked Events, as run by Helsinki and other cities.
pub struct LinkedEventsPush;

/// Keys of the recorded data: the event's status there, and the languages that were sent.
const STATUS: &str = "status";

const LANGUAGES: &str = "languages";

pub(super) const SCHEDULED: &str = "EventScheduled";

pub(super) const CANCELLED: &str = "EventCancelled";

/// Separates an id from its counter, if an event has returned.
const AGAIN: &str = "_r";

impl Push for LinkedEventsPush {
    fn id(&self) -> &'static str {
        "linked_events"
    }

    fn about(&self) -> &'static str {
        "Linked Events, with an API key"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Header("apikey")
    }

    fn check(&self, connection: &Connection) -> Result<(), String> {
        let settings = connection.linked_events.clone().unwrap_or_default();
        settings.mistake().map_or(Ok(()), |(field, wrong, allowed)| {
            Err(format!(
                "{field} {wrong}; set it in partners.toml under [partner.push.linked_events] to {allowed}"
            ))
        })
    }

    fn root(&self, url: &Url) -> Url {
        within(url, &["v1"], &[])
    }

    /// Returns the id for the event. It contains only letters, digits, `-` and `_`, since others can't be
    /// addressed.
    fn reference(&self, to: Target<'_>, said: &EventPayload) -> String {
        let id = said.event.id.as_deref().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let id: String = id.chars().filter(|c| plain(*c)).take(50).collect();
        format!("{}:{id}", settings(to).data_source)
    }

    fn content(&self, to: Target<'_>, said: &EventPayload) -> Result<Value, String> {
        let settings = settings(to);
        let texts = texts::texts(said, settings)?;
        let mut content = body::body(to.url, said, settings, &texts, &[])?;
        content["location"] = match place::event_place(said, settings)? {
            PushLocation::Known(id) => id.into(),
            PushLocation::Named(place) => json!([place.name, place.address.line()]),
        };
        content["status"] = said.status.as_str().into();
        Ok(content)
    }

    fn splits_dates(&self) -> bool {
        true
    }

    fn publish(
        &self,
        to: Target<'_>,
        said: &EventPayload,
        known: &Pushed,
        so_far: &Exchange,
    ) -> NextStep {
        publish(to, said, known, so_far).unwrap_or_else(|step| step)
    }

    fn withdraw(&self, to: Target<'_>, known: &Pushed, so_far: &Exchange) -> NextStep {
        let id = known.remote_id.as_ref().unwrap_or(&known.reference);
        let call = || Call::delete(event_url(to.url, id));
        let reply = match so_far.ask("withdraw", call) {
            Ok(reply) => reply,
            Err(step) => return step,
        };
        if !reply.is_ok() && !reply.is_gone() {
            return NextStep::Refused("withdraw");
        }
        if known.remote_id.is_none() && reply.status() == 404 {
            return NextStep::Absent;
        }
        NextStep::Done(Box::new(Pushed {
            remote_id: Some(id.clone()),
            ..known.clone()
        }))
    }
}

/// Returns the settings, which `check` has validated.
fn settings(to: Target<'_>) -> &LinkedEventsSettings {
    static NONE: LinkedEventsSettings = LinkedEventsSettings {
        data_source: String::new(),
        languages: BTreeMap::new(),
        keyword: None,
        places: BTreeMap::new(),
        place: None,
        online_place: None,
    };
    to.connection.linked_events.as_ref().unwrap_or(&NONE)
}

fn event_url(to: &Url, id: &str) -> Url {
    // The trailing slash is required: without it the server redirects, and a write is lost.
    within(to, &["v1"], &["event", id, ""])
}

fn publish(
    to: Target<'_>,
    said: &EventPayload,
    known: &Pushed,
    so_far: &Exchange,
) -> Result<NextStep, NextStep> {
    if known.withdrawn {
        return Ok(NextStep::Restart(Box::new(renamed(known))));
    }
    if said.over {
        // The calendar accepts no past event and no change of one.
        return Ok(NextStep::Done(Box::new(known.clone())));
    }
    let settings = settings(to);
    // `content` succeeded with both, so they can't fail here.
    let texts = texts::texts(said, settings).map_err(|_| NextStep::Absent)?;
    let before = known.noted.get(LANGUAGES).map_or("", String::as_str);
    let before: Vec<&str> = before.split_whitespace().collect();
    let body = body::body(to.url, said, settings, &texts, &before).map_err(|_| NextStep::Absent)?;
    let mut body = body;
    body["location"] = json!({ "@id": place::link(to.url, said, settings, &texts, so_far)? });

    let Some(id) = &known.remote_id else {
        return create(to.url, said, &texts, body, known, so_far);
    };
    let status = match known.noted.get(STATUS) {
        Some(status) => status.clone(),
        None => {
            let reply = so_far.ask("look up", || Call::get(event_url(to.url, id)))?;
            if reply.is_gone() {
                return Ok(NextStep::Restart(Box::new(renamed(known))));
            }
            if !reply.is_ok() {
                return Err(NextStep::Refused("look up"));
            }
            let mut now = known.clone();
            let status = reply.json["event_status"].as_str().unwrap_or_default();
            now.noted.insert(STATUS.to_owned(), status.to_owned());
            return Ok(NextStep::Keep(Box::new(now)));
        }
    };
    let url = event_url(to.url, id);
    for (name, body) in bodies(said, &status, &body) {
        let call = || Call::carrying(Method::PUT, url.clone(), body);
        let reply = so_far.ask(name, call)?;
        if reply.is_gone() {
            // Deleted there, but still published here.
            return Ok(NextStep::Restart(Box::new(renamed(known))));
        }
        if !reply.is_ok() {
            return Err(NextStep::Refused(name));
        }
    }
    let answer = so_far.reply("change").map(|reply| &reply.json);
    let status = answer.and_then(|answer| answer["event_status"].as_str());
    let mut now = known.clone();
    let status = status.unwrap_or(status_of(said)).to_owned();
    now.noted.insert(STATUS.to_owned(), status);
    now.noted
        .insert(LANGUAGES.to_owned(), texts.keys().join(" "));
    Ok(NextStep::Done(Box::new(now)))
}

/// Returns the resulting status of an event.
fn status_of(said: &EventPayload) -> &'static str {
    match said.status {
        EventStatus::Cancelled => CANCELLED,
        EventStatus::Postponed => "EventPostponed",
        _ => SCHEDULED,
    }
}

/// Creates the event. It is always created as scheduled; another status follows with an update.
fn create(
    to: &Url,
    said: &EventPayload,
    texts: &texts::LinkedEventsTexts,
    mut body: Value,
    known: &Pushed,
    so_far: &Exchange,
) -> Result<NextStep, NextStep> {
    body["id"] = known.reference.as_str().into();
    without_nulls(&mut body);
    let url = within(to, &["v1"], &["event", ""]);
    let reply = so_far.ask("event", || Call::carrying(Method::POST, url, body))?;
    let is_taken = reply.json.get("id").is_some() && reply.is_refusal();
    let mut now = Pushed {
        remote_id: Some(known.reference.clone()),
        ..known.clone()
    };
    if reply.is_ok() {
        now.noted.insert(STATUS.to_owned(), SCHEDULED.into());
        if status_of(said) == SCHEDULED {
            now.noted
                .insert(LANGUAGES.to_owned(), texts.keys().join(" "));
            return Ok(NextStep::Done(Box::new(now)));
        }
    } else if is_taken {
        // The reply to an earlier attempt was lost, so the status is unknown.
        now.noted.remove(STATUS);
    } else {
        return Err(NextStep::Refused("event"));
    }
    Ok(NextStep::Keep(Box::new(now)))
}

/// Removes fields that would clear a value, which a new event has none of.
fn without_nulls(body: &mut Value) {
    let Some(fields) = body.as_object_mut() else {
        return;
    };
    for value in fields.values_mut() {
        if let Some(texts) = value.as_object_mut() {
            texts.retain(|_, text| !text.is_null());
        }
    }
    fields.retain(|_, value| !value.is_null() && *value != json!({}));
}

/// Returns the updates that lead from `status` to the state of the event, in order.
pub(super) fn bodies(
    said: &EventPayload,
    status: &str,
    body: &Value,
) -> Vec<(&'static str, Value)> {
    let with = |fields: &[(&str, Value)]| {
        let mut body = body.clone();
        for (name, value) in fields {
            body[*name] = value.clone();
        }
        body
    };
    let cancelled = ("event_status", json!(CANCELLED));
    let scheduled = ("event_status", json!(SCHEDULED));
    let draft = ("publication_status", json!("draft"));
    match said.status {
        EventStatus::Cancelled => {
            let mut body = with(&[cancelled]);
            if body.get("end_time").is_none() {
                // Without an end, the start may be after the old end, which is rejected.
                body.as_object_mut().map(|body| body.remove("start_time"));
            }
            vec![("change", body)]
        }
        EventStatus::Postponed => {
            let mut body = with(&[("start_time", Value::Null)]);
            body.as_object_mut().map(|body| body.remove("end_time"));
            vec![("change", body)]
        }
        _ if status == CANCELLED => vec![
            ("draft", with(std::slice::from_ref(&draft))),
            ("scheduled", with(&[draft, scheduled])),
            ("change", body.clone()),
        ],
        _ => vec![("change", body.clone())],
    }
}

/// Returns the record with the next id, since deleted ids can't be reused.
pub(super) fn renamed(known: &Pushed) -> Pushed {
    let id = known.remote_id.as_ref().unwrap_or(&known.reference);
    let (base, number) = match id.rsplit_once(AGAIN) {
        Some((base, number)) => (base, number.parse::<u32>().unwrap_or(1)),
        None => (id.as_str(), 1),
    };
    let mut next = Pushed {
        reference: format!("{base}{AGAIN}{}", number.saturating_add(1)),
        remote_id: None,
        hash: String::new(),
        withdrawn: false,
        ..known.clone()
    };
    next.noted.remove(STATUS);
    next.noted.remove(LANGUAGES);
    next
}
