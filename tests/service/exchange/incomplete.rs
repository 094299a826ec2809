//! Incomplete responses: events missing from them do not count as removed, and partial events do not replace
//! whole ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::commands::Club;
use crate::support::importer::calendar_of;

/// Returns the club's events whose titles have a prefix.
fn events(club: &Club, title: &str) -> Vec<Value> {
    let all = club.run(&["export", "--format", "json"]).ok().json();
    let all = all
        .as_array()
        .cloned()
        .or_else(|| all["items"].as_array().cloned());
    let mut all = all.expect("a list of events");
    all.retain(|item| {
        item["title"]["nb"]
            .as_str()
            .is_some_and(|item| item.starts_with(title))
    });
    all
}

fn concerts(count: usize) -> Vec<String> {
    let quiz = "UID:quiz@club.example|SUMMARY:Eksempelquiz|DTSTART;TZID=Europe/Oslo:20270107T180000|\
        RRULE:FREQ=WEEKLY;COUNT=8";
    let concert = |n| {
        format!(
            "UID:{n}@club.example|SUMMARY:Eksempelkonsert {n}|DTSTART;TZID=Europe/Oslo:202706{:02}T180000|\
             DESCRIPTION:Om nummer {n}.",
            n + 1
        )
    };
    let moved = "UID:quiz@club.example|SUMMARY:Eksempelquiz på fredag|\
        RECURRENCE-ID;TZID=Europe/Oslo:20270121T180000|DTSTART;TZID=Europe/Oslo:20270122T180000";
    let all = std::iter::once(quiz.to_owned()).chain((0..count).map(concert));
    all.chain([moved.to_owned()]).collect()
}

#[test]
fn a_calendar_that_breaks_off_takes_nothing_away() {
    let club = Club::new();
    let all = concerts(20);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let whole = calendar_of(&all);
    club.has("/all.ics", "text/calendar", whole.clone());
    club.add();
    club.run(&["sync"]).ok();
    assert_eq!(events(&club, "Eksempelkonsert").len(), 20);
    // Within the description of number 16.
    let end = whole.find("Om nummer 16").expect("there is a number 16") + 4;
    club.has("/all.ics", "text/calendar", whole[..end].to_owned());
    for _ in 0..4 {
        let said = club.run(&["sync"]).with_code(1).out;
        assert!(said.contains("breaks off"), "{said}");
        assert!(said.contains(" 0 missing, 0 withdrawn"), "{said}");
    }
    let kept = events(&club, "Eksempelkonsert");
    assert_eq!(kept.len(), 20);
    let half = kept
        .iter()
        .find(|event| event["title"]["nb"] == "Eksempelkonsert 16");
    assert_eq!(
        half.expect("it is kept")["description"]["nb"],
        "Om nummer 16."
    );
    let quiz = &events(&club, "Eksempelquiz")[0];
    assert_eq!(
        quiz["recurrence"]["overrides"].as_array().map(Vec::len),
        Some(1),
        "{quiz:#}"
    );
    // The next response is fetched in full, and removed events are then withdrawn.
    club.has("/all.ics", "text/calendar", calendar_of(&all[..20]));
    for _ in 0..3 {
        club.run(&["sync"]).ok();
    }
    assert_eq!(events(&club, "Eksempelkonsert").len(), 19);
}

#[test]
fn an_event_that_cannot_be_read_is_not_gone() {
    let club = Club::new();
    let all = concerts(4);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    club.tells(&all);
    club.add();
    club.run(&["sync"]).ok();
    let odd = "UID:2@club.example|SUMMARY:Eksempelkonsert 2|DTSTART:snart";
    // Number 3 is really removed.
    club.tells(&[all[0], all[1], all[2], odd, all[5]]);
    for _ in 0..4 {
        club.run(&["sync"]).with_code(1);
    }
    let kept = events(&club, "Eksempelkonsert");
    let titles = kept
        .iter()
        .filter_map(|event| event["title"]["nb"].as_str());
    let titles: BTreeSet<&str> = titles.collect();
    let expected = [
        "Eksempelkonsert 0",
        "Eksempelkonsert 1",
        "Eksempelkonsert 2",
    ];
    assert_eq!(titles, expected.into());
}

#[test]
fn a_page_of_details_that_fails_leaves_the_event_as_it_is() {
    let club = Club::new();
    let mut listed = json!({
        "id": 1, "slug": "eksempelkonsert", "title": "Eksempelkonsert", "start_datetime": 1_811_865_600,
    });
    club.has(
        "/api/events",
        "application/json",
        json!([listed]).to_string(),
    );
    listed["description"] = "<p>Om konserten.</p>".into();
    let detail = "/api/event/detail/eksempelkonsert";
    club.has(detail, "application/json", listed.to_string());
    let url = club.url("/api/events");
    club.run(&["partner", "add", "club", "--kind", "gancio", "--url", &url])
        .ok();
    club.run(&["sync"]).ok();
    let before = events(&club, "Eksempelkonsert");
    assert_eq!(before[0]["description"]["nb"], "Om konserten.");
    club.lacks(detail);
    let said = club.run(&["sync"]).ok().out;
    assert!(
        said.contains("the stored event 1 stays unchanged"),
        "{said}"
    );
    assert_eq!(events(&club, "Eksempelkonsert"), before);
    // A new event is imported with what the list contains.
    let other = json!({
        "id": 2, "slug": "ny", "title": "Eksempelkonsert til", "start_datetime": 1_811_952_000,
    });
    club.has(
        "/api/events",
        "application/json",
        json!([listed, other]).to_string(),
    );
    club.run(&["sync"]).ok();
    assert_eq!(events(&club, "Eksempelkonsert").len(), 2);
}

#[test]
fn dates_that_only_a_page_of_details_has_stay_when_it_fails() {
    let club = Club::new();
    let at = |day: u32| json!({"begin": format!("2027-06-{day}T18:00:00+02:00"), "end": format!("2027-06-{day}T20:00:00+02:00")});
    let mut event = json!({
        "uid": 7, "slug": "eksempel", "title": {"nb": "Eksempelspel"}, "status": 1, "state": 2, "dateRange": {},
        "originAgenda": null, "timezone": "Europe/Oslo", "firstTiming": at(10), "lastTiming": at(14),
    });
    let path = "/v3/agendas/1/events";
    let list = json!({"data": [event], "pagination": {"after": null}});
    club.has(path, "application/json", list.to_string());
    event["timings"] = (10..15).map(at).collect();
    club.has(
        "/v3/agendas/1/events/7",
        "application/json",
        event.to_string(),
    );
    let url = club.url(path);
    club.run(&[
        "partner",
        "add",
        "club",
        "--kind",
        "open_agenda",
        "--url",
        &url,
    ])
    .ok();
    club.run(&["sync"]).ok();
    let before = events(&club, "Eksempelspel");
    let dates = before[0]["recurrence"]["rdates"].as_array().map(Vec::len);
    assert_eq!(dates, Some(4), "{before:#?}");
    club.lacks("/v3/agendas/1/events/7");
    club.run(&["sync"]).ok();
    assert_eq!(events(&club, "Eksempelspel"), before);
}
