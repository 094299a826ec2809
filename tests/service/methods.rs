//! Methods that a path does not have (RFC 9110 15.5.6), and OPTIONS.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::Method;

use crate::support::personas::BROWSER;
use crate::support::{TestServer, event};

const READING: &str = "GET, HEAD, OPTIONS";

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app
}

/// A path with its methods, and one that it does not have.
const PATHS: [(&str, &str, &str); 14] = [
    ("/", READING, "POST"),
    ("/en", READING, "DELETE"),
    ("/about/", READING, "PUT"),
    ("/%61bout", READING, "PATCH"),
    ("/events/sommerkonsert", READING, "POST"),
    ("/events/sommerkonsert.ics", READING, "PUT"),
    ("/feeds/all.ics", READING, "POST"),
    ("/feeds/category/music.ics?lang=en", READING, "DELETE"),
    ("/static/calendar.css", READING, "TRACE"),
    ("/subscribe", "GET, HEAD, OPTIONS, POST", "DELETE"),
    ("/api/v1/changes", READING, "POST"),
    ("/api/v1/partner/events", READING, "POST"),
    (
        "/api/v1/partner/events/a%2Fb",
        "GET, HEAD, OPTIONS, PUT, PATCH, DELETE",
        "POST",
    ),
    ("/websub", "OPTIONS, POST", "GET"),
];

#[test]
fn a_method_that_a_path_does_not_have_is_refused_with_those_it_has() {
    let app = app();
    for (path, allowed, method) in PATHS {
        let method: Method = method.parse().unwrap();
        let answer = app.ask(method.clone(), path, &[("Accept", "application/json")]);
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("Allow"), allowed, "{method} {path}");
        assert_eq!(
            answer.header("Cache-Control"),
            "no-store",
            "{method} {path}"
        );
        assert_eq!(
            answer.header("Content-Type"),
            "application/problem+json",
            "{method} {path}"
        );
        let problem = answer.json();
        assert_eq!(
            problem["type"], "/problems/method-not-allowed",
            "{method} {path}"
        );
        assert_eq!(problem["status"], 405, "{method} {path}");
    }
}

#[test]
fn options_names_the_same_methods() {
    let app = app();
    for (path, allowed, _) in PATHS {
        let answer = app.ask(Method::OPTIONS, path, &[]).with_status(204);
        assert_eq!(answer.header("Allow"), allowed, "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
}

#[test]
fn a_person_who_sends_to_a_page_that_takes_nothing_sees_a_page() {
    let app = app();
    for (path, lang) in [("/about", "nb"), ("/en/about", "en")] {
        let answer = app.ask(Method::POST, path, &[("Accept", BROWSER)]);
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("Allow"), READING, "{path}");
        assert_eq!(answer.header("Content-Language"), lang, "{path}");
    }
}

#[test]
fn scripts_of_other_sites_may_read_why_a_method_was_refused() {
    let app = app();
    for path in ["/api/v1/changes", "/feeds/all.ics"] {
        let answer = app.ask(Method::DELETE, path, &[]).with_status(405);
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{path}");
    }
}

#[test]
fn scripts_of_other_sites_may_read_that_an_address_of_the_api_has_no_methods() {
    let app = app();
    for path in ["/api/v1/nothing", "/api/v2/events", "/api/"] {
        let preflight = [
            ("Origin", "https://example.no"),
            ("Access-Control-Request-Method", "GET"),
        ];
        let answer = app.ask(Method::OPTIONS, path, &preflight).with_status(404);
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{path}");
        let media_type = answer.header("Content-Type");
        assert_eq!(media_type, "application/problem+json", "{path}");
        assert_eq!(answer.json()["status"], 404, "{path}");
    }
    let page = app.ask(Method::OPTIONS, "/nowhere", &[]).with_status(404);
    assert_eq!(page.try_header("Access-Control-Allow-Origin"), None);
}

#[test]
fn a_path_without_a_route_has_no_method() {
    let app = app();
    let missing = [
        "/nowhere",
        "/about/more",
        "/api/v1",
        "/api%2Fv1%2Fchanges",
        "/en%2Fabout",
        "/ABOUT",
        "/feeds/a/b/c.ics",
        "/<slug>",
        "/events/a/b",
    ];
    for path in missing {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::OPTIONS,
            Method::DELETE,
        ] {
            let answer = app.ask(method.clone(), path, &[]);
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.try_header("Allow"), None, "{method} {path}");
        }
    }
}

#[test]
fn head_of_a_path_that_only_takes_forms_is_refused_without_a_body() {
    let app = app();
    let answer = app.ask(Method::HEAD, "/websub", &[]).with_status(405);
    assert_eq!(answer.header("Allow"), "OPTIONS, POST");
    assert!(answer.body.is_empty());
}

#[test]
fn a_method_of_another_protocol_is_refused_with_those_of_the_path() {
    let app = app();
    for (path, allowed) in [
        ("/", READING),
        ("/feeds/all.ics", READING),
        ("/websub", "OPTIONS, POST"),
    ] {
        for method in ["PROPFIND", "REPORT", "QUERY"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = app.ask(method.clone(), path, &[("Accept", BROWSER)]);
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("Allow"), allowed, "{method} {path}");
            // Rocket runs no fairings for such a request.
            assert_eq!(
                answer.header("X-Content-Type-Options"),
                "nosniff",
                "{method} {path}"
            );
            let is_page = path == "/";
            let policy = answer.try_header("Content-Security-Policy");
            assert_eq!(
                policy.is_some(),
                path != "/feeds/all.ics",
                "{method} {path}"
            );
            let media = answer.header("Content-Type");
            assert_eq!(media.starts_with("text/html"), is_page, "{method} {path}");
        }
    }
    let unknown = Method::from_bytes(b"PROPFIND").unwrap();
    let answer = app.ask(unknown, "/nowhere", &[]).with_status(400);
    assert!(
        answer
            .header("Content-Security-Policy")
            .starts_with("default-src 'none'")
    );
}

#[test]
fn options_of_the_server_as_a_whole_names_every_method() {
    let app = app();
    let mut stream = TcpStream::connect((
        app.address().host_str().unwrap(),
        app.address().port().unwrap(),
    ))
    .unwrap();
    let request = "OPTIONS * HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let allowed = "\r\nallow: GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE\r\n";
    assert!(answer.contains(allowed), "{answer}");
}
