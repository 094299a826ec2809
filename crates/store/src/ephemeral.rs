//! Short-lived data that the calendar can lose: codes for signing in, sessions, drafts, addresses of visitors.
//!
//! Entries expire. They have no history, are not part of commits or backups, and a restored store starts without
//! them. An entry is not written to the journal, so nothing of it remains when it is removed.

use chrono::{DateTime, Utc};

use super::StoreError;

/// Maximum size of a value in bytes.
pub const EPHEMERAL_VALUE_LIMIT: usize = 1 << 20;
/// Maximum number of entries of a table.
pub const EPHEMERAL_TABLE_LIMIT: usize = 1_000_000;

/// A set of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EphemeralTable {
    /// Requests for signing in.
    SignIns,
    /// Sessions of people who signed in.
    Sessions,
    /// Drafts that are saved while people type.
    Drafts,
    /// What visitors wrote, until they confirm their address.
    Unconfirmed,
    /// The addresses of visitors.
    Visitors,
}

impl EphemeralTable {
    /// All tables.
    pub const ALL: [Self; 5] = [
        Self::SignIns,
        Self::Sessions,
        Self::Drafts,
        Self::Unconfirmed,
        Self::Visitors,
    ];

    /// Returns the name, as stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Sessions => "sessions",
            Self::Drafts => "drafts",
            Self::Unconfirmed => "unconfirmed",
            Self::Visitors => "visitors",
        }
    }
}

/// A value with the time of its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EphemeralEntry {
    /// The value, of at most [`EPHEMERAL_VALUE_LIMIT`] bytes.
    pub value: Vec<u8>,
    /// From this time on the entry does not exist.
    pub expires: DateTime<Utc>,
}

/// A store of short-lived entries, by table and key. Shared by the threads of the process that has the store open.
///
/// An entry whose time has ended is never returned.
pub trait EphemeralStore: Send + Sync {
    /// Returns an entry.
    ///
    /// # Errors
    /// Errors if the disk fails.
    fn get(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<EphemeralEntry>, StoreError>;

    /// Replaces an entry by what `next` makes of it; `None` is no entry. No other writer comes between, and `next` may
    /// be called more than once. Returns the entry after that.
    ///
    /// # Errors
    /// Errors if the value is too large, the table is full, or the disk is full or fails.
    fn update(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
        next: &mut dyn FnMut(Option<EphemeralEntry>) -> Option<EphemeralEntry>,
    ) -> Result<Option<EphemeralEntry>, StoreError>;

    /// Returns the entries whose keys begin with `prefix`, with their keys, in the order of these.
    ///
    /// # Errors
    /// Errors if the disk fails.
    fn list(
        &self,
        table: EphemeralTable,
        prefix: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, EphemeralEntry)>, StoreError>;

    /// Returns the number of entries of a table, ended ones included until they are removed.
    ///
    /// # Errors
    /// Errors if the disk fails.
    fn count(&self, table: EphemeralTable) -> Result<usize, StoreError>;

    /// Makes the writes so far survive the end of the process, however it ends. A power loss may lose them.
    ///
    /// # Errors
    /// Errors if the disk is full or fails.
    fn flush(&self) -> Result<(), StoreError>;

    /// Removes what was removed, or replaced, from the files as well. So it does with what has ended at the time that
    /// the last other call named.
    ///
    /// # Errors
    /// Errors if the disk is full or fails.
    fn rewrite(&self) -> Result<(), StoreError>;

    /// Removes the entries whose time has ended. Returns their number.
    ///
    /// # Errors
    /// Errors if the disk fails.
    fn remove_expired(&self, now: DateTime<Utc>) -> Result<usize, StoreError>;
}

impl dyn EphemeralStore + '_ {
    /// Sets an entry.
    ///
    /// # Errors
    /// Same as [`EphemeralStore::update`].
    pub fn put(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
        entry: &EphemeralEntry,
    ) -> Result<(), StoreError> {
        self.update(table, key, now, &mut |_| Some(entry.clone()))?;
        Ok(())
    }

    /// Removes an entry. Returns the entry that was there.
    ///
    /// # Errors
    /// Same as [`EphemeralStore::update`].
    pub fn remove(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<EphemeralEntry>, StoreError> {
        let mut removed = None;
        self.update(table, key, now, &mut |entry| {
            removed = entry;
            None
        })?;
        Ok(removed)
    }
}
