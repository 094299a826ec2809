//! Pushed events that a partner's calendar lists: they stay ours.

use std::sync::Arc;

use calendar_domain::{Owner, Partner, PartnerId, Publication};
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::run::{RunReport, Runner};
use serde_json::json;

use super::stand_ins::StandIn;
use crate::outgo::push::{Theirs, concert, from_partner, standing};
use crate::support::{TestServer, event};

/// Fetches a partner's calendar as a run does.
fn read(app: &TestServer, host: &str, site: Option<&str>) -> RunReport {
    let fetcher = Fetcher::new(vec![host.parse().unwrap()], 1 << 20, None);
    let site = site.map(|site| site.parse().unwrap());
    let secret = |_: &str| Some("abcd efgh".to_owned());
    let runner = Runner::new(Arc::clone(app.calendar()), fetcher, site, secret);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let partner: PartnerId = "nabo".parse().unwrap();
    runtime
        .block_on(Arc::new(runner).run(&partner, Rehearsal::No))
        .unwrap()
}

/// Makes a partner one that is both pushed to and fetched.
fn reads_too<S: StandIn>(theirs: &Theirs<S>, app: &TestServer, path: &str) {
    let mut push = theirs.connection();
    let mut connection = push.clone();
    connection.url = Some(theirs.peer.server.url(path).parse().unwrap());
    connection.linked_events = None;
    push.url = Some(theirs.peer.server.url("/").parse().unwrap());
    let partner = Partner {
        push: Some(push),
        connection: Some(connection),
        ..Partner::new("nabo".parse().unwrap(), "Nabo", Owner::DataFile)
    };
    app.commit(vec![partner.into()]);
}

const TRIBE: &str = "/wp-json/tribe/events/v1/events";
const SITE: &str = "https://kalender.example.no/";

fn titles(app: &TestServer) -> Vec<String> {
    let snapshot = app.snapshot();
    let all = snapshot.events().map(|events| {
        let event = events.event();
        let sources: Vec<_> = event
            .sources
            .iter()
            .map(|events| events.partner.to_string())
            .collect();
        format!("{} {sources:?}", event.title_in(calendar_domain::Lang::Nb))
    });
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

fn stille(app: &TestServer) {
    let partner = Partner::new("stille".parse().unwrap(), "Stille", Owner::DataFile);
    app.commit(vec![partner.into()]);
}

#[test]
fn what_was_sent_to_the_events_calendar_does_not_come_back_as_the_partners() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    stille(&app);
    concert(&app);
    let other = event("Fra en annen")
        .on("2027-05-01T18:00")
        .drafted()
        .save(&app);
    from_partner(&other, &app, "stille");
    event("Egen side")
        .on("2027-05-02T18:00")
        .save(&app)
        .change(|event| {
            event.website = "https://koret.example/".parse().ok();
        });
    theirs.until(|all| all.len() == 3);
    standing(&app, |_| true);
    theirs.peer.calendar(|peer| {
        peer.write(
            json!({"title": "Partnerens egen", "start_date": "2027-06-01 18:00:00",
            "end_date": "2027-06-01 20:00:00", "website": "https://kino.example/"}),
        )
    });
    reads_too(&theirs, &app, TRIBE);
    // By the remote id alone, and by link and slug alone.
    for site in [None, Some(SITE)] {
        let report = read(&app, &theirs.peer.server.host(), site);
        assert_eq!(report.joined + report.suggestions, 0, "{report:#?}");
        let expected = [
            "Egen side []",
            "Fra en annen [\"stille\"]",
            "Partnerens egen [\"nabo\"]",
            "Vårkonsert []",
        ];
        assert_eq!(titles(&app), expected);
    }
    other.withdraw();
    theirs.until(|all| all.len() == 3);
}

#[test]
fn what_was_sent_to_linked_events_gains_no_source_and_goes_with_its_own() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    stille(&app);
    let other = event("Fra en annen")
        .on("2027-05-01T18:00")
        .drafted()
        .save(&app);
    from_partner(&other, &app, "stille");
    concert(&app);
    theirs.until(|all| all.len() == 2);
    theirs
        .peer
        .calendar(|peer| peer.write("tprek:7", "Byens egen", "2027-06-01T16:00:00Z"));
    reads_too(&theirs, &app, "/v1/event/");
    let report = read(&app, &theirs.peer.server.host(), None);
    assert_eq!((report.created, report.joined), (1, 0), "{report:#?}");
    let expected = [
        "Byens egen [\"nabo\"]",
        "Fra en annen [\"stille\"]",
        "Vårkonsert []",
    ];
    assert_eq!(titles(&app), expected);
    let noted = |diagnostic: &calendar_connectors::diagnostic::Diagnostic| {
        diagnostic.detail.contains("2 are events of this calendar")
    };
    assert!(report.remarks.iter().any(noted), "{:?}", report.remarks);
}

#[test]
fn copies_that_came_back_before_they_were_recognised_are_taken_away() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let ours = concert(&app);
    let (id, _) = theirs.shows("Vårkonsert");
    standing(&app, |_| true);
    reads_too(&theirs, &app, TRIBE);
    // As left by an earlier version: the copy belongs to the partner and is published.
    let copy = event("Kopi").on("2027-04-10T19:00").save(&app);
    let mut record = copy.record();
    record.sources = vec![calendar_domain::Source {
        partner: "nabo".parse().unwrap(),
        origin_id: id,
        url: None,
        fetched_at: app.now(),
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    }];
    app.commit(vec![record.into()]);
    theirs.peer.calendar(|peer| {
        peer.write(
            json!({"title": "Partnerens egen", "start_date": "2027-06-01 18:00:00",
            "end_date": "2027-06-01 20:00:00"}),
        )
    });
    read(&app, &theirs.peer.server.host(), Some(SITE));
    assert_eq!(copy.record().publication, Publication::Withdrawn);
    assert_eq!(ours.record().publication, Publication::Published);
}

#[test]
fn an_event_of_the_partners_own_may_link_to_its_page_here() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let own = json!({"title": "Partnerens egen", "start_date": "2027-06-01 18:00:00",
        "end_date": "2027-06-01 20:00:00"});
    let id = theirs.peer.calendar(|peer| peer.write(own.clone()));
    reads_too(&theirs, &app, TRIBE);
    let host = theirs.peer.server.host();
    assert_eq!(read(&app, &host, Some(SITE)).created, 1);
    let slug = app
        .snapshot()
        .events()
        .next()
        .unwrap()
        .event()
        .slug
        .to_string();
    theirs
        .peer
        .calendar(|peer| peer.link(id, &format!("{SITE}events/{slug}")));
    read(&app, &host, Some(SITE));
    assert_eq!(titles(&app), ["Partnerens egen [\"nabo\"]"]);
}

#[test]
fn a_calendar_of_many_pages_is_read_to_its_end_with_a_users_password() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let home = theirs.peer.server.url("");
    theirs.peer.calendar(|peer| peer.home = home);
    for number in 0..120 {
        let day = format!("2027-06-{:02} 18:00:00", 1 + number % 28);
        let title = format!("Egen {number}");
        let own = json!({"title": title, "start_date": day, "end_date": day});
        theirs.peer.calendar(|peer| peer.write(own));
    }
    reads_too(&theirs, &app, TRIBE);
    let report = read(&app, &theirs.peer.server.host(), Some(SITE));
    assert_eq!(report.created, 120, "{report:#?}");
}
