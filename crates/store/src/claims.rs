//! The index of claims: names that no two records may share.
//!
//! The index is derived from the current records, so rebuilding, restoring and replaying produce the same
//! index. It is not part of the journal or of snapshots. A claim has one holder, except in stores written
//! before names were checked.

use std::collections::{BTreeMap, BTreeSet};

use super::StoreError;
use super::view::View;
use calendar_domain::{Claim, RecordKey};

/// Separates holders in the stored form. No record key contains it.
const SEPARATOR: char = '\n';

/// The keys of the records that hold a claim, sorted. The first keeps the name when a conflict is resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holders(BTreeSet<String>);

impl Holders {
    /// Parses the stored form.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self(
            text.split_terminator(SEPARATOR)
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Returns the stored form, or `None` without holders.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let keys: Vec<&str> = self.0.iter().map(String::as_str).collect();
        (!keys.is_empty()).then(|| keys.join(&SEPARATOR.to_string()).into_bytes())
    }

    pub(super) fn insert(&mut self, key: &str) {
        self.0.insert(key.to_owned());
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns true if several records hold the claim.
    pub(super) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = RecordKey> + '_ {
        self.0.iter().filter_map(|key| record_key(key))
    }
}

/// Writes the holders as `event/a and event/b`.
impl std::fmt::Display for Holders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&keys.join(" and "))
    }
}

fn record_key(text: &str) -> Option<RecordKey> {
    let (kind, id) = text.split_once('/')?;
    Some(RecordKey::new(kind.parse().ok()?, id))
}

/// An entry of the index after a commit.
#[derive(Debug)]
pub(super) struct ClaimWrite {
    /// The claim, as [`Claim::key`] returns it.
    pub(super) key: String,
    /// The stored form of the [`Holders`]; `None` removes the entry.
    pub(super) holders: Option<Vec<u8>>,
}

/// The changes of the index in one commit.
#[derive(Debug, Default)]
pub(super) struct ClaimChanges {
    touched: BTreeMap<String, Holders>,
    /// Claims that a record gains, with the record's key, in the order of the commit.
    gained: Vec<(String, Claim)>,
}

impl ClaimChanges {
    /// Records that the claims of `key` change from `before` to `after`.
    pub(super) fn note(
        &mut self,
        key: &str,
        before: &[Claim],
        after: Vec<Claim>,
        view: &impl View,
    ) -> Result<(), StoreError> {
        for lost in before.iter().filter(|claim| !after.contains(claim)) {
            self.holders(lost, view)?.0.remove(key);
        }
        for claim in after.into_iter().filter(|claim| !before.contains(claim)) {
            self.holders(&claim, view)?.insert(key);
            self.gained.push((key.to_owned(), claim));
        }
        Ok(())
    }

    fn holders(&mut self, claim: &Claim, view: &impl View) -> Result<&mut Holders, StoreError> {
        let key = claim.key();
        if !self.touched.contains_key(&key) {
            let stored = view.holders(&key)?;
            let holders = stored.as_deref().map(Holders::read).unwrap_or_default();
            self.touched.insert(key.clone(), holders);
        }
        Ok(self.touched.entry(key).or_default())
    }

    /// Returns an error if a record gains a claim that another record holds after the commit. If several
    /// records do, the error is about the last one.
    pub(super) fn conflict(&self) -> Option<StoreError> {
        self.gained.iter().rev().find_map(|(key, claim)| {
            let holders = self.touched.get(&claim.key())?;
            let holder = holders.0.iter().find(|item| *item != key)?;
            Some(StoreError::Taken {
                key: record_key(key)?,
                claim: claim.clone(),
                holder: record_key(holder)?,
            })
        })
    }

    /// Returns the changed entries of the index.
    pub(super) fn writes(self) -> Vec<ClaimWrite> {
        let write = |(key, holders): (String, Holders)| ClaimWrite {
            key,
            holders: holders.bytes(),
        };
        self.touched.into_iter().map(write).collect()
    }
}
