mod news;
mod stitching;
mod tables;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use serde_json::Value;
use url::Url;

use super::{Cancelled, FEEDS, FeedRequest, Scope, ScopeKind, Tentative, WriteOptions, format};
use crate::catalog::{Snapshot, SnapshotVersion};
use calendar_domain::partner::Permission;
use calendar_domain::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn event(id: &str, title: &str) -> Event {
    let local = |text: &str| text.parse().unwrap();
    let born = Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).unwrap();
    let uid = format!("{id}@kalender.example").parse().unwrap();
    let evening = When::Timed {
        start: local("2027-06-05T18:00:00"),
        end: Some(local("2027-06-05T20:00:00")),
        zone: chrono_tz::Europe::Oslo,
    };
    Event {
        modified: Utc.with_ymd_and_hms(2027, 1, 7, 10, 30, 0).unwrap(),
        summary: Text::nb("Korsang & kaffe <i parken>."),
        description: Text::nb("Første linje\nandre \u{1}linje ]]> \u{ffff}slutt.\n\nNytt avsnitt."),
        venues: vec![Venue::named("Parken, «Glåma»")],
        organizer: Some(OrganizerRef::Described {
            name: "Kor & co".into(),
            url: None,
        }),
        categories: BTreeSet::from([slug("music")]),
        admission: Admission::Free,
        ..Event::new(
            slug(id),
            uid,
            Text::nb(title),
            Schedule::once(evening),
            born,
        )
    }
}

fn records() -> Vec<Record> {
    let owner = || Owner::DataFile;
    let region = Region {
        name: Text::nb_en("Det skjer & mer", "What's on & more"),
        tagline: Text::nb("Alt <som> skjer"),
        publisher: Some("Kommunen".into()),
        contact: None,
        licence: None,
        county: None,
        country: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb, Lang::En],
        uid_namespace: uuid::Uuid::nil(),
        municipalities: Vec::new(),
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: owner(),
    };
    let music = Category {
        slug: slug("music"),
        name: Text::nb_en("Musikk & dans", "Music"),
        description: Text::default(),
        aliases: Vec::new(),
        color: None,
        rank: 0,
        owner: owner(),
    };
    let festival = Event {
        schedule: Schedule::once(When::days(day("2027-08-06"), day("2027-08-15"))),
        modified: Utc.with_ymd_and_hms(2027, 1, 20, 8, 0, 0).unwrap(),
        ..event("festival", "Festspill")
    };
    let part = Event {
        super_event: Some("festival".parse().unwrap()),
        status: EventStatus::Cancelled,
        ..event("konsert", "Konsert <\"live\"> & mer")
    };
    let choir = Event {
        schedule: Schedule {
            recurrence: Some(Recurrence {
                rule: Some("FREQ=WEEKLY;COUNT=3".parse().unwrap()),
                ..Recurrence::default()
            }),
            ..event("x", "x").schedule
        },
        status: EventStatus::Tentative,
        ..event("kor", "=Kor")
    };
    vec![
        region.into(),
        music.into(),
        festival.into(),
        part.into(),
        choir.into(),
    ]
}

fn snapshot(records: &[Record]) -> Snapshot {
    let version = SnapshotVersion {
        commit: 1,
        at: DateTime::UNIX_EPOCH,
        today: day("2027-02-01"),
    };
    let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
    let changes = keys
        .iter()
        .zip(records)
        .map(|(key, record)| (key, Some(record)));
    Snapshot::empty(version).with(version, changes)
}

fn render_of(snapshot: &Snapshot, extension: &str, choices: WriteOptions) -> String {
    let base: Url = "https://kalender.example/".parse().unwrap();
    let request = FeedRequest {
        snapshot,
        scope: &Scope::All,
        choices,
        base: &base,
    };
    let entries = snapshot.feed(&Query::default());
    let bytes = super::render(format(extension).unwrap(), &request, entries);
    String::from_utf8(bytes).unwrap()
}

fn render(extension: &str) -> String {
    render_of(
        &snapshot(&records()),
        extension,
        WriteOptions::new(Lang::Nb),
    )
}

#[test]
fn every_format_has_an_extension_and_a_media_type_of_its_own() {
    let extensions: BTreeSet<&str> = FEEDS.iter().map(|feed| feed.extension()).collect();
    assert_eq!(
        extensions,
        BTreeSet::from(["atom", "csv", "ics", "json", "jsonld", "rss"])
    );
    let media: BTreeSet<&str> = FEEDS.iter().map(|feed| feed.media_type()).collect();
    assert_eq!(media.len(), FEEDS.len());
}

#[test]
fn every_format_gives_the_same_bytes_each_time_and_leaves_out_what_is_not_wanted() {
    let snapshot = snapshot(&records());
    for feed in FEEDS {
        let extension = feed.extension();
        let all = render_of(&snapshot, extension, WriteOptions::new(Lang::Nb));
        assert_eq!(
            all,
            render_of(&snapshot, extension, WriteOptions::new(Lang::Nb))
        );
        for uid in ["festival", "konsert", "kor"] {
            let address = format!("/events/{uid}");
            assert!(all.contains(&address), "{uid} is missing in {extension}");
        }
        let choices = WriteOptions {
            cancelled: Cancelled::Omit,
            tentative: Tentative::Omit,
            ..WriteOptions::new(Lang::Nb)
        };
        let some = render_of(&snapshot, extension, choices);
        assert!(
            !some.contains("/events/kor") && !some.contains("/events/konsert"),
            "{extension}"
        );
    }
}

#[test]
fn what_a_partner_lets_nobody_pass_on_stands_in_no_format() {
    let mut records = records();
    let policy = ContentPolicy {
        passing_on: Permission::Refused,
        ..ContentPolicy::default()
    };
    let partner = Partner {
        policy,
        ..Partner::new("visit".parse().unwrap(), "Visit", Owner::DataFile)
    };
    let source = Source {
        partner: partner.id.clone(),
        origin_id: "1".into(),
        url: None,
        fetched_at: DateTime::UNIX_EPOCH,
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    };
    records.push(partner.into());
    records.push(
        Event {
            sources: vec![source],
            ..event("hemmelig", "Hemmelig")
        }
        .into(),
    );
    let snapshot = snapshot(&records);
    for feed in FEEDS {
        let text = render_of(&snapshot, feed.extension(), WriteOptions::new(Lang::Nb));
        assert!(!text.contains("hemmelig"), "{}", feed.extension());
    }
}

#[test]
fn the_strict_check_finds_nothing_in_the_calendar() {
    let snapshot = snapshot(&records());
    for lang in Lang::ALL {
        let text = render_of(&snapshot, "ics", WriteOptions::new(lang));
        assert_eq!(calendar_ical::check::check(text.as_bytes()), []);
    }
}

fn calendar_of(scope: &Scope, snapshot: &Snapshot) -> String {
    let base: Url = "https://kalender.example/".parse().unwrap();
    let request = FeedRequest {
        snapshot,
        scope,
        choices: WriteOptions::new(Lang::Nb),
        base: &base,
    };
    let entries = snapshot.feed(&scope.query());
    let bytes = super::render(format("ics").unwrap(), &request, entries);
    String::from_utf8(bytes).unwrap().replace("\r\n ", "")
}

#[test]
fn a_calendar_has_the_colour_of_the_sites_pages() {
    let page = include_str!("../../templates/base.html");
    let color = page.split("theme-color\" content=\"").nth(1).unwrap();
    let color = color.split('"').next().unwrap().to_uppercase();
    let text = calendar_of(&Scope::All, &snapshot(&records()));
    assert!(text.contains("\r\nCOLOR:"), "{text}");
    assert!(
        text.contains(&format!("\r\nX-APPLE-CALENDAR-COLOR:{color}\r\n")),
        "{text}"
    );
}

#[test]
fn a_calendar_of_a_series_describes_the_series() {
    let mut records = records();
    let series = serde_json::json!({
        "slug": "kordagene",
        "title": {"nb": "Kordagene"},
        "summary": {"nb": "Korsang i tre dager."},
        "owner": Owner::DataFile,
    });
    records.push(serde_json::from_value::<Series>(series).unwrap().into());
    let snapshot = snapshot(&records);
    let text = calendar_of(
        &Scope::new(ScopeKind::Series, "kordagene", &snapshot).unwrap(),
        &snapshot,
    );
    assert!(
        text.contains("\r\nX-WR-CALDESC:Korsang i tre dager.\r\n"),
        "{text}"
    );
    assert!(!calendar_of(&Scope::All, &snapshot).contains("Korsang i tre dager"));
}

#[test]
fn the_media_type_says_the_method_where_the_calendar_has_one() {
    let ics = format("ics").unwrap();
    let gist = |count, lacks_organizer| super::Summary {
        count,
        lacks_organizer,
        ..super::Summary::default()
    };
    let plain = "text/calendar; charset=utf-8";
    assert_eq!(ics.media_type_of(&gist(2, true)), plain);
    assert_eq!(ics.media_type_of(&gist(0, false)), plain);
    assert_eq!(
        ics.media_type_of(&gist(2, false)),
        format!("{plain}; method=PUBLISH")
    );
    // None of these has an organizer with an address.
    assert!(!calendar_of(&Scope::All, &snapshot(&records())).contains("METHOD"));
}
