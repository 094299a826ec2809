//! Imported records whose image files are neither in the imported file nor in the store.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::{ImageName, Record, RecordKey, required_image_names, with_image_files};
use calendar_store::{Change, Store as _, StoreError};

/// The records that wait for image files, which follow them in an export.
#[derive(Default)]
pub(super) struct AbsentImages {
    waiting: Vec<Waiting>,
    /// Files of the imported file, which a dry run does not keep.
    seen: BTreeSet<ImageName>,
}

/// A record that required a file that was not there when its line was read.
struct Waiting {
    line: usize,
    key: RecordKey,
    names: BTreeSet<ImageName>,
}

/// What became of a record without its absent images.
pub(super) struct WithoutImages {
    /// What to report.
    pub(super) report: String,
    /// The change of the record, if it is stored.
    pub(super) change: Option<Change>,
}

impl AbsentImages {
    /// Notes the record of a line.
    pub(super) fn record(&mut self, calendar: &Calendar, line: usize, record: &Record) {
        let key = record.key();
        // A later line of a record replaces an earlier one.
        self.waiting.retain(|earlier| earlier.key != key);
        let names = required_image_names(record);
        if names.iter().any(|name| !self.is_there(calendar, name)) {
            self.waiting.push(Waiting { line, key, names });
        }
    }

    /// Notes an image of the file.
    pub(super) fn image(&mut self, name: ImageName) {
        self.seen.insert(name);
    }

    fn is_there(&self, calendar: &Calendar, name: &ImageName) -> bool {
        self.seen.contains(name) || calendar.images().is_some_and(|files| files.has(name))
    }

    /// Returns the records that still lack files at the end, without those.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub(super) fn finish(self, calendar: &Calendar) -> Result<Vec<WithoutImages>, StoreError> {
        let mut found = Vec::new();
        for waiting in &self.waiting {
            let names = waiting.names.iter();
            let absent: Vec<_> = names
                .filter(|name| !self.is_there(calendar, name))
                .collect();
            if absent.is_empty() {
                continue;
            }
            let listed: Vec<&str> = absent.iter().map(|name| name.as_str()).collect();
            let report = format!(
                "line {}: {}: it is imported without images that are neither in this file nor in the store: {}; import \
                 them from another export or a backup, or upload them again",
                waiting.line,
                waiting.key,
                listed.join(", ")
            );
            let is_there = |name: &ImageName| self.is_there(calendar, name);
            let stored = calendar.get(&waiting.key)?;
            let change = stored.map(|stored| {
                let record = with_image_files(stored.record, &is_there);
                Change::update(record, stored.revision)
            });
            found.push(WithoutImages { report, change });
        }
        Ok(found)
    }
}
