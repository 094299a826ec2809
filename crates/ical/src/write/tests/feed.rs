use super::*;
use crate::write::LeftOut;

#[test]
fn rule_01_programs_are_asked_to_come_hourly_in_both_words() {
    let feed = unfolded(&feed(&[]));
    has(&feed, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    has(&feed, "X-PUBLISHED-TTL:PT1H");
}

#[test]
fn rule_03_the_calendar_says_when_it_changed_last() {
    has(&unfolded(&feed(&[])), "LAST-MODIFIED:20270307T103000Z");
}

#[test]
fn rule_04_the_stamp_is_the_records_and_the_bytes_are_the_same_each_time() {
    let event = concert();
    assert_eq!(value(&lines(&event), "DTSTAMP"), "20270307T103000Z");
    assert_eq!(feed(&[&event]), feed(&[&event.clone()]));
}

#[test]
fn rule_09_every_zone_that_is_named_is_there() {
    let mut abroad = concert();
    let When::Timed { zone, .. } = &mut abroad.schedule.when else {
        unreachable!()
    };
    *zone = Tz::America__New_York;
    let feed = feed(&[&concert(), &abroad]);
    for zone in ["Europe/Oslo", "America/New_York"] {
        assert!(feed.contains(&format!("DTSTART;TZID={zone}:20270605T180000\r\n")));
        assert_eq!(feed.matches(&format!("TZID:{zone}\r\n")).count(), 1);
    }
}

#[test]
fn rule_09_times_in_utc_need_no_zone() {
    let mut event = concert();
    event.schedule.when = When::Timed {
        start: local("2027-06-05T18:00"),
        end: None,
        zone: Tz::UTC,
    };
    let feed = feed(&[&event]);
    assert!(feed.contains("DTSTART:20270605T180000Z\r\n"));
    assert!(!feed.contains("TZID:UTC"));
}

#[test]
fn rule_18_the_calendar_has_its_name_colour_and_addresses_in_every_dialect() {
    let source: Url = "https://kalender.example/feeds/all.ics".parse().unwrap();
    let site: Url = "https://kalender.example/".parse().unwrap();
    let head = CalendarHeader {
        source: Some(&source),
        url: Some(&site),
        ..head()
    };
    let text = String::from_utf8(calendar(&head, 2027..=2028, &[])).unwrap();
    let lines = unfolded(&text);
    for line in [
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "NAME;LANGUAGE=nb:Det skjer i Elverum",
        "X-WR-CALNAME:Det skjer i Elverum",
        "DESCRIPTION;LANGUAGE=nb:Alt som skjer\\; stort\\, og smått",
        "X-WR-CALDESC:Alt som skjer\\; stort\\, og smått",
        "X-WR-TIMEZONE:Europe/Oslo",
        "COLOR:darkgreen",
        "X-APPLE-CALENDAR-COLOR:#006400",
        "SOURCE;VALUE=URI:https://kalender.example/feeds/all.ics",
        "URL:https://kalender.example/",
    ] {
        has(&lines, line);
    }
}

#[test]
fn rule_22_only_properties_stand_in_the_object() {
    let feed = feed(&[&concert()]);
    assert!(feed.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    assert!(feed.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    for line in unfolded(&feed) {
        let name = line.split([':', ';']).next().unwrap();
        assert!(
            name.bytes().all(|b| b.is_ascii_uppercase() || b == b'-'),
            "{line}"
        );
        assert!(!["CONTENT-TYPE", "ETAG", "CACHE-CONTROL"].contains(&name));
    }
}

#[test]
fn rule_23_a_record_that_cannot_be_written_leaves_the_others() {
    let far = chrono::NaiveDate::MAX;
    let mut bad = concert();
    bad.schedule.when = When::day(far);
    let page = page();
    let piece = event_piece(&EventView::new(&bad, &page, OSLO), norwegian());
    assert_eq!(piece.left_out, Some(LeftOut::NoSuchDate));
    assert_eq!(feed(&[&bad, &concert()]), feed(&[&concert()]));
    let never = repeated(
        "FREQ=DAILY;UNTIL=20200101",
        timed("2027-06-05T18:00", "2027-06-05T20:00"),
    );
    let piece = event_piece(&EventView::new(&never, &page, OSLO), norwegian());
    assert_eq!(piece.left_out, Some(LeftOut::NeverHappens));
}

#[test]
fn a_calendar_with_a_rule_in_utc_names_no_zone_in_which_to_expand_it() {
    let first = |zone| When::Timed {
        start: local("2027-01-07T17:00"),
        end: Some(local("2027-01-07T18:00")),
        zone,
    };
    let once = Event {
        schedule: Schedule::once(first(Tz::UTC)),
        ..concert()
    };
    let weekly = |zone| repeated("FREQ=WEEKLY;COUNT=40", first(zone));
    let names_zone = |events: &[&Event]| feed(events).contains("X-WR-TIMEZONE:Europe/Oslo");
    assert!(names_zone(&[&once, &weekly(OSLO)]));
    for zone in [Tz::UTC, Tz::Etc__UTC, Tz::Zulu] {
        let feed = feed(&[&once, &weekly(zone)]);
        assert!(!feed.contains("X-WR-TIMEZONE"), "{zone}: {feed}");
        assert!(!feed.contains("BEGIN:VTIMEZONE"), "{zone}: {feed}");
        assert!(
            feed.contains("DTSTART:20270107T170000Z\r\n"),
            "{zone}: {feed}"
        );
    }
}
