//! Google's rules for the structured data of events, by a validator that is not ours.

use schemaorg_rs::{ProfileRegistry, Severity, extract_all, validation};
use serde_json::Value;

/// Returns what a page's structured data lack to be shown as an event by Google, or what is unknown to schema.org.
pub fn complaints(page: &str) -> Vec<String> {
    let graph = match extract_all(page) {
        Ok(graph) => graph,
        Err(error) => return vec![error.to_string()],
    };
    let vocabulary = validation::validate(&graph).diagnostics;
    let registry = ProfileRegistry::with_google();
    let result = match registry.evaluate("google", &graph, &vocabulary) {
        Ok(result) => result,
        Err(error) => return vec![error.to_string()],
    };
    let is_error =
        |diagnostic: &&validation::ValidationDiagnostic| diagnostic.severity == Severity::Error;
    let unknown = vocabulary.iter().filter(is_error);
    let mut all: Vec<String> = unknown
        .map(|unknown| format!("{}: {}", unknown.path, unknown.message))
        .collect();
    let is_event = |kind: &str| kind.starts_with("Event");
    let mut events = result.type_results.iter();
    if !events.any(|event| is_event(&event.schema_type)) {
        all.push("there is no event".to_owned());
    }
    let of_types = result.type_results.iter();
    all.extend(of_types.flat_map(|of_kind| of_kind.required_missing.clone()));
    all.extend(objects(page).iter().flat_map(nested));
    all
}

/// Returns the structured data of a page.
pub fn objects(page: &str) -> Vec<Value> {
    let mark = "<script type=\"application/ld+json\">";
    let scripts = page.split(mark).skip(1);
    let scripts = scripts.filter_map(|rest| rest.split("</script>").next());
    scripts
        .map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")))
        .collect()
}

/// Returns what Google requires of the locations of an event and of its parts. The validator demands the properties of
/// places of online locations as well, and does not look into parts.
fn nested(object: &Value) -> Vec<String> {
    let kind = object["@type"].as_str().unwrap_or_default();
    if !kind.starts_with("Event") {
        return Vec::new();
    }
    let mut all = Vec::new();
    for key in ["name", "startDate", "location"] {
        if object[key].is_null() {
            all.push(format!("{kind} without {key}"));
        }
    }
    for location in listed(&object["location"]) {
        let required: &[&str] = match location["@type"].as_str() {
            Some("Place") => &["name", "address"],
            Some("VirtualLocation") => &["url"],
            _ => &["@type"],
        };
        let missing = required.iter().filter(|key| location[**key].is_null());
        all.extend(missing.map(|key| format!("a location without {key}")));
    }
    for offer in listed(&object["offers"]) {
        if !offer["price"].is_null() && offer["priceCurrency"].is_null() {
            all.push("a price without priceCurrency".to_owned());
        }
    }
    all.extend(listed(&object["subEvent"]).into_iter().flat_map(nested));
    all
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    }
}
