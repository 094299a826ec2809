//! Uniqueness of names and aliases among records of a kind, compared in their folded form.

use std::collections::BTreeMap;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::SpannedText;
use calendar_domain::query::fold;

/// The names of a file's records.
#[derive(Default)]
pub(super) struct RecordNames {
    taken: BTreeMap<String, Taken>,
}

struct Taken {
    /// Identifier of the record.
    by: String,
    /// Whether it is an alias.
    alias: bool,
}

impl RecordNames {
    /// Returns the names of all records, collected before any alias, so that an alias equal to any
    /// name is an error. Of two records with the same name, the first keeps it.
    pub fn new<'t>(records: impl IntoIterator<Item = (&'t str, Vec<&'t str>)>) -> Self {
        let mut names = Self::default();
        for (id, called) in records {
            for name in called.into_iter().chain([id]) {
                let taken = Taken {
                    by: id.to_owned(),
                    alias: false,
                };
                names.taken.entry(fold(name)).or_insert(taken);
            }
        }
        names
    }

    /// Returns the aliases of a record and records errors for those that are blank or ambiguous.
    pub fn aliases(
        &mut self,
        file: &mut DataFile,
        id: &str,
        aliases: &[SpannedText],
    ) -> Vec<String> {
        for alias in aliases {
            self.note(file, "aliases", id, alias);
        }
        texts(aliases)
    }

    /// Adds a name of a record, or records an error.
    pub fn note(&mut self, file: &mut DataFile, field: &str, id: &str, name: &SpannedText) {
        let Some(folded) = spoken(file, field, name) else {
            return;
        };
        if let Some(taken) = self.taken.get(&folded) {
            // An alias equal to the record's own name is harmless.
            if taken.by != id || taken.alias {
                let wrong = format!("«{}» is already a name of {}", name.get_ref(), taken.by);
                let allowed = if taken.by == id {
                    "each name once".to_owned()
                } else {
                    format!("one name for each: leave it out here or at {}", taken.by)
                };
                file.mistake(field, name.span(), Mistake::new(wrong, allowed));
            }
            return;
        }
        let by = id.to_owned();
        self.taken.insert(folded, Taken { by, alias: true });
    }
}

/// Returns the folded name, or records an error if it is empty.
fn spoken(file: &mut DataFile, field: &str, name: &SpannedText) -> Option<String> {
    let folded = fold(name.get_ref());
    if folded.is_empty() {
        let mistake = Mistake::new("is blank", "a name");
        file.mistake(field, name.span(), mistake);
        return None;
    }
    Some(folded)
}

/// Returns the texts as in the file.
pub(super) fn texts(words: &[SpannedText]) -> Vec<String> {
    words.iter().map(|word| word.get_ref().clone()).collect()
}
