//! Words of a source that name no known category or audience.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::alias_index::AliasIndex;
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::query::fold;
use calendar_domain::{EventDraft, Lang, Mapping, Slug};

/// Maximum number of words reported.
const WORDS: usize = 50;

/// Unknown words, each with the number of events that have it.
#[derive(Debug, Default)]
pub struct UnknownWords {
    counts: BTreeMap<(&'static str, String), (usize, String)>,
    further: bool,
}

impl UnknownWords {
    /// Counts the unknown words of a draft. Those of the partner's mapping are known.
    pub fn note(&mut self, draft: &EventDraft, known: &AliasIndex, mapping: Option<&Mapping>) {
        let is_mapped = |words: Option<&BTreeMap<String, BTreeSet<Slug>>>, word: &str| {
            words.is_some_and(|words| words.keys().any(|theirs| fold(theirs) == fold(word)))
        };
        for word in &draft.categories {
            if known.categories(std::slice::from_ref(word)).is_empty()
                && !is_mapped(mapping.map(|mapping| &mapping.categories), word)
            {
                self.add("category", word, draft);
            }
        }
        for word in &draft.audiences {
            if known.audiences(std::slice::from_ref(word)).is_empty()
                && !is_mapped(mapping.map(|mapping| &mapping.audiences), word)
            {
                self.add("audience", word, draft);
            }
        }
    }

    fn add(&mut self, kind: &'static str, word: &str, draft: &EventDraft) {
        let key = (kind, word.to_owned());
        if self.counts.len() >= WORDS && !self.counts.contains_key(&key) {
            self.further = true;
            return;
        }
        let first = || (0, title(draft));
        self.counts.entry(key).or_insert_with(first).0 += 1;
    }

    /// Returns a remark for each word.
    #[must_use]
    pub fn into_remarks(self) -> Vec<Diagnostic> {
        let told = self.counts.into_iter().map(|((kind, word), (count, first))| {
            let events = match count {
                1 => format!("the event «{first}»"),
                _ => format!("{count} events, beginning with «{first}»"),
            };
            let file = if kind == "category" {
                "categories.toml"
            } else {
                "audiences.toml"
            };
            let detail = format!(
                "«{word}» is unknown and left out of {events}; add an alias in {file} to keep it"
            );
            Diagnostic::warning(kind, detail)
        });
        let more = self.further.then(|| {
            let detail = format!("more than {WORDS} words are unknown; the rest are not listed");
            Diagnostic::warning("category", detail)
        });
        told.chain(more).collect()
    }
}

/// What an event is called, at a bearable length.
fn title(draft: &EventDraft) -> String {
    let title = match draft.title.get(Lang::Nb) {
        "" => &draft.origin_id,
        title => title,
    };
    title.chars().take(70).collect()
}
