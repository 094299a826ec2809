//! Contract: reading, writing and rejected commits, for every backend.

use std::collections::BTreeSet;

use calendar_domain::{Record, RecordKey, RecordKind};
use calendar_store::{Change, Commit, CommitNumber, Expected, Revision, StoreError, open};

use crate::support::{
    at, audience, category, commit, commit_of, every_backend, key, place, try_commit,
};

#[test]
fn a_new_store_is_empty_and_stands_at_zero() {
    every_backend(|address| {
        let store = address.open();
        assert_eq!(store.head().number, CommitNumber(0));
        assert_eq!(store.head().at, None);
        assert!(store.load().unwrap().is_empty());
    });
}

#[test]
fn what_is_committed_is_read_with_its_revision_commit_and_time() {
    every_backend(|address| {
        let store = address.open();
        let music = category("music", "Musikk");
        let committed = store
            .commit(Commit {
                at: at(5),
                ..commit_of(vec![Change::create(music.clone())])
            })
            .unwrap();
        let stored = store.get(&key(&music)).unwrap().unwrap();
        assert_eq!(stored.record, music);
        assert_eq!(stored.revision, Revision::FIRST);
        assert_eq!(stored.commit, CommitNumber(1));
        assert_eq!(stored.changed_at, at(5));
        assert_eq!(committed.number, CommitNumber(1));
        assert_eq!(committed.at, at(5));
        assert_eq!(committed.changes.len(), 1);
        assert_eq!(committed.changes[0].before, None);
        assert_eq!(committed.changes[0].after, Some(stored));
        assert_eq!(store.head().number, CommitNumber(1));
        assert_eq!(store.head().at, Some(at(5)));
    });
}

#[test]
fn an_update_tells_what_stood_there_before() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::create(category("music", "Musikk"))]);
        let before = store.get(&key(&category("music", ""))).unwrap();
        let changes = vec![Change::update(
            category("music", "Konsert"),
            Revision::FIRST,
        )];
        let committed = commit(&*store, changes);
        assert_eq!(committed.changes[0].before, before);
        let after = committed.changes[0].after.clone().unwrap();
        assert_eq!(after.record, category("music", "Konsert"));
        assert_eq!(after.revision, Revision(2));
    });
}

#[test]
fn one_bad_change_keeps_all_of_its_commit_out() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::create(category("music", "Musikk"))]);
        let refused = try_commit(
            &*store,
            vec![
                Change::create(category("sport", "Sport")),
                Change::create(category("music", "Konsert")),
                Change::create(category("food", "Mat")),
            ],
        );
        assert!(matches!(refused, Err(StoreError::Conflict { .. })));
        assert_eq!(store.load().unwrap().len(), 1);
        assert_eq!(store.head().number, CommitNumber(1));
        assert!(
            store
                .history(&key(&category("sport", "")))
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_conflict_names_the_record_what_was_expected_and_what_stands_there() {
    every_backend(|address| {
        let store = address.open();
        let music = category("music", "Musikk");
        commit(&*store, vec![Change::create(music.clone())]);
        let cases = [
            (Change::create(category("music", "Ny")), Some(Revision(1))),
            (
                Change::update(category("music", "Ny"), Revision(2)),
                Some(Revision(1)),
            ),
            (Change::update(category("sport", "Ny"), Revision(1)), None),
            (Change::remove(key(&music), Revision(7)), Some(Revision(1))),
            (
                Change::remove(key(&category("sport", "")), Revision(1)),
                None,
            ),
        ];
        for (change, standing) in cases {
            let (about, wanted) = (change.key.clone(), change.expected);
            match try_commit(&*store, vec![change]) {
                Err(error @ StoreError::Conflict { .. }) => {
                    assert!(error.to_string().contains(&about.to_string()), "{error}");
                    let StoreError::Conflict {
                        key,
                        expected,
                        found,
                    } = error
                    else {
                        continue;
                    };
                    assert_eq!((key, expected, found), (about, wanted, standing));
                }
                other => panic!("{about} was not refused: {other:?}"),
            }
        }
    });
}

#[test]
fn whoever_expects_anything_sets_a_record_whether_it_is_there_or_not() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::put(category("music", "Musikk"))]);
        commit(&*store, vec![Change::put(category("music", "Konsert"))]);
        let stored = store.get(&key(&category("music", ""))).unwrap().unwrap();
        assert_eq!(stored.revision, Revision(2));
        let absent = Change {
            key: key(&category("sport", "")),
            expected: Expected::Any,
            to: None,
        };
        assert!(matches!(
            try_commit(&*store, vec![absent]),
            Err(StoreError::Conflict { .. })
        ));
    });
}

#[test]
fn everything_is_loaded_in_the_order_of_its_keys() {
    every_backend(|address| {
        let store = address.open();
        let records = [
            audience("youth", "Ungdom"),
            category("sport", "Sport"),
            audience("families", "Familier"),
            category("music", "Musikk"),
        ];
        commit(
            &*store,
            records.iter().cloned().map(Change::create).collect(),
        );
        let loaded: Vec<RecordKey> = store
            .load()
            .unwrap()
            .iter()
            .map(|stored| stored.record.key())
            .collect();
        let sorted: Vec<RecordKey> = records
            .iter()
            .map(Record::key)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        assert_eq!(loaded, sorted);
        assert_eq!(loaded[0].kind, RecordKind::Category);
    });
}

#[test]
fn a_store_opened_again_is_the_same_and_numbers_go_on() {
    every_backend(|address| {
        let music = key(&category("music", ""));
        let (loaded, history, head) = {
            let store = address.open();
            commit(&*store, vec![Change::create(category("music", "Musikk"))]);
            commit(&*store, vec![Change::create(category("sport", "Sport"))]);
            commit(&*store, vec![Change::put(category("music", "Konsert"))]);
            commit(
                &*store,
                vec![Change::remove(key(&category("sport", "")), Revision(1))],
            );
            (
                store.load().unwrap(),
                store.history(&music).unwrap(),
                store.head(),
            )
        };
        let store = address.open();
        assert_eq!(store.load().unwrap(), loaded);
        assert_eq!(store.history(&music).unwrap(), history);
        assert_eq!(store.head(), head);
        let next = commit(&*store, vec![Change::put(category("food", "Mat"))]);
        assert_eq!(next.number, CommitNumber(5));
    });
}

#[test]
fn coordinates_and_long_texts_come_back_as_they_went_in() {
    every_backend(|address| {
        let store = address.open();
        // Seventeen significant digits: an inexact parser changes the last one.
        for (n, latitude) in (0..).zip([60.880_970_000_000_004, 0.1 + 0.2, -1.0 / 3.0, 5e-324]) {
            let slug = format!("place-{n}");
            commit(&*store, vec![Change::create(place(&slug, latitude))]);
            let stored = store.get(&key(&place(&slug, 0.0))).unwrap().unwrap();
            assert_eq!(stored.record, place(&slug, latitude));
        }
        let text = "Grundsetmart'n – «marked» på Elverum 🐎\n".repeat(2_000);
        commit(&*store, vec![Change::create(category("music", &text))]);
        let stored = store.get(&key(&category("music", ""))).unwrap().unwrap();
        assert_eq!(stored.record, category("music", &text));
    });
}

#[test]
fn a_commit_with_its_own_mistakes_is_refused_with_the_reason() {
    every_backend(|address| {
        let store = address.open();
        let twice = vec![
            Change::put(category("music", "a")),
            Change::put(category("music", "b")),
        ];
        assert!(matches!(
            try_commit(&*store, twice),
            Err(StoreError::Twice { .. })
        ));
        let mut other = Change::put(category("music", "a"));
        other.key = key(&category("sport", ""));
        assert!(matches!(
            try_commit(&*store, vec![other]),
            Err(StoreError::WrongKey { .. })
        ));
        let large = vec![Change::put(category("music", &"x".repeat(2 << 20)))];
        assert!(matches!(
            try_commit(&*store, large),
            Err(StoreError::RecordTooLarge { .. })
        ));
        let many = (0..40)
            .map(|n| Change::put(category(&format!("c-{n}"), &"x".repeat(1_000_000))))
            .collect();
        assert!(matches!(
            try_commit(&*store, many),
            Err(StoreError::CommitTooLarge { .. })
        ));
        let talkative = Commit {
            note: "x".repeat(5_000),
            ..commit_of(Vec::new())
        };
        assert!(matches!(
            store.commit(talkative),
            Err(StoreError::NoteTooLong { .. })
        ));
        assert_eq!(store.head().number, CommitNumber(0));
    });
}

#[test]
fn an_address_of_no_known_kind_is_refused_with_those_that_are_known() {
    for url in ["mongo:somewhere", "var/store", ""] {
        let error = open(url).err().expect("nobody knows this scheme");
        assert!(matches!(error, StoreError::UnknownScheme { .. }));
        assert!(error.to_string().contains("sled:var/store"), "{error}");
    }
    assert!(matches!(
        open("sled:").err(),
        Some(StoreError::BadAddress { .. })
    ));
}
