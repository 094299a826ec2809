//! Parameters that are refused, with one entry per wrong field.

use reqwest::Method;

use super::titles;
use crate::support::{TestServer, event};

fn app() -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T09:00")
        .start();
    for number in 0..3 {
        event(&format!("Konsert {number}"))
            .on("2027-03-02T18:00")
            .save(&app);
    }
    app
}

/// Returns the fields of a problem with what is said of each.
#[track_caller]
fn refused(app: &TestServer, path: &str) -> Vec<(String, String)> {
    refused_with(app, path, 400)
}

#[track_caller]
fn refused_with(app: &TestServer, path: &str, status: u16) -> Vec<(String, String)> {
    let answer = app.program().get(path).with_status(status);
    assert_eq!(answer.header("Content-Type"), "application/problem+json");
    let problem = answer.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|error| (text(&error["field"]), text(&error["detail"])))
        .collect()
}

#[test]
fn each_wrong_field_has_an_entry() {
    let app = app();
    let path = "/api/v1/events?from=soon&weekday=funday&near=1&limit=0&sort=title&fields=colour&category=none&x=1";
    let mut fields: Vec<String> = refused(&app, path)
        .into_iter()
        .map(|refused| refused.0)
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "category", "fields", "from", "limit", "near", "sort", "weekday", "x"
        ]
    );
}

#[test]
fn an_error_says_what_is_allowed() {
    let app = app();
    for (query, field, said) in [
        ("unknown=1", "unknown", "hide_recurring_children"),
        ("page_from=2027-03-01", "page_from", "known"),
        ("from=2027-13-01", "from", "2027-06-01T18:00:00Z"),
        ("weekday=monday", "weekday", "mon, tue"),
        ("time_of_day=evening", "time_of_day", "17:00-23:00"),
        ("min_duration=90", "min_duration", "90m"),
        ("near=Elverum", "near", "latitude,longitude"),
        ("near=60,11&radius=5", "radius", "5km"),
        ("bbox=1,2,3", "bbox", "west,south,east,north"),
        ("updated_since=2027-03-01", "updated_since", "offset"),
        ("status=off", "status", "moved_online"),
        ("parts=no", "parts", "include, omit"),
        ("ongoing=yes", "ongoing", "only"),
        (
            "hide_recurring_children=perhaps",
            "hide_recurring_children",
            "true",
        ),
        ("fields=colour", "fields", "accessibility"),
        ("sort=title", "sort", "-modified"),
        ("lang=sv", "lang", "auto"),
        ("limit=501", "limit", "500"),
        ("limit=5&limit=6", "limit", "1"),
        ("q=!!!", "q", "letter or digit"),
        ("q=%00%ff", "q", "letter or digit"),
        ("municipality=oslo", "municipality", "elverum"),
    ] {
        let errors = refused(&app, &format!("/api/v1/events?{query}"));
        assert_eq!(errors.len(), 1, "{query}: {errors:?}");
        assert_eq!(errors[0].0, field, "{query}");
        assert!(errors[0].1.contains(said), "{query}: {}", errors[0].1);
    }
    let errors = refused(&app, "/api/v1/occurrences?sort=modified");
    assert_eq!(errors[0].1.matches("start").count(), 2, "{errors:?}");
    let errors = refused(&app, "/api/v1/events/konsert-1?fields=x&from=2027-03-01");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn a_cursor_belongs_to_its_filters_order_and_list() {
    let app = app();
    let next = |path: &str| {
        let page = app.program().get(path).ok().json();
        page["next"].as_str().unwrap().to_owned()
    };
    let cursor = next("/api/v1/events?limit=1&q=konsert");
    let of_dates = next("/api/v1/occurrences?limit=1&q=konsert");
    for path in [
        format!("/api/v1/events?limit=1&cursor={cursor}"),
        format!("/api/v1/events?limit=1&q=konsert&sort=-start&cursor={cursor}"),
        format!("/api/v1/events?limit=1&q=konsert&from=2027-03-01&cursor={cursor}"),
        format!("/api/v1/occurrences?limit=1&q=konsert&cursor={cursor}"),
        format!("/api/v1/events?limit=1&q=konsert&cursor={of_dates}"),
    ] {
        let errors = refused_with(&app, &path, 409);
        assert_eq!(errors[0].0, "cursor", "{path}");
        assert!(
            errors[0].1.contains("without it"),
            "{path}: {}",
            errors[0].1
        );
    }
    let errors = refused_with(&app, "/api/v1/events?cursor=MQ", 409);
    assert!(errors[0].1.contains("`next`"), "{errors:?}");
    // What changes no item and no order may differ.
    let path = format!("/api/v1/events?q=konsert&limit=5&lang=en&fields=title&cursor={cursor}");
    assert_eq!(titles(&app, &path).len(), 2);
}

#[test]
fn too_much_is_refused_and_nothing_panics() {
    let app = app();
    let many: Vec<String> = (0..150)
        .map(|number| format!("category=c{number}"))
        .collect();
    refused(&app, &format!("/api/v1/events?{}", many.join("&")));
    refused(
        &app,
        &format!("/api/v1/events?weekday={}", "mon,".repeat(200)),
    );
    for query in [
        "from=0001-01-01",
        "from=9998-12-31",
        "from=0001-01-01&sort=-start",
        "from=0001-01-01&sort=modified&weekday=mon",
        "from=9998-12-31T23:59:59-14:00",
        "to=0001-01-01&from=0001-01-01",
        "near=90,180&radius=20000km",
        "q=%00%ff",
        "fields=,,,",
        "from=0000-01-01&to=9999-12-31",
        "from=2027-03-05&to=2027-03-01",
        "from=2027-03-05&to=2027-03-01&sort=-start",
        "min_duration=2h&max_duration=1h",
        "bbox=1,4,3,2&near=60,11",
        "radius=5km",
        "status=,",
    ] {
        for list in ["events", "occurrences"] {
            let path = format!("/api/v1/{list}?{query}");
            let answer = app.program().get(&path);
            assert!(
                matches!(answer.status, 200 | 400),
                "{path}: {}",
                answer.text()
            );
        }
    }
}

#[test]
fn a_search_without_a_letter_or_digit_is_refused_everywhere() {
    let app = app();
    for path in ["/?q=!!!", "/subscribe?q=!!!", "/embed/list?q=!!!"] {
        let page = app.visitor().get(path).with_status(400);
        assert!(
            page.text()
                .contains("Har ingen bokstav eller siffer å søke etter."),
            "{path}"
        );
        assert!(!page.text().contains("Konsert 1"), "{path}");
    }
    let page = app.visitor().get("/en?q=%F0%9F%8E%B5").with_status(400);
    assert!(
        page.text()
            .contains("Has no letter or digit to search for.")
    );
    for path in ["/feeds/search.ics?q=!!!", "/feeds/search.json?q=-+-"] {
        let errors = refused(&app, path);
        assert_eq!(errors[0].0, "q", "{path}");
    }
    let embed = app
        .program()
        .get("/embed/events.json?q=!!!")
        .with_status(400);
    assert_eq!(embed.json()["errors"][0]["field"], "q");
    // The builder names the field and shows the rest.
    let builder = app.visitor().get("/embed?q=!!!&layout=cards").ok();
    assert!(
        builder
            .text()
            .contains("Har ingen bokstav eller siffer å søke etter.")
    );
    // Forms send fields that are empty.
    for path in [
        "/?q=",
        "/?q=+",
        "/feeds/search.ics?q=",
        "/embed/events.json?q=+&category=",
    ] {
        let page = app.visitor().get(path).ok();
        assert!(page.text().contains("Konsert 1"), "{path}");
    }
}

#[test]
fn an_unknown_address_is_a_problem_that_scripts_of_other_sites_can_read() {
    let app = app();
    for path in [
        "/api/v1/nothing",
        "/api/v1/events/a/b",
        "/api/v2/events",
        "/api/",
    ] {
        let answer = app.ask(Method::GET, path, &[("Accept", "text/html")]);
        let answer = answer.with_status(404);
        assert_eq!(answer.header("Content-Type"), "application/problem+json");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{path}");
        assert_eq!(answer.json()["type"], "/problems/not-found");
    }
    // Not for pages.
    let answer = app.program().get("/nothing").with_status(404);
    assert_eq!(answer.try_header("Access-Control-Allow-Origin"), None);
}
