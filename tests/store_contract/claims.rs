//! Contract: names that are unique among records.

use calendar_domain::{
    Account, Base64Url, Claim, Event, EventId, Lang, Passkey, PasskeyKey, Publication, Record,
    RecordKey, Schedule, Text, When,
};
use calendar_store::{
    Change, RestoreEnd, Restoring, Revision, Store, StoreError, backup, check, restore, salvage,
};
use chrono::DateTime;

use crate::support::{Address, category, commit, every_backend, try_commit};

fn event(id: &str, slug: &str, uid: &str) -> Event {
    let day = When::day("2027-04-10".parse().unwrap());
    let (slug, uid) = (slug.parse().unwrap(), uid.parse().unwrap());
    let title = Text::nb("Konsert");
    let made = Event::new(slug, uid, title, Schedule::once(day), DateTime::UNIX_EPOCH);
    Event {
        id: id.parse().unwrap(),
        ..made
    }
}

fn record(id: &str, slug: &str, uid: &str) -> Record {
    event(id, slug, uid).into()
}

fn slug(text: &str) -> Claim {
    Claim::EventSlug(text.parse().unwrap())
}

fn uid(text: &str) -> Claim {
    Claim::EventUid(text.parse().unwrap())
}

fn holder(store: &dyn Store, claim: &Claim) -> Option<String> {
    let holders = store.holders(claim).unwrap();
    assert!(holders.len() < 2, "{holders:?}");
    holders.first().map(ToString::to_string)
}

#[test]
fn a_mail_address_belongs_to_one_account_however_it_is_written() {
    let account = |n: u128, email: &str| {
        let email = email.parse().unwrap();
        let id = uuid::Uuid::from_u128(n).into();
        Record::from(Account::new(id, email, Lang::Nb, DateTime::UNIX_EPOCH))
    };
    let claim = |email: &str| Claim::AccountEmail(email.parse().unwrap());
    every_backend(|address| {
        let store = address.open();
        let kari = account(1, "Kari@example.org");
        commit(&*store, vec![Change::create(kari.clone())]);
        let twin = account(2, "kari@EXAMPLE.org");
        let error = try_commit(&*store, vec![Change::create(twin.clone())]).unwrap_err();
        assert!(matches!(error, StoreError::Taken { .. }), "{error}");
        drop(store);
        let store = address.open();
        let held = holder(&*store, &claim("KARI@example.org"));
        assert_eq!(held, Some(kari.key().to_string()));
        commit(&*store, vec![Change::remove(kari.key(), Revision::FIRST)]);
        commit(&*store, vec![Change::create(twin.clone())]);
        let held = holder(&*store, &claim("kari@example.org"));
        assert_eq!(held, Some(twin.key().to_string()));
        drop(store);
        assert_eq!(check(&address.url).unwrap().findings, Vec::<String>::new());
    });
}

#[test]
fn a_passkey_belongs_to_one_account() {
    let account = |n: u128| {
        let (id, email) = (uuid::Uuid::from_u128(n).into(), format!("a{n}@example.org"));
        let mut account = Account::new(id, email.parse().unwrap(), Lang::Nb, DateTime::UNIX_EPOCH);
        account.passkeys.push(Passkey {
            id: "AQID".parse().unwrap(),
            key: PasskeyKey::Es256 {
                x: Base64Url(vec![1; 32]),
                y: Base64Url(vec![2; 32]),
            },
            sign_count: 0,
            name: "Telefon".to_owned(),
            created: DateTime::UNIX_EPOCH,
            used: None,
            may_be_backed_up: false,
            is_backed_up: false,
        });
        Record::from(account)
    };
    let claim = Claim::Passkey("AQID".parse().unwrap());
    every_backend(|address| {
        let store = address.open();
        let kari = account(1);
        commit(&*store, vec![Change::create(kari.clone())]);
        let held = Some(kari.key().to_string());
        assert_eq!(holder(&*store, &claim), held);
        let error = try_commit(&*store, vec![Change::create(account(2))]).unwrap_err();
        assert!(matches!(error, StoreError::Taken { .. }), "{error}");
        drop(store);
        assert_eq!(check(&address.url).unwrap().findings, Vec::<String>::new());
        let store = address.open();
        assert_eq!(holder(&*store, &claim), held);
        commit(&*store, vec![Change::remove(kari.key(), Revision::FIRST)]);
        commit(&*store, vec![Change::create(account(2))]);
        assert_eq!(holder(&*store, &claim), Some(account(2).key().to_string()));
    });
}

#[test]
fn a_name_belongs_to_one_record_whatever_its_state() {
    every_backend(|address| {
        let store = address.open();
        for (n, publication) in [
            Publication::Draft,
            Publication::Submitted,
            Publication::Published,
            Publication::Rejected,
            Publication::Withdrawn,
        ]
        .into_iter()
        .enumerate()
        {
            let (id, name, own) = (format!("e-{n}"), format!("s-{n}"), format!("u-{n}"));
            let kept = Event {
                publication,
                ..event(&id, &name, &own)
            };
            commit(&*store, vec![Change::create(kept.into())]);
            let other = format!("other-{n}");
            for (record, claim) in [
                (record(&other, &name, "free"), slug(&name)),
                (record(&other, "free", &own), uid(&own)),
            ] {
                let error = try_commit(&*store, vec![Change::create(record.clone())]).unwrap_err();
                let expected = format!("{} cannot have the {claim}", record.key());
                assert!(error.to_string().starts_with(&expected), "{error}");
                assert!(
                    error.to_string().contains(&format!("event/{id};")),
                    "{error}"
                );
                let StoreError::Taken {
                    key,
                    claim: taken,
                    holder,
                } = error
                else {
                    panic!("{error}")
                };
                assert_eq!((key, taken), (record.key(), claim));
                assert_eq!(holder.id, id);
                assert_eq!(store.get(&record.key()).unwrap(), None);
            }
            assert_eq!(holder(&*store, &slug(&name)), Some(format!("event/{id}")));
            assert_eq!(holder(&*store, &uid(&own)), Some(format!("event/{id}")));
        }
        assert_eq!(holder(&*store, &slug("free")), None);
    });
}

#[test]
fn a_commit_that_takes_a_name_changes_nothing_and_two_in_one_commit_are_refused() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::create(record("a", "one", "u-1"))]);
        let before = store.load().unwrap();
        for changes in [
            vec![
                Change::create(category("music", "Musikk")),
                Change::create(record("b", "two", "u-2")),
                Change::create(record("c", "one", "u-3")),
            ],
            vec![
                Change::create(record("b", "two", "u-2")),
                Change::create(record("c", "two", "u-3")),
            ],
            vec![
                Change::put(record("a", "two", "u-1")),
                Change::create(record("b", "two", "u-2")),
            ],
        ] {
            let refused = try_commit(&*store, changes);
            assert!(
                matches!(refused, Err(StoreError::Taken { .. })),
                "{refused:?}"
            );
            assert_eq!(store.load().unwrap(), before);
            assert_eq!(store.head().number.0, 1);
            assert_eq!(holder(&*store, &slug("two")), None);
            assert_eq!(holder(&*store, &uid("u-2")), None);
        }
    });
}

#[test]
fn names_move_in_one_commit_and_are_free_when_their_record_is_gone() {
    every_backend(|address| {
        let store = address.open();
        let (a, b) = (record("a", "one", "u-1"), record("b", "two", "u-2"));
        commit(&*store, vec![Change::create(a.clone()), Change::create(b)]);
        let exchanged = vec![
            Change::put(record("a", "two", "u-2")),
            Change::put(record("b", "one", "u-1")),
        ];
        commit(&*store, exchanged);
        assert_eq!(holder(&*store, &slug("one")).as_deref(), Some("event/b"));
        assert_eq!(holder(&*store, &uid("u-2")).as_deref(), Some("event/a"));
        // One is removed and another gets its names, in one commit.
        let heir = vec![
            Change::remove(a.key(), Revision(2)),
            Change::create(record("c", "two", "u-2")),
        ];
        commit(&*store, heir);
        assert_eq!(holder(&*store, &slug("two")).as_deref(), Some("event/c"));
        // A removed record can be restored only with free names.
        let back = try_commit(&*store, vec![Change::create(record("a", "two", "u-2"))]);
        assert!(matches!(back, Err(StoreError::Taken { .. })), "{back:?}");
        let key = RecordKey::new(a.kind(), "c");
        commit(&*store, vec![Change::remove(key, Revision(1))]);
        commit(&*store, vec![Change::create(record("a", "two", "u-2"))]);
        assert_eq!(holder(&*store, &slug("two")).as_deref(), Some("event/a"));
    });
}

#[test]
fn of_writers_who_want_the_same_name_exactly_one_gets_it() {
    every_backend(|address| {
        let store = address.open();
        for round in 0..20 {
            let won = std::thread::scope(|scope| {
                let write = |n: u32| {
                    let (id, own) = (format!("e-{round}-{n}"), format!("u-{round}-{n}"));
                    let change = Change::create(record(&id, &format!("s-{round}"), &own));
                    let store = &*store;
                    scope.spawn(move || try_commit(store, vec![change]).is_ok())
                };
                let writers: Vec<_> = (0..8).map(write).collect();
                let outcomes = writers.into_iter().map(|writer| writer.join().unwrap());
                outcomes.fold(0, |won, wins| won + u32::from(wins))
            });
            assert_eq!(won, 1);
        }
        assert_eq!(store.load().unwrap().len(), 20);
    });
}

/// Fills a store with events that were named, renamed and removed.
fn lived(store: &dyn Store) {
    commit(store, vec![Change::create(record("a", "one", "u-1"))]);
    commit(store, vec![Change::put(record("a", "two", "u-1"))]);
    commit(store, vec![Change::create(record("b", "one", "u-2"))]);
    commit(store, vec![Change::create(record("c", "three", "u-3"))]);
    let gone = record("c", "three", "u-3").key();
    commit(store, vec![Change::remove(gone, Revision(1))]);
}

#[track_caller]
fn has_lived(store: &dyn Store) {
    let expected = [
        (slug("one"), Some("event/b")),
        (slug("two"), Some("event/a")),
        (slug("three"), None),
        (uid("u-1"), Some("event/a")),
        (uid("u-2"), Some("event/b")),
        (uid("u-3"), None),
    ];
    for (claim, expected) in expected {
        assert_eq!(holder(store, &claim).as_deref(), expected, "{claim}");
    }
    let taken = try_commit(store, vec![Change::create(record("d", "one", "u-4"))]);
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
}

#[test]
fn names_are_the_same_after_a_restart_a_rebuilding_a_salvage_and_a_restoration() {
    let address = Address::sled();
    lived(&*address.open());
    has_lived(&*address.open());
    address.remove_sled();
    has_lived(&*address.open());
    let file = address.folder.path().join("all.backup");
    let _ = backup(&address.url, &file).unwrap();
    let other = Address::sled();
    let _ = restore(&other.url, &file, &Restoring::default()).unwrap();
    has_lived(&*other.open());
    let until = Restoring {
        until: RestoreEnd::Commit(calendar_store::CommitNumber(4)),
        replace: true,
        ..Restoring::default()
    };
    let _ = restore(&other.url, &file, &until).unwrap();
    assert_eq!(
        holder(&*other.open(), &slug("three")).as_deref(),
        Some("event/c")
    );
    let _ = salvage(&address.url).unwrap();
    has_lived(&*address.open());
    assert_eq!(check(&address.url).unwrap().findings, Vec::<String>::new());
}

#[test]
fn an_event_id_is_no_name_of_another_kind_of_record() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::create(category("one", "En"))]);
        commit(&*store, vec![Change::create(record("a", "one", "one"))]);
        let id: EventId = "one".parse().unwrap();
        commit(&*store, vec![Change::create(record(id.as_str(), "a", "a"))]);
        assert_eq!(holder(&*store, &uid("one")).as_deref(), Some("event/a"));
    });
}

/// Returns a store of an earlier version, which did not check names. `event/a`, `event/b` and `event/c` have
/// the UID `u-1`, the first two also the slug `one`.
fn of_an_earlier_build() -> Address {
    let address = Address::sled();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/store_contract/shared_names.tar.gz"
    );
    let mut tar = std::process::Command::new("tar");
    tar.args(["-xzf", file, "-C"]).arg(address.folder.path());
    assert!(tar.status().expect("tar is there").success());
    address
}

#[test]
fn a_store_in_which_records_share_names_opens_and_check_lists_them() {
    for with_database in [true, false] {
        let address = of_an_earlier_build();
        if !with_database {
            address.remove_sled();
        }
        let listed = |address: &Address| -> Vec<String> {
            let findings = check(&address.url).unwrap().findings.into_iter();
            findings
                .filter(|finding| finding.contains("event_"))
                .collect()
        };
        if with_database {
            assert_eq!(listed(&address).len(), 2, "before it was ever opened");
        }
        let store = address.open();
        let holders = |claim: &Claim| -> Vec<String> {
            let holders = store.holders(claim).unwrap();
            holders.iter().map(ToString::to_string).collect()
        };
        assert_eq!(holders(&slug("one")), ["event/a", "event/b"]);
        assert_eq!(holders(&uid("u-1")), ["event/a", "event/b", "event/c"]);
        // They keep their names; no other record can get them.
        let changed = Event {
            sequence: 7,
            ..event("b", "one", "u-1")
        };
        commit(&*store, vec![Change::put(changed.into())]);
        let taken = try_commit(&*store, vec![Change::create(record("e", "one", "u-5"))]);
        assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
        let taken = try_commit(&*store, vec![Change::put(record("d", "four", "u-1"))]);
        assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
        drop(store);
        let findings = listed(&address);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(
            findings[0].contains("event_slug/one") && findings[0].contains("event/a and event/b")
        );
        let store = address.open();
        commit(&*store, vec![Change::put(record("b", "two", "u-2"))]);
        commit(
            &*store,
            vec![Change::remove(record("a", "one", "u-1").key(), Revision(1))],
        );
        assert_eq!(holder(&*store, &slug("one")), None);
        assert_eq!(holder(&*store, &uid("u-1")).as_deref(), Some("event/c"));
        drop(store);
        assert_eq!(listed(&address), Vec::<String>::new());
    }
}
