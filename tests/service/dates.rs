//! Published dates of the region's series, from the shipped data files.

use crate::support::calendar_file::Component;
use crate::support::saved::Saved;
use crate::support::server::TODAY;
use crate::support::{CalendarFile, TestServer};

/// Returns a year's edition from the series' feed.
#[track_caller]
fn edition(app: &TestServer, series: &str, year: i32) -> Component {
    let event = Saved::find(app, &format!("{series}-{year}"));
    let calendar = app
        .visitor()
        .get(&format!("/feeds/series/{series}.ics"))
        .calendar();
    calendar.event(event.uid()).clone()
}

/// Returns the first day, the day after the last, and the status.
fn said(event: &Component) -> (&str, &str, &str) {
    (
        event.value("DTSTART"),
        event.value("DTEND"),
        event.value("STATUS"),
    )
}

#[test]
fn the_editions_of_2027_begin_on_the_days_that_their_rules_give() {
    let app = TestServer::start();
    let editions = [
        // Thursday to Saturday of the week with the first Tuesday in March.
        ("grundsetmartn", "20270304", "20270307", "4.–6. mars 2027"),
        // From the first Friday in August.
        ("festspillene", "20270806", "20270816", "6.–15. august 2027"),
        // Thursday to Sunday around the second Saturday in August.
        (
            "jakt-og-fiskedagene",
            "20270812",
            "20270816",
            "12.–15. august 2027",
        ),
        // The third Saturday in March.
        ("birkebeinerrennet", "20270320", "20270321", "20. mars 2027"),
    ];
    let all = app.visitor().get("/feeds/all.ics").calendar();
    let list = app.visitor().read("/series");
    for (series, first, until, words) in editions {
        let event = edition(&app, series, 2027);
        assert_eq!(said(&event), (first, until, "TENTATIVE"), "{series}");
        assert_eq!(event.parameters("DTSTART"), "VALUE=DATE", "{series}");
        assert!(
            event.value("SUMMARY").contains("foreløpig dato"),
            "{series}"
        );
        assert_eq!(
            all.event(event.value("UID")),
            &event,
            "{series} in the feed of everything"
        );
        assert!(
            list.contains(&format!("{words} Foreløpig dato")),
            "{series}: {list}"
        );
        let page = app.visitor().read(&format!("/events/{series}-2027"));
        assert!(page.contains("Foreløpig dato"), "{series}: {page}");
        let english = app.visitor().read(&format!("/en/events/{series}-2027"));
        assert!(english.contains("Provisional date"), "{series}: {english}");
    }
}

#[test]
fn grundsetmartn_keeps_its_week_when_march_begins_after_the_first_tuesday() {
    // 1 March is a Wednesday in 2028 and a Thursday in 2029, so the first Tuesday is in the next week.
    let app = TestServer::builder().at("2028-01-10T12:00").start();
    assert_eq!(
        edition(&app, "grundsetmartn", 2028).value("DTSTART"),
        "20280309"
    );
    assert_eq!(
        edition(&app, "grundsetmartn", 2029).value("DTSTART"),
        "20290308"
    );
}

#[test]
fn birkebeinerrennet_2024_stands_as_moved_from_saturday_to_sunday() {
    let app = TestServer::start();
    let event = edition(&app, "birkebeinerrennet", 2024);
    assert_eq!(said(&event), ("20240317", "20240318", "CONFIRMED"));
    assert!(
        event
            .value("DESCRIPTION")
            .contains("Tidligere tidspunkt: lørdag 16. mars 2024")
    );
    let series = app.visitor().read("/series/birkebeinerrennet");
    assert!(
        series.contains("2024 søndag 17. mars Nytt tidspunkt opprinnelig lørdag 16. mars"),
        "{series}"
    );
    let page = app.visitor().read("/en/events/birkebeinerrennet-2024");
    assert!(page.contains("Sunday 17 March 2024"), "{page}");
    assert!(page.contains("Saturday 16 March"), "{page}");
}

#[test]
fn jakt_og_fiskedagene_2020_stands_as_cancelled_and_2021_as_not_held() {
    let app = TestServer::start();
    let page = app.visitor().read("/series/jakt-og-fiskedagene");
    assert!(page.contains("2020 Ingen dato kjent Avlyst"), "{page}");
    assert!(
        page.contains("2021 Ingen dato kjent Ikke arrangert"),
        "{page}"
    );
    let english = app.visitor().read("/en/series/jakt-og-fiskedagene");
    assert!(english.contains("2020 Date unknown Cancelled"), "{english}");
    // No date was published for it, so it is in no feed.
    let calendar = app
        .visitor()
        .get("/feeds/series/jakt-og-fiskedagene.ics")
        .calendar();
    let of_2020 = |event: &&Component| event.value("DTSTART").starts_with("2020");
    assert_eq!(calendar.events.iter().filter(of_2020).count(), 0);
}

/// Series without a rule and without an announced date.
const DATE_TO_COME: [&str; 10] = [
    "birkebeinerrittet",
    "elverum-cup",
    "elverumsdagene",
    "elverumsutstillingen",
    "julegateapning",
    "sammen-i-elverum",
    "valerdagene",
    "vinterfesten-valer",
    "vintertid",
    "yngres-cup",
];

#[test]
fn series_without_a_date_say_so_and_stand_in_no_feed_with_an_invented_one() {
    let app = TestServer::start();
    let coming = |calendar: &CalendarFile| {
        let days = calendar
            .events
            .iter()
            .map(|event| event.value("DTSTART")[..8].to_owned());
        days.filter(|day| **day >= TODAY.replace('-', "")[..8])
            .count()
    };
    for series in DATE_TO_COME {
        let page = app.visitor().read(&format!("/series/{series}"));
        assert!(page.contains("Dato kommer"), "{series}: {page}");
        let english = app.visitor().read(&format!("/en/series/{series}"));
        assert!(
            english.contains("Date to be announced"),
            "{series}: {english}"
        );
        let feed = app
            .visitor()
            .get(&format!("/feeds/series/{series}.ics"))
            .calendar();
        assert_eq!(coming(&feed), 0, "{series}");
    }
    let all = app.visitor().get("/feeds/all.ics").calendar();
    assert!(coming(&all) >= 6, "the other series have their dates");
}

#[test]
fn every_series_of_the_region_has_a_page_a_feed_and_a_line_in_the_list() {
    let app = TestServer::start();
    let snapshot = app.snapshot();
    let all = snapshot.all_series();
    assert_eq!(all.len(), 16);
    for (list, prefix) in [("/series", ""), ("/en/series", "/en")] {
        let links = crate::support::html::attributes(app.visitor().get(list).ok().text(), "href");
        for series in &all {
            let page = format!("{prefix}/series/{}", series.slug);
            assert!(links.contains(&page), "{list} leads to {page}");
            app.visitor().get(&page).ok();
        }
    }
}

#[test]
fn a_tentative_date_never_confirms_itself() {
    let app = TestServer::start();
    let before = edition(&app, "grundsetmartn", 2027);
    assert!(app.turn_to("2027-03-05T12:00"));
    app.seed(&crate::support::program::own_data());
    assert_eq!(
        edition(&app, "grundsetmartn", 2027),
        before,
        "its own days are no confirmation"
    );
    assert!(app.turn_to("2027-06-01T12:00"));
    app.seed(&crate::support::program::own_data());
    assert_eq!(
        edition(&app, "grundsetmartn", 2027).value("STATUS"),
        "TENTATIVE"
    );
}

#[test]
fn a_date_confirmed_by_a_person_keeps_the_identity_and_outlives_the_files() {
    let app = TestServer::start();
    let tentative = edition(&app, "festspillene", 2027);
    let event = Saved::find(&app, "festspillene-2027");
    event.change(|event| {
        use calendar_domain::{EventStatus, Field, Owner, When};
        event.schedule.when =
            When::days("2027-08-05".parse().unwrap(), "2027-08-14".parse().unwrap());
        event.status = EventStatus::Scheduled;
        let editor = Owner::Editor("kari".into());
        event
            .owners
            .extend([Field::Schedule, Field::Status].map(|field| (field, editor.clone())));
    });
    app.seed(&crate::support::program::own_data());
    let confirmed = edition(&app, "festspillene", 2027);
    assert_eq!(said(&confirmed), ("20270805", "20270815", "CONFIRMED"));
    assert_eq!(confirmed.value("UID"), tentative.value("UID"));
    assert_eq!(confirmed.value("URL"), tentative.value("URL"));
    assert_eq!(confirmed.value("SEQUENCE"), "1");
}
