//! Commits, changes, revisions and the results of commits.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use calendar_domain::{Record, RecordKey};

/// Number of times that a record has been set or removed, starting at 1. A record that is removed and created
/// again continues the count, so a revision never names two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a record that never existed before.
    pub const FIRST: Self = Self(1);

    /// Later than every revision.
    pub const MAX: Self = Self(u64::MAX);

    /// Returns the next revision.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Position of a commit in the sequence of all commits of a store. The first commit is 1; an empty store is
/// at 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CommitNumber(pub u64);

impl CommitNumber {
    /// Returns the next number.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for CommitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The last commit of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreHead {
    /// Number of the last commit; 0 in a new store.
    pub number: CommitNumber,
    /// Time of the last commit; `None` in a new store.
    pub at: Option<DateTime<Utc>>,
}

/// A commit number with a fingerprint of the store's content, which distinguishes stores at the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Number of the last commit.
    pub number: CommitNumber,
    /// Checksum of the store's content after that commit.
    pub fingerprint: u64,
}

/// A commit as read from the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct CommitRecord {
    /// The commit's number.
    pub number: CommitNumber,
    /// The commit's time.
    pub at: DateTime<Utc>,
    /// The records after the commit; `None` for a removed one.
    pub changes: Vec<(RecordKey, Option<Record>)>,
}

/// The author of a commit, for history and audit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The program itself, for example when it derives tentative editions.
    System,
    /// The files under `data/`.
    DataFiles,
    /// A signed-in person, by account id.
    Person(String),
    /// A partner, by partner id.
    Partner(String),
    /// The operator, at the command line.
    Operator,
}

/// The state of a record that a change requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The record doesn't exist.
    Absent,
    /// The record exists at this revision.
    Revision(Revision),
    /// Any state, except that a removal requires an existing record.
    Any,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("no record"),
            Self::Revision(revision) => write!(f, "revision {revision}"),
            Self::Any => f.write_str("a record"),
        }
    }
}

/// The change of one record within a commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The record to change.
    pub key: RecordKey,
    /// The state that the author read.
    pub expected: Expected,
    /// The new record; `None` removes it.
    pub to: Option<Record>,
}

impl Change {
    /// Creates a record that must not exist.
    #[must_use]
    pub fn create(record: Record) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Absent,
            to: Some(record),
        }
    }

    /// Replaces a record that was read at `revision`.
    #[must_use]
    pub fn update(record: Record, revision: Revision) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Revision(revision),
            to: Some(record),
        }
    }

    /// Creates or replaces a record, whatever its current state.
    #[must_use]
    pub fn put(record: Record) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Any,
            to: Some(record),
        }
    }

    /// Removes a record that was read at `revision`.
    #[must_use]
    pub fn remove(key: RecordKey, revision: Revision) -> Self {
        Self {
            key,
            expected: Expected::Revision(revision),
            to: None,
        }
    }
}

/// A set of changes that are applied together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// The author of the commit.
    pub author: Author,
    /// The time of the commit by the caller's clock. It is raised to the time of the last commit: see
    /// [`Store::commit`](super::Store::commit).
    pub at: DateTime<Utc>,
    /// The reason, in a few words; may be empty.
    pub note: String,
    /// The changes. Each record may appear once.
    pub changes: Vec<Change>,
}

/// The current version of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// Its revision, which an update must name.
    pub revision: Revision,
    /// The commit that created this version.
    pub commit: CommitNumber,
    /// The time of that commit.
    pub changed_at: DateTime<Utc>,
}

/// The effect of a commit on one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The record that changed.
    pub key: RecordKey,
    /// The version before; `None` if the record is new.
    pub before: Option<Stored>,
    /// The version after; `None` if the record was removed.
    pub after: Option<Stored>,
}

/// A durable commit, with the data that the catalog needs to follow it.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The commit's number. Without changes, the number of the head.
    pub number: CommitNumber,
    /// The commit's time. Without changes, the time of the head, or in a new store the time that the commit
    /// asked for.
    pub at: DateTime<Utc>,
    /// The changes in the commit's order, without those that left their record as it was.
    pub changes: Vec<Applied>,
}

/// A version in a record's history.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordVersion {
    /// The commit that created it.
    pub commit: CommitNumber,
    /// Its revision.
    pub revision: Revision,
    /// The time of the commit.
    pub at: DateTime<Utc>,
    /// The author of the commit.
    pub author: Author,
    /// The note of the commit.
    pub note: String,
    /// The record; `None` if this version removed it.
    pub record: Option<Record>,
}
