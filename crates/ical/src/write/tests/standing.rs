use super::*;
use crate::write::{Cancelled, LeftOut, Tentative};

#[test]
fn rule_10_the_uid_stays_when_the_event_moves() {
    let mut moved = concert();
    moved.schedule.when = timed("2027-06-12T18:00", "2027-06-12T20:00");
    assert_eq!(
        value(&lines(&moved), "UID"),
        "sommerkonsert@kalender.example"
    );
    assert_eq!(
        value(&lines(&moved), "UID"),
        value(&lines(&concert()), "UID")
    );
}

#[test]
fn rule_11_sequence_and_last_modified_come_from_the_record() {
    let lines = lines(&concert());
    has(&lines, "SEQUENCE:2");
    has(&lines, "LAST-MODIFIED:20270307T103000Z");
    has(&lines, "CREATED:20261102T090000Z");
}

/// RFC 5546 3.2.1: METHOD:PUBLISH requires an ORGANIZER in every event.
#[test]
fn rule_11_method_stands_where_every_event_has_an_organizer() {
    let (event, page) = (concert(), page());
    let organizer = |email| {
        let mut view = EventView::new(&event, &page, OSLO);
        view.organizer = Some(crate::write::OrganizerView {
            name: "Elverum kor",
            email,
            ..Default::default()
        });
        event_piece(&view, norwegian())
    };
    let (with, without) = (organizer(Some("post@kor.example")), organizer(None));
    let methods = |pieces: &[&crate::write::CalendarComponent]| {
        let made = calendar(&head(), 2026..=2028, pieces.iter().copied());
        values(&unfolded(std::str::from_utf8(&made).unwrap()), "METHOD")
    };
    assert_eq!(methods(&[&with]), ["PUBLISH"]);
    assert!(methods(&[&with, &without]).is_empty());
    assert!(methods(&[]).is_empty());
}

#[test]
fn rule_12_whole_days_are_dates_with_the_end_excluded() {
    let mut event = concert();
    event.schedule.when = When::days(date("2027-08-06"), date("2027-08-15"));
    let lines = lines(&event);
    has(&lines, "DTSTART;VALUE=DATE:20270806");
    has(&lines, "DTEND;VALUE=DATE:20270816");
    has(&lines, "TRANSP:TRANSPARENT");
}

#[test]
fn rule_12_a_time_to_come_is_a_date_that_says_so() {
    let mut event = concert();
    event.schedule.when = When::TimeToCome {
        date: date("2027-06-05"),
    };
    let lines = lines(&event);
    has(&lines, "DTSTART;VALUE=DATE:20270605");
    has(&lines, "DTEND;VALUE=DATE:20270606");
    assert!(value(&lines, "DESCRIPTION").contains("Klokkeslett kommer."));
}

#[test]
fn rule_12_an_unknown_end_is_not_made_up() {
    let mut event = concert();
    for end in [
        None,
        Some(local("2027-06-05T18:00")),
        Some(local("2027-06-05T17:00")),
    ] {
        event.schedule.when = When::Timed {
            start: local("2027-06-05T18:00"),
            end,
            zone: OSLO,
        };
        assert_eq!(values(&lines(&event), "DTEND"), Vec::<String>::new());
    }
}

#[test]
fn rule_13_cancelled_has_status_and_marked_title() {
    let event = Event {
        status: EventStatus::Cancelled,
        ..concert()
    };
    let lines = lines(&event);
    has(&lines, "STATUS:CANCELLED");
    has(&lines, "SUMMARY;LANGUAGE=nb:AVLYST: Sommerkonsert");
    has(&lines, "TRANSP:TRANSPARENT");
}

#[test]
fn rule_13_the_reader_chooses_how_cancelled_events_are_shown() {
    let event = Event {
        status: EventStatus::Cancelled,
        ..concert()
    };
    let with = |cancelled| WriteOptions {
        cancelled,
        ..norwegian()
    };
    let status = unfolded(&folded(&event, with(Cancelled::Status)));
    has(&status, "STATUS:CANCELLED");
    has(&status, "SUMMARY;LANGUAGE=nb:Sommerkonsert");
    let page = page();
    let view = EventView::new(&event, &page, OSLO);
    let omitted = event_piece(&view, with(Cancelled::Omit));
    assert_eq!(
        (omitted.bytes.len(), omitted.left_out),
        (0, Some(LeftOut::Choice))
    );
}

#[test]
fn rule_14_a_moved_event_tells_its_old_time() {
    let event = Event {
        status: EventStatus::Rescheduled,
        previous: Some(timed("2027-05-29T18:00", "2027-05-29T20:00")),
        status_note: Text::nb("På grunn av flom."),
        ..concert()
    };
    let lines = lines(&event);
    has(&lines, "STATUS:CONFIRMED");
    let told = value(&lines, "DESCRIPTION");
    let said = "Flyttet. Tidligere tidspunkt: lørdag 29. mai 2027 kl.\u{a0}18.00–20.00.\\nPå grunn av flom.";
    assert!(told.starts_with(said), "{told}");
}

#[test]
fn rule_14_a_postponed_event_is_tentative_and_marked() {
    let lines = lines(&Event {
        status: EventStatus::Postponed,
        ..concert()
    });
    has(&lines, "STATUS:TENTATIVE");
    has(&lines, "SUMMARY;LANGUAGE=nb:UTSATT: Sommerkonsert");
}

#[test]
fn a_tentative_event_says_so_and_can_be_left_out() {
    let event = Event {
        status: EventStatus::Tentative,
        ..concert()
    };
    let lines = lines(&event);
    has(&lines, "STATUS:TENTATIVE");
    has(&lines, "SUMMARY;LANGUAGE=nb:Sommerkonsert (foreløpig dato)");
    let choices = WriteOptions {
        tentative: Tentative::Omit,
        ..norwegian()
    };
    assert_eq!(folded(&event, choices), "");
}
