mod agenda;
mod calendar;
mod changes;
mod oracle;
mod ranked;
pub(super) mod skipped;

use chrono::NaiveDate;

use calendar_domain::query::words;
use calendar_domain::*;

use super::snapshot::{Snapshot, SnapshotVersion};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn version(commit: u64) -> SnapshotVersion {
    SnapshotVersion {
        commit,
        at: chrono::DateTime::UNIX_EPOCH,
        today: day("2027-02-01"),
    }
}

pub(super) fn event(id: &str, when: When) -> Event {
    let birth = chrono::DateTime::UNIX_EPOCH;
    Event {
        ..Event::new(
            slug(id),
            format!("{id}@test").parse().unwrap(),
            Text::nb(id),
            Schedule::once(when),
            birth,
        )
    }
}

fn put(snapshot: &Snapshot, record: impl Into<Record>) -> Snapshot {
    let record = record.into();
    snapshot.with(
        version(snapshot.version().commit + 1),
        [(&record.key(), Some(&record))],
    )
}

fn ids(found: &[std::sync::Arc<super::Entry>]) -> Vec<&str> {
    found.iter().map(|entry| entry.id()).collect()
}

#[test]
fn a_cancelled_event_stays_in_the_feed_until_its_date_has_passed() {
    let off = |id, last| Event {
        status: EventStatus::Cancelled,
        ..event(id, When::days(day("2027-01-30"), day(last)))
    };
    let snapshot = put(&Snapshot::empty(version(0)), off("passed", "2027-01-31"));
    let snapshot = put(&snapshot, off("today", "2027-02-01"));
    assert_eq!(ids(&snapshot.feed(&Query::default())), ["today"]);
}

#[test]
fn a_running_event_stays_in_the_feed_until_it_ends() {
    let long = event("long", When::days(day("2026-01-01"), day("2026-11-02")));
    let ended = event("ended", When::days(day("2026-01-01"), day("2026-10-30")));
    let snapshot = put(&put(&Snapshot::empty(version(0)), long), ended);
    // The window begins three months before 1 February 2027.
    assert_eq!(ids(&snapshot.feed(&Query::default())), ["long"]);
}

#[test]
fn editions_of_a_series_stay_in_the_feed_for_good() {
    let mut old = event("fair-2014", When::day(day("2014-03-06")));
    old.series = Some(EditionRef {
        series: slug("fair"),
        edition: slug("2014"),
    });
    let snapshot = put(&Snapshot::empty(version(0)), old);
    assert_eq!(ids(&snapshot.feed(&Query::default())), ["fair-2014"]);
    let bounded = Query {
        from: Some(day("2027-01-01")),
        ..Query::default()
    };
    assert!(snapshot.feed(&bounded).is_empty());
}

#[test]
fn a_changed_event_leaves_its_old_day_and_words() {
    let mut concert = event("concert", When::day(day("2027-03-01")));
    concert.categories.insert(slug("music"));
    let first = put(&Snapshot::empty(version(0)), concert.clone());
    concert.schedule.when = When::day(day("2027-04-01"));
    concert.categories = [slug("film")].into();
    let second = put(&first, concert);
    let on = |snapshot: &Snapshot, from: &str, category: &str| {
        let query = Query {
            from: Some(day(from)),
            to: Some(day(from)),
            categories: [slug(category)].into(),
            ..Query::default()
        };
        snapshot.feed(&query).len()
    };
    assert_eq!(
        (
            on(&first, "2027-03-01", "music"),
            on(&second, "2027-03-01", "music")
        ),
        (1, 0)
    );
    assert_eq!(on(&second, "2027-04-01", "film"), 1);
    assert_eq!(
        second
            .agenda(&Query::default(), day("2027-03-01"), 9)
            .items
            .len(),
        1
    );
}

#[test]
fn an_unpublished_event_is_nowhere() {
    let mut draft = event("draft", When::day(day("2027-03-01")));
    draft.publication = Publication::Draft;
    let snapshot = put(&Snapshot::empty(version(0)), draft.clone());
    assert_eq!(snapshot.event_count(), 0);
    draft.publication = Publication::Published;
    let published = put(&snapshot, draft.clone());
    assert_eq!(published.event_count(), 1);
    draft.publication = Publication::Withdrawn;
    let withdrawn = put(&published, draft);
    assert_eq!(withdrawn.event_count(), 0);
    assert!(withdrawn.event_at(&slug("draft")).is_none());
}

#[test]
fn a_place_that_comes_later_gives_its_events_their_municipality() {
    let mut region = Snapshot::empty(version(0)).region().clone();
    region.municipalities.push(Municipality {
        number: "3420".parse().unwrap(),
        slug: slug("elverum"),
        name: "Elverum".into(),
        aliases: Vec::new(),
        former_numbers: vec!["427".into()],
    });
    let mut concert = event("concert", When::day(day("2027-03-01")));
    concert.venues.push(Venue::Place(slug("hall")));
    let hall = Place {
        slug: slug("hall"),
        name: "Hallen".into(),
        aliases: vec!["Storstua".into()],
        municipality: Some("3420".parse().unwrap()),
        address: None,
        coordinates: None,
        description: Text::default(),
        website: None,
        source: None,
        owner: Owner::DataFile,
    };
    let before = put(&put(&Snapshot::empty(version(0)), concert), region);
    let query = Query {
        municipalities: [slug("elverum")].into(),
        ..Query::default()
    };
    assert!(before.admitted(&query).is_empty());
    let after = put(&before, hall);
    assert_eq!(ids(&after.admitted(&query)), ["concert"]);
    let by_alias = Query {
        words: words("storstua"),
        ..Query::default()
    };
    assert_eq!(ids(&after.admitted(&by_alias)), ["concert"]);
}

#[test]
fn pages_of_the_agenda_follow_each_other_without_gap_or_repeat() {
    // Three per day, and so many that a day is split.
    for on_a_day in [3, 17, 40] {
        let mut snapshot = Snapshot::empty(version(0));
        for number in 0..40_u32 {
            let on = day("2027-03-01") + chrono::Days::new(u64::from(number / on_a_day));
            snapshot = put(&snapshot, event(&format!("e{number}"), When::day(on)));
        }
        let mut seen = Vec::new();
        let mut from = Some(day("2027-03-01").into());
        while let Some(start) = from {
            let page = snapshot.agenda(&Query::default(), start, 10);
            assert!(page.items.len() <= 15);
            seen.extend(page.items.iter().map(|item| item.event.id.to_string()));
            from = page.next;
        }
        assert_eq!(seen.len(), 40);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 40);
    }
}

#[test]
fn what_runs_on_is_told_on_a_parted_day_and_counts_for_nothing() {
    let mut snapshot = put(
        &Snapshot::empty(version(0)),
        event("long", When::days(day("2027-02-01"), day("2027-03-05"))),
    );
    for number in 0..30 {
        snapshot = put(
            &snapshot,
            event(&format!("e{number:02}"), When::day(day("2027-03-01"))),
        );
    }
    let first = snapshot.agenda(&Query::default(), day("2027-03-01"), 10);
    let next = first.next.unwrap();
    assert_eq!(next.to_string(), "2027-03-01.9");
    let second = snapshot.agenda(&Query::default(), next, 10);
    assert_eq!(second.items[0].event.id.as_str(), "long");
    assert_eq!(second.items[1].event.id.as_str(), "e09");
}

#[test]
fn an_earlier_page_begins_so_far_back_that_it_is_full() {
    let mut snapshot = Snapshot::empty(version(0));
    for number in 0..40_u64 {
        let on = day("2026-12-01") + chrono::Days::new(number / 3);
        snapshot = put(&snapshot, event(&format!("e{number}"), When::day(on)));
    }
    let before = |limit| snapshot.page_before(&Query::default(), day("2027-02-01"), limit);
    // The last day has one, the days before it three each.
    assert_eq!(before(1), Some(day("2026-12-14").into()));
    assert_eq!(before(4), Some(day("2026-12-13").into()));
    assert_eq!(before(1000), Some(day("2026-12-01").into()));
    assert_eq!(
        snapshot.page_before(&Query::default(), day("2026-12-01"), 9),
        None
    );
}

#[test]
fn the_day_that_comes_in_brings_what_reaches_there_and_moves_nothing_else() {
    let mut snapshot = Snapshot::empty(version(0));
    let weekly = |id: &str, rule: &str| {
        let mut made = event(id, When::day(day("2027-01-04")));
        let recurrence = serde_json::json!({ "rule": rule });
        made.schedule.recurrence = serde_json::from_value(recurrence).unwrap();
        made
    };
    let far = event("far", When::days(day("2029-04-10"), day("2029-04-20")));
    let past = event("past", When::day(day("2026-01-29")));
    for made in [
        weekly("ever", "FREQ=WEEKLY"),
        weekly("ends", "FREQ=WEEKLY;COUNT=3"),
        far,
        past,
    ] {
        snapshot = put(&snapshot, made);
    }
    let mut turned = snapshot.clone();
    for later in 1..=60_u64 {
        turned = turned.on(day("2027-02-01") + chrono::Days::new(later));
    }
    let anew = snapshot.on(day("2040-01-01")).on(turned.version().today);
    let query = Query::default();
    for number in 0..1200_u64 {
        let on = day("2026-01-20") + chrono::Days::new(number);
        let query = Query {
            from: Some(on),
            to: Some(on),
            ..query.clone()
        };
        assert_eq!(ids(&turned.feed(&query)), ids(&anew.feed(&query)), "{on}");
    }
    for entry in snapshot.events() {
        let id = entry.id().parse().unwrap();
        assert!(std::sync::Arc::ptr_eq(entry, turned.event(&id).unwrap()));
    }
}

#[test]
fn the_narrowed_search_finds_what_the_plain_filter_finds() {
    let mut snapshot = Snapshot::empty(version(0));
    for number in 0..60_u32 {
        let mut made = event(&format!("e{number}"), When::day(day("2027-03-01")));
        let word = |of: &str, count| slug(&format!("{of}{}", number % count));
        made.categories.insert(word("c", 3));
        made.audiences.insert(word("a", 4));
        made.venues.push(Venue::Place(word("p", 5)));
        made.accessibility.insert(word("x", 2));
        made.description = Text::nb(format!("Ord{} og mer", number % 7));
        if number % 3 == 0 {
            made.admission = Admission::Free;
        }
        snapshot = put(&snapshot, made);
    }
    for number in 0..30 {
        let word = |of: &str, count| [slug(&format!("{of}{}", number % count))].into();
        let query = Query {
            categories: word("c", 4),
            audiences: if number % 2 == 0 {
                word("a", 4)
            } else {
                Default::default()
            },
            places: if number % 3 == 0 {
                word("p", 6)
            } else {
                Default::default()
            },
            free: number % 5 == 0,
            accessibility: if number % 4 == 0 {
                word("x", 3)
            } else {
                Default::default()
            },
            words: if number % 6 == 0 {
                words(&format!("ord{}", number % 8))
            } else {
                Default::default()
            },
            ..Query::default()
        };
        let plain: Vec<_> = snapshot
            .events()
            .filter(|entry| oracle::admits(&query, &entry.event(), &snapshot))
            .map(|entry| entry.id().to_owned())
            .collect();
        let narrowed: Vec<_> = snapshot
            .admitted(&query)
            .iter()
            .map(|entry| entry.id().to_owned())
            .collect();
        assert_eq!(plain, narrowed);
    }
}
