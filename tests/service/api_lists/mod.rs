//! `/api/v1/events` and `/api/v1/occurrences`.

mod filters;
mod http;
mod items;
mod paging;
mod refusals;

use serde_json::Value;

use crate::support::TestServer;

/// Returns the items of a list.
#[track_caller]
fn items(app: &TestServer, path: &str) -> Vec<Value> {
    let list = app.program().get(path).ok().json();
    list["items"].as_array().expect("a list has items").clone()
}

/// Returns the titles of a list, in order.
#[track_caller]
fn titles(app: &TestServer, path: &str) -> Vec<String> {
    let title = |item: &Value| item["title"]["nb"].as_str().expect("a title").to_owned();
    items(app, path).iter().map(title).collect()
}

/// Returns every page of a list.
#[track_caller]
fn all_items(app: &TestServer, path: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.program().get(&format!("{path}{cursor}")).ok().json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else {
            return found;
        };
        cursor = format!("&cursor={next}");
    }
}
