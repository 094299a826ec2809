//! Backup to a file, and restore.

use std::fs;
use std::path::PathBuf;

use calendar_store::{
    Change, CommitNumber, RestoreEnd, Restoring, StoreError, backup, check, check_backup, restore,
};

use crate::child::Child;
use crate::files::{Told, filled, flip, truncate};
use crate::random_damage::Dice;
use crate::support::{Address, at, category, commit, every_backend, key};

impl Address {
    fn backup_file(&self) -> PathBuf {
        self.folder.path().join("calendar.backup")
    }

    /// Restores a backup to a new store.
    fn of_backup(file: &std::path::Path, until: RestoreEnd) -> Self {
        let address = Self::sled();
        let how = Restoring {
            until,
            replace: false,
            ..Restoring::default()
        };
        let restored = restore(&address.url, file, &how);
        let restored = restored.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(restored.replaced, None);
        address
    }
}

/// Returns a store whose journal starts with a snapshot.
fn compacted() -> (Address, Told) {
    let (address, _) = filled();
    fs::remove_dir_all(address.path("journal")).unwrap();
    let store = address.open();
    commit(&*store, vec![Change::put(category("music", "Etterpå"))]);
    let told = Told::by(&*store);
    drop(store);
    (address, told)
}

#[test]
fn a_backup_restored_elsewhere_tells_the_same_and_goes_on() {
    for (address, told) in [filled(), compacted()] {
        let file = address.backup_file();
        let made = backup(&address.url, &file).unwrap();
        assert_eq!((made.commit, made.at), (told.head.number, told.head.at));
        assert_eq!(made.bytes, fs::metadata(&file).unwrap().len());
        let other = Address::of_backup(&file, RestoreEnd::End);
        assert_eq!(Told::at(&other), told);
        assert!(check(&other.url).unwrap().findings.is_empty());
        // The same from the copy, whose database is rebuilt from its journal.
        other.remove_sled();
        assert_eq!(Told::at(&other), told);
        let next = commit(&*other.open(), vec![Change::put(category("next", "Neste"))]);
        assert_eq!(next.number, told.head.number.next());
    }
}

#[test]
fn an_empty_store_has_a_backup_too() {
    every_backend(|address| {
        drop(address.open());
        let file = address.backup_file();
        assert_eq!(backup(&address.url, &file).unwrap().commit, CommitNumber(0));
        let other = Address::of_backup(&file, RestoreEnd::End);
        assert_eq!(other.open().head().number, CommitNumber(0));
    });
}

#[test]
fn check_of_a_backup_counts_what_check_of_its_store_counts() {
    for (address, _) in [filled(), compacted()] {
        let file = address.backup_file();
        let _ = backup(&address.url, &file).unwrap();
        assert_eq!(check_backup(&file).unwrap(), check(&address.url).unwrap());
    }
}

#[test]
fn restoring_stops_at_a_commit_or_a_time() {
    let (address, _) = filled();
    let file = address.backup_file();
    let _ = backup(&address.url, &file).unwrap();
    // Commits 1 and 2 are at the same second, each later one a second after its predecessor.
    for (until, number) in [
        (RestoreEnd::Commit(CommitNumber(7)), 7),
        (RestoreEnd::Time(at(0)), 2),
        (RestoreEnd::Time(at(5)), 7),
    ] {
        let other = Address::of_backup(&file, until);
        let store = other.open();
        assert_eq!(store.head().number, CommitNumber(number), "{until:?}");
        let music = key(&category("music", ""));
        let whole = address.open().history(&music).unwrap();
        let expected = whole.into_iter().filter(|v| v.commit.0 <= number);
        assert_eq!(store.history(&music).unwrap(), expected.collect::<Vec<_>>());
    }
}

#[test]
fn a_stop_that_is_not_in_the_backup_is_refused_with_those_that_are() {
    let (address, told) = compacted();
    let file = address.backup_file();
    let _ = backup(&address.url, &file).unwrap();
    let last = told.head.number.0;
    let other = Address::sled();
    for until in [
        RestoreEnd::Commit(CommitNumber(3)),
        RestoreEnd::Commit(CommitNumber(last + 1)),
        RestoreEnd::Time(at(-60)),
    ] {
        let how = Restoring {
            until,
            replace: true,
            ..Restoring::default()
        };
        let error = restore(&other.url, &file, &how).unwrap_err();
        assert!(matches!(error, StoreError::NotInBackup { .. }), "{error}");
        let range = format!("contains commits {} to {last}, not", last - 1);
        assert!(error.to_string().contains(&range), "{error}");
        assert!(!other.path("").exists());
    }
}

#[test]
fn a_store_that_is_there_is_replaced_only_when_told_so_and_kept() {
    let (address, told) = filled();
    let file = address.backup_file();
    let _ = backup(&address.url, &file).unwrap();
    let (other, before) = compacted();
    let how = Restoring::default();
    let error = restore(&other.url, &file, &how).unwrap_err();
    assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    assert!(error.to_string().contains("--replace"), "{error}");
    assert_eq!(Told::at(&other), before);
    let how = Restoring {
        replace: true,
        ..how
    };
    let child = Child::holding(&other.url);
    let error = restore(&other.url, &file, &how).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    child.kill();
    let kept = restore(&other.url, &file, &how).unwrap().replaced.unwrap();
    assert_eq!(Told::at(&other), told);
    let url = format!("sled:{}", kept.display());
    let store = calendar_store::open(&url).unwrap();
    assert_eq!(Told::by(&*store), before);
}

#[test]
fn a_backup_under_eight_writers_is_the_state_at_its_commit() {
    let address = Address::sled();
    let mut child = Child::committing(&address.url, 8);
    let file = |n: usize| address.folder.path().join(format!("{n}.backup"));
    let mut made = Vec::new();
    for n in 0..6 {
        for _ in 0..25 {
            child.next_line();
        }
        made.push(backup(&address.url, &file(n)).unwrap());
    }
    child.kill();
    assert!(made.is_sorted_by_key(|item| item.commit) && made[0].commit < made[5].commit);
    let last = address.backup_file();
    let _ = backup(&address.url, &last).unwrap();
    for (n, made) in made.iter().enumerate() {
        let told = Told::at(&Address::of_backup(&file(n), RestoreEnd::End));
        assert_eq!(told.head.number, made.commit);
        let expected = Address::of_backup(&last, RestoreEnd::Commit(made.commit));
        assert_eq!(told, Told::at(&expected), "backup {n}");
    }
}

#[test]
fn a_hundred_cuts_and_flips_of_a_backup_are_all_found_before_anything_is_touched() {
    let (address, _) = filled();
    let file = address.backup_file();
    let _ = backup(&address.url, &file).unwrap();
    let clean = fs::read(&file).unwrap();
    let (other, before) = compacted();
    let how = Restoring {
        until: RestoreEnd::End,
        replace: true,
        ..Restoring::default()
    };
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for round in 0..100 {
        fs::write(&file, &clean).unwrap();
        let place = dice.below(clean.len());
        let done = if round % 2 == 0 {
            flip(&file, place);
            format!("byte {place} flipped")
        } else {
            truncate(&file, place);
            format!("cut to {place} bytes")
        };
        let error = restore(&other.url, &file, &how).unwrap_err();
        assert!(
            matches!(error, StoreError::BrokenBackup { .. }),
            "{done}: {error}"
        );
        assert!(!check_backup(&file).unwrap().findings.is_empty(), "{done}");
        assert!(!other.path("restoring").exists(), "{done}");
    }
    assert!(!other.path("replaced-1").exists());
    assert_eq!(Told::at(&other), before);
}

#[test]
fn a_file_that_is_no_backup_is_never_overwritten() {
    let (address, _) = filled();
    let file = address.backup_file();
    fs::write(&file, b"something of somebody's").unwrap();
    let error = backup(&address.url, &file).unwrap_err();
    assert!(error.to_string().contains("another file"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), b"something of somebody's");
    fs::remove_file(&file).unwrap();
    let _ = backup(&address.url, &file).unwrap();
    // A backup file may be overwritten.
    let _ = backup(&address.url, &file).unwrap();
    let names: Vec<_> = fs::read_dir(address.folder.path()).unwrap().collect();
    // The store, its `.created` file, and the backup.
    assert_eq!(names.len(), 3, "nothing unfinished is left: {names:?}");
}

#[test]
fn a_backup_of_a_stopped_store_has_every_whole_commit_of_the_journal() {
    let (address, told) = filled();
    let last = told.head.number.0;
    // As after a power loss: the acknowledgement mark lags.
    address.set_mark(last - 5);
    let file = address.backup_file();
    let made = backup(&address.url, &file).unwrap();
    assert_eq!(made.commit.0, last);
    assert_eq!(Told::at(&Address::of_backup(&file, RestoreEnd::End)), told);
    // A running store may still discard what follows the mark.
    let child = Child::holding(&address.url);
    address.set_mark(last - 5);
    assert_eq!(backup(&address.url, &file).unwrap().commit.0, last - 5);
    child.kill();
    assert_eq!(backup(&address.url, &file).unwrap().commit.0, last);
}

#[test]
fn a_store_keeps_its_generation_until_it_is_put_back_to_an_earlier_state() {
    every_backend(|address| {
        let first = address.open().generation();
        assert_eq!((first.restored_at, first.unmarked), (None, 0));
        commit(
            &*address.open(),
            vec![Change::put(category("music", "Musikk"))],
        );
        assert_eq!(address.open().generation(), first);
        let file = address.backup_file();
        let _ = backup(&address.url, &file).unwrap();
        assert_eq!(address.open().generation(), first, "a backup only reads");
        let how = Restoring {
            replace: true,
            ..Restoring::default()
        };
        let mut seen = vec![first.id];
        for _ in 0..2 {
            let _ = restore(&address.url, &file, &how).unwrap();
            let next = address.open().generation();
            assert!(next.restored_at.is_some() && !seen.contains(&next.id));
            assert_eq!(address.open().generation(), next);
            seen.push(next.id);
        }
        let elsewhere = Address::of_backup(&file, RestoreEnd::End)
            .open()
            .generation();
        assert!(!seen.contains(&elsewhere.id));
    });
}
