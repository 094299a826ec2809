//! RSS and Atom feeds whose items have dates.

use calendar_connectors::connector::Listing;
use calendar_domain::{Admission, EventStatus, Lang, Venue, When};
use elverum_calendar::ingest::fetch::FetchOutcome;

use crate::support::{Partner, Reply, asking, event, events, fixture, read, sample, shown, told};

const FEED: &str = "https://eksempel.no/feed";

#[test]
fn a_municipal_feed_is_read_with_everything_it_says() {
    let page = read("rss", FEED, &fixture("rss/list.xml"), "").unwrap();
    insta::assert_json_snapshot!("rss_feed", shown(&page));
}

#[test]
fn an_atom_feed_is_read() {
    let page = read("rss", FEED, &fixture("rss/list-atom.xml"), "").unwrap();
    insta::assert_json_snapshot!("rss_atom", shown(&page));
}

#[test]
fn a_feed_of_news_is_unreadable_and_an_empty_one_is_empty() {
    let news = b"<rss><channel><item><title>Nytt</title><pubDate>Sat, 09 Jan 2027 09:00:00 +0100</pubDate></item></channel></rss>";
    assert!(
        read("rss", FEED, news, "")
            .unwrap_err()
            .to_string()
            .contains("news")
    );
    let empty = read(
        "rss",
        FEED,
        b"<rss><channel><title>x</title></channel></rss>",
        "",
    )
    .unwrap();
    assert!(empty.items.is_empty());
    assert_eq!(empty.listing, Listing::Changes);
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn real_municipal_events_keep_their_times() {
    let bytes = sample("rss/municipal_ev_1.xml");
    let page = read("rss", "https://www.allauch.com/rss", &bytes, "").unwrap();
    let concert = event(&page.items, "0119731");
    let When::Timed { start, end, .. } = &concert.schedule.when else {
        panic!()
    };
    assert_eq!(
        (start.to_string(), end.unwrap().to_string()),
        ("2026-07-24 21:00:00".into(), "2026-07-24 22:00:00".into())
    );
    let Venue::Described {
        name, coordinates, ..
    } = &concert.venues[0]
    else {
        panic!()
    };
    assert_eq!(
        (name.as_str(), coordinates.unwrap().longitude),
        ("Bastide de Fontvieille", 5.491_259_115_314_730_5)
    );
    assert_eq!(
        (concert.description.exact(Lang::Nb), &concert.categories[..]),
        (Some("Concert officiel."), &["Musique".to_owned()][..])
    );
    // It ends at midnight at the start of the next day.
    let beer = event(&page.items, "0119769");
    assert!(
        matches!(&beer.schedule.when, When::Timed { end: Some(end), .. } if end.to_string() == "2026-08-30 00:00:00")
    );
    // Days as midnights, and an `enddate` of another namespace a year later.
    let feast = event(&page.items, "0119736");
    let days = When::days("2026-08-06".parse().unwrap(), "2026-08-15".parse().unwrap());
    assert_eq!(feast.schedule.when, days);
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn real_games_without_an_identifier_get_one() {
    let bytes = sample("rss/sidearm_sports_calendar.xml");
    let page = read("rss", "https://miamiredhawks.com/calendar.ashx", &bytes, "").unwrap();
    let found = events(&page.items);
    assert_eq!(found.len(), 3);
    let When::Timed { start, end, .. } = &found[0].schedule.when else {
        panic!()
    };
    assert_eq!(
        (start.to_string(), end.unwrap().to_string()),
        ("2026-08-17 01:00:00".into(), "2026-08-17 03:00:00".into())
    );
    assert_eq!(
        found[0].origin_id,
        "https://miamiredhawks.com/calendar.aspx?game_id=20926&sport_id=16"
    );
    assert_eq!(
        found[1].schedule.when,
        When::day("2026-08-29".parse().unwrap())
    );
    assert!(
        found[1].origin_id.ends_with("/2026-08-29/"),
        "{}",
        found[1].origin_id
    );
    assert!(
        matches!(&found[2].schedule.when, When::Timed { start, end: None, .. } if start.to_string() == "2026-08-28 02:00:00")
    );
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn real_feeds_without_events_are_no_events() {
    for name in [
        "georss_box",
        "georss_line",
        "georss_point",
        "georss_point_no_coords",
        "georss_polygon",
        "georss_polygon_insufficient_coords",
        "media_thumbnail",
    ] {
        let bytes = sample(&format!("rss/feedparser_{name}.xml"));
        assert!(read("rss", FEED, &bytes, "").is_err(), "{name}");
    }
}

#[test]
fn further_pages_are_asked_and_nothing_follows_from_silence() {
    let partner = Partner::answering(|request| {
        let next = match request.query.get("side") {
            None => "<atom:link rel='next' href='/feed?side=2'/>",
            Some(_) => "",
        };
        let number = request.query.get("side").map_or("1", String::as_str);
        Reply::of(
            "application/rss+xml",
            format!(
                "<rss xmlns:atom='a' xmlns:ev='e'><channel>{next}<item><title>Eksempel {number}</title><guid>{number}</guid><ev:startdate>2027-06-0{number}T18:00</ev:startdate></item></channel></rss>"
            ),
        )
    });
    let said = told(partner.ask("rss", "/feed"));
    assert_eq!(
        (said.items.len(), said.requests, said.listing),
        (2, 2, Listing::Changes)
    );
}

#[test]
fn a_feed_is_asked_with_its_entity_tag_and_an_error_is_said() {
    let partner = Partner::answering(|request| match request.path.as_str() {
        "/feed" => {
            Reply::of("application/rss+xml", fixture("rss/list-atom.xml")).known_by(request, "a")
        }
        _ => Reply::status(500),
    });
    let said = told(partner.ask("rss", "/feed"));
    let address = partner.url("/feed");
    let again = partner
        .ask_as("rss", &asking(&address), None, &said.validators)
        .unwrap();
    assert!(matches!(again, FetchOutcome::NotModified));
    assert!(
        partner
            .ask("rss", "/borte")
            .unwrap_err()
            .to_string()
            .contains("500")
    );
}

#[test]
fn an_offer_without_a_price_is_neither_free_nor_paid() {
    let page = read("rss", FEED, &fixture("rss/list.xml"), "").unwrap();
    assert_eq!(event(&page.items, "eks-101").admission, Admission::Free);
    assert_eq!(event(&page.items, "eks-103").admission, Admission::Unknown);
    let night = event(&page.items, "https://eksempel.no/arrangement/natt");
    assert_eq!(
        (night.status, night.title.exact(Lang::Nb)),
        (EventStatus::Cancelled, Some("Nattklubb på låven"))
    );
}
