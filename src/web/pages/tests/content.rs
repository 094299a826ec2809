//! Tests of the content of single pages.

use super::*;

/// Returns the text of a page without tags, with whitespace collapsed.
fn text_of(html: &str) -> String {
    let body = html.split("<main").nth(1).unwrap_or(html);
    let plain: Vec<&str> = body
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|p| p.1)
        .collect();
    plain
        .join(" ")
        .split(' ')
        .filter(|word| !word.trim().is_empty())
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}

fn says(html: &str, wanted: &[&str]) {
    let text = text_of(html);
    for words in wanted {
        assert!(text.contains(words), "«{words}» does not stand in: {text}");
    }
}

#[test]
fn what_people_write_is_escaped() {
    let html = page(Lang::Nb, "/events/revy");
    assert!(html.contains("&#38; &#60;andre&#62; historier"));
    assert!(!html.contains("<andre>"));
}

#[test]
fn a_cancelled_event_says_so_first_and_keeps_its_facts() {
    says(
        &page(Lang::Nb, "/events/revy"),
        &[
            "Avlyst",
            "Arrangementet er avlyst.",
            "Artisten er blitt syk.",
            "250 kr",
            "120,50 kr",
        ],
    );
    says(
        &page(Lang::En, "/en/events/revy"),
        &["Cancelled", "NOK 250", "8pm to 1am"],
    );
}

#[test]
fn a_page_in_nynorsk_has_its_texts_dates_and_names_in_nynorsk() {
    says(
        &page(Lang::Nn, "/nn/events/foredrag"),
        &[
            "Nytt tidspunkt",
            "Opphavleg tid:",
            "Tysdag 10. august 2027 kl.\u{a0}18.00–19.30",
            "Foredrag og kurs",
        ],
    );
    let html = page(Lang::Nn, "/nn/series/grundsetmartn");
    says(&html, &["År for år", "laurdag", "Marknaden i Elverum"]);
    assert!(!html.contains("<p lang=\"nb\""), "{html}");
}

#[test]
fn a_moved_event_tells_its_old_time() {
    says(
        &page(Lang::Nb, "/events/foredrag"),
        &[
            "Nytt tidspunkt",
            "Opprinnelig tid:",
            "Tirsdag 10. august 2027 kl.\u{a0}18.00–19.30",
        ],
    );
    says(
        &page(Lang::Nb, "/events/birkebeinerrennet-2024"),
        &[
            "Søndag 17. mars 2024",
            "Opprinnelig tid: Lørdag 16. mars 2024",
            "Arrangementet er over.",
        ],
    );
}

#[test]
fn a_text_in_another_language_carries_it_and_a_note() {
    let html = page(Lang::En, "/en/events/revy");
    assert!(html.contains("<h1 lang=\"nb\">"));
    says(&html, &["This text is in Norwegian (Bokmål)."]);
    let html = page(Lang::Nn, "/nn/events/revy");
    assert!(html.contains("<h1 lang=\"nb\">"));
    assert!(!text_of(&html).contains("Teksten er på"));
    let html = page(Lang::Nb, "/events/kunstutstilling");
    assert!(html.contains("<h1 lang=\"en\">Summer exhibition</h1>"));
    says(&html, &["Teksten er på engelsk."]);
}

#[test]
fn a_tentative_edition_is_marked_on_every_page_it_stands_on() {
    for path in [
        "/events/festspillene-2027",
        "/series/festspillene",
        "/series",
        "/",
    ] {
        says(&page(Lang::Nb, path), &["Foreløpig dato"]);
    }
}

#[test]
fn a_series_without_a_date_says_that_it_is_to_come_and_names_none() {
    let html = page(Lang::Nb, "/series/vintertid");
    says(&html, &["Dato kommer"]);
    assert!(!html.contains("<time"), "an invented date");
    says(
        &page(Lang::En, "/en/series/vintertid"),
        &["Date to be announced"],
    );
}

#[test]
fn a_series_lists_every_year_newest_first_those_without_an_event_too() {
    let html = page(Lang::Nb, "/series/jakt-og-fiskedagene");
    says(
        &html,
        &[
            "12.–15. august Foreløpig dato",
            "Ingen dato kjent Ikke arrangert",
            "Avlyst",
        ],
    );
    let whole = text_of(&html);
    let text = whole.split_once("År Tid Kilde").unwrap_or_default().1;
    let at = |year: &str| {
        text.find(&format!(" {year} "))
            .unwrap_or_else(|| panic!("no {year}"))
    };
    assert!(at("2028") < at("2021") && at("2021") < at("2020") && at("2020") < at("2016"));
}

#[test]
fn what_runs_today_stands_first_and_is_counted_by_its_days() {
    let html = page(Lang::Nb, "/");
    says(
        &html,
        &[
            "Pågår nå",
            "Dag 3 av 10 til søndag 15. august",
            "Dag 51 av 72",
        ],
    );
    let text = text_of(&html);
    assert!(text.find("Pågår nå") < text.find("Sommerkonsert"));
    assert!(text.contains("I dag er det søndag 8. august 2027, uke 31"));
}

#[test]
fn each_filter_can_be_taken_away_alone() {
    let context = context(Lang::Nb, "2027-08-08");
    let page = AgendaPage::new(&context, &filtered());
    let labels: Vec<&str> = page
        .search_form
        .chips
        .iter()
        .map(|chip| chip.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "«konsert»",
            "fra 1. august 2027",
            "Elverum",
            "Musikk",
            "Gratis"
        ]
    );
    assert_eq!(
        page.search_form.chips[3].without,
        "/?q=konsert&from=2027-08-01&municipality=elverum&free=1"
    );
    assert_eq!(page.count, "Ett arrangement");
    assert_eq!(
        page.feed,
        "/feeds/search.ics?q=konsert&from=2027-08-01&municipality=elverum&category=music&free=1"
    );
}

#[test]
fn an_empty_result_leads_on() {
    let context = context(Lang::En, "2027-08-08");
    let html = AgendaPage::new(&context, &nothing()).render().unwrap();
    says(&html, &["Nothing found", "See everything that’s on"]);
    assert!(html.contains("href=\"/en/subscribe?q=xyzzy\""));
}

#[test]
fn the_subscription_page_links_the_selection_in_every_feed_format() {
    let context = context(Lang::En, "2027-08-08");
    let page = SubscribePage::new(&context, &FilterParams::default());
    let html = page.render().unwrap();
    for feed in FEEDS {
        let address = format!(
            "https://kalender.example/feeds/all.{}?lang=en",
            feed.extension()
        );
        assert!(html.contains(&format!("href=\"{address}\"")), "{address}");
    }
    assert_eq!(page.formats.len() + 1, FEEDS.len());
}

#[test]
fn rule_08_a_feed_is_offered_to_every_program_under_its_own_address() {
    let context = context(Lang::Nb, "2027-08-08");
    let music = FilterParams {
        query: Query {
            categories: [slug("music")].into(),
            ..Query::default()
        },
        ..FilterParams::default()
    };
    let ways = SubscribePage::new(&context, &music).main;
    assert_eq!(ways.name, "Musikk");
    assert_eq!(
        ways.address,
        "https://kalender.example/feeds/category/music.ics"
    );
    assert_eq!(
        ways.webcal,
        "webcal://kalender.example/feeds/category/music.ics"
    );
    assert_eq!(
        ways.google,
        "https://calendar.google.com/calendar/r?cid=\
         webcal%3A%2F%2Fkalender.example%2Ffeeds%2Fcategory%2Fmusic.ics"
    );
    assert_eq!(
        ways.outlook,
        "https://outlook.live.com/calendar/0/addfromweb?url=\
         https%3A%2F%2Fkalender.example%2Ffeeds%2Fcategory%2Fmusic.ics&name=Musikk"
    );
}

#[test]
fn names_stand_in_norwegian_order() {
    let mut names = ["Åmot kulturhus", "Ørje", "Ærlig", "Zoo", "Aamodt"];
    names.sort_by_key(|name| search_form::alphabetical(name));
    assert_eq!(names, ["Aamodt", "Zoo", "Ærlig", "Ørje", "Åmot kulturhus"]);
}
