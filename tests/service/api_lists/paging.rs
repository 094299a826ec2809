//! Pages while others add, change and remove events.

use std::collections::BTreeMap;

use calendar_domain::When;
use calendar_store::Change;
use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::support::builders::EventBuilder;
use crate::support::dice::Dice;
use crate::support::saved::Saved;
use crate::support::{TestServer, event};

const TODAY: &str = "2027-03-01";
const EVENTS: u64 = 160;

/// An event as it was made, with the first and last day of each occurrence.
struct Made {
    title: String,
    is_music: bool,
    dates: Vec<(NaiveDate, NaiveDate)>,
}

fn today() -> NaiveDate {
    TODAY.parse().unwrap()
}

/// A day: often one of a few, so that many events share it; sometimes outside the day index.
fn random_day(dice: &mut Dice) -> NaiveDate {
    match dice.below(8) {
        0..=3 => today() + Days::new(1 + 3 * dice.below(3)),
        4 => today() - Days::new(dice.below(700)),
        5 => today() + Days::new(700 + dice.below(600)),
        _ => today() - Days::new(20) + Days::new(dice.below(60)),
    }
}

fn random(dice: &mut Dice, number: u64) -> (EventBuilder, Made) {
    let title = format!("Rad {number}");
    let first = random_day(dice);
    let is_music = dice.below(3) == 0;
    let builder = event(&title);
    let builder = if is_music {
        builder.under("music")
    } else {
        builder
    };
    let hour = 8 + dice.below(3);
    let timed = |builder: EventBuilder| builder.on(&format!("{first}T{hour:02}:00"));
    let (builder, dates) = match dice.below(5) {
        0 => {
            let last = first + Days::new(dice.below(12));
            let builder = builder.on_days(&first.to_string(), &last.to_string());
            (builder, vec![(first, last)])
        }
        1 => (
            builder.some_time_on(&first.to_string()),
            vec![(first, first)],
        ),
        2 => {
            let count = 2 + dice.below(6);
            let rule = format!("FREQ=WEEKLY;COUNT={count}");
            let days = (0..count).map(|week| first + Days::new(7 * week));
            (
                timed(builder).repeating(&rule),
                days.map(|day| (day, day)).collect(),
            )
        }
        _ => (timed(builder), vec![(first, first)]),
    };
    let made = Made {
        title,
        is_music,
        dates,
    };
    (builder, made)
}

/// A list, and which events and dates belong to it.
struct Listing {
    path: &'static str,
    from: Option<&'static str>,
    to: Option<&'static str>,
    only_music: bool,
}

const LISTINGS: [Listing; 11] = [
    listing("/api/v1/events?limit=7", None, None),
    listing("/api/v1/events?limit=7&sort=-start", None, None),
    listing("/api/v1/events?limit=7&sort=modified", None, None),
    listing("/api/v1/events?limit=7&sort=-modified", None, None),
    listing(
        "/api/v1/events?limit=9&from=2025-01-01",
        Some("2025-01-01"),
        None,
    ),
    listing(
        "/api/v1/events?limit=9&from=2025-01-01&to=2031-01-01&sort=-start",
        Some("2025-01-01"),
        Some("2031-01-01"),
    ),
    Listing {
        only_music: true,
        ..listing("/api/v1/events?limit=3&category=music", None, None)
    },
    listing("/api/v1/occurrences?limit=7", None, Some("2029-02-28")),
    listing(
        "/api/v1/occurrences?limit=7&sort=-start",
        None,
        Some("2029-02-28"),
    ),
    listing(
        "/api/v1/occurrences?limit=9&from=2025-01-01&to=2031-01-01",
        Some("2025-01-01"),
        Some("2031-01-01"),
    ),
    Listing {
        only_music: true,
        ..listing(
            "/api/v1/occurrences?limit=3&category=music&sort=-start&from=2025-01-01&to=2031-01-01",
            Some("2025-01-01"),
            Some("2031-01-01"),
        )
    },
];

const fn listing(
    path: &'static str,
    from: Option<&'static str>,
    to: Option<&'static str>,
) -> Listing {
    Listing {
        path,
        from,
        to,
        only_music: false,
    }
}

impl Listing {
    fn is_of_occurrences(&self) -> bool {
        self.path.contains("occurrences")
    }

    /// Returns how often each title is listed.
    fn expected(&self, made: &[&Made]) -> BTreeMap<String, usize> {
        let from = self.from.map_or_else(today, |day| day.parse().unwrap());
        let to = self.to.map_or(NaiveDate::MAX, |day| day.parse().unwrap());
        let is_in = |(first, last): &&(NaiveDate, NaiveDate)| *last >= from && *first <= to;
        let mut expected = BTreeMap::new();
        for item in made.iter().filter(|made| made.is_music || !self.only_music) {
            let count = item.dates.iter().filter(is_in).count();
            let count = if self.is_of_occurrences() {
                count
            } else {
                count.min(1)
            };
            if count > 0 {
                expected.insert(item.title.clone(), count);
            }
        }
        expected
    }
}

/// Adds, changes and removes some events. The events that stand throughout are left alone.
fn write(app: &TestServer, dice: &mut Dice, unsteady: &mut Vec<Saved<'_>>, number: &mut u64) {
    for _ in 0..3 {
        let at = usize::try_from(dice.below(unsteady.len().max(1) as u64)).unwrap();
        match dice.below(5) {
            0 if unsteady.len() > 5 => unsteady.swap_remove(at).withdraw(),
            1 if unsteady.len() > 5 => unsteady.swap_remove(at).remove(),
            2 => {
                *number += 1;
                let day = random_day(dice);
                unsteady[at].change(|event| {
                    event.schedule.recurrence = None;
                    event.schedule.when = When::day(day);
                    event
                        .title
                        .set(calendar_domain::Lang::Nb, format!("Flyttet {number}"));
                });
            }
            3 => {
                *number += 1;
                unsteady[at].rename(&format!("Nytt navn {number}"));
            }
            _ => {
                *number += 1;
                let (builder, _) = random(dice, 100_000 + *number);
                let made = builder.finish(app);
                // The caller keeps what it may change later.
                app.commit_changes(vec![Change::create(made.into())]);
            }
        }
    }
}

fn title(item: &Value) -> String {
    item["title"]["nb"].as_str().unwrap().to_owned()
}

/// Reads a list to its end, with writers between its pages.
fn read(app: &TestServer, listing: &Listing, mut between: impl FnMut()) -> Vec<Value> {
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = app.program().get(&format!("{}{cursor}", listing.path));
        let page = page.ok().json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        pages += 1;
        let Some(next) = page["next"].as_str() else {
            assert!(pages > 2, "{}: {pages} pages", listing.path);
            return found;
        };
        cursor = format!("&cursor={next}");
        between();
    }
}

#[test]
fn what_stands_throughout_is_listed_once_in_every_order_while_others_write() {
    for seed in 1..=3 {
        let app = TestServer::builder()
            .with_empty_region()
            .at(&format!("{TODAY}T09:00"))
            .start();
        let mut dice = Dice(seed);
        let steady: Vec<_> = (0..EVENTS).map(|value| random(&mut dice, value)).collect();
        for chunk in steady.chunks(40) {
            // Several commits, so that the times of change differ.
            let create = |builder: &(EventBuilder, Made)| {
                Change::create(builder.0.clone().finish(&app).into())
            };
            app.commit_changes(chunk.iter().map(create).collect());
            app.wait(chrono::TimeDelta::seconds(5));
        }
        let mut unsteady: Vec<Saved<'_>> = (0..40)
            .map(|value| random(&mut dice, 10_000 + value).0.save(&app))
            .collect();
        let made: Vec<&Made> = steady.iter().map(|(_, made)| made).collect();
        let mut number = 0;
        for listing in &LISTINGS {
            let found = read(&app, listing, || {
                write(&app, &mut dice, &mut unsteady, &mut number);
                app.wait(chrono::TimeDelta::seconds(1));
            });
            let expected = listing.expected(&made);
            let mut counted: BTreeMap<String, usize> = BTreeMap::new();
            for item in &found {
                *counted.entry(title(item)).or_default() += 1;
            }
            counted.retain(|title, _| made.iter().any(|made| made.title == *title));
            assert_eq!(counted, expected, "{}, seed {seed}", listing.path);
            check_order(listing, &found, &made);
        }
    }
}

/// Checks the order of what stood throughout.
fn check_order(listing: &Listing, found: &[Value], made: &[&Made]) {
    let is_steady = |item: &&Value| made.iter().any(|made| made.title == title(item));
    let key = |item: &Value| -> String {
        let member = if listing.path.contains("modified") {
            "modified"
        } else {
            "start"
        };
        item[member].as_str().unwrap().chars().take(19).collect()
    };
    // The wire form of a recurring event has its first date, which may be over: only its occurrences are in order.
    let is_placed = |item: &&Value| listing.is_of_occurrences() || item["recurrence"].is_null();
    let mut keys: Vec<String> = found
        .iter()
        .filter(is_steady)
        .filter(is_placed)
        .map(key)
        .collect();
    if listing.path.contains("sort=-") {
        keys.reverse();
    }
    let day = |key: &String| key[..10].to_owned();
    if listing.path.contains("modified") {
        assert!(keys.is_sorted(), "{}: {keys:?}", listing.path);
    } else {
        assert!(
            keys.iter().map(day).is_sorted(),
            "{}: {keys:?}",
            listing.path
        );
    }
}

#[test]
fn a_list_begun_before_midnight_goes_on_after_it() {
    let mut app = TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T23:50")
        .start();
    for number in 0..6 {
        let title = format!("Sen kveld {number}");
        event(&title)
            .on(&format!("2027-03-01T23:5{number}"))
            .save(&app);
    }
    let first = app.program().get("/api/v1/events?limit=2").ok().json();
    let next = first["next"].as_str().unwrap().to_owned();
    assert!(app.turn_to("2027-03-02T00:10"));
    let path = format!("/api/v1/events?limit=9&cursor={next}");
    assert_eq!(super::titles(&app, &path).len(), 4);
    // And after a restart.
    app.restart();
    assert_eq!(super::titles(&app, &path).len(), 4);
    assert!(super::titles(&app, "/api/v1/events").is_empty());
}

#[test]
fn occurrences_of_one_event_at_one_moment_are_each_listed_once() {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T09:00")
        .start();
    let rule = "FREQ=DAILY;COUNT=4";
    let kurs = event("Kurs").on("2027-03-02T18:00").repeating(rule);
    let kurs = kurs.with_one_moved("2027-03-03T18:00", "2027-03-02T18:00");
    kurs.with_one_moved("2027-03-04T18:00", "2027-03-02T18:00")
        .save(&app);
    for order in ["start", "-start"] {
        let path = format!("/api/v1/occurrences?limit=1&sort={order}");
        let found = super::all_items(&app, &path);
        let mut ids: Vec<_> = found
            .iter()
            .map(|item| item["recurrence_id"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        let days: Vec<_> = ids.iter().map(|id| &id[..10]).collect();
        assert_eq!(
            days,
            ["2027-03-02", "2027-03-03", "2027-03-04", "2027-03-05"],
            "{order}"
        );
    }
}
