//! Names and aliases: each means one record of its kind, in the form in which words of others are looked up.

use std::collections::BTreeMap;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::Words;
use calendar_domain::query::fold;

/// The names of a file's records so far.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeMap<String, Taken>,
}

struct Taken {
    /// The record, by its identifier.
    by: String,
    /// Whether it is an alias.
    alias: bool,
}

impl Names {
    /// Notes what every record is called, before any alias is looked at: an alias is a mistake wherever the name
    /// stands that it is equal to. The first of two records of one name keeps it.
    pub fn of<'t>(records: impl IntoIterator<Item = (&'t str, Vec<&'t str>)>) -> Self {
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

    /// The aliases of a record; those that are blank or mean another one already are noted as mistakes.
    pub fn aliases(&mut self, file: &mut DataFile, id: &str, aliases: &[Words]) -> Vec<String> {
        for alias in aliases {
            self.note(file, "aliases", id, alias);
        }
        texts(aliases)
    }

    /// Notes one more name of a record.
    pub fn note(&mut self, file: &mut DataFile, field: &str, id: &str, name: &Words) {
        let Some(folded) = spoken(file, field, name) else {
            return;
        };
        if let Some(taken) = self.taken.get(&folded) {
            // One that repeats the record's own name helps nobody, and harms nobody.
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

/// The folded name; a mistake is noted where nothing is left of it.
fn spoken(file: &mut DataFile, field: &str, name: &Words) -> Option<String> {
    let folded = fold(name.get_ref());
    if folded.is_empty() {
        let mistake = Mistake::new("is blank", "a name");
        file.mistake(field, name.span(), mistake);
        return None;
    }
    Some(folded)
}

/// As they stand in the file.
pub(super) fn texts(words: &[Words]) -> Vec<String> {
    words.iter().map(|word| word.get_ref().clone()).collect()
}
