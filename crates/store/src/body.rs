//! The stored form of commits and records.
//!
//! Both carry the version of this form, so that a later program knows what it reads: it adds a
//! branch to [`record`] that lifts an older body, and raises [`BODY_VERSION`]. A stored body's
//! bytes are kept as they are until its record changes.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::StoreError;
use super::commit::{Author, CommitNumber, Revision, Stored, Version};
use calendar_domain::{Claim, EventNames, Record, RecordKind};

/// The version of the stored form that this program writes, and the newest that it reads.
pub(super) const BODY_VERSION: u32 = 1;

/// One version of one record, as it stands in the working form and in snapshots.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    v: u32,
    pub(super) revision: Revision,
    commit: CommitNumber,
    at: DateTime<Utc>,
    author: Author,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    /// `null` says that the record was removed.
    record: Option<Box<RawValue>>,
}

/// One commit, as it stands in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) v: u32,
    pub(super) number: CommitNumber,
    pub(super) at: DateTime<Utc>,
    pub(super) author: Author,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    pub(super) changes: Vec<EntryChange>,
    /// What the whole store adds up to once this commit is applied.
    pub(super) after: Totals,
}

/// One record's change, as it stands in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EntryChange {
    /// The record's key in its text form.
    pub(super) key: String,
    /// The revision that the record gets.
    pub(super) revision: Revision,
    /// `null` removes the record.
    pub(super) record: Option<Box<RawValue>>,
    /// The claims that the record had before and has after, where they are known without reading it.
    #[serde(skip)]
    pub(super) claims: Option<(Vec<Claim>, Vec<Claim>)>,
}

/// Count and checksum of everything in a store, independent of order, kept up with each write.
///
/// Two stores that went through the same commits have the same totals; a working form that lost
/// or kept a record which it shouldn't have has others than its journal says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    items: u64,
    sum: u64,
}

impl Totals {
    /// One number for both.
    pub(super) fn fingerprint(&self) -> u64 {
        self.sum ^ self.items.rotate_left(32)
    }

    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.items = self.items.wrapping_add(1);
        self.sum = self.sum.wrapping_add(checksum(key, value));
    }

    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) {
        self.items = self.items.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(checksum(key, value));
    }
}

fn checksum(key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    // A byte that no key has, so that the border between the two counts.
    hasher.update(&[0xFF]);
    hasher.update(value);
    // The key's own checksum in the upper half: exchanged values don't cancel out.
    u64::from(hasher.finalize()) | (u64::from(crc32fast::hash(key)) << 32)
}

/// Where a store stands: its head and what it adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) number: CommitNumber,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) totals: Totals,
}

/// Why stored bytes can't be read.
#[derive(Debug)]
pub(super) enum BodyError {
    Newer(u32),
    Malformed(String),
}

impl BodyError {
    /// Says it in the words of the layer, for what is named `what` in the store in `root`.
    pub(super) fn at(self, root: &Path, what: &str) -> StoreError {
        match self {
            Self::Newer(found) => StoreError::NewerSchema {
                path: root.to_owned(),
                found,
                known: BODY_VERSION,
            },
            Self::Malformed(detail) => StoreError::damaged(root, format!("{what}: {detail}")),
        }
    }
}

impl Envelope {
    /// The version of a record that `change` of `entry` makes.
    pub(super) fn of(entry: &Entry, change: &EntryChange) -> Self {
        Self {
            v: entry.v,
            revision: change.revision,
            commit: entry.number,
            at: entry.at,
            author: entry.author.clone(),
            note: entry.note.clone(),
            record: change.record.clone(),
        }
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        read(bytes)
    }

    /// The record with what the store knows of it; `None` when it was removed.
    pub(super) fn stored(&self) -> Result<Option<Stored>, BodyError> {
        let Some(raw) = &self.record else {
            return Ok(None);
        };
        Ok(Some(Stored {
            record: record(self.v, raw)?,
            revision: self.revision,
            commit: self.commit,
            changed_at: self.at,
        }))
    }

    pub(super) fn version(self) -> Result<Version, BodyError> {
        Ok(Version {
            record: self
                .record
                .as_deref()
                .map(|raw| record(self.v, raw))
                .transpose()?,
            commit: self.commit,
            revision: self.revision,
            at: self.at,
            author: self.author,
            note: self.note,
        })
    }
}

impl Entry {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        read(bytes)
    }
}

/// The bytes of a value of this module.
pub(super) fn write<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain structs with text keys are always valid JSON")
}

impl EntryChange {
    /// The record as the change leaves it, `v` being the version of its commit; `None` removes it.
    pub(super) fn record(&self, v: u32) -> Result<Option<Record>, BodyError> {
        self.record.as_deref().map(|raw| record(v, raw)).transpose()
    }
}

/// Reads a record's body as version `v` of the stored form has it.
fn record(v: u32, raw: &RawValue) -> Result<Record, BodyError> {
    match v {
        1 => serde_json::from_str(raw.get()).map_err(malformed),
        newer => Err(BodyError::Newer(newer)),
    }
}

/// The claims of the record that stands under `key` with this envelope. They are read without the rest of the
/// record, so that one which can't be read as a whole keeps its names.
pub(super) fn claims(key: &str, envelope: &[u8]) -> Vec<Claim> {
    #[derive(Deserialize)]
    struct Named {
        v: u32,
        record: Option<Body>,
    }
    #[derive(Deserialize)]
    struct Body {
        record: EventNames,
    }
    let kind = key.split_once('/').map(|(kind, _)| kind);
    if kind != Some(RecordKind::Event.as_str()) {
        return Vec::new();
    }
    match serde_json::from_slice(envelope) {
        Ok(Named {
            v: 1,
            record: Some(body),
        }) => body.record.claims().into(),
        _ => Vec::new(),
    }
}

/// Looks at the version first: what a newer program wrote may have another shape altogether.
fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, BodyError> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u32,
    }
    serde_json::from_slice(bytes).map_err(|error| {
        match serde_json::from_slice::<Versioned>(bytes) {
            Ok(Versioned { v }) if v > BODY_VERSION => BodyError::Newer(v),
            _ => malformed(error),
        }
    })
}

fn malformed(error: serde_json::Error) -> BodyError {
    BodyError::Malformed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_program_wrote_is_told_from_what_is_broken() {
        let newer = br#"{"v":2,"number":7,"what":"we do not know"}"#;
        assert!(matches!(Entry::read(newer), Err(BodyError::Newer(2))));
        assert!(matches!(Envelope::read(newer), Err(BodyError::Newer(2))));
        let broken = br#"{"v":1,"number":7}"#;
        assert!(matches!(Entry::read(broken), Err(BodyError::Malformed(_))));
        let shape = br#"{"v":1,"revision":1,"commit":1,"at":"2027-03-04T08:00:00Z","author":"system","record":{}}"#;
        let read = Envelope::read(shape).and_then(|envelope| envelope.stored());
        assert!(matches!(read, Err(BodyError::Malformed(_))));
    }
}
