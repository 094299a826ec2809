//! Search for events in JSON-LD: at the top level, in lists, in `@graph` and nested in other objects, such as
//! concerts in a band.

use std::collections::HashMap;

use serde_json::Value;

use crate::linked_data::{each, field, name_of, plain_of, types};

/// Maximum depth of the search. serde_json parses at most 128 levels.
const DEPTH: usize = 64;
/// Maximum number of `@id` references followed in sequence.
const REFERENCES: usize = 3;
/// Maximum number of events of a page.
const EVENTS: usize = 5_000;

/// An event that was found.
#[derive(Debug, Clone)]
pub struct FoundEvent {
    /// The event, with `@id` references resolved.
    pub object: Value,
    /// The name of the enclosing object.
    pub holder: Option<String>,
    /// The id of the event that it is part of.
    pub part_of: Option<String>,
}

/// Returns the events in `values`, in order.
#[must_use]
pub fn events(values: &[Value]) -> Vec<FoundEvent> {
    let mut index = HashMap::new();
    for value in values {
        note_ids(value, &mut index, 0);
    }
    let mut found = Vec::new();
    for value in values {
        walk(value, &Above::default(), &index, &mut found, 0);
    }
    found
}

/// Returns true for an event that people attend. Only `@type` is considered, since a plain `type` occurs in
/// other JSON-LD formats. Objects with `takesPlaceAt` belong to the DATAtourisme connector.
#[must_use]
pub fn is_event(object: &Value) -> bool {
    let broadcasts = [
        "PublicationEvent",
        "BroadcastEvent",
        "OnDemandEvent",
        "DeliveryEvent",
    ];
    object.get("@type").is_some()
        && field(object, "takesPlaceAt").is_null()
        && types(object).any(|kind| {
            (kind.ends_with("Event") && !broadcasts.contains(&kind))
                || matches!(
                    kind,
                    "Festival" | "EventSeries" | "CourseInstance" | "Hackathon"
                )
        })
}

/// The context of a nested object.
#[derive(Default, Clone)]
struct Above {
    name: Option<String>,
    event: Option<String>,
}

type Index<'a> = HashMap<&'a str, &'a Value>;

fn note_ids<'a>(value: &'a Value, index: &mut Index<'a>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(list) => list
            .iter()
            .for_each(|list| note_ids(list, index, depth + 1)),
        Value::Object(map) => {
            if let Some(Value::String(id)) = map.get("@id")
                && map.len() > 1
            {
                let better = index
                    .get(id.as_str())
                    .is_none_or(|other| size(other) < map.len());
                if better {
                    index.insert(id, value);
                }
            }
            map.values().for_each(|map| note_ids(map, index, depth + 1));
        }
        _ => {}
    }
}

fn size(value: &Value) -> usize {
    value.as_object().map_or(0, serde_json::Map::len)
}

fn walk(
    value: &Value,
    above: &Above,
    index: &Index<'_>,
    found: &mut Vec<FoundEvent>,
    depth: usize,
) {
    if depth > DEPTH || found.len() == EVENTS {
        return;
    }
    let map = match value {
        Value::Array(list) => {
            for one in list {
                walk(one, above, index, found, depth + 1);
            }
            return;
        }
        Value::Object(map) => map,
        _ => return,
    };
    let mut below = above.clone();
    if is_event(value) {
        // Skip a bare reference: the event itself is elsewhere in the tree.
        if map
            .keys()
            .any(|key| !matches!(key.as_str(), "@id" | "@type" | "type"))
        {
            found.push(FoundEvent {
                object: resolved(value, index),
                holder: above.name.clone(),
                part_of: above.event.clone(),
            });
        }
        below.event = plain_of(value, &["id", "url"]);
    }
    if !types(value).any(|kind| matches!(kind, "ListItem" | "ItemList")) {
        below.name = name_of(field(value, "name")).or(below.name);
    }
    for (key, inner) in map {
        if !key.ends_with("superEvent") {
            walk(inner, &below, index, found, depth + 1);
        }
    }
}

/// Resolves references in the fields of an object. Nested events are kept as they are, since they are found
/// separately.
fn resolved(object: &Value, index: &Index<'_>) -> Value {
    let Some(map) = object.as_object() else {
        return object.clone();
    };
    let fields = map.iter().filter(|(key, _)| !key.ends_with("subEvent"));
    let fields = fields.map(|(key, value)| {
        let value = match value {
            Value::Object(_) | Value::Array(_) => put_in(value, index, REFERENCES),
            other => other.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(fields.collect())
}

fn put_in(value: &Value, index: &Index<'_>, left: usize) -> Value {
    match value {
        Value::Array(list) => {
            let all = each(value).iter().take(list.len().min(200));
            Value::Array(all.map(|value| put_in(value, index, left)).collect())
        }
        Value::Object(map) => {
            let id = map.get("@id").and_then(Value::as_str);
            let whole = id
                .and_then(|id| index.get(id))
                .filter(|value| size(value) > map.len());
            match whole {
                // The depth is limited because references may be circular.
                Some(whole) if left > 0 && !is_event(whole) => put_in(whole, index, left - 1),
                _ if left == 0 || is_event(value) => value.clone(),
                _ => {
                    let fields = map.iter();
                    let fields =
                        fields.map(|(key, value)| (key.clone(), put_in(value, index, left - 1)));
                    Value::Object(fields.collect())
                }
            }
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_found_wherever_they_stand() {
        let page = json!({"@graph": [
            {"@type": "WebPage", "name": "Program", "mainEntity": {"@type": "ItemList", "name": "Liste",
                "itemListElement": [{"@type": "ListItem", "item": {"@type": "schema:MusicEvent", "name": "A"}}]}},
            {"@type": ["Thing", "http://schema.org/Festival"], "@id": "#f", "name": "F",
                "subEvent": [{"@type": "Event", "name": "B"}]},
            {"@type": "MusicGroup", "name": "Bandet", "event": [{"@type": "Event", "url": "/c"}]},
            {"@type": "BroadcastEvent", "name": "no"},
            {"@type": "Event", "@id": "#ref"},
        ]});
        let found = events(&[page]);
        let told: Vec<_> = found
            .iter()
            .map(|event| {
                (
                    name_of(field(&event.object, "name")),
                    event.holder.as_deref(),
                    event.part_of.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some("A".into()), Some("Program"), None),
                (Some("F".into()), None, None),
                (Some("B".into()), Some("F"), Some("#f")),
                (None, Some("Bandet"), None),
            ]
        );
    }

    #[test]
    fn references_are_put_in_and_circles_end() {
        let page = json!({"@graph": [
            {"@type": "Event", "name": "A", "location": {"@id": "#p"}},
            {"@type": "Place", "@id": "#p", "name": "Huset", "owner": {"@id": "#o"}},
            {"@type": "Person", "@id": "#o", "name": "X", "home": {"@id": "#p"}},
        ]});
        let found = events(&[page]);
        assert_eq!(
            field(field(&found[0].object, "location"), "name"),
            &json!("Huset")
        );
    }
}
