//! What a query leaves of the events, by the indexes.

use calendar_domain::Query;

use super::index::Group;
use super::slots::{Slot, Slots};
use super::{Entry, Snapshot, facts};

/// From so many events on it pays to look words up first.
const MANY: usize = 500;

/// A query with the sets of events that it stands for.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    snapshot: &'a Snapshot,
    query: &'a Query,
    /// What each filter leaves, the smallest first.
    groups: Vec<Group<'a>>,
    /// Those that may have the words of the query, for each word.
    words: Vec<Slots>,
}

impl<'a> Selection<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, query: &'a Query) -> Self {
        let groups = snapshot.index.groups(query);
        let few = groups.first().is_some_and(|group| group.len() <= MANY);
        let words = query.words.iter().filter(|_| !few);
        let mut words: Vec<Slots> = words.filter_map(|word| snapshot.words.find(word)).collect();
        words.sort_by_key(Slots::len);
        Self {
            snapshot,
            query,
            groups,
            words,
        }
    }

    /// The smallest set that all admitted events are in; `None` where the query filters nothing.
    pub(super) fn narrowest(&self) -> Option<Slots> {
        match (self.groups.first(), self.words.first()) {
            (None, None) => None,
            (Some(group), Some(word)) if word.len() < group.len() => Some(word.clone()),
            (None, Some(word)) => Some(word.clone()),
            (Some(group), _) => Some(group.slots()),
        }
    }

    /// Whether the sets allow that the query admits an event; nothing of the event is looked at.
    pub(super) fn may_admit(&self, slot: Slot) -> bool {
        self.groups.iter().all(|group| group.contains(slot))
            && self.words.iter().all(|word| word.contains(slot))
    }

    /// Whether the query admits an event, whatever its days.
    pub(super) fn admits(&self, slot: Slot, entry: &Entry) -> bool {
        self.may_admit(slot)
            && (self.query.words.is_empty()
                || facts::has_words(self.query, &entry.shown(), self.snapshot))
    }
}
