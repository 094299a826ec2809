//! From the bytes that a partner sends to a draft, with one entry for each wrong field.

use rocket::Request;
use rocket::data::{Data, ToByteUnit};
use rocket::request::{FromRequest, Outcome};
use serde_json::{Map, Value};

use crate::catalog::Calendar;
use crate::domain::overlap::check_overlap;
use crate::domain::{EventDraft, EventId, PartnerId};
use crate::sync::upsert;
use crate::web::fault::{Fault, FieldProblem};
use crate::web::problem::{Kind, Problem};
use crate::wire::{self, WireEvent};

/// The largest body, in bytes.
const MOST_BYTES: u64 = 256 * 1024;
/// What our own answers say beside the event, and a program may send back.
const BESIDE: [&str; 5] = ["outcome", "merged_into", "kept", "publication", "origin_id"];
/// What names a record of ours or describes one of its own.
const NAMED: [&str; 2] = ["place", "organizer"];

/// Whether the body is said to be JSON.
pub enum Media {
    /// It is.
    Json,
    /// It is something else, or nothing is said.
    Other,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Media {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let known = request.content_type().is_some_and(|it| {
            let sub = it.sub().as_str().to_ascii_lowercase();
            it.top() == "application" && (sub == "json" || sub.ends_with("+json"))
        });
        Outcome::Success(if known { Self::Json } else { Self::Other })
    }
}

/// A body that is JSON.
pub struct Body(pub Value);

impl Body {
    /// Reads it to its end.
    pub async fn read(media: Media, data: Data<'_>) -> Result<Self, Problem> {
        if matches!(media, Media::Other) {
            return Err(Problem::new(Kind::MediaType)
                .because("send application/json, or application/merge-patch+json to PATCH"));
        }
        let broken = |error| {
            let _: std::io::Error = error;
            Problem::new(Kind::BadRequest).because("the body broke off")
        };
        let bytes = data.open(MOST_BYTES.bytes()).into_bytes().await;
        let bytes = bytes.map_err(broken)?;
        if !bytes.is_complete() {
            return Err(
                Problem::new(Kind::TooLarge).because(format!("a body may have {MOST_BYTES} bytes"))
            );
        }
        let value = serde_json::from_slice(&bytes.into_inner())
            .map_err(|error| Problem::new(Kind::BadRequest).because(format!("no JSON: {error}")))?;
        match value {
            Value::Object(_) => Ok(Self(value)),
            _ => Err(Problem::new(Kind::BadRequest).because("the body has to be a JSON object")),
        }
    }
}

/// What a body says of an event.
pub fn draft(
    value: Value,
    origin_id: String,
    partner: &PartnerId,
    calendar: &Calendar,
) -> Result<EventDraft, Problem> {
    let invalid = |errors| Problem {
        errors,
        ..Problem::new(Kind::InvalidEvent)
    };
    let wire = wire_event(value).map_err(invalid)?;
    let snapshot = calendar.snapshot();
    let connection = snapshot
        .partner(partner)
        .and_then(|it| it.connection.clone());
    let zone = connection.and_then(|it| it.time_zone);
    let zone = zone.unwrap_or(snapshot.region().time_zone);
    let places: Vec<_> = wire
        .place
        .iter()
        .chain(&wire.other_places)
        .cloned()
        .collect();
    let mut draft = wire::read(wire, zone).map_err(|errors| {
        let told = errors.into_iter();
        invalid(
            told.map(|it| FieldProblem::new(&it.field, Fault::Said(it.detail)))
                .collect(),
        )
    })?;
    if let Err(detail) = check_overlap(&draft.schedule) {
        let problem = FieldProblem::new("end", Fault::Said(detail));
        return Err(invalid(vec![problem]));
    }
    if let Some(kept) = upsert::find(calendar, partner, &origin_id)? {
        wire::keep_venues(&mut draft.venues, &places, &kept.event, &snapshot);
    }
    draft.origin_id = origin_id;
    if let Some(whole) = &draft.super_event {
        draft.super_event = Some(own_word(whole, partner, calendar)?);
    }
    Ok(draft)
}

/// The partner's own id of an event that it names by ours, as our answers do.
fn own_word(named: &str, partner: &PartnerId, calendar: &Calendar) -> Result<String, Problem> {
    let known = match named.parse::<EventId>() {
        Ok(id) => upsert::record(calendar, &id)?,
        Err(_) => None,
    };
    let sources = known.map(|it| it.event.sources).unwrap_or_default();
    let own = sources.into_iter().find(|it| it.partner == *partner);
    Ok(own.map_or_else(|| named.to_owned(), |it| it.origin_id))
}

/// Reads the object field by field, so that each mistake is told. A field that is null is as none.
fn wire_event(value: Value) -> Result<WireEvent, Vec<FieldProblem>> {
    let Value::Object(mut fields) = value else {
        return Ok(WireEvent::default());
    };
    fields.retain(|name, value| !value.is_null() && !BESIDE.contains(&name.as_str()));
    let mut errors = Vec::new();
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(error) = serde_json::from_value::<WireEvent>(Value::Object(alone)) {
            errors.push(FieldProblem::new(name, Fault::Said(error.to_string())));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| {
        let said = Fault::Said(error.to_string());
        vec![FieldProblem::new("event", said)]
    })
}

/// An event with a merge patch put on it (RFC 7396). A place or organizer that is named without its
/// slug is another one: nothing of the old is left in it.
pub fn patched(mut event: Value, patch: Value) -> Value {
    for name in NAMED {
        let new = &patch[name];
        if new.get("name").is_some()
            && new.get("slug").is_none()
            && let Some(fields) = event.as_object_mut()
        {
            fields.remove(name);
        }
    }
    merge(&mut event, patch);
    event
}

/// RFC 7396 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patches_are_merged_as_the_rfc_shows() {
        // RFC 7396, appendix A.
        for (target, patch, merged) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"a": [{"b": "c"}]}),
                json!({"a": [1]}),
                json!({"a": [1]}),
            ),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            let mut found = target.clone();
            merge(&mut found, patch.clone());
            assert_eq!(found, merged, "{target} {patch}");
        }
    }

    #[test]
    fn another_place_keeps_nothing_of_the_old_one() {
        let event = json!({"place": {"slug": "hall", "name": "Hall", "latitude": 60.8}});
        let moved = patched(event.clone(), json!({"place": {"name": "Park"}}));
        assert_eq!(moved, json!({"place": {"name": "Park"}}));
        let kept = patched(event, json!({"place": {"latitude": 60.9}}));
        assert_eq!(kept["place"]["slug"], "hall");
    }

    #[test]
    fn each_wrong_field_is_told() {
        let body = json!({"title": 5, "start": [], "nonsense": 1, "offers": {}, "free": null});
        let errors = wire_event(body).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["nonsense", "offers", "start", "title"]);
    }
}
