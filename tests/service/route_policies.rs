//! Security headers of every route.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::support::personas::BROWSER;
use crate::support::{Answer, TestServer, event};

/// What browsers may do with a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// No scripts, no framing.
    Page,
    /// No scripts, no framing, no referrer, and a decision on caching.
    Strict,
    /// Own scripts, no framing, no referrer to other sites, never stored.
    Private,
    /// Readable by scripts of any site.
    Open,
    /// Own scripts and frames, no framing by others.
    Interactive,
    /// Own scripts, framed by any site.
    Embed,
}

use Expected::{Embed, Interactive, Open, Page, Private, Strict};

/// Each route, with the headers of its responses and a path that it answers.
const ROUTES: &[(&str, Expected, &str)] = &[
    ("GET /", Page, "/"),
    ("GET /about", Page, "/about"),
    ("GET /privacy", Page, "/privacy"),
    ("GET /events/<slug>", Page, "/events/sommerkonsert"),
    ("GET /organizers", Page, "/organizers"),
    ("GET /organizers/<slug>", Page, "/organizers/nobody"),
    ("GET /partners", Page, "/partners"),
    ("GET /partners/<id>", Page, "/partners/nobody"),
    ("GET /places", Page, "/places"),
    ("GET /places/<slug>", Page, "/places/nowhere"),
    ("GET /series", Page, "/series"),
    ("GET /series/<slug>", Page, "/series/none"),
    ("GET /subscribe", Page, "/subscribe"),
    ("POST /subscribe", Page, "/subscribe"),
    ("GET /en", Page, "/en"),
    ("GET /en/about", Page, "/en/about"),
    ("GET /en/privacy", Page, "/en/privacy"),
    ("GET /en/events/<slug>", Page, "/en/events/sommerkonsert"),
    ("GET /en/organizers", Page, "/en/organizers"),
    ("GET /en/organizers/<slug>", Page, "/en/organizers/nobody"),
    ("GET /en/partners", Page, "/en/partners"),
    ("GET /en/partners/<id>", Page, "/en/partners/nobody"),
    ("GET /en/places", Page, "/en/places"),
    ("GET /en/places/<slug>", Page, "/en/places/nowhere"),
    ("GET /en/series", Page, "/en/series"),
    ("GET /en/series/<slug>", Page, "/en/series/none"),
    ("GET /en/subscribe", Page, "/en/subscribe"),
    ("POST /en/subscribe", Page, "/en/subscribe"),
    ("GET /images/<name>", Strict, "/images/none.jpg"),
    ("GET /feeds/<file>", Open, "/feeds/all.ics"),
    (
        "GET /feeds/<kind>/<file>",
        Open,
        "/feeds/category/music.ics",
    ),
    ("GET /events/<file>", Open, "/events/sommerkonsert.ics"),
    ("GET /api/docs", Interactive, "/api/docs"),
    ("GET /en/api/docs", Interactive, "/en/api/docs"),
    ("GET /api/openapi.json", Open, "/api/openapi.json"),
    ("GET /api/v1/changes", Open, "/api/v1/changes"),
    ("GET /api/v1/places", Open, "/api/v1/places"),
    ("GET /api/v1/organizers", Open, "/api/v1/organizers"),
    ("GET /api/v1/categories", Open, "/api/v1/categories"),
    ("GET /api/v1/audiences", Open, "/api/v1/audiences"),
    ("GET /api/v1/series", Open, "/api/v1/series"),
    ("GET /api/v1/partners", Open, "/api/v1/partners"),
    ("GET /api/v1/places/<slug>", Open, "/api/v1/places/none"),
    (
        "GET /api/v1/organizers/<slug>",
        Open,
        "/api/v1/organizers/none",
    ),
    ("GET /api/v1/series/<slug>", Open, "/api/v1/series/none"),
    ("GET /api/v1/events", Open, "/api/v1/events"),
    ("GET /api/v1/events/<id>", Open, "/api/v1/events/nothing"),
    ("GET /api/v1/occurrences", Open, "/api/v1/occurrences"),
    ("GET /api/v1/partner/events", Open, "/api/v1/partner/events"),
    (
        "GET /api/v1/partner/events/<origin_id>",
        Open,
        "/api/v1/partner/events/1",
    ),
    (
        "PUT /api/v1/partner/events/<origin_id>",
        Open,
        "/api/v1/partner/events/1",
    ),
    (
        "PATCH /api/v1/partner/events/<origin_id>",
        Open,
        "/api/v1/partner/events/1",
    ),
    (
        "DELETE /api/v1/partner/events/<origin_id>",
        Open,
        "/api/v1/partner/events/1",
    ),
    (
        "POST /api/v1/partner/events/validate",
        Open,
        "/api/v1/partner/events/validate",
    ),
    ("GET /api/v1/review", Open, "/api/v1/review"),
    ("GET /api/v1/review/runs", Open, "/api/v1/review/runs"),
    (
        "POST /api/v1/review/suggestions/<id>/accept",
        Open,
        "/api/v1/review/suggestions/1/accept",
    ),
    (
        "POST /api/v1/review/suggestions/<id>/dismiss",
        Open,
        "/api/v1/review/suggestions/1/dismiss",
    ),
    (
        "POST /api/v1/review/events/<id>/approve",
        Open,
        "/api/v1/review/events/1/approve",
    ),
    (
        "POST /api/v1/review/events/<id>/reject",
        Open,
        "/api/v1/review/events/1/reject",
    ),
    (
        "POST /api/v1/review/events/<id>/join",
        Open,
        "/api/v1/review/events/1/join",
    ),
    (
        "POST /api/v1/review/events/<id>/split",
        Open,
        "/api/v1/review/events/1/split",
    ),
    (
        "POST /api/v1/review/partners/<id>/release",
        Open,
        "/api/v1/review/partners/1/release",
    ),
    (
        "POST /api/v1/review/runs/<id>/rollback",
        Open,
        "/api/v1/review/runs/1/rollback",
    ),
];
/// The same for routes without a page or data for browsers.
const OTHERS: &[(&str, Expected, &str)] = &[
    ("GET /static/<name>", Strict, "/static/calendar.css"),
    ("GET /favicon.ico", Strict, "/favicon.ico"),
    ("GET /health/live", Strict, "/health/live"),
    ("GET /health/ready", Strict, "/health/ready"),
    ("GET /metrics", Strict, "/metrics"),
    ("GET /robots.txt", Strict, "/robots.txt"),
    ("GET /sitemap.xml", Open, "/sitemap.xml"),
    ("GET /sitemap/<name>", Open, "/sitemap/pages-1.xml"),
    ("GET /dataset.jsonld", Open, "/dataset.jsonld"),
    ("GET /dump/<name>", Open, "/dump/events.ndjson"),
    ("GET /og/<name>", Strict, "/og/site.nb.0.png"),
    ("GET /og/<kind>/<name>", Strict, "/og/series/none.nb.0.png"),
    ("POST /websub", Strict, "/websub"),
    ("OPTIONS /<_..>", Strict, "/about"),
];

/// The same for what other sites embed.
const EMBEDS: &[(&str, Expected, &str)] = &[
    ("GET /embed", Interactive, "/embed"),
    ("GET /en/embed", Interactive, "/en/embed"),
    ("GET /embed/list", Embed, "/embed/list?layout=none"),
    (
        "GET /embed/event/<slug>",
        Embed,
        "/embed/event/sommerkonsert",
    ),
    ("GET /embed/events.json", Open, "/embed/events.json"),
    ("GET /embed/events.js", Open, "/embed/events.js"),
    ("GET /embed/v1/<file>", Open, "/embed/v1/events.0.js"),
    ("GET /oembed", Open, "/oembed?format=xml"),
    ("GET /embed/theme.css", Embed, "/embed/theme.css"),
];

/// The same for pages of people who sign in or write to the editors.
const PRIVATE: &[(&str, Expected, &str)] = &[
    (
        "POST /login/passkey/challenge",
        Private,
        "/login/passkey/challenge",
    ),
    ("POST /login/passkey", Private, "/login/passkey"),
    (
        "POST /account/passkeys/challenge",
        Private,
        "/account/passkeys/challenge",
    ),
    ("POST /account/passkeys", Private, "/account/passkeys"),
    (
        "POST /account/passkeys/name",
        Private,
        "/account/passkeys/name",
    ),
    (
        "POST /account/passkeys/remove",
        Private,
        "/account/passkeys/remove",
    ),
    (
        "POST /account/passkeys/decline",
        Private,
        "/account/passkeys/decline",
    ),
    ("POST /account/confirm", Private, "/account/confirm"),
    (
        "POST /en/login/passkey/challenge",
        Private,
        "/en/login/passkey/challenge",
    ),
    ("POST /en/login/passkey", Private, "/en/login/passkey"),
    (
        "POST /en/account/passkeys/challenge",
        Private,
        "/en/account/passkeys/challenge",
    ),
    ("POST /en/account/passkeys", Private, "/en/account/passkeys"),
    (
        "POST /en/account/passkeys/name",
        Private,
        "/en/account/passkeys/name",
    ),
    (
        "POST /en/account/passkeys/remove",
        Private,
        "/en/account/passkeys/remove",
    ),
    (
        "POST /en/account/passkeys/decline",
        Private,
        "/en/account/passkeys/decline",
    ),
    ("POST /en/account/confirm", Private, "/en/account/confirm"),
    ("GET /account/data", Private, "/account/data"),
    ("GET /account/data.json", Private, "/account/data.json"),
    ("GET /account/delete", Private, "/account/delete"),
    ("POST /account/delete", Private, "/account/delete"),
    (
        "GET /account/receipts/<number>",
        Private,
        "/account/receipts/00000000-0000-0000-0000-000000000001",
    ),
    (
        "GET /account/receipts/<number>/text",
        Private,
        "/account/receipts/00000000-0000-0000-0000-000000000001/text",
    ),
    ("GET /en/account/data", Private, "/en/account/data"),
    (
        "GET /en/account/data.json",
        Private,
        "/en/account/data.json",
    ),
    ("GET /en/account/delete", Private, "/en/account/delete"),
    ("POST /en/account/delete", Private, "/en/account/delete"),
    (
        "GET /en/account/receipts/<number>",
        Private,
        "/en/account/receipts/00000000-0000-0000-0000-000000000001",
    ),
    (
        "GET /en/account/receipts/<number>/text",
        Private,
        "/en/account/receipts/00000000-0000-0000-0000-000000000001/text",
    ),
    ("GET /login?<next>", Private, "/login"),
    ("POST /login", Private, "/login"),
    ("GET /login/code?<request>&<code>", Private, "/login/code"),
    ("POST /login/code", Private, "/login/code"),
    (
        "GET /login/invitation?<token>",
        Private,
        "/login/invitation",
    ),
    ("POST /login/invitation", Private, "/login/invitation"),
    ("GET /login/form", Private, "/login/form"),
    ("GET /en/login/form", Private, "/en/login/form"),
    ("GET /account", Private, "/account"),
    ("POST /account", Private, "/account"),
    ("POST /account/sessions", Private, "/account/sessions"),
    ("POST /logout", Private, "/logout"),
    ("GET /en/login?<next>", Private, "/en/login"),
    ("POST /en/login", Private, "/en/login"),
    (
        "GET /en/login/code?<request>&<code>",
        Private,
        "/en/login/code",
    ),
    ("POST /en/login/code", Private, "/en/login/code"),
    (
        "GET /en/login/invitation?<token>",
        Private,
        "/en/login/invitation",
    ),
    ("POST /en/login/invitation", Private, "/en/login/invitation"),
    ("GET /en/account", Private, "/en/account"),
    ("POST /en/account", Private, "/en/account"),
    ("POST /en/account/sessions", Private, "/en/account/sessions"),
    ("POST /en/logout", Private, "/en/logout"),
    ("GET /suggest", Private, "/suggest"),
    ("POST /suggest", Private, "/suggest"),
    ("GET /report?<event>", Private, "/report"),
    ("POST /report", Private, "/report"),
    ("GET /confirm?<link>", Private, "/confirm"),
    ("POST /confirm", Private, "/confirm"),
    ("GET /en/suggest", Private, "/en/suggest"),
    ("POST /en/suggest", Private, "/en/suggest"),
    ("GET /en/report?<event>", Private, "/en/report"),
    ("POST /en/report", Private, "/en/report"),
    ("GET /en/confirm?<link>", Private, "/en/confirm"),
    ("POST /en/confirm", Private, "/en/confirm"),
];

/// The same for signing in with OpenID Connect.
const OPENID: &[(&str, Expected, &str)] = &[
    ("POST /login/oidc/<id>", Private, "/login/oidc/none"),
    ("GET /login/link", Private, "/login/link"),
    ("POST /login/link", Private, "/login/link"),
    ("POST /account/logins", Private, "/account/logins"),
    ("POST /en/login/oidc/<id>", Private, "/en/login/oidc/none"),
    ("GET /en/login/link", Private, "/en/login/link"),
    ("POST /en/login/link", Private, "/en/login/link"),
    ("POST /en/account/logins", Private, "/en/account/logins"),
    (
        "GET /login/oidc/<id>/callback",
        Private,
        "/login/oidc/none/callback",
    ),
    (
        "POST /login/oidc/<id>/backchannel-logout",
        Private,
        "/login/oidc/none/backchannel-logout",
    ),
];

/// Pages of organizers and editors in every language, with a path that each answers.
const WORKSPACE: &[(&str, &str)] = &[
    ("POST /editor/events/<id>", "/editor/events/1"),
    ("POST /editor/organisations/<id>", "/editor/organisations/1"),
    (
        "GET /editor/organisations/<id>?<notice>",
        "/editor/organisations/1",
    ),
    ("POST /editor/partners/<id>", "/editor/partners/1"),
    ("POST /editor/submissions/<id>", "/editor/submissions/1"),
    (
        "GET /editor/submissions/<id>?<notice>",
        "/editor/submissions/1",
    ),
    (
        "GET /editor/submissions/<id>/edit?<notice>",
        "/editor/submissions/1/edit",
    ),
    (
        "POST /editor/submissions/<id>/edit",
        "/editor/submissions/1/edit",
    ),
    ("GET /editor/reports/<id>?<notice>", "/editor/reports/1"),
    ("POST /editor/reports/<id>", "/editor/reports/1"),
    ("POST /editor/rejections", "/editor/rejections"),
    ("POST /editor/suggestions/<id>", "/editor/suggestions/1"),
    ("GET /editor?<notice>", "/editor"),
    ("GET /editor/help", "/editor/help"),
    ("GET /organizer/help", "/organizer/help"),
    (
        "GET /organizer/events/<id>/check?<notice>",
        "/organizer/events/1/check",
    ),
    (
        "POST /organizer/events/<id>/conflicts",
        "/organizer/events/1/conflicts",
    ),
    (
        "GET /organizer/events/<id>/conflicts?<notice>",
        "/organizer/events/1/conflicts",
    ),
    (
        "POST /organizer/events/<id>/copy",
        "/organizer/events/1/copy",
    ),
    (
        "POST /organizer/events/<id>/edit",
        "/organizer/events/1/edit",
    ),
    (
        "GET /organizer/events/<id>/edit?<check>&<notice>",
        "/organizer/events/1/edit",
    ),
    (
        "POST /organizer/events/<id>/images",
        "/organizer/events/1/images",
    ),
    (
        "GET /organizer/events/<id>/images?<notice>",
        "/organizer/events/1/images",
    ),
    (
        "POST /organizer/events/<id>/images/change",
        "/organizer/events/1/images/change",
    ),
    (
        "POST /organizer/events/<id>/send",
        "/organizer/events/1/send",
    ),
    (
        "POST /organizer/events/<id>/withdraw",
        "/organizer/events/1/withdraw",
    ),
    ("GET /organizer/events/<id>?<notice>", "/organizer/events/1"),
    ("POST /organizer/events/new", "/organizer/events/new"),
    (
        "POST /organizer/events/autosave",
        "/organizer/events/autosave",
    ),
    (
        "GET /organizer/events/new?<organisation>&<notice>",
        "/organizer/events/new",
    ),
    (
        "POST /organizer/events/similar",
        "/organizer/events/similar",
    ),
    (
        "POST /organizer/organisations/<id>",
        "/organizer/organisations/1",
    ),
    (
        "GET /organizer/organisations/<id>?<notice>",
        "/organizer/organisations/1",
    ),
    (
        "POST /organizer/organisations/new",
        "/organizer/organisations/new",
    ),
    (
        "GET /organizer/organisations/new?<name>&<organizer>",
        "/organizer/organisations/new",
    ),
    (
        "GET /organizer/organisations?<q>&<notice>",
        "/organizer/organisations",
    ),
    ("GET /editor/mails", "/editor/mails"),
    ("GET /editor/audit?<by>&<about>&<page>", "/editor/audit"),
    ("POST /organizer/published/<id>", "/organizer/published/1"),
    (
        "POST /organizer/published/<id>/images",
        "/organizer/published/1/images",
    ),
    (
        "POST /organizer/published/<id>/undo",
        "/organizer/published/1/undo",
    ),
    (
        "POST /organizer/published/<id>/availability",
        "/organizer/published/1/availability",
    ),
    (
        "POST /organizer/published/<id>/copy",
        "/organizer/published/1/copy",
    ),
    (
        "POST /organizer/published/<id>/edit",
        "/organizer/published/1/edit",
    ),
    (
        "POST /organizer/published/<id>/history",
        "/organizer/published/1/history",
    ),
    (
        "GET /organizer/published/<id>/history?<version>&<notice>",
        "/organizer/published/1/history",
    ),
    (
        "GET /organizer/published/<id>?<notice>",
        "/organizer/published/1",
    ),
    ("GET /organizer/upload", "/organizer/upload"),
    ("POST /organizer/upload", "/organizer/upload"),
    ("GET /organizer/upload/<id>?<notice>", "/organizer/upload/1"),
    ("POST /organizer/upload/<id>", "/organizer/upload/1"),
    ("GET /organizer?<notice>", "/organizer"),
];

fn table() -> Vec<(String, Expected, String)> {
    let tables = [ROUTES, EMBEDS, OTHERS, PRIVATE, OPENID];
    let listed = tables.into_iter().flatten().copied();
    // Each page in English has one in nynorsk.
    let listed = listed.flat_map(|(route, expected, path)| {
        let own = (route.to_owned(), expected, path.to_owned());
        let (method, uri) = route.split_once(' ').unwrap();
        let rest = uri.strip_prefix("/en");
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let nynorsk = rest.map(|rest| {
            let path = path.replacen("/en", "/nn", 1);
            (format!("{method} /nn{rest}"), expected, path)
        });
        [Some(own), nynorsk].into_iter().flatten()
    });
    let in_languages = |(route, path): (&str, &str)| {
        let (method, uri) = route.split_once(' ').unwrap();
        ["", "/nn", "/en"].map(|prefix| {
            let route = format!("{method} {prefix}{uri}");
            (route, Private, format!("{prefix}{path}"))
        })
    };
    let workspace = WORKSPACE.iter().copied().flat_map(in_languages);
    listed.chain(workspace).collect()
}

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let app = app();
    let mounted: BTreeSet<&str> = app.routes().iter().map(String::as_str).collect();
    let table = table();
    let listed: BTreeSet<&str> = table.iter().map(|(route, ..)| route.as_str()).collect();
    assert_eq!(mounted, listed);
}

#[test]
fn every_route_has_the_headers_of_its_row() {
    let app = app();
    for (route, expected, path) in table() {
        let (method, uri) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        for accept in [BROWSER, "*/*"] {
            let answer = app.ask(method.clone(), &path, &[("Accept", accept)]);
            check(&answer, expected, &route);
        }
        // The path was answered by this route and by no other.
        let counted = format!("method=\"{method}\",route=\"{uri}\",status=");
        let metrics = app.program().get("/metrics").ok();
        assert!(metrics.text().contains(&counted), "{route}: {path}");
    }
}

#[track_caller]
fn check(answer: &Answer, expected: Expected, route: &str) {
    let status = answer.status;
    let field = |name: &str| answer.try_header(name);
    assert_eq!(field("Set-Cookie"), None, "{route}");
    if expected == Open {
        assert_eq!(
            field("Access-Control-Allow-Origin"),
            Some("*"),
            "{route} {status}"
        );
        assert_eq!(field("Content-Security-Policy"), None, "{route} {status}");
        return;
    }
    let policy = field("Content-Security-Policy").unwrap_or_default();
    assert!(!policy.contains("unsafe"), "{route} {status}");
    let start = if [Private, Interactive, Embed].contains(&expected) {
        "default-src 'none'; script-src 'self';"
    } else {
        assert!(!policy.contains("script"), "{route} {status}");
        "default-src 'none'; style-src 'self';"
    };
    assert!(policy.starts_with(start), "{route} {status}");
    let (framed_by, frame) = if expected == Embed {
        ("frame-ancestors *", None)
    } else {
        ("frame-ancestors 'none'", Some("DENY"))
    };
    assert!(policy.ends_with(framed_by), "{route} {status}");
    assert_eq!(
        field("X-Content-Type-Options"),
        Some("nosniff"),
        "{route} {status}"
    );
    assert_eq!(field("X-Frame-Options"), frame, "{route} {status}");
    let referrer = match expected {
        Page | Interactive | Embed => "strict-origin-when-cross-origin",
        Private => {
            assert_eq!(field("Cache-Control"), Some("no-store"), "{route} {status}");
            "same-origin"
        }
        Strict | Open => {
            assert!(field("Cache-Control").is_some(), "{route} {status}");
            "no-referrer"
        }
    };
    assert_eq!(field("Referrer-Policy"), Some(referrer), "{route} {status}");
    if !route.starts_with("OPTIONS") {
        assert_eq!(
            field("Access-Control-Allow-Origin"),
            None,
            "{route} {status}"
        );
    }
}

#[test]
fn an_address_without_a_route_has_the_strictest_headers() {
    let app = app();
    for path in ["/nowhere", "/en/nowhere", "/feeds/a/b/c.ics"] {
        let answer = app.visitor().get(path).with_status(404);
        check(&answer, Strict, path);
        assert_eq!(answer.header("Cache-Control"), "no-store", "{path}");
    }
}

#[test]
fn an_unknown_address_of_the_api_can_be_read_by_scripts_of_any_site() {
    let app = app();
    let answer = app.visitor().get("/api/v1/nowhere").with_status(404);
    check(&answer, Open, "/api/v1/nowhere");
}
