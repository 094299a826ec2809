//! JSON merge patches (RFC 7396) of events.

use serde_json::{Map, Value};

use calendar_domain::Address;

/// What names a record of ours or describes one of its own.
const NAMED: [&str; 2] = ["place", "organizer"];

/// An event with a merge patch put on it (RFC 7396). A place or organizer that is named without its
/// slug is another one: nothing of the old is left in it.
pub fn patched(mut event: Value, mut patch: Value) -> Value {
    if let Some(place) = patch.get_mut("place") {
        complete_address(place, &event["place"]);
    }
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

/// Adds to a patch of an address line the postal code, or of a postal code the line: the line has the code and the town
/// in it, and a patch of one of them leaves the rest as it is.
fn complete_address(patch: &mut Value, place: &Value) {
    let Value::Object(patch) = patch else { return };
    let is_another = patch.contains_key("name") || patch.contains_key("slug");
    if is_another || !place.is_object() || place.get("slug").is_some_and(|it| !it.is_null()) {
        return;
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let old = Address::of_line(text(place.get("address")), text(place.get("postal_code")));
    let old = old.unwrap_or(Address {
        street: None,
        postal_code: None,
        locality: None,
    });
    let next = match (patch.get("address"), patch.get("postal_code")) {
        (None, Some(Value::String(code))) => Address {
            postal_code: Some(code.clone()),
            ..old
        },
        (None, Some(Value::Null)) => Address {
            postal_code: None,
            ..old
        },
        (Some(Value::String(line)), None) => match code_in(line) {
            Some(code) => {
                patch.insert("postal_code".into(), code.into());
                return;
            }
            None => Address {
                street: Some(line.clone()),
                ..old
            },
        },
        _ => return,
    };
    patch.insert("address".into(), next.line().into());
    if let Some(code) = next.postal_code {
        patch.insert("postal_code".into(), code.into());
    }
}

/// The postal code before the town at the end of an address line.
fn code_in(line: &str) -> Option<&str> {
    let town = line.rsplit_once(", ").map_or(line, |(_, town)| town);
    let code = town.split(' ').next()?;
    let is_code = code.len() == 4 && code.bytes().all(|it| it.is_ascii_digit());
    is_code.then_some(code)
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
}
