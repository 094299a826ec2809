use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use serde_json::Value;
use url::Url;

use super::{Cancelled, Choices, FEEDS, FeedRequest, Scope, Tentative, format};
use crate::catalog::{Snapshot, Version};
use crate::domain::partner::Permission;
use crate::domain::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn event(id: &str, title: &str) -> Event {
    let local = |text: &str| text.parse().unwrap();
    Event {
        id: id.parse().unwrap(),
        uid: format!("{id}@kalender.example").parse().unwrap(),
        slug: slug(id),
        sequence: 0,
        created: Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).unwrap(),
        modified: Utc.with_ymd_and_hms(2027, 1, 7, 10, 30, 0).unwrap(),
        title: Text::nb(title),
        summary: Text::nb("Korsang & kaffe <i parken>."),
        description: Text::nb("Første linje\nandre \u{1}linje ]]> \u{ffff}slutt.\n\nNytt avsnitt."),
        schedule: Schedule::once(When::Timed {
            start: local("2027-06-05T18:00:00"),
            end: Some(local("2027-06-05T20:00:00")),
            zone: chrono_tz::Europe::Oslo,
        }),
        status: EventStatus::Scheduled,
        previous: None,
        status_note: Text::default(),
        publication: Publication::Published,
        venues: vec![Venue::named("Parken, «Glåma»")],
        online_url: None,
        organizer: Some(OrganizerRef::Described {
            name: "Kor & co".into(),
            url: None,
        }),
        categories: BTreeSet::from([slug("music")]),
        audiences: BTreeSet::new(),
        accessibility: BTreeSet::new(),
        admission: Admission::Free,
        offers: Vec::new(),
        images: Vec::new(),
        website: None,
        series: None,
        super_event: None,
        sources: Vec::new(),
        owners: Default::default(),
        last_change: None,
    }
}

fn records() -> Vec<Record> {
    let owner = || Owner::DataFile;
    let region = Region {
        name: Text::nb_en("Det skjer & mer", "What's on & more"),
        tagline: Text::nb("Alt <som> skjer"),
        publisher: Some("Kommunen".into()),
        county: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb, Lang::En],
        uid_namespace: uuid::Uuid::nil(),
        municipalities: Vec::new(),
        holidays: Vec::new(),
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
    let version = Version {
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

fn render_of(snapshot: &Snapshot, extension: &str, choices: Choices) -> String {
    let base: Url = "https://kalender.example/".parse().unwrap();
    let mut entries = snapshot.feed(&Query::default());
    entries.sort_by(|a, b| (a.first, &a.event.id).cmp(&(b.first, &b.event.id)));
    let request = FeedRequest {
        snapshot,
        scope: &Scope::All,
        entries,
        choices,
        base: &base,
    };
    String::from_utf8(format(extension).unwrap().render(&request)).unwrap()
}

fn render(extension: &str) -> String {
    render_of(&snapshot(&records()), extension, Choices::of(Lang::Nb))
}

/// The texts of all elements with a path such as `rss/channel/title`; a document that is not
/// well-formed ends the test.
fn texts(xml: &str, wanted: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut path, mut found): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let here = path.join("/") == wanted;
        match reader.read_event().expect("well-formed XML") {
            Xml::Eof => break,
            Xml::Start(tag) => {
                path.push(String::from_utf8(tag.name().as_ref().to_vec()).unwrap());
                if path.join("/") == wanted {
                    found.push(String::new());
                }
            }
            Xml::End(_) => drop(path.pop()),
            Xml::Text(text) if here => found.last_mut().unwrap().push_str(&text.decode().unwrap()),
            Xml::GeneralRef(name) if here => {
                let name = name.decode().unwrap();
                let number = name.strip_prefix('#').map(|it| match it.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).unwrap(),
                    None => it.parse().unwrap(),
                });
                let text = match number {
                    Some(number) => char::from_u32(number).unwrap().to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name)
                        .unwrap()
                        .into(),
                };
                found.last_mut().unwrap().push_str(&text);
            }
            _ => {}
        }
    }
    assert_eq!(path, Vec::<String>::new(), "an element stays open");
    found
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
        let all = render_of(&snapshot, extension, Choices::of(Lang::Nb));
        assert_eq!(all, render_of(&snapshot, extension, Choices::of(Lang::Nb)));
        for uid in ["festival", "konsert", "kor"] {
            let address = format!("/events/{uid}");
            assert!(all.contains(&address), "{uid} is missing in {extension}");
        }
        let choices = Choices {
            cancelled: Cancelled::Omit,
            tentative: Tentative::Omit,
            ..Choices::of(Lang::Nb)
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
        id: "visit".parse().unwrap(),
        name: "Visit".into(),
        aliases: Vec::new(),
        description: Text::default(),
        website: None,
        policy,
        owner: Owner::DataFile,
    };
    let source = Source {
        partner: partner.id.clone(),
        origin_id: "1".into(),
        url: None,
        fetched_at: DateTime::UNIX_EPOCH,
        content_hash: String::new(),
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
        let text = render_of(&snapshot, feed.extension(), Choices::of(Lang::Nb));
        assert!(!text.contains("hemmelig"), "{}", feed.extension());
    }
}

#[test]
fn rss_has_the_required_elements_and_is_well_formed() {
    let rss = render("rss");
    assert_eq!(texts(&rss, "rss/channel/title"), ["Det skjer & mer"]);
    assert_eq!(
        texts(&rss, "rss/channel/link"),
        ["https://kalender.example/"]
    );
    assert_eq!(texts(&rss, "rss/channel/description"), ["Alt <som> skjer"]);
    assert_eq!(
        texts(&rss, "rss/channel/lastBuildDate"),
        ["Wed, 20 Jan 2027 08:00:00 +0000"]
    );
    // The one that changed last comes first.
    assert_eq!(
        texts(&rss, "rss/channel/item/title"),
        [
            "Festspill",
            "AVLYST: Konsert <\"live\"> & mer",
            "=Kor (foreløpig dato)"
        ]
    );
    assert_eq!(
        texts(&rss, "rss/channel/item/guid")[0],
        "festival@kalender.example"
    );
    assert_eq!(
        texts(&rss, "rss/channel/item/pubDate")[0],
        "Mon, 2 Nov 2026 09:00:00 +0000"
    );
    assert_eq!(texts(&rss, "rss/channel/item/category")[0], "Musikk & dans");
    assert_eq!(
        texts(&rss, "rss/channel/item/ev:startdate")[1],
        "2027-06-05T18:00:00+02:00"
    );
    assert_eq!(texts(&rss, "rss/channel/item/ev:enddate")[0], "2027-08-15");
    let described = &texts(&rss, "rss/channel/item/description")[0];
    assert!(
        described.starts_with("<p>6.–15. august 2027<br>Parken, «Glåma»</p>"),
        "{described}"
    );
    assert!(
        described.contains("<p>Korsang &amp; kaffe &lt;i parken&gt;.</p>"),
        "{described}"
    );
}

#[test]
fn atom_has_the_required_elements_and_is_well_formed() {
    let atom = render("atom");
    assert_eq!(
        texts(&atom, "feed/id"),
        ["https://kalender.example/feeds/all.atom"]
    );
    assert_eq!(texts(&atom, "feed/title"), ["Det skjer & mer"]);
    assert_eq!(texts(&atom, "feed/updated"), ["2027-01-20T08:00:00Z"]);
    assert_eq!(texts(&atom, "feed/author/name"), ["Kommunen"]);
    assert_eq!(
        texts(&atom, "feed/entry/id")[0],
        "https://kalender.example/events/festival"
    );
    assert_eq!(texts(&atom, "feed/entry/title").len(), 3);
    assert_eq!(texts(&atom, "feed/entry/updated").len(), 3);
    assert!(texts(&atom, "feed/entry/content")[1].contains("]]&gt;"));
    assert!(atom.contains(r#"<link rel="self" type="application/atom+xml" href="https://kalender.example/feeds/all.atom"/>"#));
}

#[test]
fn an_english_feed_has_its_ids_in_common_with_the_norwegian() {
    let english = render_of(&snapshot(&records()), "atom", Choices::of(Lang::En));
    assert_eq!(
        texts(&english, "feed/entry/id"),
        texts(&render("atom"), "feed/entry/id")
    );
    assert_eq!(texts(&english, "feed/title"), ["What's on & more"]);
    assert!(english.contains("https://kalender.example/en/events/festival"));
}

#[test]
fn json_feed_has_the_required_members() {
    let feed: Value = serde_json::from_str(&render("json")).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "Det skjer & mer");
    assert_eq!(feed["feed_url"], "https://kalender.example/feeds/all.json");
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        assert!(item["id"].is_string() && item["content_text"].is_string());
        for at in ["date_published", "date_modified"] {
            assert!(DateTime::parse_from_rfc3339(item[at].as_str().unwrap()).is_ok());
        }
    }
    assert_eq!(items[0]["_event"]["start"], "2027-08-06");
    assert_eq!(items[1]["_event"]["status"], "cancelled");
    assert_eq!(items[1]["tags"][0], "Musikk & dans");
}

#[test]
fn json_ld_is_a_list_of_schema_org_events() {
    let list: Value = serde_json::from_str(&render("jsonld")).unwrap();
    assert_eq!(list["@context"], "https://schema.org");
    assert_eq!(list["@type"], "ItemList");
    assert_eq!(list["numberOfItems"], 3);
    let items = list["itemListElement"].as_array().unwrap();
    let item = |id: &str| {
        let address = format!("https://kalender.example/events/{id}");
        let found = items
            .iter()
            .map(|it| &it["item"])
            .find(|it| it["@id"] == address);
        found.unwrap_or_else(|| panic!("{id} is not there")).clone()
    };
    // What Google and schema.org ask of an Event.
    for id in ["festival", "konsert", "kor"] {
        let event = item(id);
        for member in [
            "@type",
            "name",
            "startDate",
            "location",
            "eventStatus",
            "url",
        ] {
            assert!(!event[member].is_null(), "{id} has no {member}");
        }
        assert_eq!(event["location"]["@type"], "Place");
    }
    let part = item("konsert");
    assert_eq!(part["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(part["startDate"], "2027-06-05T18:00:00+02:00");
    assert_eq!(
        part["superEvent"]["@id"],
        "https://kalender.example/events/festival"
    );
    assert_eq!(part["isAccessibleForFree"], true);
    let series = item("kor");
    assert_eq!(series["@type"], "EventSeries");
    let starts: Vec<&str> = series["subEvent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["startDate"].as_str().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "2027-06-05T18:00:00+02:00",
            "2027-06-12T18:00:00+02:00",
            "2027-06-19T18:00:00+02:00"
        ]
    );
}

#[test]
fn csv_is_a_table_whose_lines_have_all_columns() {
    let text = render("csv");
    assert!(text.starts_with("uid,title,start,end,"));
    let mut table = ::csv::Reader::from_reader(text.as_bytes());
    let columns = table.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|it| it == name).unwrap();
    let lines: Vec<_> = table.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3);
    let choir = lines
        .iter()
        .find(|line| &line[column("uid")] == "kor@kalender.example")
        .unwrap();
    // A title that a spreadsheet would take for a formula.
    assert_eq!(&choir[column("title")], "'=Kor (foreløpig dato)");
    assert_eq!(&choir[column("recurrence")], "FREQ=WEEKLY;COUNT=3");
    assert_eq!(&choir[column("start")], "2027-06-05T18:00:00+02:00");
    assert_eq!(&choir[column("time_zone")], "Europe/Oslo");
    assert!(choir[column("description")].contains("\n\nNytt avsnitt."));
    let festival = lines
        .iter()
        .find(|line| &line[column("all_day")] == "true")
        .unwrap();
    assert_eq!(
        (&festival[column("start")], &festival[column("end")]),
        ("2027-08-06", "2027-08-15")
    );
}
