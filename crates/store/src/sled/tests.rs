use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use chrono::DateTime;
use tempfile::TempDir;

use super::folders;
use super::locks::lock;
use super::repair::{check, salvage};
use super::store::SledStore;
use crate::commit::{
    Author, Change, Commit, CommitNumber, Committed, RecordVersion, Revision, StoreHead, Stored,
};
use crate::journal::JournalLimits;
use crate::{Store, StoreError};
use calendar_domain::{Category, Event, Owner, Record, RecordKey, Schedule, Text, When};

/// Small limits, so that a test fills segments and causes compactions.
const SMALL: JournalLimits = JournalLimits {
    segment: 2_000,
    segments: 12_000,
    reserve: 0,
};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("store")
    }

    fn open(&self) -> SledStore {
        SledStore::open(&self.root(), SMALL).unwrap_or_else(|error| panic!("{error}"))
    }

    fn sled(&self) -> PathBuf {
        folders::database(&self.root())
            .unwrap()
            .expect("it has been opened before")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Returns the files in the journal's folder with this extension.
    fn journal(&self, extension: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("journal")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|e| e == extension))
            .collect()
    }
}

fn record(slug: &str, name: &str) -> Record {
    Record::from(Category {
        slug: slug.parse().unwrap(),
        name: Text::nb(name),
        description: Text::default(),
        aliases: Vec::new(),
        color: None,
        rank: 0,
        owner: Owner::DataFile,
    })
}

fn put(store: &SledStore, slug: &str, name: &str) -> Result<Committed, StoreError> {
    store.commit(Commit {
        author: Author::System,
        at: DateTime::UNIX_EPOCH,
        note: String::new(),
        changes: vec![Change::put(record(slug, name))],
    })
}

fn fill(store: &SledStore, commits: u32) {
    for n in 0..commits {
        put(store, ["a", "b", "c"][n as usize % 3], &n.to_string()).unwrap();
    }
}

type Told = (StoreHead, Vec<Stored>, Vec<Vec<RecordVersion>>);

fn told(store: &SledStore) -> Told {
    let history = |slug| store.history(&record(slug, "").key()).unwrap();
    (
        store.head(),
        store.load().unwrap(),
        ["a", "b", "c"].map(history).to_vec(),
    )
}

fn size_of(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum()
}

#[test]
fn the_journal_stays_bounded_and_still_has_everything() {
    let folder = Folder::new();
    let before = {
        let store = folder.open();
        fill(&store, 900);
        told(&store)
    };
    // The history of each record is full now, so the journal has reached its final size.
    let size = size_of(&folder.path("journal"));
    let before = {
        let store = folder.open();
        assert_eq!(told(&store), before);
        fill(&store, 300);
        told(&store)
    };
    assert!(size_of(&folder.path("journal")) < size + 2 * SMALL.segments);
    assert_eq!(folder.journal("snapshot").len(), 1);
    fs::remove_dir_all(folder.sled()).unwrap();
    assert_eq!(told(&folder.open()), before);
}

#[test]
fn a_crash_between_a_snapshot_and_the_removal_of_old_segments_does_no_harm() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 5);
    let old: Vec<_> = folder
        .journal("journal")
        .iter()
        .map(|p| (p.clone(), fs::read(p).unwrap()))
        .collect();
    fill(&store, 200);
    let before = told(&store);
    drop(store);
    assert_eq!(folder.journal("snapshot").len(), 1);
    for (path, mut bytes) in old {
        // Damage in replaced files has no effect.
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    fs::write(
        folder.path("journal").join("snapshot.unfinished"),
        b"ELVSNAP\n",
    )
    .unwrap();
    assert_eq!(told(&folder.open()), before);
    fs::remove_dir_all(folder.sled()).unwrap();
    assert_eq!(told(&folder.open()), before);
}

#[test]
fn a_commit_that_sled_does_not_take_counts_and_is_there_in_the_next_read() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 3);
    store.trees().unwrap().fail_next_write();
    let committed = put(&store, "a", "after the failure").unwrap();
    assert_eq!(committed.number, CommitNumber(4));
    let stored = store.get(&record("a", "").key()).unwrap().unwrap();
    assert_eq!(stored.record, record("a", "after the failure"));
    assert_eq!(stored.revision, Revision(2));
    assert_eq!(put(&store, "b", "and on").unwrap().number, CommitNumber(5));
    let before = told(&store);
    drop(store);
    assert_eq!(told(&folder.open()), before);
}

fn concert() -> Event {
    let day = Schedule::once(When::day(DateTime::UNIX_EPOCH.date_naive()));
    let (slug, uid) = ("concert".parse().unwrap(), "u-1".parse().unwrap());
    Event::new(slug, uid, Text::nb("Konsert"), day, DateTime::UNIX_EPOCH)
}

fn holders(store: &SledStore) -> Vec<RecordKey> {
    let claims = concert().claims().into_iter();
    claims
        .flat_map(|claim| store.holders(&claim).unwrap())
        .collect()
}

fn put_concert(store: &SledStore) {
    let commit = Commit {
        author: Author::System,
        at: DateTime::UNIX_EPOCH,
        note: String::new(),
        changes: vec![Change::put(concert().into())],
    };
    store.commit(commit).unwrap();
}

#[test]
fn an_index_of_names_that_an_earlier_build_left_behind_is_made_anew() {
    let folder = Folder::new();
    let store = folder.open();
    put_concert(&store);
    let key = Record::from(concert()).key();
    assert_eq!(holders(&store), [key.clone(), key.clone()]);
    store.trees().unwrap().leave_claims_behind();
    assert!(holders(&store).is_empty());
    drop(store);
    let store = folder.open();
    assert_eq!(holders(&store), [key.clone(), key]);
}

#[test]
fn an_index_of_names_that_is_not_what_the_records_say_is_found_and_made_anew() {
    let folder = Folder::new();
    let store = folder.open();
    put_concert(&store);
    store.trees().unwrap().lose_claims();
    drop(store);
    let path = &folder.root();
    let findings = || check(path, &mut |_| None).unwrap().findings;
    let found = findings();
    assert!(
        found.len() == 1 && found[0].contains("index of names"),
        "{found:?}"
    );
    let _ = salvage(path).unwrap();
    assert_eq!(findings(), Vec::<String>::new());
    assert_eq!(holders(&folder.open()).len(), 2);
}

#[test]
fn an_index_of_names_is_made_once_and_then_follows_each_commit() {
    let folder = Folder::new();
    let follows = |store: &SledStore| {
        let state = lock(&store.writer).state;
        store.trees().unwrap().has_claims_of(&state).unwrap()
    };
    for _ in 0..3 {
        let store = folder.open();
        assert!(follows(&store));
        fill(&store, 2);
        put_concert(&store);
        assert!(follows(&store));
    }
    fs::remove_dir_all(folder.sled()).unwrap();
    let store = folder.open();
    assert!(follows(&store));
    fill(&store, 2);
    assert!(follows(&store));
}

#[test]
fn names_of_a_commit_that_sled_does_not_take_are_kept_all_the_same() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 3);
    store.trees().unwrap().fail_next_write();
    put_concert(&store);
    assert_eq!(holders(&store).len(), 2);
}

#[test]
fn damage_that_a_reader_meets_is_mended_before_the_next_commit() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 9);
    let before = told(&store);
    store
        .trees()
        .unwrap()
        .lose_earlier(&record("a", "").key().to_string());
    let error = store.history(&record("a", "").key()).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    put(&store, "c", "next").unwrap();
    let (_, _, histories) = told(&store);
    assert_eq!(histories[..2], before.2[..2]);
    assert!(folder.path("sled.damaged-1").exists());
}

#[test]
fn a_compaction_never_drops_the_journal_for_a_database_that_lost_something() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 12);
    let before = told(&store);
    store
        .trees()
        .unwrap()
        .lose_earlier(&record("a", "").key().to_string());
    lock(&store.writer)
        .journal
        .as_mut()
        .unwrap()
        .make_compaction_due();
    store.compact();
    assert!(folder.journal("snapshot").is_empty());
    // The next commit detects the loss and repairs it.
    put(&store, "d", "next").unwrap();
    assert_eq!(told(&store).2, before.2);
}

#[test]
fn while_the_journal_can_not_be_written_commits_fail_and_reads_go_on() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 3);
    let before = told(&store);
    // A folder at the path of the next segment simulates a failing disk.
    lock(&store.writer).journal.as_mut().unwrap().end_segment();
    let obstacle = folder.path("journal").join(format!("{:020}.journal", 4));
    fs::create_dir(&obstacle).unwrap();
    for _ in 0..3 {
        assert!(put(&store, "a", "refused").unwrap_err().is_passing());
        assert_eq!(told(&store), before);
    }
    fs::remove_dir(&obstacle).unwrap();
    assert_eq!(put(&store, "a", "taken").unwrap().number, CommitNumber(4));
    let after = told(&store);
    drop(store);
    assert_eq!(told(&folder.open()), after);
}

#[test]
fn a_refused_commit_that_reached_the_disk_is_not_taken_up_when_the_store_is_mended() {
    let folder = Folder::new();
    let store = folder.open();
    fill(&store, 3);
    let segment = folder.journal("journal").remove(0);
    let before = fs::read(&segment).unwrap();
    put(&store, "a", "refused").unwrap();
    let with_refused = fs::read(&segment).unwrap();
    drop(store);
    // Return to the third commit. The fourth is on the disk but was never acknowledged.
    fs::remove_dir_all(folder.sled()).unwrap();
    fs::write(&segment, before).unwrap();
    fs::remove_file(folder.path("journal").join("acknowledged")).unwrap();
    let store = folder.open();
    assert_eq!(store.head().number, CommitNumber(3));
    fs::write(&segment, with_refused).unwrap();
    store.suspect.store(true, Ordering::SeqCst);
    assert_eq!(put(&store, "b", "taken").unwrap().number, CommitNumber(4));
    let stored = store.get(&record("a", "").key()).unwrap().unwrap();
    assert_eq!(stored.record, record("a", "0"));
    let after = told(&store);
    drop(store);
    assert_eq!(told(&folder.open()), after);
}
