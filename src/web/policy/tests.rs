use chrono::Utc;
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::request::{FromRequest, Outcome};
use rocket::shield::Shield;
use rocket::{Request, get, post, routes};

use super::{Policy, PolicyMounts};
use crate::web::conditional::Finished;
use crate::web::{catchers, headers};

/// Request guard that refuses every request.
struct Nobody;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Nobody {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Error((Status::Forbidden, ()))
    }
}

#[get("/page")]
fn page() -> Finished {
    Finished::new(
        b"text ".repeat(1_000),
        "text/html; charset=utf-8",
        Utc::now(),
    )
}

#[get("/refused")]
fn refused(_nobody: Nobody) -> &'static str {
    "shown to nobody"
}

/// The first route for a number, the second for anything else.
#[get("/either/<_number>", rank = 1)]
fn number(_number: u32) {}
#[get("/either/<_>", rank = 2)]
fn word() {}

#[post("/page")]
fn send() {}

fn client(policy: Policy) -> Client {
    // An empty shield, as the server has.
    let server = rocket::build()
        .attach(Shield::new())
        .attach(headers::Headers);
    let server = PolicyMounts::new(server)
        .mount("/", policy.on(routes![page, refused, number]))
        .mount("/", Policy::Page.on(routes![word]))
        .into_server()
        .register("/", catchers::catchers());
    Client::tracked(server).unwrap()
}

fn headers_of(client: &Client, path: &str) -> Vec<(String, String)> {
    let answer = client.get(path.to_owned()).dispatch();
    let mut headers: Vec<_> = answer
        .headers()
        .iter()
        .map(|header| (header.name.to_string(), header.value.to_string()))
        .collect();
    headers.sort();
    headers
}

fn value(client: &Client, path: &str, name: &str) -> Option<String> {
    let headers = headers_of(client, path);
    let found = headers.into_iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

#[test]
fn a_private_page_runs_own_scripts_and_is_stored_framed_and_told_nowhere() {
    let client = client(Policy::Private);
    for path in ["/page", "/refused"] {
        let value = |name| value(&client, path, name);
        let policy = value("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(value("Cache-Control").as_deref(), Some("no-store"));
        assert_eq!(value("Referrer-Policy").as_deref(), Some("same-origin"));
        assert_eq!(value("X-Frame-Options").as_deref(), Some("DENY"));
        assert_eq!(value("Access-Control-Allow-Origin"), None);
    }
}

#[test]
fn a_page_for_frames_is_framed_by_any_site_and_runs_own_scripts() {
    let client = client(Policy::Embed);
    for path in ["/page", "/refused"] {
        let value = |name| value(&client, path, name);
        let policy = value("Content-Security-Policy").unwrap();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(policy.ends_with("frame-ancestors *"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(value("X-Frame-Options"), None);
    }
}

#[test]
fn only_pages_for_visitors_and_data_are_compressed() {
    let compressed = [
        Policy::Page,
        Policy::Api,
        Policy::Interactive,
        Policy::Embed,
    ];
    for policy in [Policy::Strict, Policy::Private]
        .into_iter()
        .chain(compressed)
    {
        let client = client(policy);
        let request = client.get("/page");
        let answer = request
            .header(Header::new("Accept-Encoding", "gzip, br, zstd"))
            .dispatch();
        let coding = answer.headers().get_one("Content-Encoding");
        let expected = compressed.contains(&policy).then_some("br");
        assert_eq!(coding, expected, "{policy:?}");
    }
}

#[test]
fn an_error_has_the_policy_of_its_route() {
    let api = client(Policy::Api);
    let origin = value(&api, "/refused", "Access-Control-Allow-Origin");
    assert_eq!(origin.as_deref(), Some("*"));
    assert_eq!(value(&api, "/refused", "Content-Security-Policy"), None);
}

#[test]
fn a_request_that_one_route_passes_on_has_the_policy_of_the_route_that_answers() {
    let client = client(Policy::Api);
    let open = |path| value(&client, path, "Access-Control-Allow-Origin").is_some();
    assert!(open("/either/1"));
    assert!(!open("/either/one"));
    let policy = value(&client, "/either/one", "Content-Security-Policy").unwrap();
    assert!(!policy.contains("script-src"));
}

#[test]
fn whatever_declares_nothing_has_the_strictest_policy() {
    let server = rocket::build().attach(headers::Headers);
    let server = PolicyMounts::new(server)
        .mount("/", Policy::Api.on(routes![refused]))
        .into_server()
        .mount("/", routes![page, send])
        .register("/", catchers::catchers());
    let client = Client::tracked(server).unwrap();
    for path in ["/page", "/nowhere"] {
        let value = |name| value(&client, path, name);
        let policy = value("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
        assert_eq!(value("Referrer-Policy").as_deref(), Some("no-referrer"));
        assert_eq!(value("Access-Control-Allow-Origin"), None);
        assert!(value("Cache-Control").is_some(), "{path}");
    }
    let sent = client.post("/page").dispatch();
    assert_eq!(sent.headers().get_one("Cache-Control"), Some("no-store"));
}
