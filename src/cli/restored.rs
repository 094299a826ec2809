//! Whether a restored store is the calendar that goes on, or a copy of it: nothing goes out of a restored store
//! until somebody says so.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_store::Store;

/// Names the generation of the store from which somebody has let things go out.
const FILE: &str = "delivery.resumed";

fn file(calendar: &Calendar) -> Option<PathBuf> {
    calendar.folder().map(|folder| folder.join(FILE))
}

/// Returns when the store was restored, if nothing goes out since.
#[must_use]
pub fn is_quiet_since(calendar: &Calendar) -> Option<DateTime<Utc>> {
    let generation = calendar.generation();
    let restored_at = generation.restored_at?;
    let resumed = file(calendar).and_then(|file| std::fs::read_to_string(file).ok());
    let resumed = resumed.is_some_and(|it| it.trim() == generation.id.to_string());
    (!resumed).then_some(restored_at)
}

/// Lets things go out again from the next start on.
///
/// # Errors
/// When that can't be written down.
pub fn resume(calendar: &Calendar) -> io::Result<()> {
    match file(calendar) {
        Some(file) => std::fs::write(file, format!("{}\n", calendar.generation().id)),
        None => Ok(()),
    }
}
