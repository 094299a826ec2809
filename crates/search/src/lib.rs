//! Full-text search that forgives: other forms of a word, other spellings, compounds, synonyms, typing errors.
//!
//! ```
//! use std::sync::Arc;
//!
//! use calendar_domain::Lang;
//! use calendar_search::{SearchDocument, SearchField, SearchIndex, SearchRequest, Thesaurus};
//!
//! let title = SearchField::Title(Lang::Nb);
//! let documents = [
//!     SearchDocument::new(1).with(title, "Jakt- og fiskedagene"),
//!     SearchDocument::new(2).with(title, "Konsert på Norsk skogmuseum"),
//! ];
//! let index = SearchIndex::with_documents(Arc::new(Thesaurus::built_in()), documents);
//! let search = |text| {
//!     let request = SearchRequest { text, lang: Lang::Nb, is_typing: false, limit: 10 };
//!     let hits = index.search(&request, |_| Some(0)).hits;
//!     hits.into_iter().map(|hit| hit.key).collect::<Vec<u32>>()
//! };
//! assert_eq!(search("jaktdager"), [1]);
//! assert_eq!(search("skogmuseet"), [2]);
//! assert_eq!(search("knosert"), [2]);
//! ```
//!
//! - `token`, `stem`, `thesaurus`, `compound`: words, and what they have in common.
//! - `builder`, `segment`, `postings`, `word_groups`, `index`: the index.
//! - `query_words`, `expansion`, `edit_distance`: what the words of a query stand for.
//! - `search`, `evaluation`: hits and their order.
//!
//! A word of a query stands for itself, its forms, its synonyms and the compounds with it. If no document has any of
//! these, the next step is taken: words that begin with it, words that end with it, its parts as separate words, words
//! with one typing error, with two. Each step has a lower score, and each field a weight. All words of a query have to
//! occur; if no document has all, those with the most are returned.
//!
//! **Imports the languages and the folding of the domain. Pure.** Queries are bounded: their length, the number of
//! their words, of words that each stands for, and of list entries that are read.

mod builder;
mod compound;
mod document;
mod edit_distance;
mod evaluation;
mod expansion;
mod index;
mod outcome;
mod postings;
mod query_words;
mod search;
mod segment;
mod stem;
mod thesaurus;
mod token;
mod word_groups;

pub use document::{SearchDocument, SearchField};
pub use index::SearchIndex;
pub use outcome::{SearchHit, SearchOutcome, SearchRequest};
pub use query_words::MAX_QUERY;
pub use thesaurus::{Thesaurus, ThesaurusError};
