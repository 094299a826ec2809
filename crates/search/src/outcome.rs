//! Searches and their results.

use calendar_domain::Lang;

/// A search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchRequest<'q> {
    /// The query as typed. Only the first [`MAX_QUERY`](crate::MAX_QUERY) characters count.
    pub text: &'q str,
    /// The language of the page.
    pub lang: Lang,
    /// Whether the last word may be incomplete.
    pub is_typing: bool,
    /// Maximum number of hits returned.
    pub limit: usize,
}

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchHit {
    /// The key of the document.
    pub key: u32,
    /// How well it fits, in hundredths; only hits of one search can be compared.
    pub score: u32,
}

/// Result of a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchOutcome {
    /// The hits, best first.
    pub hits: Vec<SearchHit>,
    /// Number of all hits, those beyond the limit included.
    pub total: usize,
    /// The query with the errors corrected, if there are any. The hits are those of the corrected query.
    pub did_you_mean: Option<String>,
    /// Words of the query that occur nowhere, as typed.
    pub unknown_words: Vec<String>,
    /// Whether each hit has all words of the query that occur anywhere.
    pub has_all_words: bool,
}
