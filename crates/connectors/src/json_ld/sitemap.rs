//! Sitemaps (sitemaps.org 0.9): selection of the pages to request.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::connector::{FetchContext, Listing, ParsedPage, Request, Unreadable};
use crate::diagnostic::Diagnostic;
use crate::parse::{self, ParsedTime};
use crate::xml::Element;

/// Maximum number of pages requested per run.
const PAGES: usize = 500;
/// Maximum number of sitemaps of an index.
const SITEMAPS: usize = 50;
/// Words in the address of a page or sitemap with events.
const WORDS: [&str; 12] = [
    "event",
    "arrangement",
    "konsert",
    "concert",
    "kalender",
    "calendar",
    "program",
    "forestilling",
    "aktivitet",
    "whatson",
    "whats-on",
    "hva-skjer",
];

/// The purpose of a request for a page in a sitemap.
pub const PAGE: &str = "page";
/// The purpose of a request for a sitemap in an index.
pub const MAP: &str = "sitemap";
/// The `Accept` header.
pub const ACCEPT: &str =
    "text/html, application/ld+json, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5";

/// Returns the requests that follow from a sitemap. Absence of an event means nothing, since not all pages
/// are requested and some may fail.
///
/// # Errors
/// Errors if an index contains an index, which the protocol forbids.
pub fn read(
    root: &Element,
    url: &Url,
    purpose: &str,
    asking: &FetchContext<'_>,
) -> Result<ParsedPage, Unreadable> {
    let mut page = ParsedPage {
        listing: Listing::Changes,
        ..ParsedPage::default()
    };
    let all = entries(root, url, &mut page.remarks);
    if root.name == "sitemapindex" {
        if purpose == MAP {
            return Err(Unreadable(
                "a sitemap index within a sitemap index is not followed".into(),
            ));
        }
        page.next = maps(all, &mut page.remarks);
        return Ok(page);
    }
    let newest = all.iter().filter_map(|entry| entry.changed).max();
    page.next = pages(all, asking, &mut page.remarks);
    page.resume = newest
        .or_else(|| asking.resume.and_then(|resume| resume.parse().ok()))
        .map(|newest: DateTime<Utc>| newest.to_rfc3339());
    Ok(page)
}

struct Entry {
    url: Url,
    changed: Option<DateTime<Utc>>,
}

/// Returns the entries of the same origin. A remark counts the others.
fn entries(root: &Element, url: &Url, remarks: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut foreign = 0;
    let mut all = Vec::new();
    for child in root
        .children
        .iter()
        .filter(|child| matches!(child.name.as_str(), "url" | "sitemap"))
    {
        let Some(address) = child.text_of(&["loc"]) else {
            continue;
        };
        match parse::web(&address, url) {
            Some(address) if address.origin() == url.origin() => all.push(Entry {
                url: address,
                changed: child.text_of(&["lastmod"]).and_then(|text| instant(&text)),
            }),
            _ => foreign += 1,
        }
    }
    if foreign > 0 {
        let detail = format!("skipped {foreign} addresses of other sites");
        remarks.push(Diagnostic::warning("sitemap", detail));
    }
    all
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    match parse::time(text)? {
        ParsedTime::Instant(instant) => Some(instant),
        other => Some(other.local(chrono_tz::UTC).and_utc()),
    }
}

/// Returns requests for the sitemaps of an index, only those named after events if there are any.
fn maps(mut all: Vec<Entry>, remarks: &mut Vec<Diagnostic>) -> Vec<Request> {
    let count = all.len();
    if all.iter().any(|entry| is_of_events(&entry.url)) {
        all.retain(|entry| is_of_events(&entry.url));
    }
    newest_first(&mut all);
    all.truncate(SITEMAPS);
    if all.len() < count {
        let detail = format!(
            "read {} of {count} sitemaps: those named after events, at most {SITEMAPS}",
            all.len()
        );
        remarks.push(Diagnostic::warning("sitemap", detail));
    }
    let ask = |entry: Entry| {
        Request::to(entry.url)
            .accepting(ACCEPT)
            .for_purpose(MAP)
            .optional()
    };
    all.into_iter().map(ask).collect()
}

/// Returns requests for the pages changed since two days before the last run, and those without a date. The
/// two days give pages that failed another chance.
fn pages(
    mut all: Vec<Entry>,
    asking: &FetchContext<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Vec<Request> {
    let since = asking
        .resume
        .and_then(|resume| resume.parse::<DateTime<Utc>>().ok());
    let since = since.and_then(|since| since.checked_sub_signed(TimeDelta::days(2)));
    if let Some(since) = since {
        all.retain(|entry| entry.changed.is_none_or(|changed| changed >= since));
    }
    newest_first(&mut all);
    if all.len() > PAGES {
        let detail = format!(
            "of {} pages, the {PAGES} that changed last are fetched",
            all.len()
        );
        remarks.push(Diagnostic::warning("sitemap", detail));
        all.truncate(PAGES);
    }
    let ask = |entry: Entry| {
        Request::to(entry.url)
            .accepting(ACCEPT)
            .for_purpose(PAGE)
            .optional()
    };
    all.into_iter().map(ask).collect()
}

/// Sorts by descending time of change. Entries without one come last, those named after events first among
/// them.
fn newest_first(all: &mut [Entry]) {
    all.sort_by_key(|entry| (std::cmp::Reverse(entry.changed), !is_of_events(&entry.url)));
}

fn is_of_events(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    WORDS.iter().any(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;
    use calendar_domain::Lang;

    fn ask(text: &str, purpose: &str, resume: Option<&str>) -> Result<ParsedPage, Unreadable> {
        let url = "https://eksempel.example/sitemap.xml".parse().unwrap();
        let asking = FetchContext {
            url: &url,
            zone: chrono_tz::Europe::Oslo,
            language: Lang::Nb,
            today: "2026-11-22".parse().unwrap(),
            now: "2026-11-22T10:00:00Z".parse().unwrap(),
            resume,
        };
        read(&xml::read(text).unwrap(), &url, purpose, &asking)
    }

    fn paths(page: &ParsedPage) -> Vec<&str> {
        page.next.iter().map(|next| next.url.path()).collect()
    }

    const MAP_OF_PAGES: &str = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <url><loc>https://eksempel.example/gammel</loc><lastmod>2026-01-05</lastmod></url>\
        <url><loc>https://eksempel.example/udatert</loc></url>\
        <url><loc>https://eksempel.example/ny</loc><lastmod>2026-11-20T10:00:00+01:00</lastmod></url>\
        <url><loc>https://annen.example/x</loc></url></urlset>";

    #[test]
    fn the_newest_pages_of_the_same_site_come_first() {
        let page = ask(MAP_OF_PAGES, "", None).unwrap();
        assert_eq!(paths(&page), ["/ny", "/gammel", "/udatert"]);
        assert_eq!(page.remarks.len(), 1);
        assert_eq!(page.resume.as_deref(), Some("2026-11-20T09:00:00+00:00"));
        assert_eq!(page.listing, Listing::Changes);
    }

    #[test]
    fn the_next_run_asks_what_changed() {
        let page = ask(MAP_OF_PAGES, "", Some("2026-11-20T09:00:00+00:00")).unwrap();
        assert_eq!(paths(&page), ["/ny", "/udatert"]);
    }

    #[test]
    fn of_an_index_the_sitemaps_of_events_are_asked_and_no_index_within() {
        let index = "<sitemapindex><sitemap><loc>https://eksempel.example/post-sitemap.xml</loc></sitemap>\
            <sitemap><loc>/tribe_events-sitemap.xml</loc></sitemap></sitemapindex>";
        let page = ask(index, "", None).unwrap();
        assert_eq!(paths(&page), ["/tribe_events-sitemap.xml"]);
        assert_eq!(page.next[0].purpose, MAP);
        assert!(ask(index, MAP, None).is_err());
    }

    #[test]
    fn a_large_sitemap_is_cut_with_a_word() {
        let urls: String = (0..PAGES + 10)
            .map(|n| format!("<url><loc>/side/{n}</loc></url>"))
            .collect();
        let page = ask(&format!("<urlset>{urls}</urlset>"), "", None).unwrap();
        assert_eq!((page.next.len(), page.remarks.len()), (PAGES, 1));
    }
}
