//! Events affected by recent commits, for invalidating derived data.

use std::sync::Arc;

use imbl::Vector;

use calendar_domain::EventId;

/// Maximum number of commits kept.
const MOST_COMMITS: usize = 256;
/// Maximum number of events in them. After more changes, processing all events is no more
/// expensive.
const MOST_EVENTS: usize = 10_000;

/// Events affected by each of the recent commits.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// Commit since which all changes are kept.
    since: u64,
    commits: Vector<Arc<Touched>>,
    /// Number of events in the commits kept.
    events: usize,
}

#[derive(Debug)]
struct Touched {
    commit: u64,
    events: Vec<EventId>,
}

impl Changes {
    /// Returns an empty history that begins after a commit.
    pub(super) fn after(commit: u64) -> Self {
        Self {
            since: commit,
            ..Self::default()
        }
    }

    /// Adds a commit, and drops the oldest ones beyond the limits.
    pub(super) fn note(&mut self, commit: u64, events: Vec<EventId>) {
        self.events += events.len();
        self.commits.push_back(Arc::new(Touched { commit, events }));
        while self.commits.len() > MOST_COMMITS || self.events > MOST_EVENTS {
            let Some(oldest) = self.commits.pop_front() else {
                break;
            };
            self.since = oldest.commit;
            self.events -= oldest.events.len();
        }
    }

    /// Returns the events affected since a commit, possibly repeated; `None` if the history does
    /// not reach back that far.
    pub(super) fn since(&self, commit: u64) -> Option<impl Iterator<Item = &EventId>> {
        let later = self.touched_since(commit)?;
        Some(later.map(|(_, event)| event))
    }

    /// Returns the events affected since a commit, each with its commit, latest first; `None` if
    /// the history does not reach back that far.
    pub(super) fn touched_since(
        &self,
        commit: u64,
    ) -> Option<impl Iterator<Item = (u64, &EventId)>> {
        if commit < self.since {
            return None;
        }
        let commits = self.commits.iter().rev();
        let later = commits.take_while(move |touched| touched.commit > commit);
        Some(later.flat_map(|touched| touched.events.iter().map(|event| (touched.commit, event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<usize>) -> Vec<EventId> {
        range.map(|n| format!("e-{n}").parse().unwrap()).collect()
    }

    #[test]
    fn what_reaches_too_far_back_is_not_known() {
        let mut changes = Changes::after(5);
        for commit in 6..=5 + 2 * MOST_COMMITS as u64 {
            changes.note(commit, ids(0..1));
        }
        let oldest = 5 + MOST_COMMITS as u64;
        assert!(changes.since(oldest - 1).is_none());
        assert_eq!(changes.since(oldest).unwrap().count(), MOST_COMMITS);
        assert_eq!(changes.since(oldest + 1).unwrap().count(), MOST_COMMITS - 1);
    }

    #[test]
    fn a_commit_that_touches_too_much_makes_all_before_it_unknown() {
        let mut changes = Changes::after(0);
        changes.note(1, ids(0..2));
        changes.note(2, ids(0..MOST_EVENTS));
        assert!(changes.since(0).is_none());
        assert_eq!(changes.since(1).unwrap().count(), MOST_EVENTS);
        changes.note(3, ids(0..1));
        assert!(changes.since(1).is_none());
        assert_eq!(changes.since(2).unwrap().count(), 1);
    }
}
