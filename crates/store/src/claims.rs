//! The index of claims: which record has which name that no other may have.
//!
//! The index follows from the current records alone, so rebuilding, restoring and replaying give the same one.
//! It is no part of the journal or of snapshots. Each claim has one holder; only stores that an earlier
//! build wrote may have claims with several, and these keep what they have.

use std::collections::{BTreeMap, BTreeSet};

use super::StoreError;
use super::plan::View;
use calendar_domain::{Claim, RecordKey};

/// Separates holders in the stored form; no key of a record has it.
const SEPARATOR: char = '\n';

/// The keys of the records that hold a claim, in their order. The first keeps the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holders(BTreeSet<String>);

impl Holders {
    /// Reads the stored form.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self(
            text.split_terminator(SEPARATOR)
                .map(str::to_owned)
                .collect(),
        )
    }

    /// The stored form; `None` without holders.
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

    /// Whether several records hold the claim.
    pub(super) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = RecordKey> + '_ {
        self.0.iter().filter_map(|key| record_key(key))
    }
}

/// The holders in words: `event/a and event/b`.
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

/// One entry of the index as a commit leaves it.
#[derive(Debug)]
pub(super) struct ClaimWrite {
    /// [`Claim::key`].
    pub(super) key: String,
    /// The stored form of the [`Holders`]; `None` removes the entry.
    pub(super) holders: Option<Vec<u8>>,
}

/// What a commit changes in the index.
#[derive(Debug, Default)]
pub(super) struct ClaimChanges {
    touched: BTreeMap<String, Holders>,
    /// Claims that a record did not have before, with the record's key, in the order of the commit.
    gained: Vec<(String, Claim)>,
}

impl ClaimChanges {
    /// Notes that the record under `key` had the claims `before` and has those `after`.
    pub(super) fn note(
        &mut self,
        key: &str,
        before: &[Claim],
        after: Vec<Claim>,
        view: &impl View,
    ) -> Result<(), StoreError> {
        for lost in before.iter().filter(|it| !after.contains(it)) {
            self.holders(lost, view)?.0.remove(key);
        }
        for claim in after.into_iter().filter(|it| !before.contains(it)) {
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

    /// The error of a commit that claims what another record holds after it; the last of several records
    /// of the commit is named.
    pub(super) fn conflict(&self) -> Option<StoreError> {
        self.gained.iter().rev().find_map(|(key, claim)| {
            let holders = self.touched.get(&claim.key())?;
            let holder = holders.0.iter().find(|it| *it != key)?;
            Some(StoreError::Taken {
                key: record_key(key)?,
                claim: claim.clone(),
                holder: record_key(holder)?,
            })
        })
    }

    /// The entries of the index after the commit.
    pub(super) fn writes(self) -> Vec<ClaimWrite> {
        let write = |(key, holders): (String, Holders)| ClaimWrite {
            key,
            holders: holders.bytes(),
        };
        self.touched.into_iter().map(write).collect()
    }
}
