//! Encoding and decoding round-trip.

use std::sync::Arc;

use super::EncodedEvent;
use super::event::Projection;
use crate::catalog::tests::{day, event, slug};
use calendar_domain::event::{ChangeSubject, LastChange};
use calendar_domain::*;

fn json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Returns an event with every field set.
fn full() -> Event {
    let at = |seconds| chrono::DateTime::from_timestamp(seconds, 123_456_789).unwrap();
    let time = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap();
    let url = |text: &str| Some(text.parse().unwrap());
    let timed = |zone| When::Timed {
        start: time("2027-03-01T18:30:15"),
        end: Some(time("2027-03-01T20:00:00")),
        zone,
    };
    let mut item = event("everything", timed(chrono_tz::Asia::Kathmandu));
    item.sequence = 300;
    item.created = at(-5);
    item.modified = at(1_800_000_000);
    item.title.set(Lang::Nn, "Eit namn");
    item.summary.set(Lang::En, "Short");
    item.description = Text::nb("Lang tekst, æøå 🎺".repeat(300));
    item.status_note = Text::nb_en("Fordi", "Because");
    item.status = EventStatus::Rescheduled;
    item.previous = Some(When::days(day("2027-02-01"), day("2027-02-03")));
    item.schedule.recurrence = json(serde_json::json!({
        "rule": "FREQ=WEEKLY;COUNT=5",
        "exdates": ["2027-03-08T18:30:15"],
        "overrides": [{"recurrence_id": "2027-03-15T18:30:15", "status": "cancelled"}],
    }));
    item.publication = Publication::Submitted;
    item.venues = vec![
        Venue::Place(slug("hall")),
        Venue::named("Låven"),
        Venue::Described {
            name: "Torget".into(),
            address: Some(Address::default()),
            municipality: Some("3420".parse().unwrap()),
            coordinates: Some(Coordinates::new(60.1, 11.25).unwrap()),
        },
    ];
    item.online_url = url("https://example.org/live?a=1");
    item.organizer = Some(OrganizerRef::Described {
        name: "Laget".into(),
        url: url("https://example.org/"),
    });
    item.categories = [slug("music"), slug("film")].into();
    item.audiences = [slug("families")].into();
    item.accessibility = [slug("step-free")].into();
    item.availability = Availability::FewLeft;
    item.setting = [EventSetting::Indoor, EventSetting::Outdoor].into();
    item.languages = ["nsl", "nb-simple"].map(|tag| tag.parse().unwrap()).into();
    item.sustainability = [SustainabilityFact::Certified].into();
    item.sustainability_certificate = Some(SustainabilityCertificate {
        issuer: "Miljøfyrtårn".into(),
    });
    item.getting_there = Text::nb("Buss 20");
    item.admission = Admission::Paid;
    item.offers = json(serde_json::json!([{"price": "250.00", "currency": "NOK"}]));
    item.images = json(serde_json::json!([{"url": "https://example.org/a.jpg"}]));
    item.website = url("https://example.org/");
    item.series = Some(EditionRef {
        series: slug("fair"),
        edition: slug("2027"),
    });
    item.super_event = Some("whole".parse().unwrap());
    let source = |origin: &str, hash: String| Source {
        partner: "paper".parse().unwrap(),
        origin_id: origin.into(),
        url: Some("spring.ics".into()),
        fetched_at: at(7),
        content_hash: hash,
        secondhand: origin == "other",
        channel: match origin {
            "other" => calendar_domain::Channel::Sent,
            _ => calendar_domain::Channel::Feed,
        },
    };
    let uid = item.uid.to_string();
    item.sources = vec![
        source(&uid, "0f".repeat(32)),
        source("other", "0F".repeat(32)),
    ];
    let owners = [
        Owner::Rule,
        Owner::DataFile,
        Owner::Partner("paper".parse().unwrap()),
        Owner::Organizer("kari".into()),
        Owner::Editor("ola".into()),
    ];
    item.owners = Field::ALL
        .into_iter()
        .zip(owners.into_iter().cycle())
        .collect();
    item.last_change = Some(LastChange {
        at: at(9),
        what: ChangeSubject::Details,
    });
    item
}

#[test]
fn an_event_with_everything_and_one_with_nothing_come_out_as_they_went_in() {
    for item in [
        full(),
        event(
            "nothing",
            When::TimeToCome {
                date: day("2027-03-01"),
            },
        ),
    ] {
        let packed = EncodedEvent::new(&item);
        assert_eq!(packed.event(), item);
        assert_eq!(
            (packed.id(), packed.slug()),
            (item.id.as_str(), item.slug.as_str())
        );
        assert_eq!(packed.uid(), item.uid.as_str());
        let mut block = vec![7; 3];
        block.extend_from_slice(packed.bytes());
        let (again, read) = EncodedEvent::read(&block.into(), 3..packed.bytes().len() + 3).unwrap();
        assert_eq!((&again, again.event()), (&packed, item.clone()));
        let shown = Event {
            owners: Default::default(),
            last_change: None,
            ..item
        };
        assert_eq!((again.shown(), read), (shown.clone(), shown));
    }
}

#[test]
fn every_standing_of_an_event_has_a_byte_of_its_own() {
    use Publication::{Draft, Published, Rejected, Submitted, Withdrawn};
    let mut item = event("standing", When::day(day("2027-03-01")));
    let changes = [
        ChangeSubject::Cancelled,
        ChangeSubject::Postponed,
        ChangeSubject::MovedOnline,
        ChangeSubject::Confirmed,
        ChangeSubject::Time,
        ChangeSubject::Place,
        ChangeSubject::Details,
    ];
    let publications = [Draft, Submitted, Published, Rejected, Withdrawn];
    for number in 0..42 {
        item.status = EventStatus::ALL[number % 6];
        item.publication = publications[number % 5];
        item.admission = [Admission::Unknown, Admission::Free, Admission::Paid][number % 3];
        let at = item.created;
        let what = changes[number % 7];
        item.last_change = Some(LastChange { at, what });
        assert_eq!(EncodedEvent::new(&item).event(), item);
    }
}

#[test]
fn bytes_that_are_cut_short_or_none_of_ours_are_no_event() {
    let packed = EncodedEvent::new(&full());
    let whole: Arc<[u8]> = packed.bytes().into();
    for length in 0..whole.len() {
        let cut = EncodedEvent::Own(whole[..length].into());
        assert!(cut.unpack(Projection::ToTheEnd).is_none(), "{length}");
    }
    assert!(EncodedEvent::read(&whole, 0..whole.len()).is_some());
    assert!(EncodedEvent::read(&whole, 0..whole.len() + 1).is_none());
    assert!(EncodedEvent::read(&[255; 50].into(), 0..50).is_none());
}
