//! Events on pages of other sites: the component, frames, oEmbed, and the page that writes the code.

mod builder;
mod builder_errors;
mod component;
mod data;
mod frames;
mod host;
mod oembed;
mod outage;
mod policies;
mod settings;

use chrono::TimeDelta;

use crate::support::{Answer, TestServer, event, every_kind};

/// The events under `category=music`.
const MUSIC: [&str; 3] = [
    "Jazz på fredag",
    "Konsert på dagen",
    "Festspillene i Elverum",
];

/// Starts a server with the shipped calendar and an event of each kind. Links use the address of the server.
fn server() -> TestServer {
    let app = TestServer::builder().without_base_url().start();
    every_kind::save_all(&app);
    event("Jazz på fredag")
        .at("Terningen Arena")
        .under("music")
        .on("2026-12-04T20:00")
        .until("2026-12-04T22:00")
        .free()
        .save(&app);
    // A second later, dates of changes may be told.
    app.wait(TimeDelta::minutes(1));
    app
}

/// Returns the server's address without a slash at the end.
fn origin(app: &TestServer) -> &str {
    app.address().as_str().trim_end_matches('/')
}

/// Requests an address as the component does.
#[track_caller]
fn fetch(app: &TestServer, path: &str) -> Answer {
    app.ask(
        reqwest::Method::GET,
        path,
        &[("Accept", "application/json")],
    )
}

/// Returns the titles of the events of a document for the component, in order.
fn titles(document: &serde_json::Value) -> Vec<String> {
    let groups = document["groups"].as_array().into_iter().flatten();
    let days = groups.flat_map(|group| group["days"].as_array().unwrap());
    let events = days.flat_map(|day| day["events"].as_array().unwrap());
    events
        .map(|event| event["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns a code of the builder by its name.
#[track_caller]
fn code(app: &TestServer, path: &str, name: &str) -> String {
    let page = app.visitor().get(path).ok();
    let area = page
        .text()
        .split(&format!("<textarea id=\"{name}\""))
        .nth(1);
    let area = area.unwrap_or_else(|| panic!("{path} has no {name}"));
    let (_, code) = area.split_once('>').unwrap();
    let code = code.split("</textarea>").next().unwrap();
    let signs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    signs.iter().fold(code.to_owned(), |code, (entity, sign)| {
        code.replace(entity, sign)
    })
}

/// Returns the address of the script with its hash, and its value of `integrity`, as the builder gives them.
fn pinned(app: &TestServer) -> (String, String) {
    let code = code(app, "/embed", "html");
    let script = code.split("<script ").nth(1).unwrap();
    let value = |name: &str| {
        let value = script.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    (value("src"), value("integrity"))
}
