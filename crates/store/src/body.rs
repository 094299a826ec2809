//! The serialized form of commits and records.
//!
//! Both carry the version of the form. To change it, raise [`BODY_VERSION`] and add a branch to [`record`]
//! that converts older bodies. The bytes of a stored body stay as they are until its record changes.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::StoreError;
use super::commit::{Author, CommitNumber, RecordVersion, Revision, Stored};
use calendar_domain::{AccountNames, Claim, EventNames, Record, RecordKind};

/// The version of the form that this program writes, and the newest that it reads.
pub(super) const BODY_VERSION: u32 = 1;

/// One version of a record, as stored in the database and in snapshots.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    v: u32,
    pub(super) revision: Revision,
    commit: CommitNumber,
    at: DateTime<Utc>,
    author: Author,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    /// `null` if the record was removed.
    record: Option<Box<RawValue>>,
}

/// A commit, as stored in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct JournalEntry {
    pub(super) v: u32,
    pub(super) number: CommitNumber,
    pub(super) at: DateTime<Utc>,
    pub(super) author: Author,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
    pub(super) changes: Vec<EntryChange>,
    /// The totals of the store after this commit.
    pub(super) after: Totals,
}

/// The change of one record, as stored in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EntryChange {
    /// The record's key in text form.
    pub(super) key: String,
    /// The record's revision after the change.
    pub(super) revision: Revision,
    /// `null` removes the record.
    pub(super) record: Option<Box<RawValue>>,
    /// The record's claims before and after the change, if known without reading the record.
    #[serde(skip)]
    pub(super) claims: Option<(Vec<Claim>, Vec<Claim>)>,
}

/// An order-independent count and checksum of everything in a store, updated with each write.
///
/// Two stores that applied the same commits have equal totals. A database that lost or kept a record wrongly
/// has other totals than its journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    items: u64,
    sum: u64,
}

impl Totals {
    /// Combines both into one number.
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
    // No key contains this byte, so it separates key and value.
    hasher.update(&[0xFF]);
    hasher.update(value);
    // With the key's own checksum in the upper half, swapped values don't cancel out.
    u64::from(hasher.finalize()) | (u64::from(crc32fast::hash(key)) << 32)
}

/// The head and the totals of a store.
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
    /// Converts to a [`StoreError`] about `what` in the store in `root`.
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
    /// Returns the version of a record that `change` of `entry` creates.
    pub(super) fn new(entry: &JournalEntry, change: &EntryChange) -> Self {
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

    /// Returns the record with its metadata, or `None` if it was removed.
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

    /// Returns true if there is a record.
    pub(super) fn has_content(&self) -> bool {
        self.record.is_some()
    }

    /// Returns the version without record and note, or `None` if it has neither.
    pub(super) fn into_blank(self) -> Option<Self> {
        (self.record.is_some() || !self.note.is_empty()).then(|| Self {
            record: None,
            note: String::new(),
            ..self
        })
    }

    pub(super) fn version(self) -> Result<RecordVersion, BodyError> {
        Ok(RecordVersion {
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

impl JournalEntry {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        read(bytes)
    }
}

/// Serializes a value of this module.
pub(super) fn write<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain structs with text keys are always valid JSON")
}

impl EntryChange {
    /// Returns the record after the change, or `None` if it is removed. `v` is the version of the commit's
    /// form.
    pub(super) fn record(&self, v: u32) -> Result<Option<Record>, BodyError> {
        self.record.as_deref().map(|raw| record(v, raw)).transpose()
    }
}

/// Parses a record from version `v` of the form.
fn record(v: u32, raw: &RawValue) -> Result<Record, BodyError> {
    match v {
        1 => serde_json::from_str(raw.get()).map_err(malformed),
        newer => Err(BodyError::Newer(newer)),
    }
}

/// Returns the claims of the record under `key`. They are parsed without the rest of the record, so a record
/// that can't be parsed keeps its names.
pub(super) fn claims(key: &str, envelope: &[u8]) -> Vec<Claim> {
    let kind = key.split_once('/').map(|(kind, _)| kind);
    if kind == Some(RecordKind::Event.as_str()) {
        let names: Option<EventNames> = names(envelope);
        names.map_or_else(Vec::new, |names| names.claims().into())
    } else if kind == Some(RecordKind::Account.as_str()) {
        let names: Option<AccountNames> = names(envelope);
        names.map_or_else(Vec::new, AccountNames::claims)
    } else {
        Vec::new()
    }
}

/// Parses the names of the record in an envelope, if there is one.
fn names<T: DeserializeOwned>(envelope: &[u8]) -> Option<T> {
    #[derive(Deserialize)]
    struct Named<T> {
        v: u32,
        record: Option<Body<T>>,
    }
    #[derive(Deserialize)]
    struct Body<T> {
        record: T,
    }
    let named: Named<T> = serde_json::from_slice(envelope).ok()?;
    named
        .record
        .filter(|_| named.v == 1)
        .map(|body| body.record)
}

/// Parses a value. On failure the version is checked, since a newer program may write another structure.
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
        assert!(matches!(
            JournalEntry::read(newer),
            Err(BodyError::Newer(2))
        ));
        assert!(matches!(Envelope::read(newer), Err(BodyError::Newer(2))));
        let broken = br#"{"v":1,"number":7}"#;
        assert!(matches!(
            JournalEntry::read(broken),
            Err(BodyError::Malformed(_))
        ));
        let shape = br#"{"v":1,"revision":1,"commit":1,"at":"2027-03-04T08:00:00Z","author":"system","record":{}}"#;
        let read = Envelope::read(shape).and_then(|envelope| envelope.stored());
        assert!(matches!(read, Err(BodyError::Malformed(_))));
    }
}
