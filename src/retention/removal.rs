//! Deletion of records in small commits.

use crate::catalog::Calendar;
use calendar_domain::{Record, RecordKey, RecordKind};
use calendar_store::{Author, Change, Revision, Store, StoreError};

/// Maximum number of records in a commit, so that other writers wait for milliseconds at most.
const AT_ONCE: usize = 50;

/// Deletes the records of a kind that are due. Returns their number.
///
/// # Errors
/// Errors if the store fails. What was deleted before stays deleted.
pub(super) fn remove_due(
    calendar: &Calendar,
    kind: RecordKind,
    is_due: impl Fn(&Record) -> bool,
) -> Result<usize, StoreError> {
    let mut due = Vec::new();
    calendar.scan(&[kind], &mut |batch| {
        for stored in batch {
            if is_due(&stored.record) {
                due.push((stored.record.key(), stored.revision));
            }
        }
    })?;
    let mut removed = 0;
    for part in due.chunks(AT_ONCE) {
        removed += match remove(calendar, part) {
            Err(error) if error.is_overtaken() => one_by_one(calendar, part)?,
            outcome => outcome?,
        };
    }
    Ok(removed)
}

fn one_by_one(calendar: &Calendar, part: &[(RecordKey, Revision)]) -> Result<usize, StoreError> {
    let mut removed = 0;
    for one in part.chunks(1) {
        removed += match remove(calendar, one) {
            // Changed meanwhile, so it is not due any more.
            Err(error) if error.is_overtaken() => 0,
            outcome => outcome?,
        };
    }
    Ok(removed)
}

fn remove(calendar: &Calendar, part: &[(RecordKey, Revision)]) -> Result<usize, StoreError> {
    let changes = part.iter().cloned();
    let changes = changes.map(|(key, revision)| Change::remove(key, revision));
    let note = "deleted what is kept no longer";
    calendar.write(Author::System, note, changes.collect())?;
    Ok(part.len())
}
