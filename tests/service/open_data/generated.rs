//! Events of every combination of what matters to search engines.

use calendar_domain::{
    Address, Admission, Availability, Coordinates, Event, EventStatus, Lang, Offer, Text, Venue,
    When,
};
use calendar_store::Change;

use crate::support::{TestServer, event};

/// Number of events.
pub const EVENTS: usize = 300;

const STATUSES: [EventStatus; 6] = [
    EventStatus::Scheduled,
    EventStatus::Tentative,
    EventStatus::Cancelled,
    EventStatus::Postponed,
    EventStatus::Rescheduled,
    EventStatus::MovedOnline,
];

/// Commits the events, and returns their slugs.
pub fn save_all(app: &TestServer) -> Vec<String> {
    let events: Vec<Event> = (0..EVENTS).map(|number| generated(app, number)).collect();
    let slugs = events.iter().map(|event| event.slug.to_string()).collect();
    let changes = events.into_iter().map(|event| Change::create(event.into()));
    app.commit_changes(changes.collect());
    slugs
}

/// Returns one event. Each property has a period of its own, so that all combinations of two occur.
fn generated(app: &TestServer, number: usize) -> Event {
    let month = 1 + number % 12;
    let day = 1 + number % 28;
    let begun = event(&format!("Prøve {number} </script><!-- & «æ»"));
    let start = format!("2027-{month:02}-{day:02}T18:00");
    let date = &start[..10];
    let timed = match number % 5 {
        0 => begun.on(&start),
        1 => begun.on(&start).until(&format!("{date}T23:30")),
        2 => begun.on_days(date, date),
        3 => begun.some_time_on(date),
        _ => begun.on(&start).repeating("FREQ=WEEKLY;COUNT=5"),
    };
    let timed = match number % 7 {
        0 | 1 => timed,
        2 => timed.at("Terningen Arena"),
        3 => timed.at("Et sted uten adresse"),
        4 => timed.at("Terningen Arena").at("Norsk skogmuseum"),
        _ => timed.by("Elverum kommune").at("Glomdalsmuseet"),
    };
    let mut made = timed.under("music").finish(app);
    made.slug = format!("prove-{number}").parse().unwrap();
    made.title.set(Lang::En, format!("Sample {number}"));
    made.status = STATUSES[number % STATUSES.len()];
    if made.status == EventStatus::Rescheduled && number.is_multiple_of(2) {
        made.previous = Some(When::days(
            "2027-01-02".parse().unwrap(),
            "2027-01-02".parse().unwrap(),
        ));
    }
    if number % 11 < 3 {
        made.online_url = Some(
            format!("https://example.org/direkte/{number}")
                .parse()
                .unwrap(),
        );
    }
    if number.is_multiple_of(13) {
        made.venues.push(abroad(number));
    }
    sell(&mut made, number);
    made
}

fn sell(event: &mut Event, number: usize) {
    event.availability = match number % 8 {
        0 => Availability::SoldOut,
        1 => Availability::FewLeft,
        _ => Availability::Available,
    };
    event.admission = match number % 3 {
        0 => Admission::Free,
        1 => Admission::Paid,
        _ => Admission::Unknown,
    };
    if number % 4 == 1 {
        event.offers = vec![Offer {
            name: Text::nb("Voksne"),
            price: (number % 9 > 2).then(|| "250.00".to_owned()),
            currency: "NOK".to_owned(),
            url: Some("https://example.org/billetter".parse().unwrap()),
        }];
    }
}

fn abroad(number: usize) -> Venue {
    Venue::Described {
        name: format!("Parken {number}"),
        address: Some(Address {
            street: Some("Storgatan 1".into()),
            postal_code: Some("685 30".into()),
            locality: Some("Torsby".into()),
        }),
        municipality: None,
        coordinates: Some(Coordinates::new(60.13, 13.0).unwrap()),
    }
}
