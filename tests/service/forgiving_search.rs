//! The search of the pages: it forgives, says what it did, and leaves feeds and the API exact.

use crate::support::html::words;
use crate::support::{TestServer, event};

fn server() -> TestServer {
    let app = TestServer::start();
    event("Skogkonsert")
        .at("Norsk skogmuseum")
        .on("2027-04-01T18:00")
        .save(&app);
    event("Torghandel i Svullrya")
        .on("2027-04-02T10:00")
        .save(&app);
    app
}

fn page(app: &TestServer, path: &str) -> String {
    app.visitor().get(path).ok().text().to_owned()
}

/// Returns the text of the list of a page.
fn list(app: &TestServer, path: &str) -> String {
    let page = page(app, path);
    let (_, list) = page.split_once("<div class=\"list\">").expect("a list");
    let (list, _) = list.split_once("<div class=\"aside\">").expect("an aside");
    words(&format!("<body>{list}"))
}

#[test]
fn a_misspelled_search_finds_what_was_meant_and_says_so() {
    let app = server();
    for path in [
        "/?q=skogkonsret",
        "/?q=skogkonserten",
        "/?q=skogmuseet",
        "/?q=skog+konsert",
    ] {
        assert!(list(&app, path).contains("Skogkonsert"), "{path}");
    }
    let page = page(&app, "/?q=skogkonsret");
    assert!(page.contains("Mente du"), "{page}");
    assert!(page.contains("href=\"/?q=skogkonsert\""), "{page}");
    let english = list(&app, "/en?q=skogkonsret");
    assert!(
        english.contains("Did you mean") && english.contains("Skogkonsert"),
        "{english}"
    );
}

#[test]
fn words_that_no_event_has_are_named() {
    let app = server();
    let found = list(&app, "/?q=torghandel+trapeskunst");
    assert!(
        found.contains("Ordet «trapeskunst» finnes ikke i noe arrangement."),
        "{found}"
    );
    assert!(found.contains("Torghandel i Svullrya"), "{found}");
    let nothing = list(&app, "/?q=trapeskunst");
    assert!(nothing.contains("Ingen treff"), "{nothing}");
    assert!(nothing.contains("«trapeskunst»"), "{nothing}");
}

#[test]
fn an_event_is_in_the_next_search_and_a_word_of_a_query_is_text() {
    let app = server();
    assert!(list(&app, "/?q=lanternefest").contains("Ingen treff"));
    event("Lanternefest").on("2027-04-03T10:00").save(&app);
    assert!(list(&app, "/?q=lanternefester").contains("Lanternefest"));
    let page = page(&app, "/?q=torghandel+%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!page.contains("<script>alert"), "{page}");
}

#[test]
fn feeds_and_the_api_keep_to_the_exact_words() {
    let app = server();
    let feed = page(&app, "/feeds/search.ics?q=skogkonsret");
    assert!(!feed.contains("Skogkonsert"), "{feed}");
    let exact = page(&app, "/feeds/search.ics?q=skogkonsert");
    assert!(exact.contains("Skogkonsert"), "{exact}");
    let api = page(&app, "/api/v1/events?q=skogkonsret");
    assert!(!api.contains("Skogkonsert"), "{api}");
}

#[test]
fn a_search_keeps_the_other_filters_and_leads_to_the_list_by_day() {
    let app = server();
    let later = list(&app, "/?q=skogkonserten&from=2027-05-01");
    assert!(!later.contains("Skogkonsert"), "{later}");
    let page = page(&app, "/?q=skogkonsert&from=2027-03-01");
    assert!(page.contains("page_from=2027-03-01"), "{page}");
}
