//! schema.org events in web pages.

use calendar_connectors::connector::Listing;
use calendar_domain::{Admission, EventStatus, Lang, Venue, When};
use elverum_calendar::ingest::fetch::FetchOutcome;

use crate::support::{
    Partner, Reply, asking, event, events, fixture, is_whole, read, sample, shown, told,
};

const PAGE: &str = "https://eksempel.no/program/";

#[test]
fn a_programmes_page_is_read_with_everything_it_says() {
    let page = read("json_ld", PAGE, &fixture("json_ld/list.html"), "").unwrap();
    insta::assert_json_snapshot!("json_ld_page", shown(&page));
}

#[test]
fn a_page_with_microdata_alone_is_read() {
    let page = read("json_ld", PAGE, &fixture("json_ld/list-microdata.html"), "").unwrap();
    insta::assert_json_snapshot!("json_ld_microdata", shown(&page));
}

#[test]
fn a_page_is_everything_that_there_is_on_it() {
    let page = read("json_ld", PAGE, &fixture("json_ld/list.html"), "").unwrap();
    assert_eq!(page.listing, Listing::Whole);
}

#[test]
fn a_page_without_data_is_unreadable_and_one_without_events_is_empty() {
    assert!(read("json_ld", PAGE, b"<html><p>Velkommen</p>", "").is_err());
    let other = br#"<script type="application/ld+json">{"@type": "Organization", "name": "Eksempel"}</script>"#;
    let page = read("json_ld", PAGE, other, "").unwrap();
    assert!(page.items.is_empty() && page.remarks.is_empty());
}

/// A land bank's calendar by EventON: its times only resemble ISO 8601, and its JSON has line breaks in
/// strings.
#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_eventon_page_is_read_whole() {
    let bytes = sample("jsonld/cook_landbank.html");
    let page = read("json_ld", "http://www.cookcountylandbank.org/", &bytes, "").unwrap();
    let found = events(&page.items);
    assert_eq!(found.len(), 9);
    let titles: Vec<&str> = found
        .iter()
        .map(|event| {
            event
                .title
                .exact(Lang::Nb)
                .or(event.title.exact(Lang::En))
                .unwrap()
        })
        .collect();
    assert_eq!(titles[0], "CCLBA Data & Marketing Committee");
    let finance = found[1];
    let When::Timed { start, end, .. } = &finance.schedule.when else {
        panic!()
    };
    assert_eq!(start.to_string(), "2019-09-20 08:30:00");
    assert_eq!(end.unwrap().to_string(), "2019-09-20 10:00:00");
    let Venue::Described { name, address, .. } = &finance.venues[0] else {
        panic!()
    };
    assert_eq!(
        name,
        "Cook County Admin Building, 22nd Floor, Conference Room 'B'"
    );
    assert_eq!(address.as_ref().unwrap().line(), "69 W Washington St.");
    // Its `image` is the page, not an image.
    assert!(finance.images.is_empty());
    let origins: std::collections::BTreeSet<&str> =
        found.iter().map(|event| event.origin_id.as_str()).collect();
    assert_eq!(origins.len(), 9);
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn real_concerts_of_songkick_are_read() {
    let bytes = sample("jsonld/songkick_elysianfields.html");
    let page = read(
        "json_ld",
        "http://www.songkick.com/artists/236156",
        &bytes,
        "",
    )
    .unwrap();
    let found = events(&page.items);
    // The fifth block is the band itself.
    assert_eq!(found.len(), 4);
    let first = found[0];
    let When::Timed { start, end, .. } = &first.schedule.when else {
        panic!()
    };
    // 19:30 in New York, in the region's zone.
    assert_eq!(
        (start.to_string().as_str(), end),
        ("2017-06-11 01:30:00", &None)
    );
    assert_eq!(first.categories, ["MusicEvent"]);
    let Venue::Described {
        name,
        address,
        coordinates,
        ..
    } = &first.venues[0]
    else {
        panic!()
    };
    assert_eq!(name, "The Owl Music Parlor");
    assert_eq!(
        address.as_ref().unwrap().line(),
        "497 Rogers Ave, 11225 Brooklyn"
    );
    assert_eq!(coordinates.unwrap().latitude, 40.660_109);
    let other = sample("jsonld/songkick_tovestyrke.html");
    let other = read("json_ld", "https://www.songkick.com/", &other, "").unwrap();
    assert_eq!(events(&other.items).len(), 1);
}

/// The examples of schema.org: those with a date are read, the others are reported.
#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_official_examples_are_read_or_explained() {
    let expected = [
        1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 2, 1,
    ];
    for (index, count) in expected.into_iter().enumerate() {
        let name = format!("jsonld/schemaorg_official_{:02}.json", index + 1);
        let bytes = sample(&name);
        let page = read("json_ld", "https://schema.org/Event", &bytes, "").unwrap();
        assert_eq!(
            events(&page.items).len(),
            count,
            "{name}: {:?}",
            page.remarks
        );
    }
    let of = |number: u32| {
        let name = format!("jsonld/schemaorg_official_{number:02}.json");
        read("json_ld", "https://schema.org/Event", &sample(&name), "").unwrap()
    };
    let bands = of(2);
    let first = event(
        &bands.items,
        "https://schema.org/foo-fighters-may20-fedexforum",
    );
    assert_eq!(first.title.exact(Lang::Nb), Some("Foo Fighters"));
    assert_eq!(
        first.schedule.when,
        When::TimeToCome {
            date: "2011-05-20".parse().unwrap()
        }
    );
    let cancelled = of(13);
    let cancelled = events(&cancelled.items)[0];
    assert_eq!(cancelled.status, EventStatus::Cancelled);
    assert_eq!(
        cancelled.title.exact(Lang::Nb),
        Some("Typhoon with Radiation City")
    );
    assert_eq!(cancelled.admission, Admission::Paid);
    let king = of(21);
    let king = events(&king.items)[0];
    assert_eq!(king.status, EventStatus::Rescheduled);
    assert!(
        matches!(&king.previous, Some(When::Timed { start, .. }) if start.to_string() == "2013-09-30 19:30:00")
    );
    let prices: Vec<_> = king
        .offers
        .iter()
        .map(|offer| offer.price.as_deref().unwrap())
        .collect();
    assert_eq!(prices, ["63.25", "299.00"]);
    assert_eq!(king.audiences, ["18+"]);
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_official_microdata_is_read() {
    for (number, count) in [(1, 1), (2, 2), (3, 1), (4, 1)] {
        let name = format!("jsonld/schemaorg_Event.{number:03}.html");
        let bytes = sample(&name);
        let page = read("json_ld", "https://schema.org/", &bytes, "").unwrap();
        assert_eq!(
            events(&page.items).len(),
            count,
            "{name}: {:?}",
            page.remarks
        );
    }
    let page = read(
        "json_ld",
        "https://schema.org/",
        &sample("jsonld/schemaorg_Event.004.html"),
        "",
    )
    .unwrap();
    let only = events(&page.items)[0];
    assert_eq!(only.status, EventStatus::Cancelled);
    let Venue::Described { name, address, .. } = &only.venues[0] else {
        panic!()
    };
    assert_eq!(
        (name.as_str(), address.as_ref().unwrap().line().as_str()),
        ("The Hi-Dive", "7 S. Broadway, 80209 Denver")
    );
    assert_eq!(
        (
            only.offers[0].price.as_deref(),
            only.offers[0].currency.as_str()
        ),
        (Some("13.00"), "USD")
    );
}

fn page_with(name: &str, day: &str) -> String {
    format!(
        r#"<html><script type="application/ld+json">{{"@type": "Event", "name": "{name}", "startDate": "{day}T18:00"}}</script>"#
    )
}

fn site() -> Partner {
    Partner::answering(|request| match request.path.as_str() {
        "/sitemap.xml" => Reply::of(
            "application/xml",
            format!(
                "<sitemapindex><sitemap><loc>{0}/post-sitemap.xml</loc></sitemap><sitemap><loc>{0}/event-sitemap.xml</loc></sitemap></sitemapindex>",
                request.base
            ),
        ),
        "/event-sitemap.xml" => Reply::of(
            "application/xml",
            format!(
                "<urlset><url><loc>{0}/a</loc><lastmod>2027-01-02</lastmod></url><url><loc>{0}/borte</loc></url>\
                 <url><loc>{0}/b</loc><lastmod>2027-01-10</lastmod></url><url><loc>https://annen.example/c</loc></url></urlset>",
                request.base
            ),
        ),
        "/a" => Reply::of("text/html", page_with("Eksempelmarsjen", "2027-05-01")),
        "/b" => Reply::of("text/html", page_with("Eksempeldagen", "2027-06-01")),
        _ => Reply::status(404),
    })
}

#[test]
fn the_pages_of_a_sitemap_are_asked_the_newest_first() {
    let partner = site();
    let said = told(partner.ask("json_ld", "/sitemap.xml"));
    let titles: Vec<&str> = events(&said.items)
        .iter()
        .map(|event| event.title.exact(Lang::Nb).unwrap())
        .collect();
    assert_eq!(titles, ["Eksempeldagen", "Eksempelmarsjen"]);
    let asked: Vec<String> = partner
        .asked()
        .into_iter()
        .map(|asked| asked.path)
        .collect();
    assert_eq!(
        asked,
        ["/sitemap.xml", "/event-sitemap.xml", "/b", "/a", "/borte"]
    );
    // A page that failed may return: the listing is not whole.
    assert_eq!(said.listing, Listing::Changes);
    let remarks: Vec<&str> = said
        .remarks
        .iter()
        .map(|remark| remark.at.as_str())
        .collect();
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert_eq!(said.resume.as_deref(), Some("2027-01-10T00:00:00+00:00"));
}

#[test]
fn the_next_run_asks_only_pages_that_changed() {
    let partner = site();
    let address = partner.url("/event-sitemap.xml");
    let asking = calendar_connectors::connector::FetchContext {
        resume: Some("2027-01-10T00:00:00+00:00"),
        ..asking(&address)
    };
    let said = told(partner.ask_as("json_ld", &asking, None, &Default::default()));
    assert_eq!(events(&said.items).len(), 1);
    assert!(partner.asked().iter().all(|asked| asked.path != "/a"));
}

#[test]
fn a_single_page_is_asked_with_its_entity_tag() {
    let partner = Partner::answering(|request| {
        Reply::of("text/html", page_with("Eksempeldagen", "2027-06-01")).known_by(request, "v1")
    });
    let said = told(partner.ask("json_ld", "/program"));
    is_whole(&said);
    let address = partner.url("/program");
    let again = partner
        .ask_as("json_ld", &asking(&address), None, &said.validators)
        .unwrap();
    assert!(matches!(again, FetchOutcome::NotModified));
}
