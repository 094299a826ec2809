//! The push connector of The Events Calendar.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{body, shared};
use crate::delivery::push::{
    Call, EventPayload, Exchange, NextStep, Push, RemoteReply, Target, id_in, within,
};
use calendar_connectors::connector::SecretUse;
use calendar_domain::{Connection, Pushed};

/// The Events Calendar for WordPress.
pub struct TribePush;

pub(super) const ROOT: [&str; 4] = ["wp-json", "tribe", "events", "v1"];

/// Keys of the recorded data that are not in the body: the status and the venue.
const STATUS: &str = "status";

const VENUE: &str = "venue";

impl Push for TribePush {
    fn id(&self) -> &'static str {
        "tribe"
    }

    fn about(&self) -> &'static str {
        "The Events Calendar (WordPress), with a user's application password"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Password
    }

    fn check(&self, connection: &Connection) -> Result<(), String> {
        if connection.user.is_some() && connection.secret.is_some() {
            return Ok(());
        }
        Err(
            "The Events Calendar accepts events only from a user of its site; give --user, and with --secret \
             the environment variable that contains the user's application password, which WordPress creates \
             under Users, Profile, Application Passwords"
                .into(),
        )
    }

    fn root(&self, url: &Url) -> Url {
        within(url, &ROOT, &[])
    }

    fn reference(&self, _: Target<'_>, said: &EventPayload) -> String {
        let slug = said.event.slug.as_deref().unwrap_or("event");
        let digest = Sha256::digest(said.event.uid.as_deref().unwrap_or(slug));
        let host = said.url().parse::<Url>().ok();
        let prefix = host.as_ref().and_then(slug_prefix).unwrap_or_default();
        // WordPress truncates slugs to 200 characters.
        let slug: String = slug.chars().take(120).collect();
        format!("{prefix}{slug}-{}", hex::encode(&digest[..4]))
    }

    fn content(&self, _: Target<'_>, said: &EventPayload) -> Result<Value, String> {
        let mut body = body::body(said, body::StatusPlacement::InTitle);
        // Names instead of ids, which only the site knows.
        body["venue"] = shared::venue(said).unwrap_or_default();
        body["organizer"] = shared::organizer(said).unwrap_or_default();
        Ok(body)
    }

    fn publish(
        &self,
        to: Target<'_>,
        said: &EventPayload,
        known: &Pushed,
        so_far: &Exchange,
    ) -> NextStep {
        publish(to.url, said, known, so_far).unwrap_or_else(|step| step)
    }

    fn withdraw(&self, to: Target<'_>, known: &Pushed, so_far: &Exchange) -> NextStep {
        withdraw(to.url, known, so_far).unwrap_or_else(|step| step)
    }
}

/// Returns the prefix of the slugs of this site's events: `kalender-example-no-`.
#[must_use]
pub fn slug_prefix(site: &Url) -> Option<String> {
    let host = site.host_str()?;
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let host: String = host.chars().map(plain).take(60).collect();
    Some(format!("{}-", host.trim_matches('-')))
}

/// Returns the event's id there, if it is recorded or found by its slug.
pub(super) fn number(
    to: &Url,
    known: &Pushed,
    so_far: &Exchange,
) -> Result<Option<String>, NextStep> {
    if let Some(number) = &known.remote_id {
        return Ok(Some(number.clone()));
    }
    let url = within(to, &ROOT, &["events", "by-slug", &known.reference]);
    let reply = so_far.ask("look up", || Call::get(url))?;
    if reply.is_ok() {
        let is_it = reply.json["slug"] == known.reference.as_str();
        return Ok(is_it.then(|| id_in(&reply.json["id"])).flatten());
    }
    if is_unknown(reply) {
        return Ok(None);
    }
    Err(NextStep::Refused("look up"))
}

/// Returns true if the reply means that there is no such event. The plugin reports it in several ways.
fn is_unknown(reply: &RemoteReply) -> bool {
    let wrong = &reply.json["data"]["params"];
    let named = wrong.get("id").or(wrong.get("slug")).is_some();
    reply.is_gone() || (reply.status() == StatusCode::BAD_REQUEST && named)
}

fn publish(
    to: &Url,
    said: &EventPayload,
    known: &Pushed,
    so_far: &Exchange,
) -> Result<NextStep, NextStep> {
    let number = number(to, known, so_far)?;
    let venue = shared::find(to, &shared::VENUES, shared::venue(said), so_far)?;
    let organizer = shared::find(to, &shared::ORGANIZERS, shared::organizer(said), so_far)?;
    let status = body::status(said);
    let has_field = match status.is_some() || known.noted.contains_key(STATUS) {
        true => has_status_field(to, so_far)?,
        false => false,
    };
    let marks = match has_field {
        true => body::StatusPlacement::InField,
        false => body::StatusPlacement::InTitle,
    };
    let mut body = body::body(said, marks);
    if let Some(venue) = &venue {
        body["venue"] = venue.clone();
    }
    if let Some(organizer) = organizer {
        body["organizer"] = json!([organizer]);
    }
    let answer = write(to, number.as_deref(), body, known, so_far)?;
    let Some(remote_id) = id_in(&answer["id"]) else {
        return Err(NextStep::Unreadable("event"));
    };
    if answer["status"] != "publish" {
        let status = &answer["status"];
        tracing::warn!(event = %known.event, %status, "the partner's calendar does not show it; check that \
                                                       the user has the author role");
    }
    let mut now = Pushed {
        remote_id: Some(remote_id.clone()),
        withdrawn: false,
        ..known.clone()
    };
    if now.remote_id != known.remote_id {
        return Ok(NextStep::Keep(Box::new(now)));
    }
    let mut meta = json!({});
    if has_field && now.noted.get(STATUS).map(String::as_str) != status.map(|status| status.0) {
        let (word, why) = status.unwrap_or(("scheduled", ""));
        meta["_tribe_events_status"] = word.into();
        meta["_tribe_events_status_reason"] = why.into();
    }
    if venue.is_none() && now.noted.contains_key(VENUE) {
        // An update of the event itself can't remove its venue.
        meta["_EventVenueID"] = json!([]);
    }
    if meta != json!({}) {
        let url = within(to, &["wp-json"], &["wp", "v2", "tribe_events", &remote_id]);
        let call = || Call::carrying(Method::POST, url, json!({ "meta": meta }));
        let reply = so_far.ask("fields", call)?;
        // A site without this API keeps the venue, which is no reason to send the event again.
        if !reply.is_ok() && (has_field || !reply.is_refusal()) {
            return Err(NextStep::Refused("fields"));
        }
    }
    note(
        &mut now,
        STATUS,
        status.filter(|_| has_field).map(|status| status.0),
    );
    note(
        &mut now,
        VENUE,
        venue.map(|venue| venue.to_string()).as_deref(),
    );
    Ok(NextStep::Done(Box::new(now)))
}

fn note(pushed: &mut Pushed, name: &str, value: Option<&str>) {
    match value {
        Some(value) => pushed.noted.insert(name.to_owned(), value.to_owned()),
        None => pushed.noted.remove(name),
    };
}

/// Returns true if WordPress's own API offers events, which then have a status field.
fn has_status_field(to: &Url, so_far: &Exchange) -> Result<bool, NextStep> {
    let mut url = within(to, &["wp-json"], &["wp", "v2", "tribe_events"]);
    url.query_pairs_mut().append_pair("per_page", "1");
    let reply = so_far.ask("status field", || Call::get(url))?;
    if reply.is_ok() || reply.is_refusal() {
        return Ok(reply.is_ok());
    }
    Err(NextStep::Refused("status field"))
}

/// Updates the event, or creates it if it doesn't exist. Returns the response.
fn write<'a>(
    to: &Url,
    number: Option<&str>,
    body: Value,
    known: &Pushed,
    so_far: &'a Exchange,
) -> Result<&'a Value, NextStep> {
    let made = so_far.reply("event").is_some();
    if let Some(number) = number.filter(|_| !made) {
        let url = within(to, &ROOT, &["events", number]);
        if let Some(answer) = written(["change", "change, no picture"], url, &body, so_far)? {
            return Ok(answer);
        }
    }
    let mut body = body;
    // A new event has no values to clear.
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|_, value| *value != " " && *value != json!([]));
    }
    body["slug"] = known.reference.as_str().into();
    let url = within(to, &ROOT, &["events"]);
    let answer = written(["event", "event, no picture"], url, &body, so_far)?;
    answer.ok_or(NextStep::Refused("event"))
}

/// Returns the response to a body, which is sent again without its image if the calendar rejects the image.
/// Returns `None` if there is no such event.
fn written<'a>(
    names: [&'static str; 2],
    url: Url,
    body: &Value,
    so_far: &'a Exchange,
) -> Result<Option<&'a Value>, NextStep> {
    let [whole, spared] = names;
    let call = || Call::carrying(Method::POST, url.clone(), body.clone());
    let mut name = whole;
    let mut reply = so_far.ask(whole, call)?;
    let no_picture = reply.json["data"]["params"].get("image").is_some();
    if reply.status() == StatusCode::BAD_REQUEST && no_picture {
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("image");
        }
        name = spared;
        reply = so_far.ask(spared, || Call::carrying(Method::POST, url, body))?;
    }
    match reply {
        reply if reply.is_ok() => Ok(Some(&reply.json)),
        reply if is_unknown(reply) => Ok(None),
        _ => Err(NextStep::Refused(name)),
    }
}

fn withdraw(to: &Url, known: &Pushed, so_far: &Exchange) -> Result<NextStep, NextStep> {
    let Some(number) = number(to, known, so_far)? else {
        return Ok(NextStep::Absent);
    };
    let url = within(to, &ROOT, &["events", &number]);
    let reply = so_far.ask("withdraw", || Call::delete(url))?;
    if !reply.is_ok() && !is_unknown(reply) {
        return Err(NextStep::Refused("withdraw"));
    }
    Ok(NextStep::Done(Box::new(Pushed {
        remote_id: Some(number),
        ..known.clone()
    })))
}
