//! The nights that change the clocks.

use chrono::{DateTime, Utc};

use super::model::{Sample, Time, Truth};
use super::{Differences, feeds, pages};
use crate::support::builders::EventBuilder;
use crate::support::{TestServer, event};
use calendar_domain::EventStatus;

fn sample(slug: &str, builder: EventBuilder, times: &[(&str, &str)]) -> Sample {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let truth = |(start, end): &(&str, &str)| Truth {
        time: Time::Clock(at(start), Some(at(end))),
        place: "",
        status: EventStatus::Scheduled,
        before: None,
    };
    Sample {
        slug: slug.to_owned(),
        builder,
        recurs: times.len() > 1,
        usual_place: "",
        occurrences: times.iter().map(truth).collect(),
    }
}

#[test]
fn all_forms_agree_on_the_nights_that_change_the_clocks() {
    let app = TestServer::builder().at("2027-01-10T12:00").start();
    let spring = event("Prøve vår")
        .on("2027-03-14T02:30")
        .until("2027-03-14T04:30")
        .repeating("FREQ=WEEKLY;COUNT=4");
    let autumn = event("Prøve høst")
        .in_zone(chrono_tz::UTC)
        .on("2027-10-31T00:30")
        .until("2027-10-31T01:15");
    let weekly = event("Prøve hver uke")
        .on("2027-10-24T02:30")
        .until("2027-10-24T03:15")
        .repeating("FREQ=WEEKLY;COUNT=3");
    let gap = event("Prøve hullet")
        .on("2027-03-28T02:30")
        .until("2027-03-28T04:30");
    let samples = [
        sample(
            "prove-var",
            spring,
            &[
                ("2027-03-14T01:30:00Z", "2027-03-14T03:30:00Z"),
                ("2027-03-21T01:30:00Z", "2027-03-21T03:30:00Z"),
                ("2027-03-28T01:30:00Z", "2027-03-28T03:30:00Z"),
                ("2027-04-04T00:30:00Z", "2027-04-04T02:30:00Z"),
            ],
        ),
        sample(
            "prove-host",
            autumn,
            &[("2027-10-31T00:30:00Z", "2027-10-31T01:15:00Z")],
        ),
        sample(
            "prove-hver-uke",
            weekly,
            &[
                ("2027-10-24T00:30:00Z", "2027-10-24T01:15:00Z"),
                ("2027-10-31T00:30:00Z", "2027-10-31T01:15:00Z"),
                ("2027-11-07T01:30:00Z", "2027-11-07T02:15:00Z"),
            ],
        ),
        sample(
            "prove-hullet",
            gap,
            &[("2027-03-28T01:30:00Z", "2027-03-28T02:30:00Z")],
        ),
    ];
    for sample in &samples {
        sample.builder.clone().save(&app);
    }
    let mut found = Differences::default();
    feeds::compare(&app, &samples, &mut found);
    pages::compare(&app, &samples, &mut found);
    found.assert_none();
    let page = |path: &str| app.visitor().read(path);
    let spring = "kl. 03.30–05.30";
    assert!(page("/events/prove-var").contains(&format!("28. mars 2027 {spring}")));
    assert!(page("/?from=2027-03-28&to=2027-03-28&q=vår").contains(spring));
    let autumn = "kl. 02.30–02.15 (klokka stilles tilbake)";
    assert!(page("/events/prove-host").contains(&format!("31. oktober 2027 {autumn}")));
    assert!(page("/?from=2027-10-31&to=2027-10-31&q=høst").contains(autumn));
}
