//! The catalog of data sets, with the one data set of this calendar.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::description::{Description, named};
use super::distributions::distributions;
use super::terms::Terms;
use crate::catalog::Snapshot;
use calendar_language::Words;

/// Returns the description of the calendar's data; `site` is the site's address without a trailing slash.
pub(super) fn describe(snapshot: &Snapshot, site: &str) -> Value {
    let mut of = Description {
        snapshot,
        site,
        terms: Terms::default(),
    };
    let forms = distributions(&mut of);
    let mut graph = vec![
        catalog(&mut of),
        dataset(&mut of, &forms),
        service(&mut of),
        publisher(&of),
        contact(&of),
    ];
    graph.extend(forms);
    graph.extend(of.terms.described());
    json!({"@context": context(), "@graph": graph})
}

fn catalog(of: &mut Description<'_>) -> Value {
    let one = json!({
        "@id": of.id("catalog"),
        "@type": "dcat:Catalog",
        "dct:identifier": of.id("catalog"),
        "dct:title": named(of, "dataset-catalog"),
        "dct:description": named(of, "dataset-catalog-text"),
        "foaf:homepage": of.terms.page(format!("{}/", of.site)),
        "dcat:dataset": of.node("events"),
        "dcat:service": of.node("api"),
    });
    of.common(one)
}

fn dataset(of: &mut Description<'_>, forms: &[Value]) -> Value {
    let region = of.snapshot.region();
    let keywords = region.municipalities.iter().map(|municipality| {
        let tag = Words::all().next().map_or("nb", |words| words.lang().tag());
        json!({"@language": tag, "@value": municipality.name})
    });
    let keywords: Vec<Value> = keywords.collect();
    let mut one = json!({
        "@id": of.id("events"),
        "@type": "dcat:Dataset",
        "dct:identifier": of.id("events"),
        "dct:title": named(of, "dataset-events"),
        "dct:description": named(of, "dataset-events-text"),
        "dcat:landingPage": of.terms.page(format!("{}/", of.site)),
        "dcat:keyword": keywords,
        "dcat:theme": of.terms.refer("data-theme", "EDUC", "skos:Concept"),
        "dct:accrualPeriodicity": of.terms.refer("frequency", "UPDATE_CONT", "dct:Frequency"),
        "dct:accessRights": of.terms.refer("access-right", "PUBLIC", "dct:RightsStatement"),
        "dcat:distribution": references(forms),
    });
    if let Some(period) = period(of.snapshot) {
        one["dct:temporal"] = period;
    }
    of.common(one)
}

fn references(nodes: &[Value]) -> Vec<Value> {
    let nodes = nodes.iter();
    nodes.map(|node| json!({"@id": node["@id"]})).collect()
}

/// Returns the days from the first event to the last; without an end if one recurs for ever.
fn period(snapshot: &Snapshot) -> Option<Value> {
    let first = snapshot.events().map(|entry| entry.first).min()?;
    let last = snapshot.events().map(|entry| entry.until);
    let last: Option<Vec<NaiveDate>> = last.collect();
    let last = last.and_then(|days| days.into_iter().max()?.pred_opt());
    let date = |day: NaiveDate| json!({"@type": "xsd:date", "@value": day.to_string()});
    let mut period = json!({"@type": "dct:PeriodOfTime", "dcat:startDate": date(first)});
    if let Some(last) = last {
        period["dcat:endDate"] = date(last);
    }
    Some(period)
}

fn service(of: &mut Description<'_>) -> Value {
    let mut one = json!({
        "@id": of.id("api"),
        "@type": "dcat:DataService",
        "dct:identifier": of.id("api"),
        "dct:title": named(of, "dataset-service"),
        "dcat:endpointURL": {"@id": format!("{}/api/v1", of.site)},
        "dcat:endpointDescription": {"@id": format!("{}/api/openapi.json", of.site)},
        "dcat:servesDataset": of.node("events"),
        "dct:publisher": of.node("publisher"),
        "dcat:contactPoint": of.node("contact"),
    });
    if let Some(licence) = of.licence() {
        one["dct:license"] = licence;
    }
    one
}

/// Returns the publisher; one with an organisation number is looked up among the organizers.
fn publisher(of: &Description<'_>) -> Value {
    let region = of.snapshot.region();
    let name = region.publisher.as_deref();
    let mut organizers = of.snapshot.organizers();
    let known = organizers.find(|organizer| Some(organizer.name.as_str()) == name);
    let number = known.and_then(|organizer| organizer.organisation_number.as_ref());
    let mut one = json!({
        "@id": of.id("publisher"),
        "@type": "foaf:Agent",
        "foaf:name": name.unwrap_or_else(|| region.name.get(calendar_domain::Lang::default())),
    });
    if let Some(number) = number {
        one["dct:identifier"] = number.as_str().into();
    }
    one
}

/// Returns whom to ask: by mail, or else by the page about the calendar.
fn contact(of: &Description<'_>) -> Value {
    let mut one = json!({
        "@id": of.id("contact"),
        "@type": ["vcard:Organization", "vcard:Kind"],
        "vcard:fn": named(of, "dataset-contact"),
        "vcard:hasURL": {"@id": format!("{}/about", of.site)},
    });
    if let Some(mail) = &of.snapshot.region().contact {
        one["vcard:hasEmail"] = json!({"@id": format!("mailto:{mail}")});
    }
    one
}

fn context() -> Value {
    json!({
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}
