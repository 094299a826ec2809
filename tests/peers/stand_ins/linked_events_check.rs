//! Validation and normalization of bodies in Linked Events.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Helsinki;
use serde_json::{Map, Value, json};

use super::Said;

pub const LANGUAGES: [&str; 6] = ["fi", "sv", "en", "zh_hans", "ru", "ar"];
/// Permitted languages of links.
const LINK_LANGUAGES: [&str; 12] = [
    "fi", "sv", "en", "ru", "et", "fr", "so", "es", "tr", "fa", "ar", "zh_hans",
];
pub const TRANSLATED: [&str; 7] = [
    "name",
    "short_description",
    "description",
    "info_url",
    "location_extra_info",
    "provider",
    "provider_contact_info",
];
const TAGS: [&str; 15] = [
    "a",
    "abbr",
    "acronym",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "i",
    "li",
    "ol",
    "p",
    "strong",
    "ul",
];
const TOO_LONG: [(&str, usize); 4] = [
    ("name", 255),
    ("provider", 512),
    ("info_url", 1_000),
    ("location_extra_info", 400),
];

pub fn refused(field: &str, why: impl Into<Value>) -> Said {
    (400, json!({ field: why.into() }))
}

/// Returns the page of an internal error.
pub fn stumbled() -> Said {
    (
        500,
        Value::from("<!doctype html><title>Server Error (500)</title>"),
    )
}

/// Returns a text as stored: tags are escaped, except some in a description.
pub fn cleaned(field: &str, text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        kept.push_str(&rest[..at].replace('>', "&gt;"));
        let tag = rest[at..].find('>').map(|end| &rest[at..=at + end]);
        let name = tag.map(|tag| {
            let inner = tag.trim_matches(['<', '>', '/', ' ']);
            inner.split(' ').next().unwrap_or_default()
        });
        match (tag, name) {
            (Some(tag), Some(name)) if field == "description" && TAGS.contains(&name) => {
                kept.push_str(tag);
                rest = &rest[at + tag.len()..];
            }
            _ => {
                kept.push_str("&lt;");
                rest = &rest[at + 1..];
            }
        }
    }
    let end = if field == "description" {
        rest.to_owned()
    } else {
        rest.replace('>', "&gt;")
    };
    kept + &end
}

/// Parses a time. Returns whether it has a time of day.
pub fn moment(text: &str, is_end: bool) -> Option<(DateTime<Utc>, bool)> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        // The last day is inclusive.
        let date = if is_end {
            date.checked_add_days(Days::new(1))?
        } else {
            date
        };
        return Some((midnight(date), false));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some((at.to_utc(), true));
    }
    let local = text.parse::<chrono::NaiveDateTime>().ok()?;
    Some((local.and_utc(), true))
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    Helsinki
        .from_local_datetime(&local)
        .earliest()
        .unwrap()
        .to_utc()
}

pub fn next_midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    let day = at.with_timezone(&Helsinki).date_naive();
    midnight(day.checked_add_days(Days::new(1)).unwrap())
}

/// Returns the id in a link, which must be an object with a URL below our root.
pub fn linked(value: &Value, kind: &str) -> Result<String, String> {
    let Value::Object(link) = value else {
        return Err("Incorrect JSON. Expected JSON, received str.".into());
    };
    let Some(link) = link.get("@id").and_then(Value::as_str) else {
        return Err("@id field missing".into());
    };
    let path = match url::Url::parse(link) {
        Ok(url) => url.path().to_owned(),
        Err(_) => link.to_owned(),
    };
    let rest = path.strip_prefix(&format!("/v1/{kind}/"));
    let id = rest.and_then(|path| path.strip_suffix('/'));
    let id = id.filter(|id| !id.is_empty() && !id.contains('/'));
    id.map(|id| id.replace("%3A", ":"))
        .ok_or_else(|| "Invalid hyperlink".into())
}

/// Checks types and lengths, and keeps the known languages of each text.
pub fn forms(body: &mut Map<String, Value>) -> Result<(), Said> {
    if body
        .values()
        .any(|body| body.to_string().contains("\\u0000"))
    {
        return Err(stumbled());
    }
    for field in TRANSLATED {
        let Some(texts) = body.get_mut(field) else {
            continue;
        };
        if texts.is_null() {
            body.remove(field);
            continue;
        }
        let Value::Object(texts) = texts else {
            let why = "This field is a translated field, received a string";
            return Err(refused(field, why));
        };
        texts.retain(|key, _| LANGUAGES.contains(&key.as_str()));
        for text in texts.values_mut() {
            if let Some(said) = text.as_str() {
                *text = cleaned(field, said).into();
            }
        }
        let most = TOO_LONG
            .iter()
            .find(|item| item.0 == field)
            .map(|item| item.1);
        let long = |value: &Value| {
            value
                .as_str()
                .is_some_and(|value| value.chars().count() > most.unwrap_or(usize::MAX))
        };
        if texts.values().any(long) {
            return Err(stumbled());
        }
    }
    for (field, known) in [
        ("publication_status", &["public", "draft"][..]),
        ("type_id", &["General", "Course", "Volunteering"]),
        (
            "event_status",
            &[
                "EventScheduled",
                "EventCancelled",
                "EventPostponed",
                "EventRescheduled",
            ],
        ),
        ("super_event_type", &["recurring", "umbrella"]),
    ] {
        let value = body.get(field).filter(|body| !body.is_null());
        if value.is_some_and(|value| !known.contains(&value.as_str().unwrap_or_default())) {
            return Err((400, json!({"detail": format!("Invalid value {field}")})));
        }
    }
    for offer in body
        .get("offers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        for field in ["price", "info_url", "description"] {
            let texts = offer.get(field);
            if texts.is_some_and(Value::is_string) {
                return Err(refused(
                    "offers",
                    json!({"0": {field: ["translated field"]}}),
                ));
            }
            let texts = texts.and_then(Value::as_object).into_iter().flatten();
            if field != "description" && { texts }
                .any(|item| item.1.as_str().is_some_and(|item| item.len() > 1_000))
            {
                return Err(stumbled());
            }
        }
    }
    links(body)?;
    if let Some(data) = body.get("custom_data") {
        let flat = data.as_object().is_some_and(|data| {
            data.values()
                .all(|data| !data.is_object() && !data.is_array())
        });
        if !flat {
            return Err(refused(
                "custom_data",
                "Value must be a flat dictionary of strings",
            ));
        }
    }
    Ok(())
}

fn links(body: &Map<String, Value>) -> Result<(), Said> {
    let mut seen = Vec::new();
    for link in body
        .get("external_links")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let text = |field: &str| link[field].as_str().unwrap_or_default();
        let wrong = |why: &str| Err(refused("external_links", json!({"0": [why]})));
        if !LINK_LANGUAGES.contains(&text("language")) {
            return wrong("language: Invalid pk");
        }
        if text("link").len() > 200 || text("name").len() > 100 || !text("link").contains("://") {
            return wrong("link");
        }
        let unique = format!("{}-{}-{}", text("name"), text("language"), text("link"));
        if seen.contains(&unique.to_lowercase()) {
            return wrong("Duplicate link");
        }
        seen.push(unique.to_lowercase());
    }
    Ok(())
}

/// Refuses a public body that lacks required fields.
pub fn publishable(body: &Map<String, Value>) -> Result<(), Said> {
    let mut errors = Map::new();
    let needed = "Tämä kenttä on määriteltävä ennen kuin tapahtuma julkaistaan.";
    let text = |field: &str, key: &str| {
        body.get(field)
            .and_then(|body| body[key].as_str())
            .filter(|text| !text.is_empty())
    };
    for key in LANGUAGES.iter().filter(|key| text("name", key).is_some()) {
        for field in ["short_description", "description"] {
            match text(field, key) {
                None => drop(errors.insert(field.into(), json!({ *key: needed }))),
                Some(said) if field == "short_description" && said.chars().count() > 160 => {
                    let why = "Short description length must be 160 characters or less";
                    errors.insert(field.into(), json!({ *key: why }));
                }
                Some(_) => {}
            }
        }
    }
    let missing = |field: &str| {
        body.get(field)
            .is_none_or(|body| body.is_null() || *body == json!([]))
    };
    for field in ["location", "keywords", "start_time"] {
        if missing(field) {
            errors.insert(field.into(), needed.into());
        }
    }
    let offers = body.get("offers").and_then(Value::as_array);
    if !offers.is_some_and(|all| all.iter().any(|item| item.get("is_free").is_some())) {
        errors.insert(
            "offers".into(),
            "Price info must be specified before an event is published.".into(),
        );
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err((400, Value::Object(errors))),
    }
}
