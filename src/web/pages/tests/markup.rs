//! Tests of the markup of all pages.

use calendar_domain::Lang;
use std::collections::BTreeSet;

use super::*;

const DAYS: [&str; 2] = ["2026-11-22", "2027-08-08"];

fn all() -> Vec<(Lang, Sent)> {
    let of = |lang| {
        DAYS.iter()
            .flat_map(move |today| every_page(lang, today))
            .map(move |page| (lang, page))
    };
    Lang::ALL.into_iter().flat_map(of).collect()
}

/// Returns the values of an attribute.
fn values<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!(" {name}=\"");
    html.split(&mark)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// Returns the levels of the headings, in order.
fn headings(html: &str) -> Vec<u32> {
    html.split("<h")
        .skip(1)
        .filter_map(|rest| {
            let mut letters = rest.chars();
            let level = letters.next()?.to_digit(10)?;
            letters
                .next()
                .filter(|c| matches!(c, '>' | ' '))
                .map(|_| level)
        })
        .collect()
}

/// Returns the texts between tags.
fn texts(html: &str) -> impl Iterator<Item = &str> {
    html.split('>')
        .filter_map(|part| part.split('<').next())
        .map(str::trim)
}

#[test]
fn no_page_shows_a_key_or_an_unfilled_place() {
    let keys: BTreeSet<&str> = include_str!("../../../../crates/language/text/nb.ftl")
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .filter(|key| key.contains('-'))
        .collect();
    for (_, page) in all() {
        let shown = texts(&page.html).find(|text| keys.contains(text));
        assert_eq!(shown, None, "{} shows a key", page.path);
        assert!(
            !page.html.contains("{ $") && !page.html.contains("{$"),
            "{}",
            page.path
        );
    }
}

#[test]
fn every_page_is_one_document_with_one_heading_and_no_level_left_out() {
    for (lang, Sent { path, html }) in all() {
        assert!(html.starts_with("<!doctype html>"), "{path}");
        assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{path}");
        assert_eq!(html.matches("<main ").count(), 1, "{path}");
        let levels = headings(&html);
        assert_eq!(
            levels.iter().filter(|level| **level == 1).count(),
            1,
            "{path}"
        );
        assert_eq!(levels.first(), Some(&1), "{path}");
        let steps = levels.windows(2).all(|pair| pair[1] <= pair[0] + 1);
        assert!(steps, "{path} leaves a level out: {levels:?}");
    }
}

#[test]
fn ids_are_unique_and_what_is_named_by_id_is_there() {
    for (_, Sent { path, html }) in all() {
        let ids = values(&html, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{path} has an id twice");
        for name in ["aria-labelledby", "for"] {
            for named in values(&html, name) {
                assert!(unique.contains(named), "{path} names {named}");
            }
        }
    }
}

#[test]
fn the_strictest_content_policy_lets_every_page_through() {
    for (_, Sent { path, html }) in all() {
        // Structured data are no script: browsers do not run them (HTML 4.12.1).
        let html = html.replace("<script type=\"application/ld+json\">", "");
        for forbidden in [
            "<script",
            " style=",
            "<style",
            " onclick",
            " onload",
            "javascript:",
        ] {
            assert!(!html.contains(forbidden), "{path} holds {forbidden}");
        }
        assert!(values(&html, "src").is_empty(), "{path} fetches something");
        for link in html.split("<link ").skip(1) {
            let tag = link.split('>').next().unwrap_or_default();
            let fetched = tag.contains("\"icon\"") || tag.contains("\"stylesheet\"");
            assert!(!fetched || tag.contains("href=\"/static/"), "{path}: {tag}");
        }
    }
}

#[test]
fn every_link_within_the_service_leads_to_a_page_or_a_feed() {
    let pages = Lang::ALL.map(|lang| (lang, every_page(lang, "2027-08-08")));
    let known: BTreeSet<&str> = pages
        .iter()
        .flat_map(|(_, pages)| pages)
        .map(|page| page.path.split('?').next().unwrap_or_default())
        .collect();
    for (lang, pages) in &pages {
        for Sent { path, html } in pages {
            for href in values(html, "href")
                .into_iter()
                .filter(|href| href.starts_with('/'))
            {
                let to = href.split('?').next().unwrap_or_default();
                let file = to.starts_with("/static/") || to.ends_with(".ics");
                // The footer leads to signing in, the code for other sites, the API, suggestions and privacy, an event to
                // reports. They have tests of their own.
                let others = ["login", "embed", "api/docs", "suggest", "report", "privacy"]
                    .map(|name| format!("{}/{name}", lang.path_prefix()));
                let other = others.iter().any(|other| to == other);
                assert!(
                    file || other || known.contains(to),
                    "{path} links to {href}"
                );
            }
        }
    }
}

#[test]
fn every_page_links_to_itself_in_the_other_languages_and_back() {
    let pages = Lang::ALL.map(|lang| (lang, every_page(lang, "2027-08-08")));
    for (lang, own) in &pages {
        for (other, others) in pages.iter().filter(|(other, _)| other != lang) {
            assert_eq!(own.len(), others.len());
            for (page, twin) in own.iter().zip(others) {
                assert_eq!(Lang::split_path(&twin.path).0, *other);
                assert_eq!(Paths::new(*other).same_page(&page.path), twin.path);
                let written = twin.path.replace('&', "&#38;");
                let link = format!("<a href=\"{written}\" hreflang=\"{other}\"");
                assert!(page.html.contains(&link), "{}", page.path);
            }
        }
    }
}

#[test]
fn whole_pages_tell_search_engines_their_languages_and_selections_stay_out() {
    let event = page(Lang::En, "/en/events/sommerkonsert");
    let host = "https://kalender.example";
    for (lang, path) in [
        ("nb", "/events/sommerkonsert"),
        ("nn", "/nn/events/sommerkonsert"),
        ("en", "/en/events/sommerkonsert"),
        ("x-default", "/events/sommerkonsert"),
    ] {
        let link = format!("<link rel=\"alternate\" hreflang=\"{lang}\" href=\"{host}{path}\">");
        assert!(event.contains(&link), "{link}");
    }
    let context = context(Lang::Nb, "2027-08-08");
    let selection = AgendaPage::new(&context, &filtered()).render().unwrap();
    assert!(selection.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(!selection.contains("rel=\"canonical\""));
}
