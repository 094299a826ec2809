//! Filters stored under short names.

use std::sync::PoisonError;

use calendar_domain::{
    FilterLimits, FilterRefusal, Query, RecordKey, RecordKind, ShortName, StoredFilter,
};
use calendar_store::{Author, Change, Commit, Store, StoreError, records};

use super::Calendar;

/// Maximum number of filters per commit when uses are stored.
const BATCH: usize = 500;

/// Result of storing the uses of filters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilterUpkeep {
    /// Number of filters stored as used.
    pub noted: usize,
    /// Number of unused filters removed.
    pub forgotten: usize,
}

/// Why a filter was not stored.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The limits do not allow it.
    #[error(transparent)]
    Refused(#[from] FilterRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Calendar {
    /// Stores a filter and returns its short name. A filter stored before is unchanged and counts
    /// against no limit. Blocks while the store writes.
    ///
    /// # Errors
    /// Returns an error if the limits do not allow the filter or the store fails.
    pub fn keep_filter(&self, query: &Query, limits: FilterLimits) -> Result<ShortName, KeepError> {
        // Serialized, so that concurrent calls cannot exceed the limit together. The lock guards no
        // data, so poisoning is ignored.
        let _one = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let filter = StoredFilter::new(query.clone(), now);
        let name = filter.name.clone();
        if snapshot
            .filter(&name)
            .is_some_and(|snapshot| snapshot.query == *query)
        {
            self.note_filter_use(&name);
            return Ok(name);
        }
        filter.admit(snapshot.filters().map(|filters| &**filters), limits)?;
        self.commit(Commit {
            author: Author::System,
            at: now,
            note: String::new(),
            changes: vec![Change::create(filter.into())],
        })?;
        Ok(name)
    }

    /// Records the use of a filter in memory; [`Self::tidy_filters`] stores it. Takes no lock if a
    /// use was stored within the last month.
    pub fn note_filter_use(&self, name: &ShortName) {
        let snapshot = self.snapshot();
        let today = snapshot.version().today;
        let known = snapshot.filter(name);
        if known.is_some_and(|filter| !filter.is_use_noted(today)) {
            let mut used = self.used_filters.lock();
            let used = used
                .as_mut()
                .unwrap_or_else(|used_filter| used_filter.get_mut());
            used.insert(name.clone());
        }
    }

    /// Stores which filters were used, and removes those unused for `unused_days` (none if 0).
    /// Blocks while the store writes.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read or written. The rest is done by the next call.
    pub fn tidy_filters(&self, unused_days: u32) -> Result<FilterUpkeep, StoreError> {
        let _one = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let used = self.used_filters.lock();
        let used = used.unwrap_or_else(PoisonError::into_inner).clone();
        let today = self.snapshot().version().today;
        let mut upkeep = FilterUpkeep::default();
        let mut changes = Vec::new();
        for (filter, revision) in records::every::<StoredFilter>(self)? {
            let name = filter.name.clone();
            if used.contains(&name) || filter.used.is_none() {
                if !filter.is_use_noted(today) {
                    let used = Some(today);
                    changes.push(Change::update(
                        StoredFilter { used, ..filter }.into(),
                        revision,
                    ));
                    upkeep.noted += 1;
                }
            } else if unused_days > 0 && filter.is_unused_for(unused_days, today) {
                let key = RecordKey::new(RecordKind::Filter, name.as_str());
                changes.push(Change::remove(key, revision));
                upkeep.forgotten += 1;
            }
        }
        while !changes.is_empty() {
            let batch = changes.drain(..changes.len().min(BATCH)).collect();
            self.write(Author::System, String::new(), batch)?;
        }
        let mut left = self.used_filters.lock();
        let left = left
            .as_mut()
            .unwrap_or_else(|used_filter| used_filter.get_mut());
        left.retain(|name| !used.contains(name));
        Ok(upkeep)
    }
}
