//! The image files that records require, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::body::{Envelope, JournalEntry};
use calendar_domain::{ImageName, Record, may_require_images, required_image_names};

/// What an operator can do about a file that is not as it should be.
const ADVICE: &str = "an earlier backup may have the file: restore that elsewhere and copy it into the folder images, or \
                      take the picture off and upload it again";

/// What is wrong with an image file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ImageDamage {
    /// It is not there.
    Missing,
    /// Its content is another than its name says.
    Changed,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl fmt::Display for ImageDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "missing"),
            Self::Changed => write!(f, "damaged, since the content has changed"),
            Self::Unreadable(why) => write!(f, "unreadable ({why})"),
        }
    }
}

/// The image files that each record requires, as of one commit. Records without any take no memory.
#[derive(Debug, Default)]
pub(crate) struct RequiredImages {
    of_records: BTreeMap<String, BTreeSet<ImageName>>,
}

impl RequiredImages {
    /// Notes the current version of a record; `None` if it was removed.
    pub(crate) fn set(&mut self, key: &str, record: Option<&Record>) {
        let names = record.map(required_image_names).unwrap_or_default();
        if names.is_empty() {
            self.of_records.remove(key);
        } else {
            self.of_records.insert(key.to_owned(), names);
        }
    }

    /// Notes a stored record. One that cannot be read requires nothing: a check reports it.
    pub(crate) fn add_stored(&mut self, key: &[u8], value: &[u8]) {
        // Few records have images, and only those are parsed.
        if !may_require_images(value) {
            return;
        }
        let stored = Envelope::read(value).and_then(|found| found.stored());
        if let (Ok(Some(stored)), Ok(key)) = (stored, std::str::from_utf8(key)) {
            self.set(key, Some(&stored.record));
        }
    }

    /// Notes what a commit changes.
    pub(crate) fn add_entry(&mut self, payload: &[u8]) {
        if self.of_records.is_empty() && !may_require_images(payload) {
            return;
        }
        let Ok(entry) = JournalEntry::read(payload) else {
            return;
        };
        for change in &entry.changes {
            let text = change.record.as_deref().map(|raw| raw.get().as_bytes());
            let record = text
                .is_some_and(may_require_images)
                .then(|| change.record(entry.v));
            let record = record.and_then(Result::ok).flatten();
            self.set(&change.key, record.as_ref());
        }
    }

    /// Returns a finding for each record whose files are not as they should be, and for each other damaged file.
    pub(crate) fn findings(
        &self,
        damaged: &BTreeMap<ImageName, ImageDamage>,
        is_there: impl Fn(&ImageName) -> bool,
    ) -> Vec<String> {
        let mut findings = Vec::new();
        let mut reported = BTreeSet::new();
        for (key, names) in &self.of_records {
            let mut faults: BTreeMap<&ImageDamage, Vec<&str>> = BTreeMap::new();
            for name in names {
                let damage = damaged.get(name);
                let damage = damage.or_else(|| (!is_there(name)).then_some(&ImageDamage::Missing));
                if let Some(damage) = damage {
                    faults.entry(damage).or_default().push(name.as_str());
                    reported.insert(name);
                }
            }
            let told = |(damage, names): (&ImageDamage, Vec<&str>)| {
                let (noun, verb) = match names.len() {
                    1 => ("image file", "is"),
                    _ => ("image files", "are"),
                };
                format!(
                    "{key}: its {noun} {} {verb} {damage}; {ADVICE}",
                    names.join(", ")
                )
            };
            findings.extend(faults.into_iter().map(told));
        }
        let others = damaged.iter().filter(|(name, _)| !reported.contains(name));
        findings.extend(others.map(|(name, damage)| {
            format!(
                "the image file {name} is {damage}; no record refers to it, and the running server removes it"
            )
        }));
        findings
    }
}
