//! Evaluation of a query's filters with the indexes.

use calendar_domain::Query;

use super::doc_set::{DocId, DocSet};
use super::index::SetUnion;
use super::{Entry, Snapshot, denormalize};

/// Minimum number of events for which the text index is used.
const MANY: usize = 500;

/// A query with the sets of events that pass its filters.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    snapshot: &'a Snapshot,
    query: &'a Query,
    /// Events that pass each filter, smallest first.
    groups: Vec<SetUnion<'a>>,
    /// Events that may contain each word of the query.
    words: Vec<DocSet>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, query: &'a Query) -> Self {
        let groups = snapshot.index.groups(query);
        let few = groups.first().is_some_and(|group| group.len() <= MANY);
        let words = query.words.iter().filter(|_| !few);
        let mut words: Vec<DocSet> = words.filter_map(|word| snapshot.words.find(word)).collect();
        words.sort_by_key(DocSet::len);
        Self {
            snapshot,
            query,
            groups,
            words,
        }
    }

    /// Returns the smallest set that contains all admitted events; `None` if there are no filters.
    pub(super) fn narrowest(&self) -> Option<DocSet> {
        match (self.groups.first(), self.words.first()) {
            (None, None) => None,
            (Some(group), Some(word)) if word.len() < group.len() => Some(word.clone()),
            (None, Some(word)) => Some(word.clone()),
            (Some(group), _) => Some(group.slots()),
        }
    }

    /// Returns true if the sets contain an event. The event itself is not examined.
    pub(super) fn may_admit(&self, slot: DocId) -> bool {
        self.groups.iter().all(|group| group.contains(slot))
            && self.words.iter().all(|word| word.contains(slot))
    }

    /// Returns true if the query admits an event, ignoring days.
    pub(super) fn admits(&self, slot: DocId, entry: &Entry) -> bool {
        self.may_admit(slot)
            && (self.query.words.is_empty()
                || denormalize::has_words(self.query, &entry.shown(), self.snapshot))
    }
}
