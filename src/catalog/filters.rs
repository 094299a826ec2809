//! Filters kept under short names.

use std::sync::PoisonError;

use calendar_domain::{
    FilterLimits, FilterRefusal, Query, RecordKey, RecordKind, ShortName, StoredFilter,
};
use calendar_store::{Author, Change, Commit, Store, StoreError, records};

use super::Calendar;

/// How many filters are written at once when uses are noted: some thousand bytes each.
const BATCH: usize = 500;

/// What became of filters when their uses were noted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilterUpkeep {
    /// So many were noted as used.
    pub noted: usize,
    /// So many are forgotten, since nobody has used them for long.
    pub forgotten: usize,
}

/// Why a filter was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It may not be.
    #[error(transparent)]
    Refused(#[from] FilterRefusal),
    /// It could not be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Calendar {
    /// Keeps a filter and tells its short name. One that is kept already stays as it is and counts
    /// against no bound. Blocks while the store writes.
    ///
    /// # Errors
    /// Where the bounds or the store refuse it.
    pub fn keep_filter(&self, query: &Query, limits: FilterLimits) -> Result<ShortName, KeepError> {
        // One after the other, or two at once would both be the last that there is room for. What a
        // panicking thread left behind is nothing.
        let _one = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let (snapshot, now) = (self.snapshot(), self.clock().now());
        let filter = StoredFilter::new(query.clone(), now);
        let name = filter.name.clone();
        if snapshot.filter(&name).is_some_and(|it| it.query == *query) {
            self.note_filter_use(&name);
            return Ok(name);
        }
        filter.admit(snapshot.filters().map(|it| &**it), limits)?;
        self.commit(Commit {
            author: Author::System,
            at: now,
            note: String::new(),
            changes: vec![Change::create(filter.into())],
        })?;
        Ok(name)
    }

    /// Notes that a filter is used, in memory; [`Self::tidy_filters`] writes it down. Without any lock where
    /// this was done within the month.
    pub fn note_filter_use(&self, name: &ShortName) {
        let snapshot = self.snapshot();
        let today = snapshot.version().today;
        let known = snapshot.filter(name);
        if known.is_some_and(|filter| !filter.is_use_noted(today)) {
            let mut used = self.used_filters.lock();
            let used = used.as_mut().unwrap_or_else(|it| it.get_mut());
            used.insert(name.clone());
        }
    }

    /// Writes down which filters were used, and forgets those that nobody has used for so many days; with 0,
    /// none. Blocks while the store writes.
    ///
    /// # Errors
    /// Where the store cannot be read or written. What was not written is done the next time.
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
        let left = left.as_mut().unwrap_or_else(|it| it.get_mut());
        left.retain(|name| !used.contains(name));
        Ok(upkeep)
    }
}
