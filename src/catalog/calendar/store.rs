//! The calendar as a store: reads pass through, a commit is applied to the catalog before it returns.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::PoisonError;

use calendar_domain::{Claim, RecordKey, RecordKind};
use calendar_store::{
    AuditLog, Commit, Committed, EphemeralStore, ErasedVersions, Generation, ImageFiles,
    RecordVersion, Revision, Store, StoreError, StoreHead, StoreStats, Stored,
};

use super::super::skipped::check_dates;
use super::{Calendar, PATIENCE};

/// A write through the calendar is in its snapshot when the call returns. Reads go to the
/// underlying store.
impl Store for Calendar {
    fn head(&self) -> StoreHead {
        self.store.head()
    }

    fn generation(&self) -> Generation {
        self.store.generation()
    }

    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError> {
        self.store.scan(kinds, each)
    }

    fn folder(&self) -> Option<&Path> {
        self.store.folder()
    }

    fn cache_folder(&self) -> Option<&Path> {
        self.store.cache_folder()
    }

    fn images(&self) -> Option<&ImageFiles> {
        self.store.images()
    }

    fn audit(&self) -> Option<&AuditLog> {
        self.store.audit()
    }

    fn ephemeral(&self) -> Option<&dyn EphemeralStore> {
        self.store.ephemeral()
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.store.get(key)
    }

    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError> {
        self.store.holders(claim)
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<RecordVersion>, StoreError> {
        self.store.history(key)
    }

    fn scan_versions(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(&RecordKey, RecordVersion),
    ) -> Result<(), StoreError> {
        self.store.scan_versions(kinds, each)
    }

    /// Also renews the catalog's cache file, which may have erased records.
    fn erase_versions(
        &self,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<ErasedVersions, StoreError> {
        let erased = self.store.erase_versions(keys)?;
        self.renew_image()?;
        Ok(erased)
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.store.writable()
    }

    fn stats(&self) -> StoreStats {
        self.store.stats()
    }

    fn commit(&self, mut commit: Commit) -> Result<Committed, StoreError> {
        check_dates(&commit.changes)?;
        let _under_way = self.times.begin();
        // The caller may have taken the time long ago.
        let (now, last) = (self.clock.now(), self.store.head().at);
        commit.at = self.times.of_commit(now, last).max(commit.at);
        let committed = self.store.commit(commit)?;
        let number = committed.number.0;
        let mut waiting = self.lock();
        // A commit without changes has the number of an earlier one, which is applied by its own
        // thread.
        let is_new = number > self.snapshot.load().version().commit;
        if is_new && !committed.changes.is_empty() {
            waiting.insert(number, committed.clone());
        }
        self.apply_in_order(&mut waiting);
        // Writers share the journal's fsync and may arrive out of order. The snapshot applies
        // commits by number, so an early one waits for its predecessor.
        while self.snapshot.load().version().commit < number {
            let waited = self.applied.wait_timeout(waiting, PATIENCE);
            let (guard, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            waiting = guard;
            if waited.timed_out() && self.snapshot.load().version().commit < number {
                self.reload(&mut waiting);
            }
        }
        Ok(committed)
    }
}
