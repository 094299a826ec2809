//! Links from a web page to feeds and calendar files.

use scraper::{ElementRef, Html};
use url::Url;

use calendar_connectors::connector::PartnerResponse;
use calendar_connectors::html;
use calendar_connectors::parse::{self, charset};

/// Maximum number of links followed per page.
const LINKS: usize = 8;

/// Media types that connectors read, most reliable first.
const TYPES: [&str; 7] = [
    "text/calendar",
    "application/activity+json",
    "application/rss+xml",
    "application/atom+xml",
    "application/ld+json",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];
/// File extensions that connectors read.
const ENDS: [&str; 3] = [".ics", ".csv", ".xlsx"];
/// The `rel` value with which The Events Calendar links its interface.
const EVENTS_CALENDAR: &str = "https://theeventscalendar.com/";

/// Returns the links of an HTML page to feeds and files, most reliable first. Empty if the response is not
/// HTML.
#[must_use]
pub fn feed_links(answer: &PartnerResponse<'_>) -> Vec<Url> {
    if answer.first_byte() != Some(b'<') {
        return Vec::new();
    }
    let text = charset::text(answer.bytes, answer.media_type);
    let Ok(page) = html::parse(&text) else {
        return Vec::new();
    };
    let base = html::base(&page, answer.url);
    let mut found: Vec<(usize, Url)> = Vec::new();
    for element in elements(&page) {
        let Some(rank) = rank(element) else { continue };
        let href = element.value().attr("href").unwrap_or_default().trim();
        let href = match href.split_once("://") {
            Some(("webcal", rest)) => format!("https://{rest}"),
            Some(("webcals", rest)) => format!("https://{rest}"),
            _ => href.to_owned(),
        };
        let Some(mut url) = parse::web(&href, &base) else {
            continue;
        };
        url.set_fragment(None);
        if rank == 0 && element.value().attr("rel") == Some(EVENTS_CALENDAR) {
            let Ok(events) = url.join("events") else {
                continue;
            };
            url = events;
        }
        if url != *answer.url && found.iter().all(|number| number.1 != url) {
            found.push((rank, url));
        }
    }
    // Stable sort: within a kind, the first link is usually the whole calendar.
    found.sort_by_key(|found| found.0);
    found
        .into_iter()
        .map(|number| number.1)
        .take(LINKS)
        .collect()
}

fn elements(page: &Html) -> Vec<ElementRef<'_>> {
    let selector = html::select("link[href], a[href]");
    let found = selector
        .iter()
        .flat_map(|selector| page.select(selector).collect::<Vec<_>>());
    found.take(20_000).collect()
}

/// Returns the rank of a link, lower being better, or `None` if it does not look like events.
fn rank(element: ElementRef<'_>) -> Option<usize> {
    let attribute = |name: &str| {
        element
            .value()
            .attr(name)
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    let (rel, kind, href) = (attribute("rel"), attribute("type"), attribute("href"));
    if rel == EVENTS_CALENDAR {
        return Some(0);
    }
    let kind = kind.split(';').next().unwrap_or_default();
    let alternate = rel.split_whitespace().any(|word| word == "alternate");
    let typed = TYPES
        .iter()
        .position(|other| *other == kind)
        .map(|index| index + 1);
    if let Some(rank) = typed.filter(|_| alternate || element.value().name() == "a") {
        return Some(rank);
    }
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let file = ENDS.iter().position(|end| path.ends_with(end));
    let calendar =
        href.starts_with("webcal") || href.contains("ical=1") || href.contains("outlook-ical=1");
    if calendar || file == Some(0) {
        return Some(8);
    }
    file.map(|file| 8 + file)
}

/// Returns true if the `PRODID` of a calendar file names The Events Calendar of WordPress.
pub fn by_the_events_calendar(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(2_000)];
    let mut lines = start.split(|start| matches!(start, b'\r' | b'\n'));
    let by =
        |line: &[u8]| line.starts_with(b"PRODID") && line.windows(5).any(|pair| pair == b" ECPv");
    lines.any(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let url = "https://eksempel.example/kalender/".parse().unwrap();
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes: html.as_bytes(),
            purpose: "",
        };
        feed_links(&answer).into_iter().map(String::from).collect()
    }

    #[test]
    fn feeds_and_files_are_found_the_surest_first() {
        let html = "<a href='lag.csv'>x</a><a href='webcal://eksempel.example/k.ics'>k</a>\
            <link rel='alternate' type='application/rss+xml' href='/feed/'>\
            <link rel='ALTERNATE' type='text/calendar' href='/alt.ics#x'>\
            <link rel='stylesheet' type='text/css' href='/a.css'><a href='javascript:x.ics'>n</a>";
        assert_eq!(
            found(html),
            [
                "https://eksempel.example/alt.ics",
                "https://eksempel.example/feed/",
                "https://eksempel.example/k.ics",
                "https://eksempel.example/kalender/lag.csv",
            ]
        );
    }

    #[test]
    fn the_events_calendar_tells_its_interface() {
        let html = "<link rel='https://theeventscalendar.com/' href='https://eksempel.example/wp-json/tribe/events/v1/'>";
        assert_eq!(
            found(html),
            ["https://eksempel.example/wp-json/tribe/events/v1/events"]
        );
        assert!(found("BEGIN:VCALENDAR").is_empty());
    }
}
