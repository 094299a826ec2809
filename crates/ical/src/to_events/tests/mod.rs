//! Conversion of small files to drafts.

mod own;
mod recurring;

use super::super::read::read;
use super::*;
use crate::finding::Reason;
use calendar_domain::Admission;
use calendar_domain::EventDraft;
use calendar_domain::EventStatus;
use calendar_domain::OrganizerRef;
use calendar_domain::Schedule;
use calendar_domain::Text;
use calendar_domain::{Lang, Recurrence, Start, Venue, When};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

const OPTIONS: ReadOptions = ReadOptions {
    default_zone: Tz::Europe__Oslo,
    language: Lang::Nb,
};

/// Converts events, each given by its lines. Returns the drafts and the reasons of the findings.
fn drafts_in(head: &str, events: &[&str]) -> (Vec<EventDraft>, Vec<Reason>) {
    let events: Vec<_> = events
        .iter()
        .map(|e| format!("BEGIN:VEVENT\n{e}\nEND:VEVENT\n"))
        .collect();
    let calendar =
        read(format!("BEGIN:VCALENDAR\n{head}{}END:VCALENDAR\n", events.concat()).as_bytes());
    let (drafts, findings) = to_drafts(&calendar, &OPTIONS);
    (
        drafts,
        findings.into_iter().map(|finding| finding.reason).collect(),
    )
}

fn drafts(events: &[&str]) -> (Vec<EventDraft>, Vec<Reason>) {
    drafts_in("", events)
}

/// Returns the draft of a single event without findings.
fn draft(event: &str) -> EventDraft {
    let (drafts, findings) = drafts(&[event]);
    assert_eq!(findings, []);
    drafts.into_iter().next().expect("one draft")
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a test's own time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test's own date")
}

fn timed(start: &str, end: &str, zone: Tz) -> When {
    When::Timed {
        start: at(start),
        end: Some(at(end)),
        zone,
    }
}

fn recurrence(draft: &EventDraft) -> &Recurrence {
    draft.schedule.recurrence.as_ref().expect("it recurs")
}

const CONCERT: &str = "UID:1\nDTSTART;TZID=Europe/Oslo:20270602T180000\n\
    DTEND;TZID=Europe/Oslo:20270602T200000\nSUMMARY:Sommerkonsert";

#[test]
fn an_event_keeps_all_that_the_domain_has_words_for() {
    let draft = draft(&format!(
        "{CONCERT}\nSUMMARY;LANGUAGE=en:Summer concert\nDESCRIPTION:Ute\\n\\n\\nGratis \n\
         LOCATION:Terningen Arena\\, Hamarvegen 112\\, 2406 Elverum\nGEO:60.88;11.53\n\
         URL:https://example.org/a\nCATEGORIES:Konsert,Ute,Konsert\nSEQUENCE:3\n\
         LAST-MODIFIED:20270101T120000Z\nORGANIZER;CN=Kulturskolen:mailto:post@example.org\n\
         IMAGE;VALUE=URI:https://example.org/a.png\nRELATED-TO:2\nX-COST:250\n\
         CONFERENCE;VALUE=URI:https://example.org/live"
    ));
    assert_eq!(
        (
            &*draft.origin_id,
            draft.uid.as_ref().map(|uid| uid.as_str())
        ),
        ("1", Some("1"))
    );
    assert_eq!(draft.title, Text::nb_en("Sommerkonsert", "Summer concert"));
    assert_eq!(draft.description, Text::nb("Ute\n\nGratis"));
    assert_eq!(
        draft.schedule,
        Schedule::once(timed(
            "2027-06-02 18:00",
            "2027-06-02 20:00",
            Tz::Europe__Oslo
        ))
    );
    let [
        Venue::Described {
            name,
            address: Some(address),
            coordinates: Some(at),
            ..
        },
    ] = &*draft.venues
    else {
        panic!("{:?}", draft.venues)
    };
    assert_eq!(
        (&**name, &*address.line()),
        ("Terningen Arena", "Hamarvegen 112, 2406 Elverum")
    );
    assert_eq!((at.latitude, at.longitude), (60.88, 11.53));
    assert_eq!(draft.categories, ["Konsert", "Ute"]);
    assert_eq!(
        (draft.sequence, draft.admission),
        (Some(3), Admission::Paid)
    );
    assert_eq!(
        draft.modified.map(|at| at.to_rfc3339()).as_deref(),
        Some("2027-01-01T12:00:00+00:00")
    );
    let name = "Kulturskolen".to_owned();
    assert_eq!(
        draft.organizer,
        Some(OrganizerRef::Described { name, url: None })
    );
    assert_eq!(draft.images[0].address(""), "https://example.org/a.png");
    assert_eq!(
        draft.website.map(String::from).as_deref(),
        Some("https://example.org/a")
    );
    assert_eq!(
        draft.online_url.map(String::from).as_deref(),
        Some("https://example.org/live")
    );
    assert_eq!(draft.super_event.as_deref(), Some("2"));
}

#[test]
fn floating_times_are_meant_in_the_calendars_zone_or_ours() {
    let event = "UID:1\nSUMMARY:a\nDTSTART:20270602T180000";
    let zone_of = |head| match drafts_in(head, &[event]).0[0].schedule.when {
        When::Timed { zone, .. } => zone,
        _ => panic!("a time"),
    };
    assert_eq!(zone_of(""), Tz::Europe__Oslo);
    assert_eq!(zone_of("X-WR-TIMEZONE:Europe/London\n"), Tz::Europe__London);
}

#[test]
fn times_in_utc_stay_in_utc() {
    let when = draft("UID:1\nSUMMARY:a\nDTSTART:20270602T160000Z\nDURATION:PT2H")
        .schedule
        .when;
    assert_eq!(when, timed("2027-06-02 16:00", "2027-06-02 18:00", Tz::UTC));
}

#[test]
fn whole_days_end_exclusively() {
    let days = |event| draft(event).schedule.when;
    let festival = "UID:1\nSUMMARY:a\nDTSTART;VALUE=DATE:20270806\nDTEND;VALUE=DATE:20270816";
    assert_eq!(
        days(festival),
        When::AllDay {
            first: day("2027-08-06"),
            until: day("2027-08-16")
        }
    );
    let one = "UID:1\nSUMMARY:a\nDTSTART;VALUE=DATE:20270806";
    assert_eq!(days(one), When::day(day("2027-08-06")));
    let same = "UID:1\nSUMMARY:a\nDTSTART;VALUE=DATE:20270806\nDTEND;VALUE=DATE:20270806";
    assert_eq!(days(same), When::day(day("2027-08-06")));
    let marked = "UID:1\nSUMMARY:a\nDTSTART:20270806T000000\nDTEND:20270808T000000\n\
        X-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    assert_eq!(
        days(marked),
        When::AllDay {
            first: day("2027-08-06"),
            until: day("2027-08-08")
        }
    );
}

const OWN_ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Vår tid\n\
    BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
    BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

#[test]
fn a_zone_of_the_files_own_that_keeps_our_time_is_ours() {
    let event = CONCERT.replace("Europe/Oslo", "Vår tid");
    let (found, findings) = drafts_in(OWN_ZONE, &[&format!("{event}\nRRULE:FREQ=WEEKLY")]);
    assert_eq!(findings, []);
    assert_eq!(
        found[0].schedule.when,
        timed("2027-06-02 18:00", "2027-06-02 20:00", Tz::Europe__Oslo)
    );
}

#[test]
fn a_zone_like_no_other_gives_instants() {
    let odd = OWN_ZONE.replace("+0100", "+0117").replace("+0200", "+0217");
    let event = CONCERT.replace("Europe/Oslo", "Vår tid");
    let (found, findings) = drafts_in(&odd, &[&format!("{event}\nRRULE:FREQ=WEEKLY;COUNT=3")]);
    assert_eq!(
        found[0].schedule.when,
        timed("2027-06-02 15:43", "2027-06-02 17:43", Tz::UTC)
    );
    assert_eq!(recurrence(&found[0]).rdates.len(), 3);
    assert_eq!(findings, [Reason::NotKept, Reason::NotKept]);
}

#[test]
fn html_in_descriptions_becomes_plain_text() {
    let html = draft(
        "UID:1\nSUMMARY:a\nDTSTART:20270602\nDESCRIPTION:<p>Mat &amp\\; drikke</p><script>x</script>",
    );
    assert_eq!(html.description, Text::nb("Mat & drikke"));
    let alt = draft("UID:1\nSUMMARY:a\nDTSTART:20270602\nX-ALT-DESC;FMTTYPE=text/html:<b>Ute</b>");
    assert_eq!(alt.description, Text::nb("Ute"));
}

#[test]
fn marks_around_titles_are_taken_off_and_believed() {
    let read = |title: &str| {
        let draft = draft(&format!("UID:1\nDTSTART:20270602\nSUMMARY:{title}"));
        (draft.title.get(Lang::Nb).to_owned(), draft.status)
    };
    let title = "Sommerkonsert".to_owned();
    assert_eq!(
        read("AVLYST: Sommerkonsert"),
        (title.clone(), EventStatus::Cancelled)
    );
    assert_eq!(
        read("Avlyst - Sommerkonsert"),
        (title.clone(), EventStatus::Cancelled)
    );
    assert_eq!(
        read("UTSATT: Sommerkonsert"),
        (title.clone(), EventStatus::Postponed)
    );
    assert_eq!(
        read("Sommerkonsert (foreløpig dato)"),
        (title, EventStatus::Tentative)
    );
    assert_eq!(
        read("Sommer: konsert"),
        ("Sommer: konsert".into(), EventStatus::Scheduled)
    );
}

#[test]
fn private_events_are_left_out_and_reported() {
    let (found, findings) = drafts(&[&format!("{CONCERT}\nCLASS:PRIVATE")]);
    assert_eq!((found.len(), findings), (0, vec![Reason::NotKept]));
}

#[test]
fn long_texts_are_cut_and_reported() {
    let (found, findings) = drafts(&[&CONCERT.replace("Sommerkonsert", &"å".repeat(400))]);
    assert_eq!(found[0].title.get(Lang::Nb).chars().count(), 300);
    assert_eq!(findings, [Reason::NotKept]);
}

#[test]
fn a_mail_address_is_no_name_and_a_web_address_no_place() {
    let found = draft(&format!(
        "{CONCERT}\nORGANIZER;CN=kari@example.org:mailto:kari@example.org\nLOCATION:https://example.org/live"
    ));
    assert_eq!((found.organizer, found.venues), (None, vec![]));
    assert_eq!(
        found.online_url.map(String::from).as_deref(),
        Some("https://example.org/live")
    );
}
