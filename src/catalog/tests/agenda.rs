//! Pages from the day index match those cut from a list of everything.

use chrono::{Days, NaiveDate};

use super::super::EventOccurrence;
use super::super::agenda::{OccurrencePage, cut, keep_one_running_of_each};
use super::super::agenda_cursor::AgendaCursor;
use super::{Snapshot, SnapshotVersion, day, event, slug, version};
use calendar_domain::*;

/// Deterministic pseudorandom numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % count
    }
}

/// Returns an event on one of a few days, so that these are crowded: of any length and kind, with
/// or without recurrence, some in another zone, some with exceptions, some with two occurrences at
/// once.
fn made(dice: &mut Dice, number: u64) -> Event {
    let on = day("2027-01-25") + Days::new(dice.below(20));
    let hour = 8 + dice.below(3);
    let start = format!("{on}T{hour:02}:30:00").parse().unwrap();
    let timed = |zone, hours| When::Timed {
        start,
        end: Some(start + chrono::TimeDelta::hours(hours)),
        zone,
    };
    let when = match dice.below(8) {
        0 => When::day(on),
        1 => When::days(on, on + Days::new(dice.below(9))),
        2 => When::TimeToCome { date: on },
        3 => timed(chrono_tz::UTC, 1),
        4 => timed(chrono_tz::Europe::Oslo, 30),
        _ => timed(chrono_tz::Europe::Oslo, 2),
    };
    let mut made = event(&format!("e{number}"), when.clone());
    if dice.below(3) == 0 {
        made.categories.insert(slug("music"));
    }
    if dice.below(20) == 0 {
        made.categories.insert(slug("rare"));
    }
    let again = when.moved_to(match when.start() {
        Start::Date(date) => Start::Date(date + Days::new(7)),
        Start::Local(at) => Start::Local(at + Days::new(7)),
    });
    let moved = again.as_ref().map(|moved| {
        serde_json::json!([{ "recurrence_id": when.start(), "when": moved, "title": {"nb": "Flyttet"} }])
    });
    made.schedule.recurrence = match dice.below(12) {
        0 => Some(serde_json::json!({ "rule": "FREQ=WEEKLY" })),
        1 => Some(serde_json::json!({ "rule": "FREQ=DAILY;COUNT=9", "exdates": [when.start()] })),
        2 => Some(serde_json::json!({ "rule": "FREQ=WEEKLY;COUNT=3", "overrides": moved })),
        3 => Some(serde_json::json!({ "rdates": [again.map(|moved| moved.start())] })),
        _ => None,
    }
    .map(|value| serde_json::from_value(value).unwrap());
    made
}

/// Returns the snapshot, on its own date, after an event was written.
fn put(snapshot: &Snapshot, event: Event) -> Snapshot {
    let version = SnapshotVersion {
        commit: snapshot.version().commit + 1,
        ..snapshot.version()
    };
    let record = Record::from(event);
    snapshot.with(version, [(&record.key(), Some(&record))])
}

fn queries() -> [Query; 4] {
    let of = |category: &str| Query {
        categories: [slug(category)].into(),
        ..Query::default()
    };
    let bounded = Query {
        to: Some(day("2027-02-09")),
        ..of("music")
    };
    [Query::default(), of("music"), of("rare"), bounded]
}

/// Compares each page of the agenda from a day on with a list of everything.
fn holds(snapshot: &Snapshot, query: &Query, from: NaiveDate) {
    let horizon = snapshot.days.window();
    let mut next: Option<AgendaCursor> = Some(from.into());
    while let Some(start) = next {
        let page = snapshot.agenda(query, start, 7);
        let end = query.to.map_or(horizon.until, |to| to + Days::new(1));
        let window = Window {
            from: start.day,
            until: end.max(start.day),
            ..horizon
        };
        let mut plain = snapshot.happenings(query, window);
        keep_one_running_of_each(&mut plain, window);
        let plain = cut(plain, window, start.shown, 7);
        assert_eq!(page.next, plain.next, "{start} {query:?}");
        let names = |page: &OccurrencePage| -> Vec<_> {
            let name = |occurrence: &EventOccurrence| {
                (occurrence.event.id.to_string(), occurrence.recurrence_id)
            };
            page.items.iter().map(name).collect()
        };
        assert_eq!(names(&page), names(&plain), "{start} {query:?}");
        assert!(page.items == plain.items, "{start} {query:?}");
        // Endless ones continue for years.
        next = page.next.filter(|next| next.day < from + Days::new(20));
    }
}

/// Returns the start of the previous page, from a list of everything.
fn page_before(snapshot: &Snapshot, query: &Query, before: NaiveDate) -> Option<AgendaCursor> {
    let horizon = snapshot.days.window();
    let window = Window {
        until: before,
        ..horizon
    };
    let found = snapshot.happenings(query, window);
    let days = found
        .iter()
        .map(|happening| happening.when.days_touched(horizon.zone).start);
    let days: Vec<NaiveDate> = days.filter(|day| *day >= horizon.from).collect();
    let (mut first, mut left) = (None, 7);
    for same in days.chunk_by(|a, b| a == b).rev() {
        let (day, count) = (same[0], same.len());
        if count > left + 3 {
            let shown = count - left;
            return Some(AgendaCursor { day, shown });
        }
        (first, left) = (Some(day.into()), left.saturating_sub(count));
        if left == 0 {
            break;
        }
    }
    first
}

/// Pages forward from a day, then back to it and further.
#[test]
fn there_and_back_each_happening_is_on_one_page() {
    let mut dice = Dice(17);
    let mut snapshot = Snapshot::empty(version(0));
    for step in 0..400_u64 {
        let mut next = made(&mut dice, step);
        if dice.below(4) == 0 {
            // Crowded days, which are split.
            next.schedule = Schedule::once(When::day(day("2027-02-03") + Days::new(dice.below(3))));
        }
        snapshot = put(&snapshot, next);
    }
    let zone = snapshot.days.window().zone;
    let name =
        |occurrence: &EventOccurrence| (occurrence.event.id.to_string(), occurrence.recurrence_id);
    for query in queries() {
        let (from, last) = (day("2027-01-25"), day("2027-02-20"));
        let begins = |page: OccurrencePage, first: NaiveDate| -> Vec<_> {
            let items = page.items.into_iter();
            let items = items.filter(|item| item.when.days_touched(zone).start >= first);
            items.map(|item| name(&item)).collect()
        };
        let (mut there, mut at) = (Vec::new(), AgendaCursor::from(from));
        let mut pages = Vec::new();
        while at.day <= last {
            let page = snapshot.agenda(&query, at, 7);
            let next = page.next;
            pages.push(begins(page, at.day));
            let Some(next) = next else { break };
            there.push(at);
            at = next;
        }
        let end = at;
        let forward: Vec<_> = pages.into_iter().take(there.len()).flatten().collect();
        let mut back: Vec<Vec<_>> = Vec::new();
        while (at.day, at.shown) > (from, 0) {
            let Some(start) = snapshot.page_before(&query, at, 7) else {
                break;
            };
            let page = snapshot.agenda_between(&query, start, at, 7);
            assert_eq!(page.next, Some(at), "{start} {query:?}");
            assert!((start.day, start.shown) < (at.day, at.shown));
            back.push(begins(page, start.day));
            at = start;
        }
        let backward: Vec<_> = back.into_iter().rev().flatten().collect();
        assert!(
            backward.ends_with(&forward),
            "{end} {query:?}\n{forward:?}\n{backward:?}"
        );
        let once: std::collections::HashSet<_> = backward.iter().collect();
        assert_eq!(once.len(), backward.len(), "{query:?}");
    }
}

#[test]
fn pages_are_those_of_a_list_of_everything_whatever_was_written_before() {
    let mut dice = Dice(5);
    let mut snapshot = Snapshot::empty(version(0));
    for step in 0..600_u64 {
        let mut next = made(&mut dice, step % 300);
        if dice.below(9) == 0 {
            next.publication = Publication::Withdrawn;
        }
        snapshot = put(&snapshot, next);
        if step % 90 == 89 {
            let from = day("2027-01-22") + Days::new(dice.below(25));
            for query in queries() {
                holds(&snapshot, &query, from);
                assert_eq!(
                    snapshot.page_before(&query, from, 7),
                    page_before(&snapshot, &query, from),
                    "{from} {query:?}"
                );
            }
        }
    }
}

#[test]
fn days_that_followed_each_change_are_those_made_anew() {
    let mut dice = Dice(8);
    let mut snapshot = Snapshot::empty(version(0));
    for step in 0..300_u64 {
        snapshot = put(&snapshot, made(&mut dice, step % 100));
        if step % 10 == 9 {
            snapshot = snapshot.on(snapshot.version().today + Days::new(1));
        }
    }
    let mut anew = Snapshot::empty(snapshot.version());
    for entry in snapshot.events() {
        anew = put(&anew, Event::clone(&entry.event()));
    }
    let anew = anew.on(snapshot.version().today);
    let horizon = snapshot.days.window();
    assert_eq!(horizon, anew.days.window());
    let names = |of: &Snapshot, begins: Vec<(u32, u32)>| -> Vec<(u32, String)> {
        let id = |slot| of.entry(slot).unwrap().id().to_owned();
        let mut named: Vec<_> = begins
            .into_iter()
            .map(|(at, slot)| (at, id(slot)))
            .collect();
        named.sort();
        named
    };
    for on in horizon
        .from
        .iter_days()
        .take_while(|on| *on < horizon.until)
    {
        let told = [&snapshot, &anew].map(|of| {
            let sheet = of.days.sheet(on).cloned().unwrap_or_default();
            let begins = sheet.begins().map(|start| (start.at, start.slot)).collect();
            let running = sheet.running().iter().map(|slot| (0, slot)).collect();
            (names(of, begins), names(of, running))
        });
        assert_eq!(told[0], told[1], "{on}");
    }
    for entry in snapshot.events().filter(|entry| entry.recurs()) {
        let id = entry.id().parse().unwrap();
        let begins = [&snapshot, &anew].map(|of| {
            let slot = of.slot_of(&id).unwrap();
            of.days.begins_of(slot, horizon).collect::<Vec<_>>()
        });
        assert_eq!(begins[0], begins[1]);
    }
    assert_eq!(
        snapshot.days.sheets_in(horizon).count(),
        anew.days.sheets_in(horizon).count()
    );
}
