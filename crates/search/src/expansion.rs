//! Words of a segment that a word of a query stands for.

use std::cell::Cell;
use std::collections::BTreeMap;

use fst::{IntoStreamer, Streamer};

use crate::compound::{is_tail, splits};
use crate::edit_distance::EditDistance;
use crate::index::SearchIndex;
use crate::query_words::QueryWords;
use crate::segment::IndexSegment;
use crate::stem::MIN_HEAD;
use crate::thesaurus::{MAX_PHRASE, Synonym};

const EXACT: f32 = 1.0;
const STEM: f32 = 0.85;
const JOINED: f32 = 0.75;
const SYNONYM: f32 = 0.65;
const OTHER_LANGUAGE: f32 = 0.6;
const PHRASE: f32 = 0.6;
const BEGINNING: f32 = 0.45;
const PART: f32 = 0.45;
const SPLIT: f32 = 0.4;
const PART_OF_SYNONYM: f32 = 0.35;
const TAIL: f32 = 0.35;
const ONE_ERROR: f32 = 0.3;
const TWO_ERRORS: f32 = 0.2;

/// Maximum number of words that a prefix, a part or an error leads to.
const MAX_EXPANSIONS: usize = 64;
/// Minimum length of a prefix while a query is being typed, and otherwise.
const MIN_PREFIX: (usize, usize) = (2, 3);
/// Minimum length of a stem of which other words are found that begin with it.
const MIN_STEM: usize = 4;
/// Minimum length of the last part of an unknown compound.
const MIN_TAIL: usize = 4;
/// Minimum lengths of words with one and two typing errors.
const MIN_ERRORS: (usize, usize) = (4, 8);
/// Vowels and letters that link the words of a compound.
const LINKS: [&str; 3] = ["", "e", "s"];

/// How far a word is from what is searched. The next step is taken if the one before finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leniency {
    /// The word, its forms, its synonyms, and compounds with it.
    Meaning,
    /// Words that begin with it.
    Beginning,
    /// Words that end with it.
    Ending,
    /// Parts of it as separate words.
    Split,
    /// Words with one typing error.
    OneError,
    /// Words with two typing errors.
    TwoErrors,
}

impl Leniency {
    pub(crate) const ALL: [Self; 6] = [
        Self::Meaning,
        Self::Beginning,
        Self::Ending,
        Self::Split,
        Self::OneError,
        Self::TwoErrors,
    ];

    /// Returns true if the words found are not what was typed.
    pub(crate) fn is_correction(self) -> bool {
        self >= Self::OneError
    }
}

/// Words of a segment with the quality of each, and combinations of which a document needs all.
#[derive(Debug, Default)]
pub(crate) struct Expansion {
    pub(crate) words: BTreeMap<u32, f32>,
    pub(crate) conjunctions: Vec<Conjunction>,
}

/// Words of which a document needs one from each group.
#[derive(Debug)]
pub(crate) struct Conjunction {
    pub(crate) groups: Vec<BTreeMap<u32, f32>>,
    pub(crate) quality: f32,
}

/// Expands the words of a query in one segment.
#[derive(Debug)]
pub(crate) struct Expander<'a> {
    pub(crate) index: &'a SearchIndex,
    pub(crate) segment: &'a IndexSegment,
    pub(crate) query: &'a QueryWords,
    pub(crate) is_typing: bool,
    /// Number of steps left in the search for typing errors.
    pub(crate) budget: &'a Cell<usize>,
}

impl Expander<'_> {
    /// Returns what the word at a position stands for.
    pub(crate) fn expand(&self, at: usize, leniency: Leniency) -> Expansion {
        let mut found = Expansion::default();
        let folded = self.query.words[at].folded.as_str();
        match leniency {
            Leniency::Meaning => self.by_meaning(at, &mut found),
            Leniency::Beginning => {
                self.beginning(folded, MIN_PREFIX.1, &mut found);
                let stem = self.query.norwegian[at].as_str();
                if found.words.is_empty() && stem.len() >= MIN_STEM {
                    self.beginning(stem, MIN_STEM, &mut found);
                }
                if let Some(other) = &self.query.words[at].with_o {
                    self.beginning(other, MIN_PREFIX.1, &mut found);
                }
            }
            Leniency::Ending => self.ending(at, &mut found),
            Leniency::Split => self.split(at, &mut found),
            Leniency::OneError => self.misspelled(at, 1, &mut found),
            Leniency::TwoErrors => self.misspelled(at, 2, &mut found),
        }
        found
    }

    fn by_meaning(&self, at: usize, found: &mut Expansion) {
        let word = &self.query.words[at];
        self.word(&word.folded, EXACT, found);
        self.stem(at, found);
        if let Some(other) = &word.with_o {
            self.word(other, EXACT, found);
            let stem = self.index.thesaurus.stems.norwegian(other);
            found.add_each(self.with_stem(&stem, STEM, PART));
        }
        self.joined(at, found);
        if !word.parts.is_empty() {
            let groups = word.parts.iter().map(|part| {
                let stem = self.index.thesaurus.stems.norwegian(part);
                self.with_stem(&stem, STEM, PART)
            });
            found.add_all(groups.collect(), EXACT);
        }
        // A phrase may begin before the word.
        for start in at.saturating_sub(MAX_PHRASE - 1)..=at {
            for stems in [&self.query.norwegian, &self.query.english] {
                for (length, other) in self.index.thesaurus.synonyms(&stems[start..]) {
                    if start + length > at {
                        self.synonym(other, found);
                    }
                }
            }
        }
        if self.is_typing && at + 1 == self.query.words.len() {
            self.beginning(&word.folded, MIN_PREFIX.0, found);
        }
    }

    fn word(&self, folded: &str, quality: f32, found: &mut Expansion) {
        found.add(self.segment.word(folded), quality);
    }

    fn stem(&self, at: usize, found: &mut Expansion) {
        let norwegian = self.query.norwegian[at].as_str();
        if self.query.is_english() {
            let english = self.segment.english.get(&self.query.english[at]);
            found.add(english.iter().copied(), STEM);
        }
        let quality = if self.query.is_english() {
            OTHER_LANGUAGE
        } else {
            STEM
        };
        found.add_each(self.with_stem(norwegian, quality, PART));
    }

    /// Adds the compounds of the word and its neighbours: «jakt dager».
    fn joined(&self, at: usize, found: &mut Expansion) {
        let pairs = [
            at.checked_sub(1).map(|before| (before, at)),
            Some((at, at + 1)),
        ];
        for (first, last) in pairs.into_iter().flatten() {
            let Some(last) = self.query.words.get(last) else {
                continue;
            };
            for link in LINKS {
                let word = format!("{}{link}{}", self.query.words[first].folded, last.folded);
                let stem = self.index.thesaurus.stems.norwegian(&word);
                self.word(&word, JOINED, found);
                found.add(self.segment.norwegian.get(&stem).iter().copied(), JOINED);
            }
        }
    }

    fn synonym(&self, synonym: &Synonym, found: &mut Expansion) {
        if synonym.is_english && !self.query.is_english() {
            return;
        }
        if let [stem] = synonym.stems.as_slice() {
            found.add_each(self.with_stem(stem, SYNONYM, PART_OF_SYNONYM));
            return;
        }
        let stems = synonym.stems.iter();
        let groups = stems.map(|stem| self.with_stem(stem, STEM, PART));
        found.add_all(groups.collect(), PHRASE);
    }

    /// Returns the words with a stem, and the compounds with it.
    fn with_stem(&self, stem: &str, quality: f32, in_compounds: f32) -> BTreeMap<u32, f32> {
        let mut found = Expansion::default();
        found.add(self.segment.norwegian.get(stem).iter().copied(), quality);
        found.add(self.segment.parts.get(stem).iter().copied(), in_compounds);
        found.words
    }

    fn beginning(&self, folded: &str, least: usize, found: &mut Expansion) {
        if folded.len() < least {
            return;
        }
        let words = self.segment.beginning_with(folded);
        for word in self.most_frequent(words) {
            // Whole words come first: 1 is the longest share there is.
            let length = self.segment.word_at(word).len().max(1);
            let share = f32::from(u16::try_from(folded.len()).unwrap_or(u16::MAX))
                / f32::from(u16::try_from(length).unwrap_or(u16::MAX));
            found.add([word], BEGINNING + 0.1 * share);
        }
    }

    /// Adds words that have the word or a form of it at the end or in the middle, after at least a syllable.
    fn ending(&self, at: usize, found: &mut Expansion) {
        let stem = self.query.norwegian[at].as_str();
        if stem.len() < MIN_TAIL {
            return;
        }
        let words = self.segment.containing(stem).into_iter();
        let thesaurus = &self.index.thesaurus;
        let words = words.filter(|word| {
            let word = self.segment.word_at(*word);
            let stem_of_word = thesaurus.stems.norwegian(word);
            let head = stem_of_word.strip_suffix(stem);
            head.is_some_and(|head| head.len() >= MIN_HEAD)
                || word.split_once(stem).is_some_and(|(head, tail)| {
                    head.len() >= MIN_HEAD && is_tail(tail, thesaurus, self.index)
                })
        });
        found.add(self.most_frequent(words.collect()), TAIL);
    }

    /// Adds documents that have the parts of the word as words.
    fn split(&self, at: usize, found: &mut Expansion) {
        let thesaurus = &self.index.thesaurus;
        for parts in splits(&self.query.words[at].folded, thesaurus, self.index) {
            let groups = parts.iter().map(|part| {
                let stem = thesaurus.stems.norwegian(part);
                let mut found = Expansion::default();
                found.add_each(self.with_stem(&stem, STEM, PART));
                let stems = std::slice::from_ref(&stem);
                for (_, other) in thesaurus
                    .synonyms(stems)
                    .filter(|(_, other)| other.stems.len() == 1)
                {
                    self.synonym(other, &mut found);
                }
                found.words
            });
            found.add_all(groups.collect(), SPLIT);
        }
    }

    fn misspelled(&self, at: usize, most: u8, found: &mut Expansion) {
        let folded = self.query.words[at].folded.as_str();
        let least = if most > 1 { MIN_ERRORS.1 } else { MIN_ERRORS.0 };
        if folded.len() < least || folded.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        let quality = if most > 1 { TWO_ERRORS } else { ONE_ERROR };
        let mut words = Vec::new();
        if let Some(near) = EditDistance::new(folded, most, self.budget) {
            let mut stream = self.segment.words.search(&near).into_stream();
            while let Some((_, word)) = stream.next() {
                words.extend(u32::try_from(word).ok());
            }
        }
        words.retain(|word| is_plausible(folded, self.segment.word_at(*word)));
        let stem = self.query.norwegian[at].as_str();
        for (typed, groups) in [
            (stem, &self.segment.norwegian),
            (folded, &self.segment.norwegian),
            (folded, &self.segment.parts),
        ] {
            if typed.len() > MIN_ERRORS.0
                && let Some(near) = EditDistance::new(typed, most, self.budget)
            {
                let mut stream = groups.keys().search(&near).into_stream();
                while let Some((_, group)) = stream.next() {
                    words.extend(groups.at(group));
                }
            }
        }
        words.retain(|word| {
            !self
                .index
                .thesaurus
                .is_stop_word(self.segment.word_at(*word))
        });
        words.sort_unstable();
        words.dedup();
        for word in self.most_frequent(words) {
            let same_start =
                self.segment.word_at(word).as_bytes().first() == folded.as_bytes().first();
            found.add([word], quality * if same_start { 1.0 } else { 0.6 });
        }
    }

    /// Returns the most frequent of some words.
    fn most_frequent(&self, mut words: Vec<u32>) -> Vec<u32> {
        if words.len() > MAX_EXPANSIONS {
            words.sort_by_cached_key(|word| std::cmp::Reverse(self.segment.documents(*word).len()));
            words.truncate(MAX_EXPANSIONS);
        }
        words
    }
}

impl Expansion {
    fn add(&mut self, words: impl IntoIterator<Item = u32>, quality: f32) {
        for word in words {
            let best = self.words.entry(word).or_insert(quality);
            *best = best.max(quality);
        }
    }

    fn add_each(&mut self, words: BTreeMap<u32, f32>) {
        for (word, quality) in words {
            self.add([word], quality);
        }
    }

    fn add_all(&mut self, groups: Vec<BTreeMap<u32, f32>>, quality: f32) {
        if groups.iter().all(|group| !group.is_empty()) {
            self.conjunctions.push(Conjunction { groups, quality });
        }
    }
}

/// Returns false if a short word differs in more than the order of its letters or one that is missing or added.
fn is_plausible(typed: &str, word: &str) -> bool {
    if typed.len() > MIN_ERRORS.0 {
        return true;
    }
    let sorted = |word: &str| {
        let mut letters: Vec<u8> = word.bytes().collect();
        letters.sort_unstable();
        letters
    };
    let same_start = typed.as_bytes().first() == word.as_bytes().first();
    sorted(typed) == sorted(word) || (typed.len() != word.len() && same_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_have_other_errors_than_a_wrong_letter() {
        assert!(is_plausible("knio", "kino"));
        assert!(is_plausible("kinoo", "kino"));
        assert!(is_plausible("kina", "kinas"));
        assert!(!is_plausible("golf", "golv"));
        assert!(!is_plausible("rena", "arena"));
    }

    #[test]
    fn steps_go_from_the_word_to_errors() {
        assert!(Leniency::ALL.is_sorted());
        assert!(!Leniency::Split.is_correction() && Leniency::OneError.is_correction());
    }
}
