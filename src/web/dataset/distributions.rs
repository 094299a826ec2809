//! The forms in which the events are available.

use serde_json::{Value, json};

use super::description::{Description, in_all};
use crate::feeds::FEEDS;

/// Dumps: extension, term of the file type, media type.
const DUMPS: [(&str, &str, &str); 2] = [
    ("ndjson", "NDJSON", "application/x-ndjson"),
    ("csv", "CSV", "text/csv"),
];

/// Returns dumps, the API and the feed of all events in every format.
pub(super) fn distributions(of: &mut Description<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    for (extension, file_type, media_type) in DUMPS {
        let name = extension.to_uppercase();
        let titles = in_all("dataset-dump", &[("format", name.as_str())]);
        let address = format!("{}/dump/events.{extension}", of.site);
        let id = format!("dump-{extension}");
        let mut one = distribution(of, &id, titles, &address);
        one["dct:format"] = of
            .terms
            .refer("file-type", file_type, "dct:MediaTypeOrExtent");
        one["dcat:mediaType"] = of.terms.media_type(media_type);
        one["dcat:downloadURL"] = json!({"@id": address});
        all.push(one);
    }
    let titles = in_all("dataset-api", &[]);
    let address = format!("{}/api/v1/events", of.site);
    let mut api = distribution(of, "api-json", titles, &address);
    api["dct:format"] = of.terms.refer("file-type", "JSON", "dct:MediaTypeOrExtent");
    api["dcat:mediaType"] = of.terms.media_type("application/json");
    api["dcat:accessService"] = of.node("api");
    all.push(api);
    for feed in FEEDS {
        let (extension, name) = (feed.extension(), feed.name().to_owned());
        let titles = in_all("dataset-feed", &[("format", name.as_str())]);
        let address = format!("{}/feeds/all.{extension}", of.site);
        let mut one = distribution(of, &format!("feed-{extension}"), titles, &address);
        let term = extension.to_uppercase().replace("JSONLD", "JSON_LD");
        one["dct:format"] = of.terms.refer("file-type", &term, "dct:MediaTypeOrExtent");
        let media_type = feed.media_type();
        let media_type = media_type.split(';').next().unwrap_or(media_type);
        one["dcat:mediaType"] = of.terms.media_type(media_type);
        all.push(one);
    }
    all
}

fn distribution(of: &mut Description<'_>, id: &str, titles: Value, address: &str) -> Value {
    let mut one = json!({
        "@id": of.id(id),
        "@type": "dcat:Distribution",
        "dct:title": titles,
        "dcat:accessURL": {"@id": address},
    });
    if let Some(licence) = of.licence() {
        one["dct:license"] = licence;
    }
    one
}
