//! JSON merge patches (RFC 7396) of events.

use serde_json::{Map, Value};

use calendar_domain::Address;
use calendar_domain::query::fold;

/// Fields that name a stored record or describe one of the event's own.
const NAMED: [&str; 2] = ["place", "organizer"];

/// Returns an event with a merge patch applied (RFC 7396). A place or organizer with another slug, or with a name and
/// no slug, replaces the old one as a whole.
pub fn patched(mut event: Value, mut patch: Value) -> Value {
    if let Some(place) = patch.get_mut("place") {
        complete_address(place, &event["place"]);
    }
    for name in NAMED {
        let new = &patch[name];
        let is_another = match new.get("slug") {
            Some(slug) => slug.is_string() && event[name].get("slug") != Some(slug),
            None => new.get("name").is_some(),
        };
        if is_another && let Some(fields) = event.as_object_mut() {
            fields.remove(name);
        }
    }
    merge(&mut event, patch);
    event
}

/// Merges as in RFC 7396 section 2.
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

/// Completes a patch of an address line or a postal code. The line contains the code and the town: a patch of the line
/// keeps them, and a patch of the code keeps the street and the town.
fn complete_address(patch: &mut Value, place: &Value) {
    let Value::Object(patch) = patch else { return };
    let is_another = patch.contains_key("name") || patch.contains_key("slug");
    if is_another || !place.is_object() || place.get("slug").is_some_and(|place| !place.is_null()) {
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
            ..with_town(old)
        },
        (None, Some(Value::Null)) => Address {
            postal_code: None,
            ..old
        },
        (Some(Value::Null), None) => Address {
            street: None,
            ..old
        },
        (Some(Value::String(line)), None) => match code_in(line) {
            Some(code) => {
                patch.insert("postal_code".into(), code.into());
                return;
            }
            None => Address {
                street: street_of(line, old.locality.as_deref()),
                ..old
            },
        },
        _ => return,
    };
    let line = Some(next.line()).filter(|line| !line.is_empty());
    patch.insert("address".into(), line.into());
    if let Some(code) = next.postal_code {
        patch.insert("postal_code".into(), code.into());
    }
}

/// Returns an address with the town as its locality, if it has no postal code and a line such as `Storgata 5, Elverum`.
fn with_town(address: Address) -> Address {
    let street = address.street.as_deref().filter(|_| {
        let has_town = address.postal_code.is_some() || address.locality.is_some();
        !has_town
    });
    let parts = street.and_then(|line| line.rsplit_once(", "));
    let parts = parts.filter(|(_, town)| !town.bytes().any(|byte| byte.is_ascii_digit()));
    match parts {
        Some((street, town)) => Address {
            street: Some(street.to_owned()),
            locality: Some(town.to_owned()),
            postal_code: None,
        },
        None => address,
    }
}

/// Returns the street of an address line that may end with the town, or be the town alone.
fn street_of(line: &str, town: Option<&str>) -> Option<String> {
    let is_town = |part: &str| town.is_some_and(|town| fold(part.trim()) == fold(town));
    if is_town(line) {
        return None;
    }
    let street = line.rsplit_once(',').filter(|(_, last)| is_town(last));
    Some(
        street
            .map_or(line, |(street, _)| street.trim_end())
            .to_owned(),
    )
}

/// Returns the postal code before the town at the end of an address line.
fn code_in(line: &str) -> Option<&str> {
    let town = line.rsplit_once(", ").map_or(line, |(_, town)| town);
    let code = town.split(' ').next()?;
    let is_code = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
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

    #[test]
    fn a_place_with_another_slug_replaces_the_old_one() {
        let event = json!({"place": {
            "name": "Park", "address": "Storgata 5, 2406 Elverum", "postal_code": "2406",
        }});
        let moved = patched(event, json!({"place": {"slug": "hall"}}));
        assert_eq!(moved, json!({"place": {"slug": "hall"}}));
        let moved = patched(moved, json!({"place": {"slug": "barn"}}));
        assert_eq!(moved, json!({"place": {"slug": "barn"}}));
        let same = json!({"place": {"slug": "barn", "name": "Barn"}});
        let kept = patched(same.clone(), json!({"place": {"slug": "barn"}}));
        assert_eq!(kept, same);
    }

    #[test]
    fn a_patch_of_one_part_of_an_address_keeps_the_others() {
        let event = json!({"place": {
            "name": "Park", "address": "Storgata 5, 2406 Elverum", "postal_code": "2406",
        }});
        let place = |line: &str, code: Option<&str>| {
            let mut place = json!({"name": "Park", "address": line});
            if let Some(code) = code {
                place["postal_code"] = code.into();
            }
            json!({ "place": place })
        };
        for line in ["Storgata 7, Elverum", "Storgata 7,elverum", "Storgata 7"] {
            let moved = patched(event.clone(), json!({"place": {"address": line}}));
            assert_eq!(moved, place("Storgata 7, 2406 Elverum", Some("2406")));
        }
        let town = patched(event.clone(), json!({"place": {"address": "Elverum"}}));
        assert_eq!(town, place("2406 Elverum", Some("2406")));
        let streetless = patched(event.clone(), json!({"place": {"address": null}}));
        assert_eq!(streetless, place("2406 Elverum", Some("2406")));
        let uncoded = patched(event, json!({"place": {"postal_code": null}}));
        assert_eq!(uncoded, place("Storgata 5, Elverum", None));
        let coded = patched(uncoded, json!({"place": {"postal_code": "2407"}}));
        assert_eq!(coded, place("Storgata 5, 2407 Elverum", Some("2407")));
        let street_only = json!({"place": {"name": "Park", "address": "Storgata 5"}});
        let bare = patched(street_only, json!({"place": {"address": null}}));
        assert_eq!(bare, json!({"place": {"name": "Park"}}));
    }
}
