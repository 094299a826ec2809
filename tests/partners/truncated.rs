//! Truncated responses in every format: events missing from them do not count as removed.

use std::collections::BTreeMap;

use calendar_connectors::CONNECTORS;
use calendar_connectors::connector::Listing;
use elverum_calendar::ingest::fetch::FetchAllError;

use crate::support::{Partner, Reply, all_fixtures, asking, events, read, told};
use crate::tabular::programme;

const URL: &str = "https://eksempel.example/x";

/// Returns three events, the second recurring, as an iCalendar file.
fn calendar() -> String {
    let event = |n: u32, more: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART;TZID=Europe/Oslo:2027060{n}T180000\r\n{more}SUMMARY:Nummer {n}\r\n\
             END:VEVENT\r\n"
        )
    };
    let all = event(1, "") + &event(2, "RRULE:FREQ=DAILY;COUNT=3\r\n") + &event(3, "");
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{all}END:VCALENDAR\r\n")
}

#[test]
fn a_calendar_without_its_end_says_nothing_of_what_is_not_in_it() {
    let text = calendar();
    assert!(!read("ics", URL, text.as_bytes(), "").unwrap().is_truncated);
    let unended = text.replace("END:VCALENDAR\r\n", "");
    let page = read("ics", URL, unended.as_bytes(), "").unwrap();
    assert!(page.is_truncated);
    assert_eq!(events(&page.items).len(), 3);
    assert_eq!(Vec::from_iter(&page.partial), ["2"]);
    let end = text.find("Nummer 3").unwrap() + 3;
    let page = read("ics", URL, &text.as_bytes()[..end], "").unwrap();
    assert_eq!(Vec::from_iter(&page.partial), ["2", "3"]);
    let last = page.remarks.last().unwrap();
    assert!(last.detail.contains("breaks off"), "{last:?}");
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_in_full_the_next_time() {
    let text = calendar().replace("END:VCALENDAR\r\n", "");
    let partner = Partner::answering(move |request| {
        Reply::of("text/calendar", text.clone()).known_by(request, "1")
    });
    let told = told(partner.ask("ics", "/all.ics"));
    assert_eq!(told.listing, Listing::Changes);
    assert_eq!((told.validators, told.resume), (BTreeMap::new(), None));
}

#[test]
fn a_table_that_breaks_off_says_nothing_of_what_is_not_in_it() {
    let whole = "Dato;Arrangement;Sted\n1.6.2027;Eksempelkonsert;Hallen\n2.6.2027;\"Eksempel \"\"tur\"\"\";Parken";
    let page = read("tabular", URL, whole.as_bytes(), "").unwrap();
    assert!(!page.is_truncated, "{:?}", page.remarks);
    assert_eq!(events(&page.items).len(), 2);
    for end in ["Eksempel \"\"tu", "2.6.2027;\"Eksem", "2.6.20"] {
        let end = whole.find(end).unwrap() + end.len();
        let page = read("tabular", URL, &whole.as_bytes()[..end], "").unwrap();
        assert!(page.is_truncated, "{}", &whole[..end]);
        assert_eq!(events(&page.items).len(), 1, "half of a row is no event");
    }
}

#[test]
fn a_page_that_breaks_off_says_nothing_of_what_is_not_in_it() {
    let event = r#"{"@context": "https://schema.org", "@type": "Event", "name": "Eksempel", "startDate": "2027-06-01"}"#;
    let block = format!("<script type=\"application/ld+json\">{event}</script>");
    let page = format!("<html><body>{block}<p>Velkommen</p></body></html>");
    assert!(
        !read("json_ld", URL, page.as_bytes(), "")
            .unwrap()
            .is_truncated
    );
    for broken in [
        format!("<html><body>{block}<script type=\"application/ld+json\">{{\"@type\": \"Ev"),
        format!(
            "<html><body>{block}<script type=\"application/ld+json\">{{\"@type\": \"Ev</script></body></html>"
        ),
        format!("<html><body>{block}<p>Velk</p"),
    ] {
        let page = read("json_ld", URL, broken.as_bytes(), "").unwrap();
        assert!(page.is_truncated, "{broken}");
        assert_eq!(events(&page.items).len(), 1);
    }
}

#[test]
fn half_a_workbook_or_half_a_document_is_none() {
    let workbook = programme();
    assert!(read("tabular", URL, &workbook[..workbook.len() - 30], "").is_err());
    for (id, path, bytes) in all_fixtures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let structured = [".json", ".xml", ".jsonld"]
            .iter()
            .any(|item| name.ends_with(item));
        if !structured || !name.starts_with("list") || bytes.len() < 40 {
            continue;
        }
        let half = &bytes[..bytes.len() / 2];
        let page = read(&id, URL, half, "");
        assert!(
            page.is_err() || page.is_ok_and(|page| page.is_truncated),
            "{id} {name}"
        );
    }
}

#[test]
fn an_empty_answer_is_none_for_any_connector() {
    for connector in CONNECTORS {
        for body in ["", " \r\n"] {
            let partner = Partner::answering(move |_| Reply::of("text/plain", body));
            let asked = partner.ask(connector.id(), "/x");
            let empty = matches!(&asked, Err(FetchAllError::Unreadable { why, .. }) if why.0.contains("empty"));
            assert!(empty, "{}: {asked:?}", connector.id());
        }
    }
}

#[test]
fn a_body_shorter_than_it_was_announced_is_an_error_for_any_connector() {
    for connector in CONNECTORS {
        let partner = Partner::answering(|_| Reply::of("text/calendar", calendar()).broken_off());
        let url = partner.url("/x");
        let asked = partner.ask_as(connector.id(), &asking(&url), None, &BTreeMap::new());
        assert!(
            matches!(asked, Err(FetchAllError::Fetch(_))),
            "{}: {asked:?}",
            connector.id()
        );
    }
}
