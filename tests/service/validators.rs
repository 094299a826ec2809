//! Validity of every format except iCalendar, by independent validators: live feeds with an event of every
//! kind, and seeded faults that each validator must find.

use calendar_domain::{
    Address, Admission, ContentPolicy, Coordinates, Image, Lang, Offer, OrganizerRef, Owner,
    Partner, PartnerId, Source, Text, Venue, partner::Permission,
};
use chrono::{DateTime, TimeDelta};

use crate::support::saved::Saved;
use crate::support::validators::{complaints, complaints_of_each};
use crate::support::{TestServer, event, every_kind};

/// The formats validated here.
const FORMATS: [&str; 5] = ["rss", "atom", "json", "jsonld", "csv"];

/// The feeds, without extension: everything in three languages, a category, searches, an event of each kind,
/// and an empty search.
const FEEDS: [(&str, &str); 14] = [
    ("/feeds/all", "lang=nb"),
    ("/feeds/all", "lang=nn"),
    ("/feeds/all", "lang=en"),
    ("/feeds/all", "cancelled=omit&tentative=omit"),
    ("/feeds/category/music", ""),
    ("/feeds/category/sport", "lang=en&cancelled=status"),
    (
        "/feeds/search",
        "q=konsert+dagen&category=music&from=2027-01-01&lang=en",
    ),
    ("/feeds/search", "free=1&municipality=elverum"),
    ("/feeds/search", "q=finnes+ikke"),
    ("/events/alt-samtidig", ""),
    ("/events/ukentlig-quiz", "lang=en"),
    ("/events/klokkeslett-kommer", ""),
    ("/events/avlyst-kamp", ""),
    ("/events/kurs-pa-nett", "lang=en"),
];

fn address(extension: &str, (path, parameters): (&str, &str)) -> String {
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{path}.{extension}{mark}{parameters}")
}

/// Starts a server with the shipped calendar, an event of every kind, and one with all properties.
fn app() -> TestServer {
    let app = TestServer::start();
    every_kind::save_all(&app);
    app.wait(TimeDelta::minutes(1));
    app.commit(vec![partner().into()]);
    let festival = event("Festival med mye").on_days("2027-08-06", "2027-08-15");
    let festival = festival.save(&app);
    let hostile = "=1+1\t]]> <b>«æ» & \u{1}\u{b}\u{7f} \"sitat\"\n\n@SUM(A1)\n\u{fffe}🎺";
    let rich = event("Alt samtidig").under("music").under("sport");
    let rich = rich
        .called_in_english("=HYPERLINK(\"https://example.org\",\"A & <b>\")")
        .for_audience("families")
        .on("2027-08-07T18:00")
        .until("2027-08-07T20:00")
        .described(hostile)
        .save(&app);
    fill(&rich, &festival);
    app
}

fn partner() -> Partner {
    Partner {
        policy: ContentPolicy {
            credit: Some("Foto og tekst: Visit & co".into()),
            images: Permission::Allowed,
            ..ContentPolicy::default()
        },
        ..Partner::new("visit".parse().unwrap(), "Visit & co", Owner::DataFile)
    }
}

fn fill(rich: &Saved<'_>, festival: &Saved<'_>) {
    let whole = festival.record().id;
    rich.change(|event| {
        event.title.set(Lang::Nb, "=1+1 & <i>");
        event.summary = Text::nb_en("+Kort sagt", "-In short");
        event.admission = Admission::Paid;
        event.offers = vec![
            offer("Voksne", Some("250.00")),
            offer("Barn & unge", Some("0")),
            offer("", None),
        ];
        event.images = vec![Image {
            alt: Text::nb("Et kor"),
            credit: Some("Fotografen".into()),
            licence: Some("CC BY 4.0".into()),
            ..Image::at("https://example.org/bilde.jpg?a=1&b=2".parse().unwrap())
        }];
        event.website = Some("https://example.org/?a=1&b=2".parse().unwrap());
        event.online_url = Some("https://example.org/direkte".parse().unwrap());
        event.venues = vec![
            Venue::Described {
                name: "-Låven, \"tunet\"".into(),
                address: Some(Address {
                    street: Some("Storgata 1".into()),
                    postal_code: Some("2406".into()),
                    locality: Some("Elverum".into()),
                }),
                municipality: Some("3420".parse().unwrap()),
                coordinates: Some(Coordinates::new(60.88, 11.56).unwrap()),
            },
            Venue::Place("terningen-arena".parse().unwrap()),
        ];
        event.organizer = Some(OrganizerRef::Described {
            name: "@Kor & co".into(),
            url: Some("https://example.org/kor".parse().unwrap()),
        });
        event.super_event = Some(whole);
        event.sources = vec![source("visit".parse().unwrap())];
    });
}

fn offer(name: &str, price: Option<&str>) -> Offer {
    Offer {
        name: Text::nb(name),
        price: price.map(str::to_owned),
        currency: "NOK".into(),
        url: Some("https://example.org/billetter".parse().unwrap()),
    }
}

fn source(partner: PartnerId) -> Source {
    Source {
        partner,
        origin_id: "1".into(),
        url: None,
        fetched_at: DateTime::UNIX_EPOCH,
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    }
}

/// Validates the live feeds of a format.
#[track_caller]
fn assert_valid(extension: &str) {
    let app = app();
    let addresses = FEEDS.map(|feed| address(extension, feed));
    let bodies: Vec<Vec<u8>> = addresses
        .iter()
        .map(|path| app.visitor().get(path).ok().body)
        .collect();
    let found = complaints_of_each(extension, &bodies);
    let wrong: Vec<_> = addresses
        .iter()
        .zip(found)
        .filter(|pair| !pair.1.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Asserts that a valid feed of one event gets the expected fault when a part is replaced.
#[track_caller]
fn assert_bites(extension: &str, faults: &[(&str, &str, &str)]) {
    let app = app();
    let valid = app
        .visitor()
        .get(&format!("/events/alt-samtidig.{extension}"))
        .ok();
    assert_eq!(complaints(extension, &valid.body), Vec::<String>::new());
    let text = valid.text();
    let broken = faults.iter().map(|(right, wrong, _)| {
        assert!(text.contains(right), "{right} is not in {text}");
        text.replacen(right, wrong, 1).into_bytes()
    });
    let found = complaints_of_each(extension, &broken.collect::<Vec<_>>());
    for ((right, wrong, complaint), found) in faults.iter().zip(found) {
        let told = found
            .iter()
            .any(|complaints_of_each| complaints_of_each.contains(complaint));
        assert!(told, "{right} -> {wrong}: {found:#?}");
    }
}

#[test]
fn json_ld_is_valid_by_the_types_of_schema_org() {
    assert_valid("jsonld");
}

#[test]
fn atom_is_valid_by_two_readers_and_rfc_4287() {
    assert_valid("atom");
}

#[test]
fn rss_is_valid_by_two_readers_and_its_specification() {
    assert_valid("rss");
}

#[test]
fn json_feed_is_valid_by_a_schema_of_version_1_1() {
    assert_valid("json");
}

#[test]
fn csv_is_valid_by_rfc_4180_and_runs_no_formula() {
    assert_valid("csv");
}

#[test]
fn the_types_of_schema_org_find_a_seeded_fault() {
    assert_bites(
        "jsonld",
        &[
            (r#""startDate""#, r#""dateStart""#, "dateStart"),
            ("/EventScheduled", "/EventHappening", "EventHappening"),
            (r#""@type":"Event""#, r#""@type":"Happening""#, "Happening"),
            (r#""inLanguage""#, r#""dateModified""#, "dateModified"),
            (r#""latitude""#, r#""north""#, "north"),
            (r#""priceCurrency":"NOK""#, r#""priceCurrency":1"#, "number"),
            (r#""numberOfItems""#, r#""dateModified""#, "dateModified"),
            ("https://schema.org\"", "https://example.org\"", "example"),
        ],
    );
}

#[test]
fn the_check_of_atom_finds_a_seeded_fault() {
    let entry = "<id>https://kalender.example.no/events/alt-samtidig</id>";
    assert_bites(
        "atom",
        &[
            (entry, "", "1: 0 id"),
            (entry, "<id>alt-samtidig</id>", "no absolute IRI"),
            ("<updated>2", "<updated>den 2", "not RFC 3339"),
            ("2005/Atom", "2005/atom", "feedparser reads 1 of 0"),
            ("rel=\"self\"", "rel=\"related\"", "no link self"),
            (
                "href=\"https://kalender.example.no/events",
                "href=\"/events",
                "not absolute",
            ),
            ("<author><name>", "<author><name/><name>", "no author"),
            ("&#60;p&#62;", "<p>", "unreadable"),
            ("<category term", "<category label", "atoma"),
        ],
    );
}

#[test]
fn the_check_of_rss_finds_a_seeded_fault() {
    assert_bites(
        "rss",
        &[
            (" isPermaLink=\"false\"", "", "claims to be an address"),
            ("<pubDate>", "<pubDate>2026-11-22 ", "no date of RFC 822"),
            ("<pubDate>Sun", "<pubDate>Mon", "another day of the week"),
            ("rel=\"self\"", "rel=\"related\"", "no link self"),
            ("<link>https:", "<link>", "not absolute"),
            ("<lastBuildDate>", "<lastbuilddate>", "unreadable"),
            ("version=\"2.0\"", "version=\"0.91\"", "no RSS 2.0"),
        ],
    );
}

#[test]
fn the_schema_of_json_feed_finds_a_seeded_fault() {
    assert_bites(
        "json",
        &[
            (
                "/version/1.1",
                "/version/1",
                "https://jsonfeed.org/version/1.1",
            ),
            ("content_text", "content_txt", "content_txt"),
            (
                r#""date_published":"2"#,
                r#""date_published":"den 2"#,
                "date-time",
            ),
            (r#""authors":["#, r#""authors":["Redaksjonen","#, "object"),
            (r#""feed_url":"https:"#, r#""feed_url":""#, "does not match"),
            ("_event", "event", "event"),
            (
                r#""items":[{"id""#,
                r#""items":[{"_id""#,
                "'id' is a required",
            ),
        ],
    );
}

#[test]
fn the_check_of_csv_finds_a_seeded_fault() {
    assert_bites(
        "csv",
        &[
            ("uid,title", "title", "fields"),
            ("uid,title", "title,title", "no header"),
            ("credit,licence\r\n", "credit,licence\n", "without CRLF"),
            (",'@Kor", ",@Kor", "a formula"),
            ("\"'-Låven", "\"-Låven", "a formula"),
            ("\"'-Låven", "\"'\"-Låven", "unreadable"),
        ],
    );
}

/// Feed readers subscribe to a feed's own `self` link.
#[test]
fn a_feed_is_the_same_at_the_address_that_it_gives_as_its_own() {
    let app = app();
    for feed in FEEDS {
        let path = address("json", feed);
        let first = app.program().get(&path).ok();
        let told = |name: &str| {
            let json = first.json();
            let address = json[name].as_str().unwrap().to_owned();
            let own = address.strip_prefix(crate::support::server::BASE);
            own.unwrap_or_else(|| panic!("{path}: {address}"))
                .to_owned()
        };
        let again = app.program().get(&told("feed_url")).ok();
        assert_eq!(first.text(), again.text(), "{path}");
        app.visitor().get(&told("home_page_url")).ok();
        for extension in FORMATS {
            let this = app.program().get(&address(extension, feed)).ok();
            let own = told("feed_url").replacen(".json", &format!(".{extension}"), 1);
            let again = app.program().get(&own).ok();
            assert_eq!(this.header("ETag"), again.header("ETag"), "{own}");
        }
    }
}
