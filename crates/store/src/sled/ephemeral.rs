//! The database of short-lived data: sled, in a folder of its own within the store's folder.
//!
//! It is opened when it is first used. A damaged one is replaced by an empty one. Folders are numbered as those of the
//! store's database, since a hanging instance in this process may still use the old one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use ::sled::{Db, Tree};
use chrono::{DateTime, Utc};

use super::locks::{lock, read_lock, write_lock};
use super::sled_guard::{SledFault, apart, guard};
use super::{folders, space};
use crate::ephemeral::{
    EPHEMERAL_TABLE_LIMIT, EPHEMERAL_VALUE_LIMIT, EphemeralEntry, EphemeralStore, EphemeralTable,
};
use crate::file_system::sync_folder;
use crate::{StoreError, private};

/// The folder within the store's folder.
const FOLDER: &str = "ephemeral";
/// Maximum time for opening and for closing.
const OPENING: Duration = Duration::from_secs(10);
const CLOSING: Duration = Duration::from_secs(2);
/// Size of sled's page cache in bytes.
const CACHE_BYTES: u64 = 4 << 20;

/// The short-lived data of the store in `root`, whose lock the owner holds.
pub(super) struct SledEphemeral {
    root: PathBuf,
    reserve: u64,
    open: Mutex<Option<Arc<OpenTables>>>,
    /// Locked for writing while the database is replaced, and for reading by everyone who uses it.
    replacing: RwLock<()>,
    /// The time of the last call that named one, in milliseconds.
    now: AtomicI64,
}

/// An open database.
struct OpenTables {
    db: Option<Db>,
    /// In the order of [`EphemeralTable::ALL`].
    tables: Vec<Table>,
}

struct Table {
    tree: Tree,
    count: AtomicUsize,
}

impl Drop for OpenTables {
    /// Closes sled, with a time limit.
    fn drop(&mut self) {
        let tables = std::mem::take(&mut self.tables);
        let db = self.db.take();
        let close = move || {
            guard(|| {
                drop(tables);
                drop(db);
                Ok(())
            })
            .is_ok()
        };
        if apart("ephemeral-close", CLOSING, close) != Some(true) {
            tracing::warn!("the database of short-lived data was not closed properly");
        }
    }
}

/// Removes the short-lived data of the store in `root`.
pub(super) fn remove(root: &Path) -> Result<(), StoreError> {
    let folder = root.join(FOLDER);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("removing", &folder, error))
        }
        _ => Ok(()),
    }
}

impl SledEphemeral {
    /// Returns the data of the store in `root`. Each write leaves `reserve` bytes of the disk free.
    pub(super) fn new(root: PathBuf, reserve: u64) -> Self {
        Self {
            root,
            reserve,
            open: Mutex::new(None),
            replacing: RwLock::new(()),
            now: AtomicI64::new(i64::MIN),
        }
    }

    /// Notes the time of a call.
    fn note(&self, now: DateTime<Utc>) {
        self.now.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    fn tables(&self) -> Result<Arc<OpenTables>, StoreError> {
        let mut open = lock(&self.open);
        if let Some(tables) = &*open {
            return Ok(Arc::clone(tables));
        }
        let tables = Arc::new(self.open_latest()?);
        *open = Some(Arc::clone(&tables));
        Ok(tables)
    }

    fn open_latest(&self) -> Result<OpenTables, StoreError> {
        space::require(&self.root, self.reserve)?;
        let folder = self.root.join(FOLDER);
        match private::create_folder(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::io("making", &folder, error));
            }
            _ => {}
        }
        let failed = |fault: SledFault| fault.at(&self.root);
        if let Some(latest) = folders::database(&folder)? {
            match OpenTables::open(latest) {
                Ok(tables) => return Ok(tables),
                Err(SledFault::Damage(detail)) => tracing::warn!(
                    detail,
                    "cannot read the short-lived data; starting afresh: people have to sign in again"
                ),
                Err(fault) => return Err(failed(fault)),
            }
        }
        let (_, path) = folders::next_database(&folder)?;
        let tables = OpenTables::open(path.clone()).map_err(failed)?;
        folders::remove_others(&folder, &path);
        Ok(tables)
    }

    /// Calls `work` on a table. After a failure the next call opens the database again.
    fn guarded<T>(
        &self,
        table: EphemeralTable,
        work: impl FnOnce(&Table) -> Result<T, ::sled::Error>,
    ) -> Result<T, StoreError> {
        let _present = read_lock(&self.replacing);
        let tables = self.tables()?;
        guard(|| work(tables.table(table))).map_err(|fault| {
            let mut open = lock(&self.open);
            if open.as_ref().is_some_and(|lock| Arc::ptr_eq(lock, &tables)) {
                *open = None;
            }
            fault.at(&self.root)
        })
    }
}

impl OpenTables {
    fn open(path: PathBuf) -> Result<Self, SledFault> {
        let config = ::sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(Some(1_000));
        let open = move || {
            guard(|| {
                let db = config.open()?;
                let mut tables = Vec::new();
                for table in EphemeralTable::ALL {
                    let tree = db.open_tree(table.as_str())?;
                    // Reads every page, so that damage shows now.
                    let mut count = 0;
                    for pair in tree.iter() {
                        pair?;
                        count += 1;
                    }
                    let count = AtomicUsize::new(count);
                    tables.push(Table { tree, count });
                }
                let db = Some(db);
                Ok(Self { db, tables })
            })
        };
        let opened = apart("ephemeral-open", OPENING, open);
        let hangs = || SledFault::Damage(format!("it did not open within {OPENING:?}"));
        opened.ok_or_else(hangs)?
    }

    fn table(&self, table: EphemeralTable) -> &Table {
        &self.tables[table as usize]
    }
}

impl EphemeralStore for SledEphemeral {
    fn get(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<EphemeralEntry>, StoreError> {
        self.note(now);
        let bytes = self.guarded(table, |open| open.tree.get(key))?;
        Ok(bytes.and_then(|bytes| read(&bytes, now)))
    }

    fn update(
        &self,
        table: EphemeralTable,
        key: &str,
        now: DateTime<Utc>,
        next: &mut dyn FnMut(Option<EphemeralEntry>) -> Option<EphemeralEntry>,
    ) -> Result<Option<EphemeralEntry>, StoreError> {
        self.note(now);
        space::require(&self.root, self.reserve)?;
        let (mut made, mut refused) = (None, None);
        self.guarded(table, |open| {
            let is_full = open.count.load(Ordering::Relaxed) >= EPHEMERAL_TABLE_LIMIT;
            let before = open.tree.fetch_and_update(key, |old| {
                made = next(old.and_then(|bytes| read(bytes, now)));
                let size = made.as_ref().map_or(0, |entry| entry.value.len());
                refused = if size > EPHEMERAL_VALUE_LIMIT {
                    Some("a value is too large")
                } else if is_full && old.is_none() && made.is_some() {
                    Some("too many entries")
                } else {
                    None
                };
                match refused {
                    Some(_) => old.map(<[u8]>::to_vec),
                    None => made.as_ref().map(write),
                }
            })?;
            if refused.is_none() {
                match (before.is_some(), made.is_some()) {
                    (false, true) => _ = open.count.fetch_add(1, Ordering::Relaxed),
                    (true, false) => _ = open.count.fetch_sub(1, Ordering::Relaxed),
                    _ => {}
                }
            }
            Ok(())
        })?;
        match refused {
            Some(detail) => Err(StoreError::EphemeralFull {
                table: table.as_str(),
                detail,
            }),
            None => Ok(made),
        }
    }

    fn list(
        &self,
        table: EphemeralTable,
        prefix: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, EphemeralEntry)>, StoreError> {
        self.note(now);
        self.guarded(table, |open| {
            let mut found = Vec::new();
            for pair in open.tree.scan_prefix(prefix) {
                let (key, bytes) = pair?;
                if let Some(entry) = read(&bytes, now) {
                    found.push((String::from_utf8_lossy(&key).into_owned(), entry));
                }
            }
            Ok(found)
        })
    }

    fn count(&self, table: EphemeralTable) -> Result<usize, StoreError> {
        self.guarded(table, |open| Ok(open.count.load(Ordering::Relaxed)))
    }

    fn flush(&self) -> Result<(), StoreError> {
        space::require(&self.root, self.reserve)?;
        let any = EphemeralTable::Sessions;
        self.guarded(any, |open| open.tree.flush()).map(drop)
    }

    /// Copies the entries whose time has not ended to a new database, and removes the old one with its files.
    fn rewrite(&self) -> Result<(), StoreError> {
        let folder = self.root.join(FOLDER);
        if !folder.is_dir() {
            return Ok(());
        }
        let _alone = write_lock(&self.replacing);
        let old = self.tables()?;
        let failed = |fault: SledFault| fault.at(&self.root);
        let now = DateTime::from_timestamp_millis(self.now.load(Ordering::Relaxed));
        let is_over = |bytes: &[u8]| now.is_some_and(|now| read(bytes, now).is_none());
        folders::remove_unfinished(&folder)?;
        let (unfinished, path) = folders::next_database(&folder)?;
        let new = OpenTables::open(unfinished.clone()).map_err(failed)?;
        let copied = guard(|| {
            for (from, to) in old.tables.iter().zip(&new.tables) {
                for pair in from.tree.iter() {
                    let (key, value) = pair?;
                    if is_over(&value) {
                        continue;
                    }
                    to.tree.insert(key, value)?;
                }
                to.tree.flush()?;
            }
            Ok(())
        });
        drop(new);
        copied.map_err(failed)?;
        folders::rename(&unfinished, &path)?;
        sync_folder(&folder)?;
        let new = OpenTables::open(path.clone()).map_err(failed)?;
        *lock(&self.open) = Some(Arc::new(new));
        drop(old);
        folders::remove_former(&folder, Some(&path))
    }

    fn remove_expired(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.note(now);
        let mut removed = 0;
        for table in EphemeralTable::ALL {
            let expired = self.guarded(table, |open| {
                let mut keys = Vec::new();
                for pair in open.tree.iter() {
                    let (key, bytes) = pair?;
                    if read(&bytes, now).is_none() {
                        keys.push(String::from_utf8_lossy(&key).into_owned());
                    }
                }
                Ok(keys)
            })?;
            removed += expired.len();
            for key in expired {
                self.update(table, &key, now, &mut |entry| entry)?;
            }
        }
        Ok(removed)
    }
}

/// Returns the stored form: the time of the end in milliseconds, then the value.
fn write(entry: &EphemeralEntry) -> Vec<u8> {
    let mut bytes = entry.expires.timestamp_millis().to_be_bytes().to_vec();
    bytes.extend(&entry.value);
    bytes
}

/// Returns the entry, or `None` if its time has ended.
fn read(bytes: &[u8], now: DateTime<Utc>) -> Option<EphemeralEntry> {
    let (millis, value) = bytes.split_first_chunk()?;
    let expires = DateTime::from_timestamp_millis(i64::from_be_bytes(*millis))?;
    (expires > now).then(|| EphemeralEntry {
        value: value.to_vec(),
        expires,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewritten_database_has_no_entry_whose_time_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let kept = SledEphemeral::new(folder.path().to_owned(), 0);
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let table = EphemeralTable::Drafts;
        for (key, end) in [("a", 10), ("b", 20)] {
            let mut entry = |_| {
                Some(EphemeralEntry {
                    value: key.as_bytes().to_vec(),
                    expires: at(end),
                })
            };
            kept.update(table, key, at(0), &mut entry).unwrap();
        }
        kept.rewrite().unwrap();
        assert_eq!(kept.count(table).unwrap(), 2);
        assert_eq!(kept.get(table, "a", at(10)).unwrap(), None);
        kept.rewrite().unwrap();
        assert_eq!(kept.count(table).unwrap(), 1);
        // Not even for somebody whose clock is slow.
        assert_eq!(kept.get(table, "a", at(0)).unwrap(), None);
        assert!(kept.get(table, "b", at(0)).unwrap().is_some());
    }
}
