//! Searches of the pages: what they find, in which order, and that each commit is in the next one.

use super::{Snapshot, day, event, put, slug, version};
use calendar_domain::*;

fn titled(id: &str, title: &str, on: &str) -> Event {
    Event {
        title: Text::nb(title),
        ..event(id, When::day(day(on)))
    }
}

fn found(snapshot: &Snapshot, text: &str, query: &Query) -> Vec<String> {
    let ranked = snapshot.ranked(text, Lang::Nb, query, 10).unwrap();
    let items = ranked.items.into_iter();
    items.map(|item| item.event.slug.to_string()).collect()
}

fn all(snapshot: &Snapshot, text: &str) -> Vec<String> {
    found(snapshot, text, &Query::default())
}

#[test]
fn a_search_finds_other_forms_and_spellings_soonest_first() {
    let events = [
        titled("late", "Konsert", "2027-06-01"),
        titled("soon", "Konsert", "2027-02-02"),
        titled("past", "Konsert", "2027-01-02"),
        titled("hunt", "Jakt- og fiskedagene", "2027-03-01"),
    ];
    let calendar = events
        .into_iter()
        .fold(Snapshot::empty(version(0)), |made, one| put(&made, one));
    assert_eq!(all(&calendar, "konserter"), ["soon", "late"]);
    assert_eq!(all(&calendar, "jaktdager"), ["hunt"]);
    let misspelled = calendar
        .ranked("knosert", Lang::Nb, &Query::default(), 1)
        .unwrap();
    assert_eq!(misspelled.did_you_mean.as_deref(), Some("konsert"));
    assert_eq!((misspelled.items.len(), misspelled.total), (1, 2));
    let unknown = calendar
        .ranked("trapes", Lang::Nb, &Query::default(), 9)
        .unwrap();
    assert_eq!(
        (unknown.total, unknown.unknown_words),
        (0, vec!["trapes".to_owned()])
    );
    let later = Query {
        from: Some(day("2027-05-01")),
        ..Query::default()
    };
    assert_eq!(found(&calendar, "konsert", &later), ["late"]);
}

#[test]
fn the_next_search_has_every_commit() {
    let mut calendar = put(
        &Snapshot::empty(version(0)),
        titled("a", "Konsert", "2027-03-01"),
    );
    assert_eq!(all(&calendar, "konsert"), ["a"]);
    calendar = put(&calendar, titled("a", "Marked", "2027-03-01"));
    calendar = put(&calendar, titled("b", "Konsert", "2027-03-02"));
    assert_eq!(all(&calendar, "konsert"), ["b"]);
    assert_eq!(all(&calendar, "marked"), ["a"]);
    let key = Record::from(titled("b", "", "2027-03-02")).key();
    let removed = calendar.with(version(9), [(&key, None)]);
    assert!(all(&removed, "konsert").is_empty());
    // A reader may still have the snapshot before.
    assert_eq!(all(&calendar, "konsert"), ["b"]);
}

#[test]
fn a_new_name_of_a_place_finds_its_events() {
    let place = |name: &str| -> Place {
        let owner = serde_json::to_value(Owner::DataFile).unwrap();
        let place = serde_json::json!({ "slug": "hall", "name": name, "owner": owner });
        serde_json::from_value(place).unwrap()
    };
    let calendar = put(&Snapshot::empty(version(0)), place("Storhallen"));
    let mut concert = titled("a", "Konsert", "2027-03-01");
    concert.venues = vec![Venue::Place(slug("hall"))];
    let calendar = put(&calendar, concert);
    assert_eq!(all(&calendar, "storhall"), ["a"]);
    let calendar = put(&calendar, place("Fjellscenen"));
    assert_eq!(all(&calendar, "fjellscene"), ["a"]);
    assert!(all(&calendar, "storhall").is_empty());
}

#[test]
fn words_of_an_exact_filter_are_not_forgiven() {
    let calendar = put(
        &Snapshot::empty(version(0)),
        titled("a", "Konsert", "2027-03-01"),
    );
    let exact = Query {
        words: ["konserter".to_owned()].into(),
        ..Query::default()
    };
    assert!(calendar.feed(&exact).is_empty());
    assert_eq!(found(&calendar, "konserter", &exact), ["a"]);
}

#[test]
fn many_events_are_indexed_in_the_background() {
    let events = (0..2_100).map(|n| titled(&format!("e{n}"), "Konsert", "2027-03-01"));
    let records: Vec<Record> = events.map(Record::from).collect();
    let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
    let changes = keys.iter().zip(records.iter().map(Some));
    let calendar = Snapshot::empty(version(0)).with(version(1), changes);
    calendar.prepare_search();
    let ready = std::iter::repeat_with(|| {
        std::thread::yield_now();
        calendar.ranked("konserter", Lang::Nb, &Query::default(), 5)
    });
    let found = ready.flatten().next().unwrap();
    assert_eq!((found.total, found.items.len()), (2_100, 5));
}

#[test]
fn a_hostile_search_is_bounded() {
    let calendar = put(
        &Snapshot::empty(version(0)),
        titled("a", "Konsert i Åmot", "2027-03-01"),
    );
    for text in [
        "a".repeat(100_000),
        "konsret ".repeat(20_000),
        "å\u{30a}-' ".repeat(9_000),
    ] {
        let begun = std::time::Instant::now();
        let found = calendar
            .ranked(&text, Lang::En, &Query::default(), 10)
            .unwrap();
        assert!(found.items.len() <= 1 && found.unknown_words.len() <= 12);
        // Unoptimized code on a busy machine.
        assert!(begun.elapsed().as_secs() < 5, "{}", &text[..8]);
    }
}
