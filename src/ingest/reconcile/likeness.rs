//! Matching of drafts to events of other sources by similarity.

use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::catalog::Entry;
use crate::ingest::matching::{ALIKE, SAME, score};
use calendar_domain::{EventDraft, EventId, Query, Score, Trust, Window};

use super::Planner;
use super::identify::EventMatch;

impl Planner<'_> {
    /// Finds the most similar event of other sources on the draft's day.
    pub(super) fn by_likeness(&mut self, draft: &EventDraft, id: EventId) -> EventMatch {
        let others = self.others_on(draft.schedule.when.start().date());
        if others.is_empty() {
            return EventMatch::New { id, alike: None };
        }
        let told = self.faceless(draft.clone());
        let key = self.key_of(&draft.origin_id);
        let mut best: Option<(Arc<Entry>, Score)> = None;
        for entry in others {
            let event = entry.event();
            if self.seen.contains(&event.id) || self.terms.pairings.parts(&key, &event) {
                continue;
            }
            let score = score(&told, &event);
            let better = |(last, so_far): &(Arc<Entry>, Score)| {
                (score.total, last.id()) > (so_far.total, entry.id())
            };
            if score.total >= ALIKE && best.as_ref().is_none_or(better) {
                best = Some((entry, score));
            }
        }
        match best {
            Some((entry, score)) if score.total >= SAME && self.trust() == Trust::Publish => {
                EventMatch::Joined(Box::new((*entry.event()).clone()), score)
            }
            best => EventMatch::New {
                id,
                alike: best.map(|(entry, score)| (entry.event().id.clone(), score)),
            },
        }
    }

    /// Returns the most similar published event of other sources, for an editor to decide.
    pub(super) fn like_one_that_is_there(
        &mut self,
        draft: &EventDraft,
        id: &EventId,
    ) -> Option<(EventId, Score)> {
        match self.by_likeness(draft, id.clone()) {
            EventMatch::Joined(event, score) => Some((event.id, score)),
            EventMatch::New { alike, .. } => alike,
            _ => None,
        }
    }

    /// Returns the published events that start on a day and have no source from this partner.
    fn others_on(&mut self, day: NaiveDate) -> Vec<Arc<Entry>> {
        if let Some(found) = self.others.get(&day) {
            return found.clone();
        }
        let Some(until) = day.checked_add_days(Days::new(1)) else {
            return Vec::new();
        };
        let window = Window {
            from: day,
            until,
            zone: self.snapshot.region().time_zone,
        };
        let happenings = self.snapshot.happenings(&Query::default(), window);
        let mut found: Vec<Arc<Entry>> = Vec::new();
        for happening in happenings {
            let event = &happening.event;
            let theirs = event
                .sources
                .iter()
                .any(|source| source.partner == self.origin.partner);
            // An event of several days counts only on its first.
            let begins = event.schedule.when.start().date() == day;
            if !theirs
                && begins
                && found
                    .last()
                    .is_none_or(|entry| entry.id() != event.id.as_str())
            {
                found.push(happening.entry);
            }
        }
        self.others.insert(day, found.clone());
        found
    }
}
