//! Suspends delivery from a restored store, which may be a copy, until an operator resumes it.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_store::Store;

/// File with the generation of the store for which delivery was resumed.
const FILE: &str = "delivery.resumed";

fn file(calendar: &Calendar) -> Option<PathBuf> {
    calendar.folder().map(|folder| folder.join(FILE))
}

/// Returns when the store was restored, unless delivery was resumed since.
#[must_use]
pub fn is_quiet_since(calendar: &Calendar) -> Option<DateTime<Utc>> {
    let generation = calendar.generation();
    let restored_at = generation.restored_at?;
    let resumed = file(calendar).and_then(|file| std::fs::read_to_string(file).ok());
    let resumed = resumed.is_some_and(|resumed| resumed.trim() == generation.id.to_string());
    (!resumed).then_some(restored_at)
}

/// Resumes delivery, from the next start on.
///
/// # Errors
/// Errors if the file cannot be written.
pub fn resume(calendar: &Calendar) -> io::Result<()> {
    match file(calendar) {
        Some(file) => std::fs::write(file, format!("{}\n", calendar.generation().id)),
        None => Ok(()),
    }
}
