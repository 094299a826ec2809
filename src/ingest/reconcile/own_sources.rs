//! The sources that one partner has of an event: what they said before, the ways that they come, and several of
//! them.

use calendar_domain::{Channel, Event, EventDraft, Source, SourceVersion};

use super::{Lookup, Planner, Step, hash_of, merge};
use calendar_store::StoreError;

/// Which of the feed's sources of an event stay after what an answer says to be gone.
pub(super) enum Stays {
    /// There is none in the feed.
    Apart,
    /// All.
    All,
    /// Some.
    Part,
    /// None.
    Nothing,
}

impl Planner<'_> {
    /// Whether the partner says what it said before, and beside that the UID that it was answered.
    pub(super) fn gives_back(
        &self,
        event: &Event,
        draft: &mut EventDraft,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        if !self.terms.is_single || draft.uid.as_ref() != Some(&event.uid) {
            return Ok(false);
        }
        let uid = draft.uid.take();
        let hash = hash_of(draft);
        draft.uid = uid;
        self.has_said(event, &draft.origin_id, &hash, stored)
    }

    /// Whether the partner has said this of an event before, and it was kept.
    pub(super) fn has_said(
        &self,
        event: &Event,
        origin_id: &str,
        hash: &str,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        let mine = event.sources.iter().find(|it| {
            it.partner == self.origin.partner
                && it.origin_id == origin_id
                && it.content_hash == hash
        });
        let Some(source) = mine.filter(|_| !merge::was_withdrawn_for_them(event)) else {
            return Ok(false);
        };
        let goes_first = event.sources.iter().take_while(|it| *it != source);
        let is_outlived = goes_first
            .into_iter()
            .any(|it| self.is_untold(it, origin_id));
        if self.terms.afresh || is_outlived || self.comes_another_way(event, source) {
            return Ok(false);
        }
        // An earlier build did not keep what each source of several says.
        let is_kept = |it: SourceVersion| it.event == event.id && it.is_of(source);
        Ok(event.sources.len() < 2 || stored.version(source)?.is_some_and(is_kept))
    }

    /// Whether what a source says comes another way than before, in a way that counts.
    pub(super) fn comes_another_way(&self, event: &Event, source: &Source) -> bool {
        match source.channel {
            Channel::Sent => !self.terms.is_single,
            // It is told of twice, unless the feed no longer has it.
            Channel::Feed => self
                .terms
                .missing
                .is_some_and(|missing| missing.contains_key(&event.id)),
        }
    }

    /// The way that an event comes from now on. One that is sent and in the feed as well goes with the feed, unless the
    /// feed has lost it.
    pub(super) fn channel_of(&self, old: Option<&Event>, origin: &str) -> Channel {
        let is_lost = |event: &Event| {
            let missing = self.terms.missing;
            missing.is_some_and(|it| it.contains_key(&event.id))
                || merge::was_withdrawn_for_them(event)
        };
        let has_it = |event: &Event| {
            let mut sources = event.sources.iter();
            sources.any(|it| self.is_fed(it) && it.origin_id == origin)
        };
        match old {
            _ if !self.terms.is_single => Channel::Feed,
            Some(old) if has_it(old) && !is_lost(old) => Channel::Feed,
            _ => Channel::Sent,
        }
    }

    /// Whether a source is one of the partner's feed that its answer does not have, and not the one called `origin`.
    pub(super) fn is_untold(&self, source: &Source, origin: &str) -> bool {
        self.is_fed(source)
            && source.origin_id != origin
            && self
                .terms
                .told
                .is_some_and(|told| !told.contains(&source.origin_id))
    }

    /// Whether a source is one that the partner's feed goes on telling of.
    pub(super) fn is_fed(&self, source: &Source) -> bool {
        source.partner == self.origin.partner && source.channel.is_feed()
    }

    /// The event without those sources of the partner that are gone while it tells of the event as `origin`; `was`
    /// keeps the event as it is stored.
    pub(super) fn without_gone(
        &mut self,
        mut event: Box<Event>,
        origin: &str,
        was: &mut Option<Box<Event>>,
    ) -> Box<Event> {
        let is_gone = |it: &Source| {
            self.is_fed(it) && it.origin_id != origin && self.gone.contains(&it.origin_id)
        };
        let gone: Vec<String> = event
            .sources
            .iter()
            .filter(|it| is_gone(it))
            .map(|it| it.origin_id.clone())
            .collect();
        if gone.is_empty() {
            return event;
        }
        was.get_or_insert_with(|| event.clone());
        let partner = &self.origin.partner;
        event
            .sources
            .retain(|it| it.partner != *partner || !gone.contains(&it.origin_id));
        let keys = gone.iter().map(|it| SourceVersion::key_of(partner, it));
        self.forgotten.extend(keys);
        event
    }

    /// Whether a source is one of the partner's feed that its answer does not have, and no other of the event's is in
    /// it.
    pub(super) fn is_vanished(&self, event: &Event, source: &Source) -> bool {
        let Some(told) = self.terms.told.filter(|_| self.is_fed(source)) else {
            return false;
        };
        let mut own = event.sources.iter().filter(|it| self.is_fed(it));
        !own.any(|it| told.contains(&it.origin_id))
    }

    /// The first name of an event that the answer has it by.
    pub(super) fn name_that_counts<'e>(&self, event: &'e Event) -> Option<&'e str> {
        let told = self.terms.told?;
        let mut own = event.sources.iter().filter(|it| self.is_fed(it));
        let first = own.find(|it| told.contains(&it.origin_id));
        first.map(|it| it.origin_id.as_str())
    }

    /// Whether the answer says that a source is gone.
    pub(super) fn is_said_gone(&self, source: &Source) -> bool {
        self.is_fed(source) && self.gone.contains(&source.origin_id)
    }

    /// Which of an event's sources stay.
    pub(super) fn stays_of(&self, event: &Event) -> Stays {
        let own = event.sources.iter().filter(|it| self.is_fed(it)).count();
        let gone = event.sources.iter();
        let gone = gone.filter(|it| self.is_said_gone(it)).count();
        match (own, gone) {
            (0, _) => Stays::Apart,
            (_, 0) => Stays::All,
            (own, gone) if own == gone => Stays::Nothing,
            _ => Stays::Part,
        }
    }
}

/// What becomes of a draft whose event the source has told of already.
pub(super) fn told_twice(draft: &EventDraft, other: Option<&str>) -> Step {
    Step::Refuse(match other.filter(|it| *it != draft.origin_id) {
        Some(other) => format!(
            "it is the event that the source also has as «{other}», and what stands there counts"
        ),
        None => "the same identity stands in the source twice".into(),
    })
}
