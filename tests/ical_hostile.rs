//! Reader, expansion, conversion to drafts and check terminate on any bytes, without panic, and account for
//! every component.

use calendar_domain::Lang;
use calendar_ical::check::check;
use calendar_ical::occurrences::for_each_occurrence;
use calendar_ical::read::read;
use calendar_ical::to_events::{ReadOptions, to_drafts};
use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;

/// Valid and invalid lines of calendars, some with excessive demands.
const LINES: &[&str] = &[
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "VERSION:2.0",
    "PRODID:x",
    "METHOD:PUBLISH",
    "X-WR-TIMEZONE:Europe/Oslo",
    "X-WR-CALNAME:Navn\\, her",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VALARM",
    "END:VALARM",
    "BEGIN:VTODO",
    "END:VTODO",
    "BEGIN:VTIMEZONE",
    "END:VTIMEZONE",
    "BEGIN:STANDARD",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "END:DAYLIGHT",
    "TZID:Vår tid",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZOFFSETTO:-2359",
    "UID:1",
    "UID:2",
    "UID:",
    "DTSTAMP:20270101T000000Z",
    "SEQUENCE:3",
    "SEQUENCE:-1",
    "SEQUENCE:99999999999",
    "DTSTART:20270602T180000Z",
    "DTSTART;TZID=Europe/Oslo:20270328T023000",
    "DTSTART;TZID=Vår tid:20270602T180000",
    "DTSTART;VALUE=DATE:20270228",
    "DTSTART:00010101",
    "DTSTART:99991231T235959Z",
    "DTSTART;TZID=Pacific/Apia:20111230T120000",
    "DTEND:99991231",
    "DTSTART;TZID=\"(UTC+01:00) Oslo:20270602T180000",
    "DTEND:20270602T170000Z",
    "DTEND;TZID=America/New_York:20271107T013000",
    "DURATION:P1D",
    "DURATION:-P1W",
    "DURATION:P999999999999W",
    "DURATION:P36600000D",
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=SECONDLY",
    "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2147483647",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1;UNTIL=99991231T235959Z",
    "RRULE:FREQ=MINUTELY;BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15;BYHOUR=0,1,2,3,4,5,6,7",
    "RRULE:FREQ=DAILY;INTERVAL=0",
    "RRULE:FREQ=YEARLY;INTERVAL=4294967295",
    "EXRULE:FREQ=WEEKLY",
    "RDATE;VALUE=PERIOD:20270602T180000Z/PT1H,20270603/P1D,99991231T235959Z/P9W",
    "RDATE:20270601",
    "EXDATE;TZID=Europe/Oslo:20270602T180000,20271031T023000,",
    "EXDATE;VALUE=DATE:20270602",
    "RECURRENCE-ID:20270609T180000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20270616T180000Z",
    "RECURRENCE-ID;VALUE=DATE:20270602",
    "SUMMARY:Sommerkonsert",
    "SUMMARY;LANGUAGE=en:A\\nB\\",
    "SUMMARY;ENCODING=QUOTED-PRINTABLE:=C3=A5=",
    "SUMMARY:AVLYST: -",
    "LOCATION:a, 2406 Elverum",
    "LOCATION:,,,  , 1234 ",
    "DESCRIPTION:<p>a<a href=\"https://x/\">b</p>&amp;&#x;<",
    "GEO:1;2",
    "X-ALT-DESC;FMTTYPE=text/html:<div><div><table><a><b>x</script>",
    "GEO:NaN;inf",
    "STATUS:CANCELLED",
    "CLASS:PRIVATE",
    "CATEGORIES:a,,b\\,c",
    "RELATED-TO;RELTYPE=PARENT:2",
    "ATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA",
    "IMAGE:https://example.org/a.png",
    "URL:x",
    "ORGANIZER;CN=\"a:b",
    "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    " fold",
    "\tfold",
    "",
    "=",
    ":",
    ";:",
    "HTTP/1.1 200 OK",
    "\u{feff}BEGIN:VCALENDAR",
    "CREATED:20270101",
    "LAST-MODIFIED:x",
];

/// A file of such lines with any line endings, overwritten in places by random bytes.
fn hostile_file() -> impl Strategy<Value = Vec<u8>> {
    let line = (
        prop::sample::select(LINES),
        prop::sample::select(&["\r\n", "\n", "\r", "\r\r\n"][..]),
    );
    let lines = prop::collection::vec(line, 0..80);
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (lines, damage, any::<bool>()).prop_map(|(lines, damage, framed)| {
        let mut bytes: Vec<u8> = Vec::new();
        if framed {
            bytes.extend(
                b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270602T180000Z\r\n",
            );
        }
        bytes.extend(
            lines
                .iter()
                .flat_map(|(line, end)| [*line, *end].concat().into_bytes()),
        );
        for (place, byte) in damage {
            if !bytes.is_empty() {
                let at = place.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes
    })
}

/// Runs everything that reads on the bytes.
fn everything(bytes: &[u8]) {
    let calendar = read(bytes);
    let read_events = calendar
        .components
        .get("VEVENT")
        .map_or(0, |count| count.read);
    assert_eq!(read_events, calendar.events.len());
    for (name, count) in &calendar.components {
        let named = calendar
            .findings
            .iter()
            .any(|finding| finding.component == *name);
        assert!(
            count.reported == 0 || named,
            "{name} was dropped in silence"
        );
    }
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("a test's own date");
    let mut printed = 0;
    for_each_occurrence(&calendar, day(2027), day(2029), |occurrence| {
        printed += occurrence.start.to_string().len();
    });
    let options = ReadOptions {
        default_zone: Tz::Europe__Oslo,
        language: Lang::Nb,
    };
    let (drafts, findings) = to_drafts(&calendar, &options);
    assert!(drafts.len() <= calendar.events.len());
    assert!(calendar.events.is_empty() || !drafts.is_empty() || !findings.is_empty());
    let lines = bytes
        .iter()
        .filter(|b| **b == b'\n' || **b == b'\r')
        .count()
        + 1;
    for finding in check(bytes) {
        assert!(
            (1..=lines + 1).contains(&(finding.line as usize)),
            "{finding:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn made_up_calendars_are_read_to_their_end(bytes in hostile_file()) {
        everything(&bytes);
    }

    #[test]
    fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        everything(&bytes);
    }
}

#[test]
fn a_file_of_nothing_but_junk_is_bounded_in_memory() {
    let junk = "x\n".repeat(300_000);
    let calendar = read(junk.as_bytes());
    assert!(calendar.findings.len() <= 10_000);
    assert!(calendar.finding_counts.values().sum::<usize>() >= 300_000);
}

#[test]
fn deep_nesting_is_cut_off() {
    let deep = "BEGIN:X\n".repeat(100_000);
    assert!(!read(deep.as_bytes()).findings.is_empty());
    everything(&"BEGIN:VEVENT\nBEGIN:VALARM\n".repeat(2_000).into_bytes());
}

#[test]
fn a_megabyte_line_is_read() {
    let title = "å".repeat(1 << 20);
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270602T180000Z\r\nSUMMARY:{title}\r\n\
         EXDATE:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "20270609T180000Z,".repeat(60_000)
    );
    everything(text.as_bytes());
    assert_eq!(read(text.as_bytes()).events[0].title().len(), title.len());
}

/// Files that demand much more work than their size. Without a time limit: a test that hangs fails.
#[test]
fn work_is_bounded_whatever_a_file_asks_for() {
    let event = |number: usize, body: &str| {
        format!("BEGIN:VEVENT\nUID:{number}\nDTSTART:20270101T000000Z\n{body}\nEND:VEVENT\n")
    };
    let many = |body: &str| {
        (0..300)
            .map(|number| event(number, body))
            .collect::<String>()
    };
    let dates = "20270609T180000Z,".repeat(9_000);
    let overrides: String = (0..2_000)
        .map(|number| {
            let id = format!(
                "RECURRENCE-ID;RANGE=THISANDFUTURE:2027{:02}{:02}T{:02}0000Z",
                number / 28 % 12 + 1,
                number % 28 + 1,
                number % 24
            );
            event(0, &id).replace("UID:0", "UID:1")
        })
        .collect();
    for body in [
        many("RRULE:FREQ=SECONDLY;COUNT=2147483647;BYHOUR=3"),
        many("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        many("RRULE:FREQ=DAILY;BYDAY=MO;BYMONTHDAY=13;BYMONTH=2;INTERVAL=97;COUNT=99999"),
        event(
            1,
            &format!("RRULE:FREQ=DAILY\nEXDATE:{dates}\nRDATE:{dates}"),
        ) + &overrides,
        event(1, "X-A:1").replace("UID:1\n", "").repeat(3_000),
    ] {
        everything(format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n").as_bytes());
    }
}
