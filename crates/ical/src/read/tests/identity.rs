//! Zones, statuses set by METHOD, and UIDs.

use super::*;

const KUALA_LUMPUR: &str = "BEGIN:VTIMEZONE\r\nTZID:Kuala Lumpur\\, Singapore\r\n\
    BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\n\
    END:STANDARD\r\nEND:VTIMEZONE\r\n";

#[test]
fn a_zone_name_with_an_escaped_comma_is_the_one_in_the_parameter() {
    for tzid in [
        "\"Kuala Lumpur, Singapore\"",
        "\"Kuala Lumpur\\, Singapore\"",
        "Kuala Lumpur\\, Singapore",
    ] {
        let read = calendar(&format!(
            "{KUALA_LUMPUR}BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID={tzid}:20081031T093000\r\nEND:VEVENT\r\n"
        ));
        assert_eq!(read.findings, [], "{tzid}");
        assert_eq!(
            read.events[0].start.utc(),
            Some(at("2008-10-31 01:30")),
            "{tzid}"
        );
    }
}

#[test]
fn a_list_of_places_is_a_windows_zone_without_its_offset_too() {
    let (read, findings) =
        event("DTSTART;TZID=\"Amsterdam, Belgrade, Berlin, Brussels\":20270601T180000\r\n");
    assert_eq!(findings, []);
    assert_eq!(read.start.utc(), Some(at("2027-06-01 16:00")));
}

#[test]
fn an_old_zone_name_is_read_as_the_one_it_links_to() {
    let (read, _) = event("DTSTART;TZID=US/Eastern:20270601T180000\r\n");
    let zone = ZoneRef::Iana(Tz::America__New_York);
    let local = at("2027-06-01 18:00");
    assert_eq!(read.start, CalTime::Zoned { local, zone });
}

#[test]
fn a_cancelling_method_cancels_an_event_without_status() {
    let event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270601\r\nEND:VEVENT\r\n";
    let status = |method: &str| calendar(&format!("METHOD:{method}\r\n{event}")).events[0].status;
    assert_eq!(status("CANCEL"), Some(ReadStatus::Cancelled));
    assert_eq!(status("cancel"), Some(ReadStatus::Cancelled));
    assert_eq!(status("PUBLISH"), None);
}

#[test]
fn a_uid_keeps_the_blanks_at_its_edges() {
    let uid = |uid: &str| {
        let read = calendar(&format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20270601\r\nEND:VEVENT\r\n"
        ));
        read.events[0].uid.clone()
    };
    assert_eq!(uid(" a b "), " a b ");
    assert_eq!(uid("  "), "");
}
