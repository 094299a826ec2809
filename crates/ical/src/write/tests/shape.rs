use proptest::prelude::*;

use super::*;

/// Asserts that a fragment is well-formed.
fn assert_well_formed(text: &str) {
    for physical in text.split_terminator("\r\n") {
        assert!(physical.len() <= 75, "{physical:?}");
        assert!(!physical.contains(char::is_control), "{physical:?}");
    }
    let lines = unfolded(text);
    let mut open = Vec::new();
    for line in &lines {
        let (name, value) = line.split_once(':').expect("a colon in every line");
        match name {
            "BEGIN" => open.push(value.to_owned()),
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ => assert!(!open.is_empty(), "{line:?} stands outside"),
        }
    }
    assert_eq!(open, Vec::<String>::new());
    for key in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "STATUS"] {
        assert_eq!(values(&lines, key).len(), 1, "{key} in {lines:#?}");
    }
}

proptest! {
    #[test]
    fn rule_23_no_text_breaks_an_event(
        title in any::<String>(),
        description in any::<String>(),
        note in any::<String>(),
        uid in "\\PC{1,200}",
    ) {
        let mut event = Event {
            title: Text::nb(title),
            description: Text::nb(description),
            status_note: Text::nb(note),
            ..concert()
        };
        if let Ok(uid) = uid.parse() {
            event.uid = uid;
        }
        assert_well_formed(&folded(&event, norwegian()));
    }

    #[test]
    fn rule_23_no_time_breaks_an_event(
        start in -400_000_000_000i64..400_000_000_000,
        length in -100_000_000i64..100_000_000,
        status in prop::sample::select(EventStatus::ALL.to_vec()),
    ) {
        let time = |seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
        let when = When::Timed { start: time(start), end: Some(time(start + length)), zone: OSLO };
        let event = Event { schedule: Schedule::once(when.clone()), previous: Some(when), status, ..concert() };
        let text = folded(&event, norwegian());
        if !text.is_empty() {
            assert_well_formed(&text);
        }
    }
}

#[test]
fn the_crates_own_reader_takes_what_we_write() {
    let event = concert();
    let read: icalendar::Calendar = feed(&[&event]).parse().unwrap();
    let found = read
        .components
        .iter()
        .find_map(|component| component.as_event())
        .unwrap();
    use icalendar::Component;
    assert_eq!(found.get_summary(), Some("Sommerkonsert"));
    assert_eq!(found.get_uid(), Some("sommerkonsert@kalender.example"));
}
