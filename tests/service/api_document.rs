//! The description of the API: it has every route, and the responses are as described.

use std::collections::BTreeSet;
use std::process::Command;

use calendar_domain::KeyScope;
use elverum_calendar::ingest::access::make_key;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::outgo::sender::sender;
use crate::support::readers::{project, tool};
use crate::support::{Answer, TestServer, every_kind};

/// An operation of the document: path, method and description.
type Operation<'a> = (&'a String, &'a String, &'a Value);

fn document(app: &TestServer) -> Value {
    app.program().get("/api/openapi.json").ok().json()
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().unwrap().iter();
    let methods = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    methods.collect()
}

fn parameters(operation: &Value) -> Vec<&Value> {
    operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the path with the examples of its parameters.
fn example_path(path: &str, operation: &Value) -> String {
    let mut filled = path.to_owned();
    for parameter in parameters(operation)
        .iter()
        .filter(|parameter| parameter["in"] == "path")
    {
        let name = parameter["name"].as_str().unwrap();
        let example = parameter["example"].as_str();
        filled = filled.replace(&format!("{{{name}}}"), example.unwrap_or("none"));
    }
    filled
}

#[test]
fn the_document_has_the_routes_of_the_api_and_no_others() {
    let app = TestServer::builder().with_empty_region().start();
    let document = document(&app);
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> = operations(&document)
        .iter()
        .map(|(path, method, _)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let is_page = |route: &String| route.contains("/api/docs");
    let mounted = app.routes().iter().filter(|route| route.contains(" /api/"));
    let mounted: BTreeSet<String> = mounted
        .filter(|route| !is_page(route))
        .map(|route| route.replace('<', "{").replace('>', "}"))
        .collect();
    assert_eq!(described, mounted);
}

#[test]
fn every_operation_is_named_described_and_under_a_known_tag() {
    let app = TestServer::builder().with_empty_region().start();
    let document = document(&app);
    let tags: Vec<&Value> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| &document["name"])
        .collect();
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let label = format!("{method} {path}");
        assert!(
            names.insert(operation["operationId"].to_string()),
            "{label}"
        );
        assert!(
            operation["summary"].as_str().unwrap().ends_with('.'),
            "{label}"
        );
        assert!(tags.contains(&&operation["tags"][0]), "{label}");
        for parameter in parameters(operation) {
            let description = parameter["description"].as_str().unwrap_or_default();
            assert!(description.ends_with('.'), "{label}: {parameter}");
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            // A member that may be null is one of two schemas, of which the first is described.
            let is_described = schema["description"].is_string()
                || schema["oneOf"][0]["description"].is_string()
                || schema.get("$ref").is_some();
            let is_text = name == "Text";
            assert!(
                is_described || is_text,
                "{name}.{member} has no description"
            );
        }
    }
}

#[test]
fn the_parameters_are_those_that_a_handler_knows() {
    let app = TestServer::start();
    let document = document(&app);
    for (path, method, operation) in operations(&document) {
        if method != "get" || operation["security"][0] != json!({}) {
            continue;
        }
        let named = parameters(operation)
            .into_iter()
            .filter(|parameter| parameter["in"] == "query");
        let named: BTreeSet<&str> = named.map(|named| named["name"].as_str().unwrap()).collect();
        let asked = format!("{}?no_such=1", example_path(path, operation));
        let problem = app.program().get(&asked).with_status(400).json();
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        let listed = detail.split_once("Known parameters: ");
        let known: BTreeSet<&str> =
            listed.map_or_else(BTreeSet::new, |listed| listed.1.split(", ").collect());
        assert_eq!(known, named, "{path}: {detail}");
    }
}

/// Sends an operation's example and returns what the check needs.
fn call(
    app: &TestServer,
    client: &Client,
    (path, method, operation): Operation<'_>,
    key: &str,
) -> Value {
    let filled = example_path(path, operation);
    let url = app.address().join(&filled).unwrap();
    let verb: Method = method.to_uppercase().parse().unwrap();
    let mut request = client.request(verb, url).bearer_auth(key);
    if let Some((media_type, content)) = operation["requestBody"]["content"]
        .as_object()
        .and_then(|operation| operation.iter().next())
    {
        assert!(
            !content["example"].is_null(),
            "{method} {path} has no example"
        );
        request = request
            .header("Content-Type", media_type)
            .body(content["example"].to_string());
    }
    let response = request.send().unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().unwrap().to_vec();
    let answer = Answer {
        path: filled,
        status,
        headers,
        body,
    };
    exchange(path, method, &answer)
}

fn exchange(path: &str, method: &str, answer: &Answer) -> Value {
    let names: Vec<&str> = answer.headers.keys().map(|key| key.as_str()).collect();
    let body = if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    };
    json!({
        "path": path, "method": method, "status": answer.status, "headers": names, "body": body,
        "media_type": answer.try_header("Content-Type").unwrap_or_default(),
    })
}

#[track_caller]
fn check(document: &Value, exchanges: &[Value]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exchanges.json");
    let given = json!({"document": document, "exchanges": exchanges});
    std::fs::write(&file, given.to_string()).unwrap();
    let checked = Command::new(tool("python/bin/python"))
        .arg(project().join("tests/parsers/openapi.py"))
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
    let complaints: Vec<String> = serde_json::from_slice(&checked.stdout).unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_example_is_answered_as_described() {
    let app = TestServer::start();
    every_kind::save_all(&app);
    let partner = sender(&app, "club");
    let (review, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let document = document(&app);
    let client = Client::builder().no_proxy().build().unwrap();
    let mut operations = operations(&document);
    // An event is written before it is read, and read before it is withdrawn.
    operations.sort_by_key(|(_, method, _)| {
        ["put", "get", "post", "patch", "delete"]
            .iter()
            .position(|name| name == method)
    });
    let mut exchanges = Vec::new();
    for operation in operations {
        let is_review = operation.2["tags"][0] == "review";
        let key = if is_review { &review } else { &partner.key };
        let exchange = call(&app, &client, operation, key);
        let (_, method, described) = operation;
        if described["tags"][0] == "partner" {
            let status = exchange["status"].as_u64().unwrap();
            assert!(status < 300, "{method}: {exchange}");
        }
        exchanges.push(exchange);
    }
    check(&document, &exchanges);
}

#[test]
fn events_of_every_kind_and_problems_are_as_described() {
    let app = TestServer::start();
    every_kind::save_all(&app);
    let document = document(&app);
    let mut exchanges = Vec::new();
    for (path, query) in [
        ("/api/v1/changes", "?limit=1000"),
        ("/api/v1/changes", "?since=nonsense"),
        ("/api/v1/changes", "?limit=0"),
        ("/api/v1/places", "?lang=en&limit=500"),
        ("/api/v1/series", "?lang=nn"),
    ] {
        let answer = app.program().get(&format!("{path}{query}"));
        exchanges.push(exchange(path, "get", &answer));
    }
    let absent = app.program().get("/api/v1/places/nowhere");
    exchanges.push(exchange("/api/v1/places/{slug}", "get", &absent));
    let refused = app.program().get("/api/v1/partner/events");
    exchanges.push(exchange("/api/v1/partner/events", "get", &refused));
    check(&document, &exchanges);
}

#[test]
fn the_document_is_named_after_the_region_and_changes_with_it() {
    let app = TestServer::builder().with_empty_region().start();
    assert_eq!(document(&app)["info"]["title"], "Test Calendar");
}
