//! Results of a search of the agenda: best matches first, and what was done to find them.

use super::event_list::{Month, by_relevance};
use super::filter_params::{FilterParams, borrowed};
use super::links::TextLink;
use super::{LocalizedText, PageContext};

/// Maximum number of hits on a page.
const MOST: usize = 60;

/// The best matches of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResults {
    /// The hits, as one section.
    pub hits: Vec<Month>,
    /// «12 arrangementer», or «De 60 beste av 312 treff».
    pub count: String,
    /// The search with typing errors corrected.
    pub did_you_mean: Option<TextLink>,
    /// Which words no event has, and that no event has all words; each may be missing.
    pub notes: Vec<String>,
    /// Address of the list by day, with all dates of the events that have the exact words.
    pub by_day: String,
}

impl SearchResults {
    /// Returns the results for the words of a request. Returns `None` if there are no words, if a page of a long list is
    /// requested, or while the index is being built.
    #[must_use]
    pub fn new(context: &PageContext, asked: &FilterParams) -> Option<Self> {
        if asked.query.words.is_empty() || asked.page_from.is_some() {
            return None;
        }
        let snapshot = &context.snapshot;
        let found = snapshot.ranked(&asked.typed, context.lang, &asked.query, MOST)?;
        let words = context.words;
        let mut notes = Vec::new();
        if let [first, others @ ..] = found.unknown_words.as_slice() {
            let quoted: Vec<String> = std::iter::once(first)
                .chain(others)
                .map(|word| words.say_with("chip-words", &[("words", word.as_str())]))
                .collect();
            let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
            let key = if others.is_empty() {
                "search-unknown-word"
            } else {
                "search-unknown-words"
            };
            notes.push(words.say_with(key, &[("words", words.listed(&quoted))]));
        }
        if !found.has_all_words {
            notes.push(words.say("search-not-all").into_owned());
        }
        let count = if found.total > found.items.len() {
            let (shown, total) = (found.items.len().to_string(), found.total.to_string());
            let figures = [("shown", shown.as_str()), ("total", total.as_str())];
            words.say_with("search-best", &figures)
        } else {
            context.count(found.items.len())
        };
        let heading = words.say("search-heading").into_owned();
        let did_you_mean = found.did_you_mean.map(|better| {
            let mut params = asked.params();
            for (name, value) in &mut params {
                if *name == "q" {
                    value.clone_from(&better);
                }
            }
            TextLink {
                url: Some(context.paths.agenda_with(&borrowed(&params))),
                label: LocalizedText::plain(better),
            }
        });
        let today = asked.query.from.unwrap_or(context.today()).to_string();
        let params = asked.params();
        let mut by_day = borrowed(&params);
        by_day.push(("page_from", &today));
        Some(Self {
            by_day: context.paths.agenda_with(&by_day),
            hits: by_relevance(context.rows(&found.items), heading, context.today(), words),
            count,
            did_you_mean,
            notes,
        })
    }

    /// Returns true if nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }
}
