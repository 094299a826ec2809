//! Stores in temporary folders, and records for them.

use std::sync::Arc;

use calendar_domain::{Audience, Category, Coordinates, Owner, Place, Record, RecordKey, Text};
use calendar_store::{
    Author, BACKENDS, Backend, Change, Commit, Committed, Store, StoreError, open,
};
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

/// Address of a store of some backend, removed with its content on drop.
pub struct Address {
    pub url: String,
    pub folder: TempDir,
}

impl Address {
    pub fn of(backend: &dyn Backend) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match backend.scheme() {
            "sled" => format!("sled:{}", folder.path().join("store").display()),
            other => panic!("say here how the tests reach a store of the kind '{other}'"),
        };
        Self { url, folder }
    }

    pub fn sled() -> Self {
        Self::of(
            *BACKENDS
                .iter()
                .find(|backend| backend.scheme() == "sled")
                .unwrap(),
        )
    }

    pub fn open(&self) -> Arc<dyn Store> {
        open(&self.url).unwrap_or_else(|error| panic!("{}: {error}", self.url))
    }
}

/// Runs a test with every backend of the table.
pub fn every_backend(test: impl Fn(&Address)) {
    for backend in BACKENDS {
        test(&Address::of(*backend));
    }
}

pub fn category(slug: &str, name: &str) -> Record {
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

pub fn audience(slug: &str, name: &str) -> Record {
    Record::from(Audience {
        slug: slug.parse().unwrap(),
        name: Text::nb(name),
        description: Text::default(),
        aliases: Vec::new(),
        rank: 0,
        owner: Owner::DataFile,
    })
}

pub fn place(slug: &str, latitude: f64) -> Record {
    Record::from(Place {
        slug: slug.parse().unwrap(),
        name: "Terningen Arena".to_owned(),
        aliases: Vec::new(),
        municipality: None,
        address: None,
        coordinates: Some(Coordinates::new(latitude, 11.536_75).unwrap()),
        description: Text::default(),
        website: None,
        source: None,
        owner: Owner::DataFile,
    })
}

pub fn key(record: &Record) -> RecordKey {
    record.key()
}

pub fn at(second: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2027-03-04T08:00:00Z".parse().unwrap();
    start + TimeDelta::seconds(second)
}

pub fn commit_of(changes: Vec<Change>) -> Commit {
    Commit {
        author: Author::Operator,
        at: at(0),
        note: String::new(),
        changes,
    }
}

pub fn try_commit(store: &dyn Store, changes: Vec<Change>) -> Result<Committed, StoreError> {
    store.commit(commit_of(changes))
}

pub fn commit(store: &dyn Store, changes: Vec<Change>) -> Committed {
    try_commit(store, changes).unwrap_or_else(|error| panic!("{error}"))
}
