//! A valid calendar has no findings; each fault introduced into it is found.

use super::*;

const CLEAN: &str = "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Elverum//Test//NB
BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20270101T120000Z
DTSTART;TZID=Europe/Oslo:20270602T180000
DTEND;TZID=Europe/Oslo:20270602T200000
RRULE:FREQ=WEEKLY;UNTIL=20270630T160000Z
EXDATE;TZID=Europe/Oslo:20270609T180000
SUMMARY:Sommerkonsert\\, gratis
GEO:60.88;11.56
PRIORITY:5
SEQUENCE:0
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://example.org/a
ORGANIZER;CN=\"Elverum; kommune\":mailto:post@example.org
LAST-MODIFIED:20270101T120000Z
END:VEVENT
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20270101T120000Z
RECURRENCE-ID;TZID=Europe/Oslo:20270616T180000
DTSTART;TZID=Europe/Oslo:20270617T180000
DURATION:PT2H
SUMMARY:Sommerkonsert
END:VEVENT
BEGIN:VEVENT
UID:2@example.org
DTSTAMP:20270101T120000Z
DTSTART;VALUE=DATE:20270806
DTEND;VALUE=DATE:20270816
SUMMARY:Festspillene
END:VEVENT
END:VCALENDAR
";

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn rules_of(bytes: &[u8]) -> Vec<&'static str> {
    check(bytes)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

/// Returns the rules broken by the valid calendar with one part replaced.
fn sown(part: &str, fault: &str) -> Vec<&'static str> {
    assert!(CLEAN.contains(part), "the clean calendar has no «{part}»");
    rules_of(crlf(&CLEAN.replacen(part, fault, 1)).as_bytes())
}

#[test]
fn a_clean_calendar_has_no_findings() {
    assert_eq!(check(crlf(CLEAN).as_bytes()), []);
}

/// Defines one test per fault: the part to replace, its replacement, and the rule that it breaks.
macro_rules! faults {
    ($($name:ident: $part:expr, $fault:expr, $rule:ident;)*) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(sown($part, $fault), [rules::$rule.id]);
            }
        )*
    };
}

const LAST: &str = "SUMMARY:Festspillene\n";

faults! {
    missing_uid_is_found: "UID:2@example.org\n", "", MISSING_UID;
    missing_dtstamp_is_found:
        "DTSTAMP:20270101T120000Z\nDTSTART;VALUE=DATE", "DTSTART;VALUE=DATE", MISSING_DTSTAMP;
    missing_dtstart_is_found:
        "DTSTART;VALUE=DATE:20270806\nDTEND;VALUE=DATE:20270816\n", "", MISSING_DTSTART;
    missing_version_is_found: "VERSION:2.0\n", "", MISSING_VERSION;
    wrong_version_is_found: "VERSION:2.0", "VERSION:1.0", BAD_VERSION;
    missing_prodid_is_found: "PRODID:-//Elverum//Test//NB\n", "", MISSING_PRODID;
    wrong_calscale_is_found: "VERSION:2.0", "CALSCALE:JULIAN\nVERSION:2.0", BAD_CALSCALE;
    empty_line_is_found: LAST, "\nSUMMARY:x\n", EMPTY_LINE;
    long_line_is_found:
        "SUMMARY:Festspillene", "SUMMARY:Festspillene i Elverum og resten av Sør-Østerdal fra seks \
        til sytten", LINE_TOO_LONG;
    control_character_is_found: LAST, "SUMMARY:a\u{8}b\n", CONTROL_CHARACTER;
    http_header_before_the_calendar_is_found:
        "BEGIN:VCALENDAR\n", "Content-Type: text/calendar\nBEGIN:VCALENDAR\n", HTTP_HEADER;
    line_without_colon_is_found: LAST, "SUMMARY\n", NOT_A_CONTENT_LINE;
    line_without_name_is_found: LAST, "og så: dette\n", NOT_A_CONTENT_LINE;
    underscore_in_a_name_is_found: LAST, "X_A:1\n", BAD_PROPERTY_NAME;
    unregistered_property_is_found: LAST, "TICKETS:1\n", UNKNOWN_PROPERTY;
    parameter_without_value_is_found: LAST, "SUMMARY;LANGUAGE:x\n", BAD_PARAMETER;
    unclosed_quotation_mark_is_found: LAST, "SUMMARY;LANGUAGE=\"nb:x\n", BAD_PARAMETER;
    quotation_mark_inside_a_parameter_is_found:
        "CN=\"Elverum; kommune\"", "CN=Elverum \"kommune\"", QUOTE_IN_PARAMETER;
    comma_in_an_unquoted_parameter_is_found:
        "CN=\"Elverum; kommune\"", "CN=Elverum, kommune", UNQUOTED_PARAMETER;
    repeated_parameter_is_found: LAST, "SUMMARY;LANGUAGE=nb;LANGUAGE=nn:x\n", DUPLICATE_PARAMETER;
    stray_property_is_found: "BEGIN:VCALENDAR\n", "X-A:1\nBEGIN:VCALENDAR\n", OUTSIDE_CALENDAR;
    end_that_closes_nothing_is_found: LAST, "END:VALARM\n", WRONG_NESTING;
    component_in_the_wrong_place_is_found:
        LAST, "BEGIN:STANDARD\nDTSTART:20270101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n\
        END:STANDARD\n", WRONG_NESTING;
    unregistered_component_is_found: LAST, "BEGIN:VTEAPOT\nEND:VTEAPOT\n", UNKNOWN_COMPONENT;
    property_after_a_component_is_found:
        "END:VCALENDAR\n", "X-WR-CALNAME:Sent\nEND:VCALENDAR\n", PROPERTY_AFTER_COMPONENT;
    method_in_an_event_is_found: LAST, "METHOD:PUBLISH\n", MISPLACED_PROPERTY;
    repeated_property_is_found: LAST, "SUMMARY:a\nSUMMARY:b\n", DUPLICATE_PROPERTY;
    end_and_duration_are_found: LAST, "DURATION:P1D\n", END_AND_DURATION;
    end_before_start_is_found: "DTEND;VALUE=DATE:20270816", "DTEND;VALUE=DATE:20270806", END_BEFORE_START;
    end_before_start_in_time_is_found:
        "DTEND;TZID=Europe/Oslo:20270602T200000", "DTEND:20270602T160000Z", END_BEFORE_START;
    negative_duration_is_found: "DURATION:PT2H", "DURATION:-PT2H", END_BEFORE_START;
    end_of_another_type_is_found:
        "DTEND;VALUE=DATE:20270816", "DTEND:20270816T120000Z", END_TYPE_MISMATCH;
    impossible_date_is_found: "DTEND;VALUE=DATE:20270816", "DTEND;VALUE=DATE:20270832", BAD_TIME;
    impossible_time_is_found:
        "DTEND;TZID=Europe/Oslo:20270602T200000", "DTEND;TZID=Europe/Oslo:20270602T250000", BAD_TIME;
    extended_iso_8601_is_found:
        "DTEND;TZID=Europe/Oslo:20270602T200000", "DTEND;TZID=Europe/Oslo:2027-06-02T20:00:00", BAD_TIME;
    date_without_value_is_found:
        "DTEND;VALUE=DATE:20270816", "DTEND:20270816", VALUE_TYPE_MISMATCH;
    zone_beside_utc_is_found:
        "DTEND;TZID=Europe/Oslo:20270602T200000", "DTEND;TZID=Europe/Oslo:20270602T180000Z", TZID_NOT_LOCAL;
    local_stamp_is_found:
        "LAST-MODIFIED:20270101T120000Z", "LAST-MODIFIED;TZID=Europe/Oslo:20270101T120000", STAMP_NOT_UTC;
    bad_duration_is_found: "DURATION:PT2H", "DURATION:2 hours", BAD_DURATION;
    weeks_beside_days_are_found: "DURATION:PT2H", "DURATION:P1W2D", BAD_DURATION;
    hours_beside_a_date_are_found:
        "DTEND;VALUE=DATE:20270816", "DURATION:PT24H", DURATION_NOT_IN_DAYS;
    status_of_a_task_is_found: "STATUS:CONFIRMED", "STATUS:COMPLETED", BAD_STATUS;
    comma_in_geo_is_found: "GEO:60.88;11.56", "GEO:60.88,11.56", BAD_GEO;
    place_off_the_earth_is_found: "GEO:60.88;11.56", "GEO:160.88;11.56", BAD_GEO;
    relative_url_is_found: "URL:https://example.org/a", "URL:/a", BAD_URI;
    bare_mail_address_is_found: "mailto:post@example.org", "post@example.org", BAD_ADDRESS;
    priority_over_nine_is_found: "PRIORITY:5", "PRIORITY:10", BAD_PRIORITY;
    negative_sequence_is_found: "SEQUENCE:0", "SEQUENCE:-1", BAD_SEQUENCE;
    unknown_transparency_is_found: "TRANSP:OPAQUE", "TRANSP:BUSY", BAD_TRANSP;
    bad_escape_is_found: LAST, "SUMMARY:C:\\dir\n", BAD_ESCAPE;
    unescaped_comma_is_found: LAST, "SUMMARY:mat, drikke\n", UNESCAPED_TEXT;
    unescaped_semicolon_is_found: LAST, "SUMMARY:mat; drikke\n", UNESCAPED_TEXT;
    property_without_value_is_found: LAST, "URL:\n", EMPTY_VALUE;
    quoted_printable_is_found:
        LAST, "SUMMARY;ENCODING=QUOTED-PRINTABLE:=C3=A5\n", OBSOLETE;
    alarm_without_trigger_is_found:
        LAST, "BEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\n", INCOMPLETE_ALARM;
    unreadable_rule_is_found: "FREQ=WEEKLY;UNTIL=20270630T160000Z", "FREQ=SOMETIMES", BAD_RRULE;
    until_beside_count_is_found:
        "FREQ=WEEKLY;UNTIL=20270630T160000Z", "FREQ=WEEKLY;COUNT=5;UNTIL=20270630T160000Z",
        FORBIDDEN_RULE_PART;
    until_as_a_date_beside_a_time_is_found:
        "UNTIL=20270630T160000Z", "UNTIL=20270630", UNTIL_TYPE_MISMATCH;
    local_until_beside_a_zone_is_found:
        "UNTIL=20270630T160000Z", "UNTIL=20270630T180000", UNTIL_TYPE_MISMATCH;
    start_out_of_step_with_its_rule_is_found:
        LAST, "RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=2\n", OUT_OF_STEP;
    bare_date_as_exdate_is_found:
        "EXDATE;TZID=Europe/Oslo:20270609T180000", "EXDATE;VALUE=DATE:20270609", EXDATE_TYPE_MISMATCH;
    bare_date_as_rdate_is_found: LAST, "RDATE:20270901T120000Z\n", RDATE_TYPE_MISMATCH;
    hours_in_a_rule_beside_a_date_are_found:
        LAST, "RRULE:FREQ=WEEKLY;BYHOUR=9;COUNT=2\n", TIME_BESIDE_DATE;
    exdate_that_hits_nothing_is_found:
        "EXDATE;TZID=Europe/Oslo:20270609T180000", "EXDATE;TZID=Europe/Oslo:20270609T190000",
        EXDATE_OF_NOTHING;
    override_without_its_event_is_found:
        "UID:1@example.org\nDTSTAMP:20270101T120000Z\nREC", "UID:3\nDTSTAMP:20270101T120000Z\nREC",
        OVERRIDE_WITHOUT_EVENT;
    override_of_another_type_is_found:
        "RECURRENCE-ID;TZID=Europe/Oslo:20270616T180000", "RECURRENCE-ID;VALUE=DATE:20270616",
        OVERRIDE_TYPE_MISMATCH;
    override_of_nothing_is_found:
        "RECURRENCE-ID;TZID=Europe/Oslo:20270616T180000",
        "RECURRENCE-ID;TZID=Europe/Oslo:20270616T190000", OVERRIDE_OF_NOTHING;
    override_that_recurs_is_found: "DURATION:PT2H", "RRULE:FREQ=WEEKLY", OVERRIDE_RECURS;
    repeated_uid_is_found: "UID:2@example.org", "UID:1@example.org", DUPLICATE_UID;
    time_in_an_undefined_zone_is_found:
        "DTEND;TZID=Europe/Oslo", "DTEND;TZID=Europe/Stockholm", UNDEFINED_ZONE;
    zone_without_name_is_found: "BEGIN:VEVENT\n",
        "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n\
        TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n", MISSING_TZID;
    zone_start_in_utc_is_found:
        "DTSTART:19961027T030000", "DTSTART:19961027T030000Z", OBSERVANCE_NOT_LOCAL;
    bad_offset_is_found: "TZOFFSETTO:+0100", "TZOFFSETTO:+1", BAD_OFFSET;
    zone_that_lacks_an_offset_is_found: "TZOFFSETTO:+0100\n", "", INCOMPLETE_OBSERVANCE;
}

#[test]
fn second_rule_is_found() {
    let broken = sown("EXDATE;", "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;");
    assert_eq!(broken, [rules::SEVERAL_RRULES.id]);
}

#[test]
fn until_before_the_start_is_found() {
    let broken = sown("UNTIL=20270630T160000Z", "UNTIL=20270530T160000Z");
    assert_eq!(broken[0], rules::UNTIL_BEFORE_START.id);
}

#[test]
fn floating_times_are_found() {
    let broken = sown("DTEND;TZID=Europe/Oslo:", "DTEND:");
    assert_eq!(broken, [rules::FLOATING_TIME.id, rules::ZONE_MISMATCH.id]);
}

#[test]
fn unquoted_zone_name_with_a_colon_is_found() {
    let broken = sown("DTEND;TZID=Europe/Oslo:", "DTEND;TZID=(UTC+01:00) Oslo:");
    assert!(broken.contains(&rules::UNQUOTED_PARAMETER.id), "{broken:?}");
}

#[test]
fn unused_and_repeated_zones_are_found() {
    let zone = &CLEAN[CLEAN.find("BEGIN:VTIMEZONE").expect("a zone")..];
    let zone = &zone[..zone.find("BEGIN:VEVENT").expect("an event")];
    let unused = zone.replace("Europe/Oslo", "Europe/Paris");
    let broken = sown("BEGIN:VEVENT", &format!("{zone}{unused}BEGIN:VEVENT"));
    assert_eq!(broken, [rules::DUPLICATE_ZONE.id, rules::UNUSED_ZONE.id]);
}

#[test]
fn the_zone_that_a_calendar_names_as_its_own_is_in_use() {
    let zone = &CLEAN[CLEAN.find("BEGIN:VTIMEZONE").expect("a zone")..];
    let zone = &zone[..zone.find("BEGIN:VEVENT").expect("an event")];
    let own = zone.replace("Europe/Oslo", "Europe/Paris");
    let broken = sown("BEGIN:VEVENT", &format!("{own}BEGIN:VEVENT"));
    assert_eq!(broken, [rules::UNUSED_ZONE.id]);
    let named = format!("X-WR-TIMEZONE:Europe/Paris\n{own}BEGIN:VTIMEZONE");
    assert!(sown("BEGIN:VTIMEZONE", &named).is_empty());
}

#[test]
fn zones_without_standard_time_are_found() {
    let from = CLEAN.find("BEGIN:STANDARD").expect("standard time");
    let to = CLEAN.find("BEGIN:DAYLIGHT").expect("summer time");
    assert_eq!(
        sown(&CLEAN[from..to], ""),
        [rules::ZONE_WITHOUT_STANDARD.id]
    );
    let end = CLEAN.find("END:VTIMEZONE").expect("a zone's end");
    assert_eq!(
        sown(&CLEAN[from..end], ""),
        [rules::ZONE_WITHOUT_OBSERVANCE.id]
    );
}

#[test]
fn unclosed_component_is_found() {
    let broken = sown(
        "SUMMARY:Festspillene\nEND:VEVENT\n",
        "SUMMARY:Festspillene\n",
    );
    assert_eq!(broken, [rules::UNCLOSED_COMPONENT.id]);
}

#[test]
fn event_outside_the_calendar_is_found() {
    let event =
        "BEGIN:VEVENT\nUID:3\nDTSTAMP:20270101T120000Z\nDTSTART;VALUE=DATE:20270806\nEND:VEVENT\n";
    let broken = sown("END:VCALENDAR\n", &format!("END:VCALENDAR\n{event}"));
    assert_eq!(broken, [rules::OUTSIDE_CALENDAR.id]);
}

#[test]
fn empty_file_and_empty_calendar_are_found() {
    assert_eq!(rules_of(b""), [rules::NO_CALENDAR.id]);
    let empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n";
    assert_eq!(rules_of(empty), [rules::EMPTY_CALENDAR.id]);
}

#[test]
fn bare_line_ends_are_found_once_each() {
    assert_eq!(rules_of(CLEAN.as_bytes()), [rules::BARE_LINE_FEED.id]);
    let returns = CLEAN.replace('\n', "\r");
    assert_eq!(
        rules_of(returns.as_bytes()),
        [rules::BARE_CARRIAGE_RETURN.id]
    );
    let first = crlf(CLEAN).replacen("VERSION:2.0\r\n", "VERSION:2.0\n", 1);
    assert_eq!(check(first.as_bytes())[0].line, 2);
}

#[test]
fn missing_final_line_end_is_found() {
    assert_eq!(
        rules_of(crlf(CLEAN).trim_end().as_bytes()),
        [rules::NO_FINAL_LINE_END.id]
    );
}

#[test]
fn byte_order_mark_is_found() {
    assert_eq!(
        rules_of(format!("\u{FEFF}{}", crlf(CLEAN)).as_bytes()),
        [rules::BYTE_ORDER_MARK.id]
    );
}

#[test]
fn letter_cut_by_a_fold_is_found() {
    let clean = crlf(CLEAN);
    let (head, tail) = clean.split_once("Festspillene").expect("the last title");
    let folded = [head.as_bytes(), b"p\xC3\r\n \xA5", tail.as_bytes()].concat();
    assert_eq!(rules_of(&folded), [rules::FOLD_IN_CHARACTER.id]);
}

#[test]
fn latin_1_is_found() {
    let clean = crlf(CLEAN);
    let (head, tail) = clean.split_once("Festspillene").expect("the last title");
    let latin = [head.as_bytes(), b"p\xE5", tail.as_bytes()].concat();
    assert_eq!(rules_of(&latin), [rules::INVALID_UTF8.id]);
}

#[test]
fn a_finding_is_json_with_line_rule_severity_and_message() {
    let findings = check(crlf(&CLEAN.replace("PRIORITY:5", "PRIORITY:x")).as_bytes());
    let json = serde_json::to_value(&findings[0]).expect("a finding is JSON");
    assert_eq!(json["line"], 28);
    assert_eq!(json["rule"], "bad-priority");
    assert_eq!(json["severity"], "error");
    assert_eq!(
        json["message"],
        "PRIORITY: «x» is not a valid number from 0 to 9"
    );
}

#[test]
fn a_message_never_carries_control_characters() {
    let parameter = "ORGANIZER;C\u{1b}N=a,b:mailto:post@example.org";
    let file = CLEAN.replace("PRIORITY:5", parameter);
    let findings = check(crlf(&file).as_bytes());
    let messages: String = findings.iter().map(|finding| &*finding.message).collect();
    assert!(messages.contains("CN has a comma"), "{messages}");
    assert!(!messages.contains('\u{1b}'), "{messages:?}");
}

#[test]
fn a_zone_name_with_an_escaped_comma_is_defined() {
    let clean = CLEAN
        .replace("TZID:Europe/Oslo", "TZID:Oslo\\, Norge")
        .replace("TZID=Europe/Oslo", "TZID=\"Oslo, Norge\"");
    assert_eq!(rules_of(crlf(&clean).as_bytes()), [] as [&str; 0]);
}
