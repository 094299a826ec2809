//! The agenda, leafed through from the first page to the last and back.

use std::collections::BTreeMap;

use calendar_store::Change;
use chrono::{Days, NaiveDate};

use crate::support::builders::EventBuilder;
use crate::support::dice::Dice;
use crate::support::html::attributes;
use crate::support::{TestServer, event};

const TODAY: &str = "2027-03-01";
const EVENTS: u64 = 350;

/// A random event, its first day and its last.
fn random(dice: &mut Dice, number: u64) -> (EventBuilder, NaiveDate, NaiveDate) {
    let today: NaiveDate = TODAY.parse().unwrap();
    let first = match dice.below(5) {
        // Days with more than a page holds.
        0..=2 => today + Days::new(2 + 4 * dice.below(2)),
        3 => today - Days::new(20) + Days::new(dice.below(40)),
        _ => today + Days::new(dice.below(60)),
    };
    let builder = event(&format!("Rad {number}"));
    match dice.below(4) {
        0 => {
            let last = first + Days::new(dice.below(12));
            let builder = builder.on_days(&first.to_string(), &last.to_string());
            (builder, first, last)
        }
        1 => (builder.some_time_on(&first.to_string()), first, first),
        _ => {
            let (start, end) = (8 + dice.below(10), 19 + dice.below(4));
            let builder = builder
                .on(&format!("{first}T{start:02}:30"))
                .until(&format!("{first}T{end:02}:00"));
            (builder, first, first)
        }
    }
}

/// A page of the agenda: the addresses of what begins on it and of what runs, and the pages beside it.
struct Page {
    rows: Vec<String>,
    running: Vec<String>,
    earlier: Option<String>,
    later: Option<String>,
}

fn read(app: &TestServer, path: &str) -> Page {
    let page = app.visitor().get(path).ok().text().to_owned();
    let link = |rel: &str| {
        let found = page.split_once(&format!("<a rel=\"{rel}\""));
        found.map(|(_, rest)| attributes(rest, "href")[0].clone())
    };
    let address = |html: &str| attributes(html, "href")[0].clone();
    let running = page.split_once("<section class=\"running\"");
    let running = running.map_or("", |(_, rest)| rest.split("</section>").next().unwrap());
    Page {
        rows: page.split("<li class=\"row").skip(1).map(address).collect(),
        running: running.split("<h3>").skip(1).map(address).collect(),
        earlier: link("prev"),
        later: link("next"),
    }
}

fn counted(addresses: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for address in addresses {
        *count.entry(address).or_default() += 1;
    }
    count
}

#[test]
fn forward_and_back_each_event_is_on_one_page_of_the_agenda() {
    let today: NaiveDate = TODAY.parse().unwrap();
    for seed in 1..=4 {
        let app = TestServer::builder()
            .with_empty_region()
            .at(&format!("{TODAY}T09:00"))
            .start();
        let mut dice = Dice(seed);
        let events: Vec<_> = (0..EVENTS).map(|value| random(&mut dice, value)).collect();
        let create = |builder: &(EventBuilder, NaiveDate, NaiveDate)| {
            Change::create(builder.0.clone().finish(&app).into())
        };
        app.commit_changes(events.iter().map(create).collect());
        let address = |number: usize| format!("/events/rad-{number}");
        let (mut all, mut ahead) = (Vec::new(), Vec::new());
        for (number, (_, _, last)) in events.iter().enumerate() {
            all.push(address(number));
            if *last >= today {
                ahead.push(address(number));
            }
        }
        let (mut forward, mut path, mut pages) = (Vec::new(), "/".to_owned(), 0);
        loop {
            let page = read(&app, &path);
            forward.extend(page.running);
            forward.extend(page.rows);
            pages += 1;
            let Some(later) = page.later else { break };
            path = later;
        }
        assert!(pages > 4, "{pages} pages");
        assert_eq!(counted(forward), counted(ahead), "forward, seed {seed}");
        let mut back = Vec::new();
        loop {
            let page = read(&app, &path);
            back.extend(page.rows);
            let Some(earlier) = page.earlier else { break };
            path = earlier;
        }
        assert_eq!(counted(back), counted(all), "back, seed {seed}");
    }
}
