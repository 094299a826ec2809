//! Damaged or missing parts of the journal and of sled.

use std::fs;
use std::path::Path;

use calendar_store::{Change, CommitNumber, Salvaged, StoreError, check, salvage};

use crate::files::{Told, copy_folder, fill, filled, flip, frames, truncate};
use crate::support::{Address, category, commit, key};

#[test]
fn a_missing_database_is_rebuilt_from_the_journal_the_same() {
    let (address, told) = filled();
    address.remove_sled();
    assert_eq!(Told::at(&address), told);
    assert_eq!(Told::at(&address), told);
}

#[test]
fn a_wrecked_database_is_set_aside_and_rebuilt_the_same() {
    let (address, told) = filled();
    address.wreck_sled();
    assert_eq!(Told::at(&address), told);
    assert!(address.path("sled.damaged-1").is_dir());
    for _ in 0..5 {
        address.wreck_sled();
        assert_eq!(Told::at(&address), told);
    }
    // Only the newest are kept, to bound the disk usage.
    let kept: Vec<_> = (1..8)
        .filter(|n| address.path(&format!("sled.damaged-{n}")).exists())
        .collect();
    assert_eq!(kept, [4, 5, 6]);
}

#[test]
fn a_database_that_is_behind_is_caught_up() {
    let address = Address::sled();
    let store = address.open();
    commit(&*store, vec![Change::create(category("music", "Musikk"))]);
    drop(store);
    let old = address.folder.path().join("old");
    copy_folder(&address.sled_folder(), &old);
    let told = {
        let store = address.open();
        commit(&*store, vec![Change::put(category("music", "Konsert"))]);
        fill(&*store)
    };
    let folder = address.sled_folder();
    address.remove_sled();
    copy_folder(&old, &folder);
    assert_eq!(Told::at(&address), told);
    assert!(!address.path("sled.damaged-1").exists());
}

#[test]
fn a_database_of_another_store_is_set_aside() {
    let (address, told) = filled();
    let other = Address::sled();
    commit(
        &*other.open(),
        vec![Change::create(category("music", "Noe annet"))],
    );
    let folder = address.sled_folder();
    address.remove_sled();
    copy_folder(&other.sled_folder(), &folder);
    assert_eq!(Told::at(&address), told);
    assert!(address.path("sled.damaged-1").is_dir());
}

#[test]
fn a_missing_journal_begins_anew_from_the_database() {
    let (address, told) = filled();
    fs::remove_dir_all(address.path("journal")).unwrap();
    assert_eq!(Told::at(&address), told);
    // The database is complete again and can be removed.
    address.remove_sled();
    assert_eq!(Told::at(&address), told);
}

#[test]
fn a_journal_older_than_its_database_begins_anew() {
    let address = Address::sled();
    commit(
        &*address.open(),
        vec![Change::create(category("music", "Musikk"))],
    );
    let old = address.folder.path().join("old");
    copy_folder(&address.path("journal"), &old);
    let told = fill(&*address.open());
    fs::remove_dir_all(address.path("journal")).unwrap();
    copy_folder(&old, &address.path("journal"));
    assert_eq!(Told::at(&address), told);
    address.wreck_sled();
    assert_eq!(Told::at(&address), told);
}

#[test]
fn a_record_torn_at_any_byte_is_cut_and_the_acknowledged_ones_stay() {
    let (address, told) = filled();
    let segment = address.segment();
    let clean = fs::read(&segment).unwrap();
    let starts = frames(&segment);
    // A commit that was never acknowledged: prefixes of the last one's bytes.
    let unfinished = clean[starts[starts.len() - 2]..].to_vec();
    for length in [1, 19, 20, 21, unfinished.len() - 1] {
        for with_database in [true, false] {
            let torn = [clean.as_slice(), &unfinished[..length]].concat();
            fs::write(&segment, torn).unwrap();
            if !with_database {
                address.remove_sled();
            }
            assert_eq!(Told::at(&address), told, "{length} bytes, {with_database}");
            assert_eq!(fs::read(&segment).unwrap(), clean);
        }
    }
}

#[test]
fn a_flipped_byte_in_the_journal_is_mended_from_the_database() {
    let (address, told) = filled();
    let starts = frames(&address.segment());
    flip(&address.segment(), starts[7] + 30);
    assert!(!check(&address.url).unwrap().findings.is_empty());
    assert_eq!(Told::at(&address), told);
    assert!(address.path("journal.damaged-1").is_dir());
    address.wreck_sled();
    assert_eq!(Told::at(&address), told);
    assert!(check(&address.url).unwrap().findings.is_empty());
}

#[test]
fn damage_in_both_is_refused_with_the_place_and_what_can_be_kept() {
    let (address, told) = filled();
    let generation = address.open().generation();
    let segment = address.segment();
    let offset = frames(&segment)[7];
    flip(&segment, offset + 30);
    address.wreck_sled();
    for _ in 0..2 {
        let error = address.refused();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(&segment.display().to_string()), "{text}");
        assert!(text.contains(&format!("offset {offset}")), "{text}");
        assert!(text.contains("commit 8 is missing"), "{text}");
        assert!(text.contains("up to commit 7"), "{text}");
        assert!(text.contains("store salvage"), "{text}");
    }
    let salvaged = salvage(&address.url).unwrap();
    let expected = Salvaged {
        kept: CommitNumber(7),
        known: told.head.number,
    };
    assert_eq!(salvaged, expected);
    let store = address.open();
    // Commits that clients have seen are gone.
    assert_ne!(store.generation().id, generation.id);
    assert_eq!(store.head().number, CommitNumber(7));
    let names = store.history(&key(&category("music", ""))).unwrap();
    assert_eq!(names, told.histories[0][..2]);
    assert_eq!(
        commit(&*store, vec![Change::put(category("new", "Ny"))]).number,
        CommitNumber(8)
    );
    drop(store);
    assert!(check(&address.url).unwrap().findings.is_empty());
}

#[test]
fn salvage_of_a_store_that_opens_by_itself_loses_nothing() {
    let (address, told) = filled();
    address.wreck_sled();
    let salvaged = salvage(&address.url).unwrap();
    assert_eq!(salvaged.kept, salvaged.known);
    assert_eq!(Told::at(&address), told);
    assert_eq!(address.open().generation().restored_at, None);
}

#[test]
fn an_acknowledged_commit_that_was_cut_off_is_missed() {
    // Cut between two commits and within one; the file alone looks valid.
    for inside in [0, 9] {
        let (address, _) = filled();
        let starts = frames(&address.segment());
        truncate(&address.segment(), starts[20] + inside);
        address.remove_sled();
        let text = address.refused().to_string();
        assert!(text.contains("commits 21 to 22 are missing"), "{text}");
        assert!(text.contains("up to commit 20"), "{text}");
    }
}

#[test]
fn nothing_at_all_in_the_journal_beside_a_wrecked_database_is_no_new_store() {
    let (address, _) = filled();
    fs::remove_dir_all(address.path("journal")).unwrap();
    for _ in 0..2 {
        // sled would open an empty file as a new database.
        truncate(&address.sled_file(), 0);
        let text = address.refused().to_string();
        assert!(text.contains("restore a backup"), "{text}");
        assert!(matches!(
            salvage(&address.url),
            Err(StoreError::Damaged { .. })
        ));
    }
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_alone() {
    let (address, _) = filled();
    let segment = address.segment();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[8..12].copy_from_slice(&7u32.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..28]);
    bytes[28..32].copy_from_slice(&crc.to_le_bytes());
    fs::write(&segment, &bytes).unwrap();
    let error = address.refused();
    assert!(
        matches!(error, StoreError::NewerSchema { found: 7, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("use a newer elverum-calendar"));
    assert_eq!(fs::read(&segment).unwrap(), bytes);
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let (address, _) = filled();
    set_schema(&address.sled_folder(), "7");
    let segment = fs::read(address.segment()).unwrap();
    for _ in 0..2 {
        let error = address.refused();
        assert!(
            matches!(error, StoreError::NewerSchema { found: 7, .. }),
            "{error}"
        );
    }
    assert!(!address.path("sled.damaged-1").exists());
    assert_eq!(fs::read(address.segment()).unwrap(), segment);
}

fn set_schema(path: &Path, version: &str) {
    let db = sled::open(path).unwrap();
    db.open_tree("meta")
        .unwrap()
        .insert("schema", version)
        .unwrap();
    db.flush().unwrap();
}

#[test]
fn a_record_that_vanished_from_the_database_is_noticed_and_brought_back() {
    for tree in ["current", "history"] {
        let (address, told) = filled();
        let db = sled::open(address.sled_folder()).unwrap();
        let first = db.open_tree(tree).unwrap().pop_min().unwrap();
        assert!(first.is_some());
        drop(db);
        assert_eq!(Told::at(&address), told, "{tree}");
        assert!(address.path("sled.damaged-1").is_dir());
    }
}

#[test]
fn check_tells_what_is_there_and_finds_nothing_wrong_with_a_sound_store() {
    let (address, told) = filled();
    let checked = check(&address.url).unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
    assert_eq!(checked.head, told.head.number);
    assert_eq!(checked.records, told.records.len());
    assert_eq!(checked.versions, 2 + 20 + 20);
    let nowhere = format!("{}-nowhere", address.url);
    assert!(check(&nowhere).is_err());
}

#[test]
fn check_tells_which_commits_are_only_in_the_journal_and_finds_nothing_wrong_with_that() {
    let address = Address::sled();
    commit(
        &*address.open(),
        vec![Change::create(category("music", "Musikk"))],
    );
    let old = address.folder.path().join("old");
    copy_folder(&address.sled_folder(), &old);
    let told = fill(&*address.open());
    let folder = address.sled_folder();
    address.remove_sled();
    copy_folder(&old, &folder);
    let checked = check(&address.url).unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
    let last = told.head.number.0;
    let commits = format!("commits 2 to {last} are only in the journal");
    assert!(
        checked.notes.len() == 1 && checked.notes[0].contains(&commits),
        "{:?}",
        checked.notes
    );
    drop(address.open());
    assert_eq!(check(&address.url).unwrap().notes, Vec::<String>::new());
}
