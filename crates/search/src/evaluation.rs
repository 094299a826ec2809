//! Scores of documents.

use crate::document::{FieldBits, NAME, ORGANIZER, PLACE, TEXT_EN, TEXT_NO, TITLE_EN, TITLE_NO};
use crate::expansion::{Conjunction, Expansion};
use crate::index::IndexPart;
use crate::index::SearchIndex;
use crate::outcome::{SearchHit, SearchOutcome};
use crate::query_words::QueryWords;

/// Maximum number of list entries read for words that are not in the query themselves.
const MAX_READ: usize = 600_000;
/// Weight of the share of a title that the query covers.
const COVERAGE: f32 = 0.15;
/// Weight of each further field with a word.
const MORE_FIELDS: f32 = 0.04;
/// Minimum quality of a word that counts as covering a part of a title.
const COVERING: f32 = 0.6;
/// Steps of a score, so that hits that fit nearly equally well are ordered by rank.
const STEPS: f32 = 100.0;

/// Number of list entries that may still be read.
#[derive(Debug)]
pub(crate) struct PostingBudget(usize);

impl Default for PostingBudget {
    fn default() -> Self {
        Self(MAX_READ)
    }
}

impl PostingBudget {
    /// Returns true if a list may be read. The words of the query themselves are always read.
    fn allows(&mut self, length: usize, quality: f32) -> bool {
        if quality >= 1.0 {
            return true;
        }
        let left = self.0.checked_sub(length);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// Scores of the documents of an index for a query.
#[derive(Debug)]
pub(crate) struct Evaluation<'i> {
    parts: Vec<PartScores<'i>>,
    /// Weight of a match by the fields it is in.
    weights: Vec<f32>,
    documents: usize,
    /// Words found anywhere, one bit for each.
    known: u16,
    /// Sum of the weights of those words.
    weight: f32,
}

/// Scores of the documents of a segment, by number.
#[derive(Debug)]
struct PartScores<'i> {
    part: &'i IndexPart,
    /// Best match of the current word, and whether it covers a part of the title.
    best: Vec<(f32, bool)>,
    /// Documents that the current word matches.
    touched: Vec<u32>,
    total: Vec<Total>,
    /// Documents that any word matches.
    found: Vec<u32>,
}

/// Sum of the matches of a document.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    score: f32,
    words: u16,
    in_title: u8,
}

impl<'i> Evaluation<'i> {
    pub(crate) fn new(index: &'i SearchIndex, query: &QueryWords) -> Self {
        let parts = index.parts.iter().map(|part| PartScores {
            part,
            best: vec![(0.0, false); part.segment.len()],
            touched: Vec::new(),
            total: vec![Total::default(); part.segment.len()],
            found: Vec::new(),
        });
        let english = query.is_english();
        Self {
            parts: parts.collect(),
            weights: (0..=FieldBits::MAX)
                .map(|bits| weight(bits, english))
                .collect(),
            documents: index.len(),
            known: 0,
            weight: 0.0,
        }
    }

    /// Adds the matches of a word, with an expansion for each segment. Returns false if there are none.
    pub(crate) fn add_word(
        &mut self,
        at: usize,
        expansions: &[Expansion],
        budget: &mut PostingBudget,
    ) -> bool {
        for (part, expansion) in self.parts.iter_mut().zip(expansions) {
            part.match_words(expansion, &self.weights, budget);
        }
        let matched: usize = self.parts.iter().map(|part| part.touched.len()).sum();
        if matched == 0 {
            return false;
        }
        let (all, matched) = (self.documents.max(1), matched.min(self.documents));
        #[expect(clippy::cast_precision_loss, reason = "a weight needs no precision")]
        let weight = 1.0 + (all as f32 / matched as f32).ln();
        for part in &mut self.parts {
            part.add_matches(1 << at, weight);
        }
        self.known |= 1 << at;
        self.weight += weight;
        true
    }

    /// Writes the best hits: those with all words, or those with the most.
    pub(crate) fn finish(
        &self,
        limit: usize,
        rank: impl Fn(u32) -> Option<u32>,
        outcome: &mut SearchOutcome,
    ) {
        if self.known == 0 {
            return;
        }
        let words = self.known.count_ones();
        for needed in (1..=words).rev() {
            let mut hits = self.hits(needed, words, &rank);
            if hits.is_empty() {
                continue;
            }
            outcome.total = hits.len();
            outcome.has_all_words = needed == words;
            if hits.len() > limit {
                hits.select_nth_unstable(limit);
                hits.truncate(limit);
            }
            hits.sort_unstable();
            let hit = |(score, _, key): (u32, u32, u32)| SearchHit {
                key,
                score: u32::MAX - score,
            };
            outcome.hits = hits.into_iter().map(hit).collect();
            return;
        }
    }

    /// Returns the documents with a number of words as (inverted score, rank, key).
    fn hits(
        &self,
        needed: u32,
        words: u32,
        rank: &impl Fn(u32) -> Option<u32>,
    ) -> Vec<(u32, u32, u32)> {
        let mut hits = Vec::new();
        for part in &self.parts {
            for number in &part.found {
                let at = *number as usize;
                let total = part.total[at];
                if total.words.count_ones() != needed {
                    continue;
                }
                let key = part.part.segment.keys[at];
                let Some(rank) = rank(key) else {
                    continue;
                };
                let title = f32::from(part.part.segment.title_words[at]);
                let longest = title.max(f32::from(u16::try_from(words).unwrap_or(u16::MAX)));
                let covered = f32::from(total.in_title) / longest.max(1.0);
                let score = total.score / self.weight + COVERAGE * covered.min(1.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a score is between 0 and 2"
                )]
                let score = (score * STEPS).round() as u32;
                hits.push((u32::MAX - score, rank, key));
            }
        }
        hits
    }
}

impl PartScores<'_> {
    fn match_words(&mut self, expansion: &Expansion, weights: &[f32], budget: &mut PostingBudget) {
        let mut words: Vec<(u32, f32)> = expansion.words.iter().map(|(w, q)| (*w, *q)).collect();
        words.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        for (word, quality) in words {
            let list = self.part.segment.documents(word);
            if budget.allows(list.len(), quality) {
                for (number, bits) in list {
                    self.note(number, bits, quality, weights);
                }
            }
        }
        for conjunction in &expansion.conjunctions {
            for (number, bits, quality) in self.with_all(conjunction, weights, budget) {
                self.note(number, bits, quality, weights);
            }
        }
    }

    fn note(&mut self, number: u32, bits: FieldBits, quality: f32, weights: &[f32]) {
        let score = quality * weights[usize::from(bits)];
        let best = &mut self.best[number as usize];
        if score <= best.0 {
            return;
        }
        if best.0 == 0.0 {
            if !self.part.is_whole() && !self.part.is_live(number) {
                return;
            }
            self.touched.push(number);
        }
        *best = (
            score,
            quality >= COVERING && bits & (TITLE_NO | TITLE_EN) != 0,
        );
    }

    /// Returns the documents that have a word of each group, with the fields that any is in.
    fn with_all(
        &self,
        conjunction: &Conjunction,
        weights: &[f32],
        budget: &mut PostingBudget,
    ) -> Vec<(u32, FieldBits, f32)> {
        let mut all: Option<Vec<(u32, FieldBits, f32)>> = None;
        for group in &conjunction.groups {
            let mut found: Vec<(u32, FieldBits, f32)> = Vec::new();
            for (word, quality) in group {
                let list = self.part.segment.documents(*word);
                if budget.allows(list.len(), conjunction.quality.min(0.9)) {
                    let visible = list.filter(|(_, bits)| weights[usize::from(*bits)] > 0.0);
                    found.extend(visible.map(|(number, bits)| (number, bits, *quality)));
                }
            }
            found.sort_unstable_by_key(|(number, ..)| *number);
            found.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    kept.1 |= later.1;
                    kept.2 = kept.2.max(later.2);
                }
                same
            });
            all = Some(match all {
                None => found,
                Some(before) => before
                    .into_iter()
                    .filter_map(|(number, bits, quality)| {
                        let at = found.binary_search_by_key(&number, |(number, ..)| *number);
                        let (_, other, least) = found[at.ok()?];
                        // The better of the two fields would count words that are far apart as a title.
                        let bits = if bits & other != 0 {
                            bits & other
                        } else {
                            bits.max(other)
                        };
                        Some((number, bits, quality.min(least)))
                    })
                    .collect(),
            });
        }
        let found = all.unwrap_or_default().into_iter();
        found
            .map(|(number, bits, quality)| (number, bits, quality * conjunction.quality))
            .collect()
    }

    /// Adds the matches of the current word to the totals.
    fn add_matches(&mut self, word: u16, weight: f32) {
        for number in self.touched.drain(..) {
            let (score, in_title) = std::mem::take(&mut self.best[number as usize]);
            let total = &mut self.total[number as usize];
            if total.words == 0 {
                self.found.push(number);
            }
            total.words |= word;
            total.score += score * weight;
            total.in_title += u8::from(in_title);
        }
    }
}

/// Returns the weight of a match in these fields on a page.
fn weight(bits: FieldBits, english: bool) -> f32 {
    let weights = if english {
        [
            (TITLE_EN, 1.0),
            (TITLE_NO, 0.9),
            (TEXT_EN, 0.3),
            (TEXT_NO, 0.0),
        ]
    } else {
        [
            (TITLE_NO, 1.0),
            (TITLE_EN, 0.7),
            (TEXT_NO, 0.3),
            (TEXT_EN, 0.0),
        ]
    };
    let names = [(PLACE, 0.85), (NAME, 0.7), (ORGANIZER, 0.6)];
    let (mut best, mut fields) = (0.0_f32, 0);
    for (field, weight) in weights.into_iter().chain(names) {
        if bits & field != 0 && weight > 0.0 {
            best = best.max(weight);
            fields += 1;
        }
    }
    best + MORE_FIELDS * f32::from(u8::try_from((fields - 1).max(0)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_places_weigh_more_than_texts() {
        assert!(weight(TITLE_NO, false) > weight(PLACE, false));
        assert!(weight(PLACE, false) > 2.0 * weight(TEXT_NO, false));
        assert!(weight(TITLE_NO | TEXT_NO, false) > weight(TITLE_NO, false));
        assert_eq!(weight(TEXT_EN, false).to_bits(), 0.0_f32.to_bits());
        assert!(weight(TEXT_NO | TEXT_EN, true) > 0.0);
        assert_eq!(weight(0, true).to_bits(), 0.0_f32.to_bits());
    }
}
