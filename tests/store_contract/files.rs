//! The files of a store, its content, and how to damage it.

use std::fs;
use std::path::{Path, PathBuf};

use calendar_store::{
    Author, Change, Commit, RecordVersion, Revision, Store, StoreError, StoreHead, Stored, open,
};

use crate::support::{Address, at, audience, category, commit, key};

/// The whole content of a store.
#[derive(Debug, PartialEq)]
pub struct Told {
    pub head: StoreHead,
    pub records: Vec<Stored>,
    pub histories: Vec<Vec<RecordVersion>>,
}

impl Told {
    pub fn by(store: &dyn Store) -> Self {
        let keys = ["music", "sport", "food", "gone"].map(|slug| key(&category(slug, "")));
        Self {
            head: store.head(),
            records: store.load().unwrap(),
            histories: keys.iter().map(|key| store.history(key).unwrap()).collect(),
        }
    }

    pub fn at(address: &Address) -> Self {
        Self::by(&*address.open())
    }
}

/// Makes 22 commits that create, change and remove records. Returns the content.
pub fn fill(store: &dyn Store) -> Told {
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

pub fn filled() -> (Address, Told) {
    let address = Address::sled();
    let told = fill(&*address.open());
    (address, told)
}

impl Address {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("store").join(name)
    }

    /// Returns sled's folder, whose name ends in an increasing number.
    pub fn sled_folder(&self) -> PathBuf {
        let entries = fs::read_dir(self.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut folders: Vec<_> = names.filter(|name| name.starts_with("sled-")).collect();
        assert_eq!(folders.len(), 1, "{folders:?}");
        self.path(&folders.remove(0))
    }

    pub fn sled_file(&self) -> PathBuf {
        self.sled_folder().join("db")
    }

    /// Returns the journal's files with an extension, in order.
    pub fn journal(&self, extension: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("journal")).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|e| e == extension));
        files.sort();
        files
    }

    pub fn segment(&self) -> PathBuf {
        self.journal("journal").pop().expect("a segment")
    }

    pub fn refused(&self) -> StoreError {
        match open(&self.url) {
            Ok(store) => panic!("it opened, with commit {}", store.head().number),
            Err(error) => error,
        }
    }

    pub fn wreck_sled(&self) {
        fs::write(self.sled_file(), b"this was a database once").unwrap();
    }

    /// Sets the acknowledgement mark to a commit. The layout is that of `journal::mark`.
    pub fn set_mark(&self, number: u64) {
        let mut bytes = [&b"ELVMARK\n"[..], &number.to_le_bytes()].concat();
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        fs::write(self.path("journal").join("acknowledged"), bytes).unwrap();
    }

    pub fn remove_sled(&self) {
        fs::remove_dir_all(self.sled_folder()).unwrap();
    }
}

/// Returns the offsets of the frames in a segment and the end of the last one, by the layout of
/// `journal::frame`.
pub fn frames(file: &Path) -> Vec<usize> {
    let bytes = fs::read(file).unwrap();
    let (mut starts, mut at) = (vec![32], 32);
    while at < bytes.len() {
        let length = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap());
        at += 20 + length as usize;
        starts.push(at);
    }
    starts
}

pub fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 0x55;
    fs::write(file, bytes).unwrap();
}

pub fn truncate(file: &Path, length: usize) {
    let file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.set_len(length as u64).unwrap();
}

pub fn copy_folder(from: &Path, to: &Path) {
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
