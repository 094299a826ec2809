//! Search in an index.

use std::cell::Cell;

use crate::edit_distance::EditDistance;
use crate::evaluation::{Evaluation, PostingBudget};
use crate::expansion::{Expander, Expansion, Leniency};
use crate::index::{IndexPart, SearchIndex};
use crate::outcome::{SearchOutcome, SearchRequest};
use crate::query_words::QueryWords;

/// Maximum distance of a correction that is shown.
const MAX_SHOWN: u8 = 3;
/// Maximum number of steps in the search for typing errors, for all words of a query.
const ERROR_STEPS: usize = 120_000;

impl SearchIndex {
    /// Searches the index.
    ///
    /// `rank` decides which documents count, by key, and orders those of the same score: lower first.
    #[must_use]
    pub fn search(
        &self,
        request: &SearchRequest<'_>,
        rank: impl Fn(u32) -> Option<u32>,
    ) -> SearchOutcome {
        let query = QueryWords::new(request.text, request.lang, &self.thesaurus);
        let mut outcome = SearchOutcome {
            has_all_words: true,
            ..SearchOutcome::default()
        };
        let mut evaluation = Evaluation::new(self, &query);
        let mut budget = PostingBudget::default();
        let steps = Cell::new(ERROR_STEPS);
        let mut corrected = query.written.clone();
        let mut is_corrected = false;
        for (at, word) in query.words.iter().enumerate() {
            let found = Leniency::ALL.into_iter().find_map(|leniency| {
                let expander = |part: &IndexPart| {
                    let expander = Expander {
                        index: self,
                        segment: &part.segment,
                        query: &query,
                        is_typing: request.is_typing,
                        budget: &steps,
                    };
                    expander.expand(at, leniency)
                };
                let expansions: Vec<Expansion> = self.parts.iter().map(expander).collect();
                let any = evaluation.add_word(at, &expansions, &mut budget);
                any.then_some((leniency, expansions))
            });
            match found {
                Some((leniency, expansions)) if leniency.is_correction() => {
                    if let Some(better) = self.correction(&word.folded, &expansions) {
                        corrected[word.place] = better;
                        is_corrected = true;
                    }
                }
                Some(_) => {}
                None => outcome
                    .unknown_words
                    .push(query.written[word.place].clone()),
            }
        }
        evaluation.finish(request.limit, rank, &mut outcome);
        outcome.did_you_mean = is_corrected.then(|| corrected.join(" "));
        outcome
    }

    /// Returns the most likely word that was meant, as it is written in a text: the nearest, then the most frequent.
    fn correction(&self, typed: &str, expansions: &[Expansion]) -> Option<String> {
        let unlimited = Cell::new(usize::MAX);
        let near = EditDistance::new(typed, MAX_SHOWN, &unlimited)?;
        let parts = self.parts.iter().zip(expansions);
        let words = parts.flat_map(|(part, expansion)| {
            let words = expansion.words.iter();
            words.map(|(word, quality)| (&part.segment, *word, *quality))
        });
        // A compound of which a part was found is no correction.
        let words = words.filter(|(segment, word, _)| near.of(segment.word_at(*word)) <= MAX_SHOWN);
        let best = words.max_by(|(a, word_a, quality_a), (b, word_b, quality_b)| {
            let distance = near
                .of(b.word_at(*word_b))
                .cmp(&near.of(a.word_at(*word_a)));
            let frequency = || a.documents(*word_a).len().cmp(&b.documents(*word_b).len());
            distance
                .then(quality_a.total_cmp(quality_b))
                .then_with(frequency)
        });
        best.map(|(segment, word, _)| segment.written(word).to_owned())
    }
}
