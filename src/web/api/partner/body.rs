//! Parses the body of a partner's request into a draft, with one error per invalid field.

use chrono_tz::Tz;
use rocket::Request;
use rocket::data::{Data, ToByteUnit};
use rocket::request::{FromRequest, Outcome};
use serde_json::{Map, Value};

use crate::catalog::Calendar;
use crate::ingest::upsert;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::problem::{Problem, ProblemKind};
use crate::wire::keep_venues;
use calendar_domain::overlap::check_overlap;
use calendar_domain::wire::{self, WireEvent, WireOverride};
use calendar_domain::{EventDraft, EventId, PartnerId, Schedule};

use super::{checks, json, unchanged};

/// Maximum length of a body in bytes.
const MOST_BYTES: u64 = 256 * 1024;
/// Fields of our responses beside the event, ignored in requests.
const BESIDE: [&str; 6] = [
    "outcome",
    "merged_into",
    "kept",
    "remarks",
    "publication",
    "origin_id",
];
/// Fields that are lists, at any depth.
const LISTS: [&str; 14] = [
    "accessibility",
    "audiences",
    "categories",
    "exdates",
    "images",
    "languages",
    "offers",
    "other_places",
    "overrides",
    "rdates",
    "setting",
    "sources",
    "sub_events",
    "sustainability",
];

/// The declared media type of a body.
pub enum Media {
    /// `application/json`, or `application` with the suffix `+json`.
    Json,
    /// Another type, or none.
    Other,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Media {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let known = request.content_type().is_some_and(|content_type| {
            let sub = content_type.sub().as_str().to_ascii_lowercase();
            content_type.top() == "application" && (sub == "json" || sub.ends_with("+json"))
        });
        Outcome::Success(if known { Self::Json } else { Self::Other })
    }
}

/// A JSON object as request body.
pub struct JsonBody(pub Value);

impl JsonBody {
    /// Reads the body.
    ///
    /// # Errors
    /// Returns a problem of kind [`ProblemKind::MediaType`] if the body is not declared as JSON, [`ProblemKind::TooLarge`] if it
    /// exceeds the limit, and [`ProblemKind::BadRequest`] if it is incomplete or no JSON object.
    pub async fn read(media: Media, data: Data<'_>) -> Result<Self, Problem> {
        if matches!(media, Media::Other) {
            return Err(Problem::new(ProblemKind::MediaType)
                .because("send application/json, or application/merge-patch+json with PATCH"));
        }
        let broken = |error| {
            let _: std::io::Error = error;
            Problem::new(ProblemKind::BadRequest).because("the body broke off")
        };
        let bytes = data.open(MOST_BYTES.bytes()).into_bytes().await;
        let bytes = bytes.map_err(broken)?;
        if !bytes.is_complete() {
            return Err(Problem::new(ProblemKind::TooLarge)
                .because(format!("the maximum size of a body is {MOST_BYTES} bytes")));
        }
        let (value, repeated) = json::read(&bytes.into_inner()).map_err(|error| {
            Problem::new(ProblemKind::BadRequest).because(format!("not JSON: {error}"))
        })?;
        let repeated = repeated.iter().map(|field| {
            let detail = "occurs twice in one object; send it once";
            FieldProblem::new(field, FieldError::Said(detail.into()))
        });
        let errors: Vec<FieldProblem> = repeated.collect();
        match value {
            Value::Object(_) if !errors.is_empty() => Err(Problem {
                errors,
                ..Problem::new(ProblemKind::InvalidEvent)
            }),
            Value::Object(_) => Ok(Self(value)),
            _ => {
                Err(Problem::new(ProblemKind::BadRequest).because("the body must be a JSON object"))
            }
        }
    }
}

/// Parses and checks an event.
///
/// # Errors
/// Returns a problem of kind [`ProblemKind::InvalidEvent`] with the invalid fields, or the store's error.
pub fn draft(
    value: Value,
    origin_id: String,
    partner: &PartnerId,
    calendar: &Calendar,
) -> Result<EventDraft, Problem> {
    let invalid = |errors| Problem {
        errors,
        ..Problem::new(ProblemKind::InvalidEvent)
    };
    let controls = checks::control_characters(&value);
    if !controls.is_empty() {
        return Err(invalid(controls));
    }
    let wire = wire_event(value).map_err(invalid)?;
    let snapshot = calendar.snapshot();
    let connection = snapshot
        .partner(partner)
        .and_then(|partner| partner.connection.clone());
    let zone = connection
        .as_ref()
        .and_then(|connection| connection.time_zone);
    let zone = zone.unwrap_or(snapshot.region().time_zone);
    let places: Vec<_> = wire
        .place
        .iter()
        .chain(&wire.other_places)
        .cloned()
        .collect();
    let kept = upsert::find(calendar, partner, &origin_id)?.map(|find| find.event);
    let mut problems = checks::check(&wire, &snapshot, connection.as_ref());
    if let Some(kept) = kept.as_ref().filter(|_| !problems.is_empty()) {
        let own = upsert::in_own_words(calendar, partner, &origin_id, kept)?;
        unchanged::remove(&mut problems, &wire, [kept, &own], &snapshot);
    }
    let overrides = wire
        .recurrence
        .as_ref()
        .map(|recurrence| recurrence.overrides.clone());
    let read = wire::read(wire, zone).map_err(|errors| {
        let told = errors.into_iter();
        told.map(|error| FieldProblem::new(&error.field, FieldError::Said(error.detail)))
    });
    let mut draft = match read {
        Ok(draft) if problems.is_empty() => draft,
        Ok(_) => return Err(invalid(problems)),
        Err(errors) => {
            problems.extend(errors);
            return Err(invalid(problems));
        }
    };
    if let Err(detail) = check_overlap(&draft.schedule) {
        let problem = FieldProblem::new("end", FieldError::Said(detail));
        return Err(invalid(vec![problem]));
    }
    if let Some(kept) = &kept {
        keep_venues(&mut draft.venues, &places, kept, &snapshot);
    }
    // What came another way and stands there may be sent again as it is.
    if kept.is_none_or(|kept| kept.schedule != draft.schedule) {
        let overrides = overrides.unwrap_or_default();
        let problems = of_nothing(&overrides, &draft.schedule, zone);
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
    }
    draft.origin_id = origin_id;
    if let Some(whole) = &draft.super_event.clone() {
        let own = own_word(whole, &draft.origin_id, partner, calendar)?;
        draft.super_event = Some(own.ok_or_else(|| {
            let detail =
                "is not one of your events; send that event first, and refer to it by your id";
            invalid(vec![FieldProblem::new(
                "super_event",
                FieldError::Said(detail.into()),
            )])
        })?);
    }
    Ok(draft)
}

/// Returns a problem for each override whose `recurrence_id` is not an occurrence.
fn of_nothing(overrides: &[WireOverride], schedule: &Schedule, zone: Tz) -> Vec<FieldProblem> {
    let found = wire::overrides_of_nothing(overrides, schedule, zone);
    let found = found.into_iter().map(|index| {
        let field = format!("recurrence.overrides[{index}].recurrence_id");
        let id: String = overrides[index].recurrence_id.chars().take(60).collect();
        let detail = format!("«{id}» is not an occurrence of rrule, rdates or start");
        FieldProblem::new(&field, FieldError::Said(detail))
    });
    found.collect()
}

/// Resolves the super event of `part` to the partner's own id of it. `named` is that id, or our id as in responses.
/// Returns `None` if the event is not the partner's. A super event set by someone else is kept under our id.
fn own_word(
    named: &str,
    part: &str,
    partner: &PartnerId,
    calendar: &Calendar,
) -> Result<Option<String>, Problem> {
    if named != part && upsert::find(calendar, partner, named)?.is_some() {
        return Ok(Some(named.to_owned()));
    }
    let Ok(id) = named.parse::<EventId>() else {
        return Ok(None);
    };
    let sources = upsert::record(calendar, &id)?.map(|record| record.event.sources);
    let own = sources.into_iter().flatten();
    let own = own.filter(|own| own.partner == *partner && own.origin_id != part);
    if let Some(own) = own.map(|own| own.origin_id).next() {
        return Ok(Some(own));
    }
    let stored = upsert::find(calendar, partner, part)?;
    let stays = stored.is_some_and(|stored| stored.event.super_event == Some(id));
    Ok(stays.then(|| named.to_owned()))
}

/// Parses the object field by field, to report every error. Null fields count as absent.
fn wire_event(value: Value) -> Result<WireEvent, Vec<FieldProblem>> {
    let Value::Object(mut fields) = value else {
        return Ok(WireEvent::default());
    };
    fields.retain(|name, value| !value.is_null() && !BESIDE.contains(&name.as_str()));
    let mut errors = Vec::new();
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        let read = serde_json::from_value::<WireEvent>(Value::Object(alone));
        let wrong = read.map_err(|error| wire::in_json_words(&error)).err();
        // Serde also accepts a list for an object, with its fields in order.
        let wrong = wrong.or_else(|| {
            let listed = has_list_for_object(name, value);
            listed.then(|| "has a list where an object is expected".to_owned())
        });
        errors.extend(wrong.map(|detail| FieldProblem::new(name, FieldError::Said(detail))));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    serde_json::from_value(Value::Object(fields)).map_err(|error| {
        let said = FieldError::Said(wire::in_json_words(&error));
        vec![FieldProblem::new("event", said)]
    })
}

/// Returns true if the field, or one within it, has a list where none is expected.
fn has_list_for_object(name: &str, value: &Value) -> bool {
    match value {
        Value::Array(list) => {
            !LISTS.contains(&name)
                || list
                    .iter()
                    .any(|list| list.is_array() || has_list_for_object(name, list))
        }
        Value::Object(fields) => {
            let mut fields = fields.iter();
            fields.any(|(name, value)| has_list_for_object(name, value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_wrong_field_is_told() {
        let body = json!({"title": 5, "start": [], "nonsense": 1, "offers": {}, "free": null});
        let errors = wire_event(body).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["nonsense", "offers", "start", "title"]);
        let told = errors.iter().map(|error| error.fault.in_english());
        for told in told.filter(|in_english| !in_english.contains("nonsense")) {
            let ours = ["struct", "Wire", "Text", "u32", "sequence", "map"];
            assert!(ours.iter().all(|word| !told.contains(word)), "{told}");
        }
    }
}
