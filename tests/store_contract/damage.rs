//! What the journal and sled do when a part of them is damaged or missing.

use std::fs;
use std::path::{Path, PathBuf};

use elverum_calendar::domain::Record;
use elverum_calendar::store::{
    Author, Change, Commit, CommitNumber, Head, Revision, Salvaged, Store, StoreError, Stored,
    Version, check, open, salvage,
};

use crate::support::{Address, at, audience, category, commit, key};

/// Everything that a store tells.
#[derive(Debug, PartialEq)]
struct Told {
    head: Head,
    records: Vec<Stored>,
    histories: Vec<Vec<Version>>,
}

impl Told {
    fn by(store: &dyn Store) -> Self {
        let keys = ["music", "sport", "food", "gone"].map(|slug| key(&category(slug, "")));
        Self {
            head: store.head(),
            records: store.load().unwrap(),
            histories: keys.iter().map(|key| store.history(key).unwrap()).collect(),
        }
    }

    fn at(address: &Address) -> Self {
        Self::by(&*address.open())
    }
}

/// Twenty-two commits that make, change and remove; and what the store tells after them.
fn fill(store: &dyn Store) -> Told {
    commit(store, vec![Change::create(category("gone", "Borte"))]);
    for n in 0..20 {
        let slug = ["music", "sport", "food"][n % 3];
        let record = category(slug, &format!("Navn nummer {n} på bokmål"));
        let note = format!("Change {n}");
        let person = Author::Person("kari".to_owned());
        let changes = vec![
            Change::put(record),
            Change::put(audience("all", &n.to_string())),
        ];
        store
            .commit(Commit {
                author: person,
                at: at(n as i64),
                note,
                changes,
            })
            .unwrap();
    }
    commit(
        store,
        vec![Change::remove(key(&category("gone", "")), Revision(1))],
    );
    Told::by(store)
}

fn filled() -> (Address, Told) {
    let address = Address::sled();
    let told = fill(&*address.open());
    (address, told)
}

impl Address {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("store").join(name)
    }

    /// The folder of sled, whose name ends in a number that rises.
    fn sled_folder(&self) -> PathBuf {
        let entries = fs::read_dir(self.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut folders: Vec<_> = names.filter(|name| name.starts_with("sled-")).collect();
        assert_eq!(folders.len(), 1, "{folders:?}");
        self.path(&folders.remove(0))
    }

    fn sled_file(&self) -> PathBuf {
        self.sled_folder().join("db")
    }

    /// The journal's files of one kind, in order.
    fn journal(&self, extension: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("journal")).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == extension));
        files.sort();
        files
    }

    fn segment(&self) -> PathBuf {
        self.journal("journal").pop().expect("a segment")
    }

    fn refused(&self) -> StoreError {
        match open(&self.url) {
            Ok(store) => panic!("it opened, with commit {}", store.head().number),
            Err(error) => error,
        }
    }

    fn wreck_sled(&self) {
        fs::write(self.sled_file(), b"this was a database once").unwrap();
    }

    pub fn remove_sled(&self) {
        fs::remove_dir_all(self.sled_folder()).unwrap();
    }
}

/// Where the frames of a segment begin, by the layout that `journal::frame` describes; the end of
/// the last one too.
fn frames(file: &Path) -> Vec<usize> {
    let bytes = fs::read(file).unwrap();
    let (mut starts, mut at) = (vec![32], 32);
    while at < bytes.len() {
        let length = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap());
        at += 20 + length as usize;
        starts.push(at);
    }
    starts
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 0x55;
    fs::write(file, bytes).unwrap();
}

fn truncate(file: &Path, length: usize) {
    let file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.set_len(length as u64).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

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
    // The newest are kept for study, and the disk doesn't fill up.
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
    // And it has everything again: the database may go now.
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
    // A commit that was never acknowledged: the last one's bytes, as the beginning of another.
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
}

#[test]
fn an_acknowledged_commit_that_was_cut_off_is_missed() {
    // Cut between two commits and within one: nothing in the file itself looks wrong.
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
        // Emptied, sled would open it as a new one.
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

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, files)
        } else {
            files.push(path)
        }
    }
    files.sort();
}

/// Damages one file below `folder`: a flipped byte, a cut, emptied or removed.
fn damage(folder: &Path, dice: &mut Dice) -> String {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    let file = files.swap_remove(dice.below(files.len()));
    let length = fs::metadata(&file).unwrap().len() as usize;
    let kind = if length == 0 { 3 } else { dice.below(4) };
    match kind {
        0 => flip(&file, dice.below(length)),
        1 => truncate(&file, dice.below(length)),
        2 => truncate(&file, 0),
        _ => fs::remove_file(&file).unwrap(),
    }
    format!("{} ({kind})", file.display())
}

#[test]
fn random_damage_ends_in_the_right_data_or_in_a_refusal() {
    let rounds: u64 = std::env::var("DAMAGES").map_or(45, |rounds| rounds.parse().unwrap());
    let (plain, told) = filled();
    // Another one that has a snapshot and a segment after it.
    let (compacted, _) = filled();
    fs::remove_dir_all(compacted.path("journal")).unwrap();
    let told_compacted = {
        let store = compacted.open();
        commit(
            &*store,
            vec![Change::put(category("music", "Etter øyeblikksbildet"))],
        );
        Told::by(&*store)
    };
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut refused = 0;
    for round in 0..rounds {
        let (model, told) = if round % 2 == 0 {
            (&plain, &told)
        } else {
            (&compacted, &told_compacted)
        };
        let address = Address::sled();
        copy_folder(&model.path(""), &address.path(""));
        let (database, journal) = (address.sled_folder(), address.path("journal"));
        let parts = match dice.below(3) {
            0 => vec![database],
            1 => vec![journal],
            _ => vec![database, journal],
        };
        let done: Vec<_> = parts.iter().map(|part| damage(part, &mut dice)).collect();
        match open(&address.url) {
            Ok(store) => {
                assert_eq!(Told::by(&*store), *told, "round {round}: {done:?}");
                let next = vec![Change::put(category("after", &round.to_string()))];
                assert_eq!(commit(&*store, next).number, told.head.number.next());
            }
            Err(error @ StoreError::Damaged { .. }) => {
                refused += 1;
                assert_eq!(parts.len(), 2, "round {round}: {done:?}: {error}");
                salvage_keeps_a_beginning(&address, told, &format!("round {round}: {done:?}"));
            }
            Err(error) => panic!("round {round}: {done:?}: {error}"),
        }
    }
    assert!(refused < rounds / 3, "{refused} of {rounds} were refused");
}

fn salvage_keeps_a_beginning(address: &Address, told: &Told, round: &str) {
    match salvage(&address.url) {
        Ok(salvaged) => {
            assert!(salvaged.kept < told.head.number, "{round}");
            let store = address.open();
            assert_eq!(store.head().number, salvaged.kept, "{round}");
            let music: Record = category("music", "");
            let kept = store.history(&key(&music)).unwrap();
            assert_eq!(kept, told.histories[0][..kept.len()], "{round}");
        }
        Err(StoreError::Damaged { advice, .. }) => {
            assert!(advice.contains("backup"), "{round}: {advice}");
        }
        Err(error) => panic!("{round}: {error}"),
    }
}
