//! Which image files records refer to, and the removal of the others.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::sleep;

use crate::catalog::Calendar;
use calendar_domain::{ImageName, RecordKind, add_image_names};
use calendar_store::{CommitNumber, Store, StoreError};

/// How long a file that no record refers to is kept. An upload is referred to only when the commit after it is done, and
/// a partner's response may bring an image back.
pub const UNUSED_KEPT: TimeDelta = TimeDelta::hours(1);
/// How often unused files are looked for.
const CHECKED_EVERY: Duration = Duration::from_secs(15 * 60);

/// Returns the names of files that the current records refer to. Every kind of record counts: submissions, suggestions
/// and runs contain events or parts of them. What is only in the history of a record, or in a submission that was approved
/// and is an event since, does not.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn used_names(store: &dyn Store) -> Result<BTreeSet<ImageName>, StoreError> {
    let mut used = BTreeSet::new();
    store.scan(&RecordKind::ALL, &mut |batch| {
        for stored in batch {
            add_image_names(&stored.record, &mut used);
        }
    })?;
    Ok(used)
}

/// Removes the image files that no record refers to, unless they were kept within [`UNUSED_KEPT`]. Returns their number.
///
/// # Errors
/// Errors if the store or a file cannot be read.
pub fn remove_unused(calendar: &Calendar) -> Result<usize, StoreError> {
    let Some(files) = calendar.images() else {
        return Ok(0);
    };
    if files.names()?.is_empty() {
        return Ok(0);
    }
    // Before the records are read: what is kept from now on is not removed.
    let until = calendar.clock().now() - UNUSED_KEPT;
    files.remove_unused(&used_names(calendar)?, until)
}

/// Removes those of some files that no record refers to any more, without the hour for which others are kept. Returns the
/// number of the others.
///
/// # Errors
/// Errors if the store or a file cannot be read.
pub fn remove_unreferenced(
    store: &dyn Store,
    names: &BTreeSet<ImageName>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(files) = store.images().filter(|_| !names.is_empty()) else {
        return Ok(0);
    };
    // Before the records are read: a file that is uploaded again from now on stays.
    let until = now + TimeDelta::milliseconds(1);
    let used = used_names(store)?;
    let unused: BTreeSet<ImageName> = names.difference(&used).cloned().collect();
    files.remove(&unused, until)?;
    Ok(names.len() - unused.len())
}

/// Removes unused image files from time to time, as long as the server runs.
pub async fn keep_tidy(calendar: Arc<Calendar>) {
    // A file is unused an hour after the commit, so each state is looked at until an hour after it.
    let mut seen: Option<CommitNumber> = None;
    let mut looks_left = 0;
    loop {
        let head = calendar.head().number;
        if seen != Some(head) {
            seen = Some(head);
            looks_left = 6;
        }
        if looks_left > 0 {
            looks_left -= 1;
            let calendar = Arc::clone(&calendar);
            match spawn_blocking(move || remove_unused(&calendar)).await {
                Ok(Ok(0)) => {}
                Ok(Ok(removed)) => tracing::info!(removed, "removed images that nothing refers to"),
                Ok(Err(error)) => tracing::warn!(%error, "cannot remove unused images; retrying"),
                Err(error) => tracing::error!(%error, "cannot remove unused images"),
            }
        }
        sleep(CHECKED_EVERY).await;
    }
}
