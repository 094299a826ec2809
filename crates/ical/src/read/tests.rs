//! The reader on small files, each with one fault.

mod identity;

use super::*;
use crate::finding::Reason;
use crate::value::CalDuration;
use crate::value::Geo;
use chrono::NaiveDateTime;
use chrono_tz::Tz;

use crate::zones::ZoneRef;

fn calendar(body: &str) -> ReadCalendar {
    read(format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n").as_bytes())
}

fn event(body: &str) -> (ReadEvent, Vec<Reason>) {
    let read = calendar(&format!("BEGIN:VEVENT\r\nUID:1\r\n{body}END:VEVENT\r\n"));
    let reasons = read.findings.iter().map(|finding| finding.reason).collect();
    (read.events.into_iter().next().expect("one event"), reasons)
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a test's own time")
}

fn oslo(text: &str) -> CalTime {
    CalTime::Zoned {
        local: at(text),
        zone: ZoneRef::Iana(Tz::Europe__Oslo),
    }
}

#[test]
fn an_event_says_all_that_it_knows() {
    let (read, findings) = event(
        "DTSTART;TZID=Europe/Oslo:20270601T180000\r\nDTEND;TZID=Europe/Oslo:20270601T200000\r\n\
         DTSTAMP:20270101T120000Z\r\nLAST-MODIFIED:20270102T120000Z\r\nSEQUENCE:2\r\n\
         SUMMARY;LANGUAGE=nb:Sommerkonsert\\, gratis\r\nSUMMARY;LANGUAGE=en:Summer concert\r\n\
         DESCRIPTION:Musikk\\nute\r\nLOCATION:Terningen Arena\r\nGEO:60.88;11.53\r\n\
         URL:https://example.org/a\r\nCATEGORIES:Konsert,Mat\\, drikke\r\nCATEGORIES:Ute\r\n\
         STATUS:CONFIRMED\r\nORGANIZER;CN=\"Elverum; kommune\":mailto:post@example.org\r\n\
         RELATED-TO:2\r\nIMAGE;VALUE=URI;FMTTYPE=image/png:https://example.org/a.png\r\n\
         ATTACH:https://example.org/a.pdf\r\nCONFERENCE;LABEL=Direkte:https://example.org/live\r\n",
    );
    assert_eq!(findings, []);
    assert_eq!(read.start, oslo("2027-06-01 18:00"));
    assert_eq!(read.end, ReadEnd::At(oslo("2027-06-01 20:00")));
    assert_eq!(
        (read.sequence, read.status),
        (2, Some(ReadStatus::Confirmed))
    );
    assert_eq!(read.last_modified, Some(at("2027-01-02 12:00")));
    assert_eq!(
        (read.title(), read.summary.len()),
        ("Sommerkonsert, gratis", 2)
    );
    assert_eq!(read.description[0].text, "Musikk\nute");
    assert_eq!(read.location[0].text, "Terningen Arena");
    assert_eq!(
        read.geo,
        Some(Geo {
            latitude: 60.88,
            longitude: 11.53
        })
    );
    assert_eq!(read.categories, ["Konsert", "Mat, drikke", "Ute"]);
    let organizer = read.organizer.expect("an organizer");
    assert_eq!(organizer.name.as_deref(), Some("Elverum; kommune"));
    assert_eq!(
        (&*read.related[0].uid, &*read.related[0].kind),
        ("2", "PARENT")
    );
    assert_eq!(read.images[0].url, "https://example.org/a.png");
    assert_eq!(read.attachments[0].url, "https://example.org/a.pdf");
    assert_eq!(read.conferences[0].label.as_deref(), Some("Direkte"));
}

#[test]
fn a_calendar_tells_its_name_and_default_zone() {
    let read = calendar("X-WR-CALNAME:Kultur\\, Elverum\r\nX-WR-TIMEZONE:Europe/Oslo\r\n");
    assert_eq!(read.name(), Some("Kultur, Elverum"));
    assert_eq!(read.calendars[0].default_zone, Some(Tz::Europe__Oslo));
}

#[test]
fn a_mixed_end_is_read_by_the_type_of_the_start() {
    let (read, findings) = event("DTSTART;VALUE=DATE:20270601\r\nDTEND:20270602T120000Z\r\n");
    let third = CalTime::Date(at("2027-06-03 00:00").date());
    assert_eq!(
        (read.end, findings),
        (ReadEnd::At(third), vec![Reason::MixedTypes])
    );
    let (read, findings) =
        event("DTSTART;TZID=Europe/Oslo:20270601T180000\r\nDTEND;VALUE=DATE:20270602\r\n");
    assert_eq!(read.end, ReadEnd::At(oslo("2027-06-02 00:00")));
    assert_eq!(findings, [Reason::MixedTypes]);
}

#[test]
fn an_end_before_the_start_is_left_out_and_reported() {
    let (read, findings) = event("DTSTART:20270601T180000Z\r\nDTEND:20270601T170000Z\r\n");
    assert_eq!(
        (read.end, findings),
        (ReadEnd::Missing, vec![Reason::EndBeforeStart])
    );
    let (read, findings) = event("DTSTART:20270601T180000Z\r\nDURATION:-PT1H\r\n");
    assert_eq!(
        (read.end, findings),
        (ReadEnd::Missing, vec![Reason::EndBeforeStart])
    );
}

#[test]
fn an_event_without_readable_start_is_reported_and_the_next_is_read() {
    let read = calendar(
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:soon\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20270601T180000Z\r\nEND:VEVENT\r\n",
    );
    assert_eq!(read.events.len(), 1);
    let reasons: Vec<_> = read.findings.iter().map(|f| (f.line, f.reason)).collect();
    assert_eq!(reasons, [(3, Reason::NoStart), (5, Reason::BadValue)]);
    assert_eq!(
        read.components["VEVENT"],
        ComponentCount {
            read: 1,
            reported: 1
        }
    );
}

#[test]
fn tasks_and_journals_beside_the_events_are_counted_and_reported() {
    let read = calendar(
        "BEGIN:VTODO\r\nEND:VTODO\r\nBEGIN:VTODO\r\nEND:VTODO\r\nBEGIN:VJOURNAL\r\nEND:VJOURNAL\r\n\
         BEGIN:VTEAPOT\r\nEND:VTEAPOT\r\n",
    );
    assert_eq!(
        read.components["VTODO"],
        ComponentCount {
            read: 0,
            reported: 2
        }
    );
    let reasons: Vec<_> = read.findings.iter().map(|f| f.reason).collect();
    assert_eq!(
        reasons,
        [
            Reason::NotAnEvent,
            Reason::NotAnEvent,
            Reason::UnknownComponent
        ]
    );
}

#[test]
fn lists_of_dates_keep_what_can_be_read() {
    let (read, findings) = event(
        "DTSTART;TZID=Europe/Oslo:20270601T180000\r\nRRULE:FREQ=WEEKLY;COUNT=9\r\n\
         EXDATE;TZID=Europe/Oslo:20270608T180000,nonsense,20270615T180000\r\n\
         RDATE;VALUE=PERIOD:20270603T160000Z/PT1H\r\nRRULE:FREQ=NEVER\r\n",
    );
    assert_eq!(
        read.exdates,
        [oslo("2027-06-08 18:00"), oslo("2027-06-15 18:00")]
    );
    let hour = CalDuration {
        days: 0,
        seconds: 3600,
    };
    let rdate = Rdate {
        start: CalTime::Utc(at("2027-06-03 16:00")),
        end: ReadEnd::After(hour),
    };
    assert_eq!((read.rdates, read.rules.len()), (vec![rdate], 1));
    assert_eq!(findings, [Reason::BadValue, Reason::BadRule]);
}

#[test]
fn windows_zones_and_paths_are_zones() {
    for tzid in [
        "W. Europe Standard Time",
        "/freeassociation.sourceforge.net/Europe/Berlin",
    ] {
        let (read, findings) = event(&format!("DTSTART;TZID={tzid}:20270601T180000\r\n"));
        let zone = ZoneRef::Iana(Tz::Europe__Berlin);
        assert_eq!(
            read.start,
            CalTime::Zoned {
                local: at("2027-06-01 18:00"),
                zone
            }
        );
        assert_eq!(findings, []);
    }
}

#[test]
fn an_unquoted_display_name_with_a_colon_is_put_together() {
    let names = [
        (
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "2027-06-01 16:00",
        ),
        ("(UTC-05:00) Eastern Time (US & Canada)", "2027-06-01 22:00"),
    ];
    for (tzid, instant) in names {
        let (quoted, findings) = event(&format!("DTSTART;TZID=\"{tzid}\":20270601T180000\r\n"));
        assert_eq!((quoted.start.utc(), findings), (Some(at(instant)), vec![]));
        let (bare, findings) = event(&format!("DTSTART;TZID={tzid}:20270601T180000\r\n"));
        assert_eq!(bare.start.utc(), Some(at(instant)));
        assert_eq!(findings, [Reason::BadParameter]);
    }
}

const CUSTOM: &str = "BEGIN:VTIMEZONE\r\nTZID:Vår tid\r\n\
    BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

#[test]
fn a_zone_of_the_files_own_is_evaluated() {
    let event = |time| {
        format!("BEGIN:VEVENT\r\nUID:{time}\r\nDTSTART;TZID=Vår tid:{time}\r\nEND:VEVENT\r\n")
    };
    let times = [
        "20270601T180000",
        "20270328T023000",
        "20271031T023000",
        "20271224T170000",
    ];
    let read = calendar(&(times.map(event).concat() + CUSTOM));
    assert_eq!(read.findings, []);
    let instants: Vec<_> = read
        .events
        .iter()
        .filter_map(|event| event.start.utc())
        .collect();
    let expected = [
        "2027-06-01 16:00",
        "2027-03-28 01:30",
        "2027-10-31 00:30",
        "2027-12-24 16:00",
    ];
    assert_eq!(instants, expected.map(at));
}

#[test]
fn a_broken_zone_is_reported_and_its_times_float() {
    let broken = CUSTOM.replace("TZOFFSETTO:+0", "TZOFFSETTO:x");
    let body = format!(
        "{broken}BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Vår tid:20270601T180000\r\nEND:VEVENT\r\n"
    );
    let read = calendar(&body);
    assert_eq!(
        read.events[0].start,
        CalTime::Floating(at("2027-06-01 18:00"))
    );
    assert_eq!(read.finding_counts[&Reason::BadZone], 3);
    assert_eq!(read.finding_counts[&Reason::UnknownZone], 1);
}

#[test]
fn the_iana_zone_wins_over_a_definition_that_disagrees() {
    let wrong = CUSTOM.replace("Vår tid", "America/New_York");
    let body =
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=America/New_York:20270601T180000\r\nEND:VEVENT\r\n";
    let read = calendar(&(wrong + body));
    assert_eq!(read.events[0].start.utc(), Some(at("2027-06-01 22:00")));
}

fn version(extra: &str) -> String {
    format!("BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270601T180000Z\r\n{extra}END:VEVENT\r\n")
}

#[test]
fn the_highest_sequence_of_a_uid_counts() {
    let read = calendar(
        &[
            version("SEQUENCE:1\r\n"),
            version("SEQUENCE:3\r\n"),
            version("SEQUENCE:2\r\n"),
        ]
        .concat(),
    );
    let sequences: Vec<_> = read.events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, [3]);
    assert_eq!(read.finding_counts[&Reason::Superseded], 2);
    assert_eq!(
        read.components["VEVENT"],
        ComponentCount {
            read: 1,
            reported: 2
        }
    );
}

#[test]
fn of_equal_versions_the_one_changed_last_counts() {
    let read = calendar(
        &[
            version("LAST-MODIFIED:20270103T000000Z\r\nSUMMARY:new\r\n"),
            version("LAST-MODIFIED:20270102T000000Z\r\nSUMMARY:old\r\n"),
        ]
        .concat(),
    );
    assert_eq!(
        read.events.iter().map(ReadEvent::title).collect::<Vec<_>>(),
        ["new"]
    );
}

#[test]
fn different_events_under_one_uid_are_all_kept() {
    let other = version("").replace("20270601", "20270602");
    assert_eq!(calendar(&(version("") + &other)).events.len(), 2);
}

#[test]
fn overrides_go_with_their_event_and_stand_alone_without_it() {
    let override_of = |uid: &str| {
        version("RECURRENCE-ID:20270608T180000Z\r\n").replace("UID:1", &format!("UID:{uid}"))
    };
    let master = version("RRULE:FREQ=WEEKLY\r\n");
    let read = calendar(&[override_of("1"), master, override_of("2")].concat());
    let found = series(&read);
    let shape: Vec<_> = found
        .iter()
        .map(|series| (series.master.is_some(), series.overrides.len()))
        .collect();
    assert_eq!(shape, [(true, 1), (false, 1)]);
    assert_eq!(read.finding_counts[&Reason::NoMaster], 1);
}

#[test]
fn an_event_outside_a_calendar_is_read() {
    let read = read(version("").as_bytes());
    assert_eq!(read.events.len(), 1);
    assert_eq!(read.finding_counts[&Reason::OutsideCalendar], 1);
}

#[test]
fn an_empty_file_is_reported() {
    for bytes in [&b""[..], b"\r\n\r\n", b"<html></html>"] {
        assert_eq!(
            read(bytes).finding_counts.get(&Reason::NoCalendar),
            Some(&1)
        );
    }
}

#[test]
fn inline_attachments_are_not_kept() {
    let (read, findings) = event(
        "DTSTART:20270601T180000Z\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:QUJD\r\n\
         ATTACH;FMTTYPE=image/jpeg:https://example.org/a.jpg\r\n",
    );
    assert_eq!((read.attachments.len(), read.images.len()), (0, 1));
    assert_eq!(findings, [Reason::NotKept]);
}

#[test]
fn escapes_without_their_parameter_are_undone_but_not_in_what_we_wrote() {
    let file = |product: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{product}\r\nBEGIN:VEVENT\r\nUID:1\r\n\
             DTSTAMP:20270101T000000Z\r\nDTSTART:20270301T100000Z\r\nSUMMARY:P=C3=A5ske\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let title = |product: &str| {
        let read = read(file(product).as_bytes());
        read.events[0].summary[0].text.clone()
    };
    assert_eq!(title("-//Somebody//EN"), "Påske");
    let ours = "-//elverum-calendar//NONSGML elverum-calendar//NB";
    assert_eq!(title(ours), "P=C3=A5ske");
}
