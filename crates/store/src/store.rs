//! Reading and committing.

use std::collections::BTreeMap;
use std::path::Path;

use calendar_domain::{Claim, RecordKey, RecordKind};

use super::audit_log::AuditLog;
use super::commit::{
    Checkpoint, Commit, CommitRecord, Committed, RecordVersion, Revision, StoreHead, Stored,
};
use super::ephemeral::EphemeralStore;
use super::erasure::ErasedVersions;
use super::error::StoreError;
use super::generation::Generation;
use super::image_files::ImageFiles;
use super::stats::StoreStats;

/// An open store: reading and committing.
pub trait Store: Send + Sync {
    /// Returns the number and time of the last commit. Answered from memory.
    fn head(&self) -> StoreHead;

    /// Returns the generation of the store's commit numbers. Answered from memory. The generation changes
    /// only while the store is closed.
    fn generation(&self) -> Generation;

    /// Passes every current record of `kinds` to `each`, in batches and in no particular order.
    ///
    /// All records are as of one commit, and writers wait until the scan is done. The whole store is never in
    /// memory.
    ///
    /// # Errors
    /// Errors if the backend can't be read. `each` may have received a part of the records by then.
    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError>;

    /// Returns every current record as of one commit, sorted by key. Holds all of them in memory, so it is
    /// for small stores.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn load(&self) -> Result<Vec<Stored>, StoreError> {
        let mut all = Vec::new();
        self.scan(&RecordKind::ALL, &mut |batch| all.extend(batch))?;
        all.sort_by_cached_key(|stored| stored.record.key());
        Ok(all)
    }

    /// Returns the last commit with a fingerprint of the store, or `None` if the backend keeps no
    /// fingerprint.
    fn standing(&self) -> Option<Checkpoint> {
        None
    }

    /// Passes every commit after `then` to `each`, in order.
    ///
    /// Returns `false` and passes nothing if the store was never at `then` or if its journal doesn't reach
    /// back that far. Call it before the first commit: afterwards it may return `false`.
    ///
    /// # Errors
    /// Errors if the journal can't be read. `each` may have received a part of the commits by then.
    fn commits_since(
        &self,
        _then: Checkpoint,
        _each: &mut dyn FnMut(CommitRecord),
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Returns the folder that belongs to this store alone, if it has one. Other files that concern only this
    /// store may lie in it.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Returns the folder for data derived from the records, if there is one. Its contents may be deleted at
    /// any time.
    fn cache_folder(&self) -> Option<&Path> {
        None
    }

    /// Returns the image files, if the store has some. They exist beside the records and are part of backups.
    fn images(&self) -> Option<&ImageFiles> {
        None
    }

    /// Returns the store of short-lived data, if there is one. It exists beside the records and is not part of
    /// commits, history or backups.
    fn ephemeral(&self) -> Option<&dyn EphemeralStore> {
        None
    }

    /// Returns the audit, if the store keeps one. It exists beside the records and is not part of commits, history or
    /// backups.
    fn audit(&self) -> Option<&AuditLog> {
        None
    }

    /// Returns the current version of a record, or `None` if it never existed or has been removed.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError>;

    /// Returns the keys of the records that hold a name, sorted, whatever the records' state. There is at
    /// most one, except in stores written before names were checked.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError>;

    /// Applies all changes of `commit` or none. The commit is durable when this returns.
    ///
    /// After a commit, no two records have a name ([`Record::claims`](calendar_domain::Record::claims)) in
    /// common. A commit may move a name from one record to another. A removed record has no names.
    ///
    /// Changes that leave their record as it is are omitted, so importing the same data twice changes
    /// nothing. A commit without remaining changes takes no number: the result is empty and carries the
    /// number and time of the head. Other commits take the next number, without gaps. The commit's time is
    /// the later of its own and that of the last commit, so times never decrease.
    ///
    /// # Errors
    /// Returns [`StoreError::Conflict`] if a record isn't as expected, then [`StoreError::Taken`] if another
    /// record has a name that a record would get. Also errors if the commit itself is invalid (a key named
    /// twice, a record under another's key, too large) or if the disk fails. A failed commit has no number
    /// and never becomes visible while the store is open. Only a crash at the moment of the disk failure may
    /// make it appear at the next start.
    fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;

    /// Returns the versions of a record, oldest first, ending with the current one. Removals are versions
    /// too. At most [`HISTORY_KEPT`](crate::HISTORY_KEPT) versions are kept besides the current one.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn history(&self, key: &RecordKey) -> Result<Vec<RecordVersion>, StoreError>;

    /// Passes every version of every record of `kinds` to `each`, removed records included: as of one commit, those of
    /// one record in their order. Writers wait until the scan is done.
    ///
    /// # Errors
    /// Errors if the backend can't be read. `each` may have received a part of the versions by then.
    fn scan_versions(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(&RecordKey, RecordVersion),
    ) -> Result<(), StoreError>;

    /// Removes the content of the versions of these records before a revision from every file of the store. Current
    /// versions stay, whatever the revision; [`Revision::MAX`](crate::Revision::MAX) means all earlier ones. Such a version
    /// stays in the history, without a record and a note. Entries of short-lived data that were removed are removed from
    /// their files as well. To erase a record with its last version, remove it first.
    ///
    /// Commit numbers, times and revisions stay. Readers are not disturbed. Writers wait while a snapshot of the store is
    /// written, as for a compaction. If this is interrupted, the store has all or none of the content at the next start;
    /// then call it again.
    ///
    /// # Errors
    /// Errors if the disk is full or fails.
    fn erase_versions(
        &self,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<ErasedVersions, StoreError>;

    /// Checks that the store accepts commits. After a refused commit this tries the disk, and accepts commits
    /// again if the disk works.
    ///
    /// # Errors
    /// Returns the reason why commits are refused.
    fn writable(&self) -> Result<(), StoreError>;

    /// Returns counters since the store was opened. Answered from memory.
    fn stats(&self) -> StoreStats;
}
