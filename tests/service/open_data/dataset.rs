//! `/dataset.jsonld` by the shapes of DCAT-AP-NO, checked by pySHACL.

use std::process::Command;

use serde_json::Value;

use crate::support::readers::{project, tool};
use crate::support::{TestServer, event};

/// Returns what the shapes say about a description; empty if it conforms.
fn complaints(description: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dataset.jsonld");
    std::fs::write(&file, description).unwrap();
    let script = project().join("tests/dataset");
    let output = Command::new(tool("shacl/bin/python"))
        .arg(script.join("validate.py"))
        .arg(script.join("shapes.ttl"))
        .arg(&file)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

fn description(app: &TestServer) -> String {
    let answer = app.program().get("/dataset.jsonld").ok();
    assert_eq!(
        answer.header("Content-Type"),
        "application/ld+json; charset=utf-8"
    );
    answer.text().to_owned()
}

fn node<'a>(description: &'a Value, kind: &str) -> &'a Value {
    let nodes = description["@graph"].as_array().unwrap();
    nodes.iter().find(|node| node["@type"] == kind).unwrap()
}

#[test]
fn the_description_conforms_with_and_without_what_a_region_may_leave_out() {
    let shipped = TestServer::start();
    let empty = TestServer::builder().with_empty_region().start();
    let described = description(&shipped);
    assert_eq!(complaints(&described), "");
    assert_eq!(complaints(&description(&empty)), "");
    event("Uten slutt")
        .on("2026-12-01T18:00")
        .repeating("FREQ=WEEKLY")
        .save(&empty);
    assert_eq!(complaints(&description(&empty)), "");
    let described: Value = serde_json::from_str(&described).unwrap();
    let licence = &node(&described, "dcat:Distribution")["dct:license"]["@id"];
    assert!(licence.as_str().unwrap().ends_with("/licence/CC_BY_4_0"));
}

#[test]
fn every_address_of_a_distribution_answers() {
    let app = TestServer::start();
    let described: Value = serde_json::from_str(&description(&app)).unwrap();
    let nodes = described["@graph"].as_array().unwrap().iter();
    let addresses = nodes.filter_map(|node| node["dcat:accessURL"]["@id"].as_str());
    let addresses: Vec<&str> = addresses.collect();
    assert!(addresses.len() >= 9, "{addresses:?}");
    for address in addresses {
        let path = address.strip_prefix(crate::support::server::BASE).unwrap();
        app.program().get(path).ok();
    }
}

#[test]
fn the_shapes_find_what_is_missing() {
    let app = TestServer::start();
    let right = description(&app);
    for (part, wrong) in [
        ("\"dct:title\"", "\"dct:subtitle\""),
        ("\"dct:description\"", "\"dct:text\""),
        ("\"dct:publisher\"", "\"dct:printer\""),
        ("\"dcat:contactPoint\"", "\"dcat:contactLine\""),
        ("\"dcat:theme\"", "\"dcat:topic\""),
        ("\"dct:identifier\"", "\"dct:number\""),
        ("\"dcat:accessURL\"", "\"dcat:address\""),
        ("\"vcard:Organization\"", "\"vcard:Somebody\""),
        ("\"skos:inScheme\"", "\"skos:inList\""),
        ("\"foaf:name\"", "\"foaf:nick\""),
    ] {
        assert!(right.contains(part), "{part}");
        assert_ne!(complaints(&right.replace(part, wrong)), "", "{part}");
    }
}
