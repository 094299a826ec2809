//! Filters kept under short names.

use std::sync::PoisonError;

use crate::domain::{FilterLimits, FilterRefusal, Query, ShortName, StoredFilter};
use crate::store::{Author, Change, Commit, Store, StoreError};

use super::Calendar;

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
}
