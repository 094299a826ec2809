//! The words of a query.

use calendar_domain::Lang;

use crate::stem::Stems;
use crate::thesaurus::Thesaurus;
use crate::token::{tokens, with_o};

/// Maximum length of a query in characters; the rest is left out.
pub const MAX_QUERY: usize = 200;
/// Maximum number of words of a query; the rest are left out.
pub(crate) const MAX_WORDS: usize = 12;

/// A query, split into words.
#[derive(Debug, Default)]
pub(crate) struct QueryWords {
    /// The words that are searched.
    pub(crate) words: Vec<QueryWord>,
    /// All words as written, stop words included.
    pub(crate) written: Vec<String>,
    pub(crate) norwegian: Vec<String>,
    pub(crate) english: Vec<String>,
    pub(crate) lang: Lang,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryWord {
    pub(crate) folded: String,
    /// The word if «oe» stands for «ø».
    pub(crate) with_o: Option<String>,
    /// Position among all words as written.
    pub(crate) place: usize,
    /// Parts between hyphens.
    pub(crate) parts: Vec<String>,
}

impl QueryWords {
    /// Splits a query. Without other words, stop words are searched.
    pub(crate) fn new(text: &str, lang: Lang, thesaurus: &Thesaurus) -> Self {
        let end = text.char_indices().nth(MAX_QUERY);
        let text = end.map_or(text, |(end, _)| &text[..end]);
        let mut made = Self {
            lang,
            ..Self::default()
        };
        let mut all: Vec<QueryWord> = Vec::new();
        tokens(text, |token| {
            if token.is_part {
                if let Some(whole) = all.last_mut() {
                    whole.parts.push(token.folded);
                }
                return;
            }
            all.push(QueryWord {
                with_o: with_o(&token.folded),
                folded: token.folded,
                place: made.written.len(),
                parts: Vec::new(),
            });
            made.written.push(token.written);
        });
        let is_stop = |word: &QueryWord| thesaurus.is_stop_word(&word.folded);
        let only_stop = all.iter().all(is_stop);
        for word in all {
            let known = made.words.iter().any(|old| old.folded == word.folded);
            if !known && (only_stop || !is_stop(&word)) && made.words.len() < MAX_WORDS {
                made.words.push(word);
            }
        }
        let stems = made.words.iter();
        made.norwegian = stems
            .clone()
            .map(|word| thesaurus.stems.norwegian(&word.folded))
            .collect();
        made.english = stems.map(|word| Stems::english(&word.folded)).collect();
        made
    }

    /// Returns true for the pages in English.
    pub(crate) fn is_english(&self) -> bool {
        self.lang == Lang::En
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let words = QueryWords::new(text, Lang::Nb, &Thesaurus::built_in());
        words.words.into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn stop_words_and_repeated_words_are_left_out() {
        assert_eq!(folded("Konsert i Åmot og på Åmot"), ["konsert", "amot"]);
        assert_eq!(folded("og i"), ["og", "i"]);
        assert!(folded(" – ").is_empty());
    }

    #[test]
    fn long_queries_are_cut() {
        let many: String = (0..100).map(|n| format!("{n} ")).collect();
        assert_eq!(folded(&many).len(), MAX_WORDS);
        assert_eq!(folded(&"å".repeat(5_000)), ["a"]);
        let long = folded(&"x".repeat(5_000));
        assert!(long[0].len() <= crate::token::MAX_WORD);
    }
}
