//! Into a Linked Events calendar (`/v1/event/`), with an API key.
//!
//! Ids there are ours, behind the name of the data source that the key belongs to, so that creating an event
//! twice is refused and not done. An id is never free again after a deletion: an event that comes back gets a
//! new one. Of an event that recurs each date is an event of its own, under a super event. Pictures are not
//! sent, since they would have to be uploaded under a licence that the partner's events have and ours do not.
//!
//! The calendar makes the status of an event of what happens to its start: a new start is a reschedule, none is
//! a postponement. Only a cancellation is said, each time; the way back leads over a draft.

mod body;
mod place;
mod texts;

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::{Call, Exchange, Push, Said, Step, Target, within};
use calendar_connectors::connector::SecretUse;
use calendar_domain::{Connection, EventStatus, LinkedEventsSettings, Pushed};
use place::Where;

/// Linked Events, as Helsinki and other cities run it.
pub struct LinkedEvents;

/// Under these names is noted what the event is there: its status, the languages that it was said in.
const STATUS: &str = "status";
const LANGUAGES: &str = "languages";
const SCHEDULED: &str = "EventScheduled";
const CANCELLED: &str = "EventCancelled";
/// What parts the number of an id from the id, where an event has come back.
const AGAIN: &str = "_r";

impl Push for LinkedEvents {
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
                "{field} {wrong}: put it into partners.toml under [partner.push.linked_events]; it has to be {allowed}"
            ))
        })
    }

    fn root(&self, url: &Url) -> Url {
        within(url, &["v1"], &[])
    }

    /// The id that it gets: of letters, digits, `-` and `_` alone, since others cannot be addressed.
    fn reference(&self, to: Target<'_>, said: &Said) -> String {
        let id = said.event.id.as_deref().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let id: String = id.chars().filter(|c| plain(*c)).take(50).collect();
        format!("{}:{id}", settings(to).data_source)
    }

    fn content(&self, to: Target<'_>, said: &Said) -> Result<Value, String> {
        let settings = settings(to);
        let texts = texts::texts(said, settings)?;
        let mut content = body::body(to.url, said, settings, &texts, &[])?;
        content["location"] = match place::of(said, settings)? {
            Where::Known(id) => id.into(),
            Where::Named(place) => json!([place.name, place.address.line()]),
        };
        content["status"] = said.status.as_str().into();
        Ok(content)
    }

    fn splits_dates(&self) -> bool {
        true
    }

    fn publish(&self, to: Target<'_>, said: &Said, known: &Pushed, so_far: &Exchange) -> Step {
        publish(to, said, known, so_far).unwrap_or_else(|step| step)
    }

    fn withdraw(&self, to: Target<'_>, known: &Pushed, so_far: &Exchange) -> Step {
        let id = known.remote_id.as_ref().unwrap_or(&known.reference);
        let call = || Call::delete(event_url(to.url, id));
        let reply = match so_far.ask("withdraw", call) {
            Ok(reply) => reply,
            Err(step) => return step,
        };
        if !reply.is_ok() && !reply.is_gone() {
            return Step::Refused("withdraw");
        }
        if known.remote_id.is_none() && reply.status() == 404 {
            return Step::Absent;
        }
        Step::Done(Box::new(Pushed {
            remote_id: Some(id.clone()),
            ..known.clone()
        }))
    }
}

/// The settings; they were checked before anything is sent.
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
    // The last slash is part of the address: without it a redirect answers, and a write is lost.
    within(to, &["v1"], &["event", id, ""])
}

fn publish(to: Target<'_>, said: &Said, known: &Pushed, so_far: &Exchange) -> Result<Step, Step> {
    if known.withdrawn {
        return Ok(Step::Restart(Box::new(renamed(known))));
    }
    if said.over {
        // It takes no event that is over, and no change of one.
        return Ok(Step::Done(Box::new(known.clone())));
    }
    let settings = settings(to);
    // Both were made of the event before, so they can be made of it.
    let texts = texts::texts(said, settings).map_err(|_| Step::Absent)?;
    let before = known.noted.get(LANGUAGES).map_or("", String::as_str);
    let before: Vec<&str> = before.split_whitespace().collect();
    let body = body::body(to.url, said, settings, &texts, &before).map_err(|_| Step::Absent)?;
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
                return Ok(Step::Restart(Box::new(renamed(known))));
            }
            if !reply.is_ok() {
                return Err(Step::Refused("look up"));
            }
            let mut now = known.clone();
            let status = reply.json["event_status"].as_str().unwrap_or_default();
            now.noted.insert(STATUS.to_owned(), status.to_owned());
            return Ok(Step::Keep(Box::new(now)));
        }
    };
    let url = event_url(to.url, id);
    for (name, body) in bodies(said, &status, &body) {
        let call = || Call::carrying(Method::PUT, url.clone(), body);
        let reply = so_far.ask(name, call)?;
        if reply.is_gone() {
            // Somebody deleted it there; it is published here all the same.
            return Ok(Step::Restart(Box::new(renamed(known))));
        }
        if !reply.is_ok() {
            return Err(Step::Refused(name));
        }
    }
    let answer = so_far.reply("change").map(|it| &it.json);
    let status = answer.and_then(|it| it["event_status"].as_str());
    let mut now = known.clone();
    let status = status.unwrap_or(status_of(said)).to_owned();
    now.noted.insert(STATUS.to_owned(), status);
    now.noted
        .insert(LANGUAGES.to_owned(), texts.keys().join(" "));
    Ok(Step::Done(Box::new(now)))
}

/// The status that an event gets there.
fn status_of(said: &Said) -> &'static str {
    match said.status {
        EventStatus::Cancelled => CANCELLED,
        EventStatus::Postponed => "EventPostponed",
        _ => SCHEDULED,
    }
}

/// Makes the event. It is scheduled then, whatever is sent; what happens to it is said by a change.
fn create(
    to: &Url,
    said: &Said,
    texts: &texts::Texts,
    mut body: Value,
    known: &Pushed,
    so_far: &Exchange,
) -> Result<Step, Step> {
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
            return Ok(Step::Done(Box::new(now)));
        }
    } else if is_taken {
        // The answer to an earlier attempt was lost. What it is there is asked for.
        now.noted.remove(STATUS);
    } else {
        return Err(Step::Refused("event"));
    }
    Ok(Step::Keep(Box::new(now)))
}

/// Of an event that is new there is nothing to be cleared.
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

/// The changes that lead from a status there to what the event is, in their order.
fn bodies(said: &Said, status: &str, body: &Value) -> Vec<(&'static str, Value)> {
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
                // Without an end, a new start may come after the old end, which is refused.
                body.as_object_mut().map(|it| it.remove("start_time"));
            }
            vec![("change", body)]
        }
        EventStatus::Postponed => {
            let mut body = with(&[("start_time", Value::Null)]);
            body.as_object_mut().map(|it| it.remove("end_time"));
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

/// The same event under the next id: one that was deleted is never free again.
fn renamed(known: &Pushed) -> Pushed {
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

#[cfg(test)]
mod tests;
