//! The words of the store: commits, changes, revisions and what a commit did.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use calendar_domain::{Record, RecordKey};

/// How many times a record has been set or removed: 1 when it is first made, one more with each
/// change after that. A record that is removed and made again goes on counting, so that nobody
/// who saw the first takes the second for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a record that was never there before.
    pub const FIRST: Self = Self(1);

    /// The revision after this one.
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

/// The place of a commit in the order of all commits of a store: 1 is the first, 0 is before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CommitNumber(pub u64);

impl CommitNumber {
    /// The number after this one.
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

/// Where a store stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The last commit's number; 0 in a new store.
    pub number: CommitNumber,
    /// The last commit's own time; `None` in a new store.
    pub at: Option<DateTime<Utc>>,
}

/// Where a store stands, told so that another store at a commit of the same number is not taken for
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The last commit.
    pub number: CommitNumber,
    /// A checksum over everything that is in the store after it.
    pub fingerprint: u64,
}

/// A commit as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// Its number.
    pub number: CommitNumber,
    /// Its own time.
    pub at: DateTime<Utc>,
    /// The records as it left them; `None` where it removed one.
    pub changes: Vec<(RecordKey, Option<Record>)>,
}

/// Who made a commit, for history and audit.
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
    /// Whoever runs the program, at the command line.
    Operator,
}

/// What must be true of a record for a change to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// There is no such record.
    Absent,
    /// The record is there, at this revision.
    Revision(Revision),
    /// Anything; but what is to be removed must be there.
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

/// One record's change within a commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The record that changes.
    pub key: RecordKey,
    /// What its author saw.
    pub expected: Expected,
    /// What it becomes; `None` removes it.
    pub to: Option<Record>,
}

impl Change {
    /// Makes a record that must not be there yet.
    #[must_use]
    pub fn create(record: Record) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Absent,
            to: Some(record),
        }
    }

    /// Sets a record that was seen at `revision`.
    #[must_use]
    pub fn update(record: Record, revision: Revision) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Revision(revision),
            to: Some(record),
        }
    }

    /// Sets a record whatever stands there now.
    #[must_use]
    pub fn put(record: Record) -> Self {
        Self {
            key: record.key(),
            expected: Expected::Any,
            to: Some(record),
        }
    }

    /// Removes a record that was seen at `revision`.
    #[must_use]
    pub fn remove(key: RecordKey, revision: Revision) -> Self {
        Self {
            key,
            expected: Expected::Revision(revision),
            to: None,
        }
    }
}

/// Changes that belong together: all of them are made, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Who makes it.
    pub author: Author,
    /// When it is made, by the caller's clock. It counts from the last commit's time on: see
    /// [`Store::commit`](super::Store::commit).
    pub at: DateTime<Utc>,
    /// Why, in a few words for people; may be empty.
    pub note: String,
    /// Each record at most once.
    pub changes: Vec<Change>,
}

/// A record as it stands in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The record.
    pub record: Record,
    /// Its revision, to be named by who changes it.
    pub revision: Revision,
    /// The commit that set it so.
    pub commit: CommitNumber,
    /// When that commit was made.
    pub changed_at: DateTime<Utc>,
}

/// What a commit did to one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The record that changed.
    pub key: RecordKey,
    /// What stood there; `None` when it is new.
    pub before: Option<Stored>,
    /// What stands there now; `None` when it was removed.
    pub after: Option<Stored>,
}

/// A commit that is durable, with all that the catalog needs to follow it.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// Its number; with no changes, the head's.
    pub number: CommitNumber,
    /// Its time; with no changes, the head's, or the commit's own in a new store.
    pub at: DateTime<Utc>,
    /// What changed, in the commit's order, without what was already so.
    pub changes: Vec<Applied>,
}

/// One version in a record's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The commit that made it.
    pub commit: CommitNumber,
    /// Its revision.
    pub revision: Revision,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom.
    pub author: Author,
    /// The commit's note.
    pub note: String,
    /// The record as it was from then on; `None` when it was removed.
    pub record: Option<Record>,
}
