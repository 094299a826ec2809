//! An immutable index of some documents.

use fst::automaton::Str;
use fst::{Automaton, IntoStreamer, Map, Streamer};

use crate::compound::Lexicon;
use crate::postings::PostingList;
use crate::word_groups::WordGroups;

/// Maximum number of words that a stream of words is followed for.
const MAX_STREAMED: usize = 4_000;

/// An index of some documents. They are numbered from 0; each has a key of the caller's.
#[derive(Debug, Default)]
pub(crate) struct IndexSegment {
    /// Keys by number.
    pub(crate) keys: Vec<u32>,
    /// Numbers by key, ascending.
    pub(crate) by_key: Vec<(u32, u32)>,
    /// Number of words of the shortest title, by number; 0 if there is none.
    pub(crate) title_words: Vec<u8>,
    /// Numbers of the words, in alphabetical order.
    pub(crate) words: Map<Vec<u8>>,
    /// All words in order, each followed by a space, and the start of each.
    pub(crate) text: String,
    pub(crate) starts: Vec<u32>,
    /// The lists of all words, and the start of each.
    pub(crate) postings: Vec<u8>,
    pub(crate) lists: Vec<u32>,
    pub(crate) norwegian: WordGroups,
    pub(crate) english: WordGroups,
    /// Compounds by the stems of their parts.
    pub(crate) parts: WordGroups,
    /// Words as they are written, if that differs, in order of their numbers.
    pub(crate) written: Vec<(u32, Box<str>)>,
}

impl IndexSegment {
    /// Returns the number of documents.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns the number of a document.
    pub(crate) fn number_of(&self, key: u32) -> Option<u32> {
        let at = self.by_key.binary_search_by_key(&key, |(key, _)| *key);
        at.ok().and_then(|at| Some(self.by_key.get(at)?.1))
    }

    /// Returns the number of a word.
    pub(crate) fn word(&self, folded: &str) -> Option<u32> {
        self.words.get(folded).and_then(|word| word.try_into().ok())
    }

    /// Returns a word by its number.
    pub(crate) fn word_at(&self, word: u32) -> &str {
        let at = word as usize;
        let end = self
            .starts
            .get(at + 1)
            .map_or(self.text.len(), |end| *end as usize);
        let start = self.starts.get(at).map_or(end, |start| *start as usize);
        self.text.get(start..end).unwrap_or("").trim_end()
    }

    /// Returns a word as it is written in a text.
    pub(crate) fn written(&self, word: u32) -> &str {
        let at = self.written.binary_search_by_key(&word, |(word, _)| *word);
        let written = at.ok().and_then(|at| self.written.get(at));
        written.map_or_else(|| self.word_at(word), |(_, written)| written)
    }

    /// Returns the documents with a word.
    pub(crate) fn documents(&self, word: u32) -> PostingList<'_> {
        let start = self
            .lists
            .get(word as usize)
            .map_or(usize::MAX, |at| *at as usize);
        PostingList::new(self.postings.get(start..).unwrap_or(&[]))
    }

    /// Returns the words that begin with a text.
    pub(crate) fn beginning_with(&self, text: &str) -> Vec<u32> {
        let found = self.words.search(Str::new(text).starts_with());
        let mut found = found.into_stream();
        let mut words = Vec::new();
        while let Some((_, word)) = found.next() {
            words.extend(u32::try_from(word).ok());
            if words.len() >= MAX_STREAMED {
                break;
            }
        }
        words
    }

    /// Returns the words that contain a text, not at their beginning.
    pub(crate) fn containing(&self, text: &str) -> Vec<u32> {
        let mut words: Vec<u32> = Vec::new();
        for (at, _) in self.text.match_indices(text).take(MAX_STREAMED) {
            let after = self.starts.partition_point(|start| *start as usize <= at);
            let Some(word) = after.checked_sub(1) else {
                continue;
            };
            let begins = self
                .starts
                .get(word)
                .is_some_and(|start| *start as usize == at);
            let word = u32::try_from(word).unwrap_or(u32::MAX);
            if !begins && words.last() != Some(&word) {
                words.push(word);
            }
        }
        words
    }

    /// Returns the memory taken, in bytes, without that of the allocator.
    pub(crate) fn memory(&self) -> usize {
        let written: usize = self
            .written
            .iter()
            .map(|(_, written)| written.len() + 24)
            .sum();
        4 * (self.keys.capacity() + self.starts.capacity() + self.lists.capacity())
            + 8 * self.by_key.capacity()
            + self.title_words.capacity()
            + self.words.as_fst().size()
            + self.text.capacity()
            + self.postings.capacity()
            + self.norwegian.memory()
            + self.english.memory()
            + self.parts.memory()
            + written
    }
}

impl Lexicon for IndexSegment {
    fn has_word(&self, folded: &str) -> bool {
        self.words.contains_key(folded)
    }

    fn has_stem(&self, stem: &str) -> bool {
        self.norwegian.keys().contains_key(stem)
    }
}
