//! Validation of bodies in The Events Calendar.

use serde_json::{Map, Value, json};

use super::{Said, number, wordpress};

const NO_EMPTY: [&str; 9] = [
    "title",
    "description",
    "excerpt",
    "slug",
    "status",
    "image",
    "date",
    "start_date",
    "all_day",
];
const NO_NULL: [&str; 7] = [
    "description",
    "excerpt",
    "image",
    "status",
    "timezone",
    "slug",
    "all_day",
];
const STATUSES: [&str; 6] = ["publish", "draft", "pending", "private", "future", "trash"];

/// Refuses a body as the plugin does, before anything is written.
pub fn check(
    body: &Map<String, Value>,
    creates: bool,
    may_upload: bool,
    pictures: &[String],
) -> Result<(), Said> {
    let wrong = |field: &str| {
        Err(wordpress(
            400,
            "rest_invalid_param",
            json!({ field: "is invalid" }),
        ))
    };
    if creates {
        for field in ["title", "start_date", "end_date"] {
            if body.get(field).is_none_or(Value::is_null) {
                return Err(wordpress(
                    400,
                    "rest_missing_callback_param",
                    json!([field]),
                ));
            }
        }
    }
    for (field, value) in body {
        let field = field.as_str();
        if *value == "" && NO_EMPTY.contains(&field) {
            return wrong(field);
        }
        if value.is_null() && NO_NULL.contains(&field) {
            return wrong(field);
        }
        let text = value.as_str();
        let empty = value.is_null() || *value == "";
        let fits = match field {
            "title" if text == Some("0") => false,
            "title" => {
                let title = text.unwrap_or_default();
                if title.trim().is_empty() {
                    return Err(wordpress(500, "empty_content", json!({})));
                }
                if title.chars().count() >= 65_536 {
                    return Err(wordpress(500, "db_insert_error", json!({})));
                }
                true
            }
            "start_date" | "end_date" => text.is_some_and(|text| time(text).is_some()),
            "timezone" => empty || text.is_some_and(|text| text.parse::<chrono_tz::Tz>().is_ok()),
            "website" => empty || text.is_some_and(is_address),
            "status" => text.is_some_and(|text| STATUSES.contains(&text)),
            "image" => match text {
                _ if !may_upload => false,
                // A JSON number is refused.
                None => false,
                Some(url) => pictures.iter().any(|picture| picture == url),
            },
            "venue" => empty || one_of(value, "venue"),
            "organizer" => {
                let each = |value: &Value| one_of(value, "organizer");
                empty
                    || value
                        .as_array()
                        .map_or_else(|| each(value), |all| all.iter().all(each))
            }
            "categories"
                if value
                    .as_array()
                    .is_some_and(|all| all.iter().any(Value::is_object)) =>
            {
                return Err(wordpress(500, "internal_server_error", json!({})));
            }
            _ => true,
        };
        if !fits {
            return wrong(field);
        }
    }
    Ok(())
}

/// Returns true for an id, or an object with an id or a name.
fn one_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => {
            let website = fields.get("website").and_then(Value::as_str);
            let named = fields.get(name).and_then(Value::as_str);
            let named = named.is_some_and(|named| !named.is_empty());
            let numbered = fields.get("id").and_then(number).is_some();
            (numbered || named)
                && website.is_none_or(|website| website.is_empty() || is_address(website))
        }
        value => number(value).is_some(),
    }
}

fn is_address(text: &str) -> bool {
    let schemes = ["http://", "https://", "ftp://"];
    text.is_ascii() && schemes.iter().any(|scheme| text.starts_with(scheme))
}

/// Parses a local time; an offset is discarded.
pub fn time(text: &str) -> Option<chrono::NaiveDateTime> {
    let text = text.replace('T', " ");
    let clock = text.get(..19).unwrap_or(&text);
    chrono::NaiveDateTime::parse_from_str(clock, "%Y-%m-%d %H:%M:%S").ok()
}
