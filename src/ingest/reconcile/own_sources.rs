//! A partner's sources of an event: unchanged content, channels, and several sources of one event.

use calendar_domain::{Channel, Event, EventDraft, Field, Owner, Source, SourceVersion};

use super::{Lookup, Planner, Step, hash_of, merge};
use calendar_store::StoreError;

/// The feed's sources of an event that remain after the deletions in a response.
pub(super) enum Stays {
    /// The event has no source in the feed.
    Apart,
    /// All.
    All,
    /// Some.
    Part,
    /// None.
    Nothing,
}

impl Planner<'_> {
    /// Returns true if the draft is unchanged except for the UID that the partner received in a response.
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

    /// Returns true if the partner sent the same content before, and it was stored.
    pub(super) fn has_said(
        &self,
        event: &Event,
        origin_id: &str,
        hash: &str,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        let mine = event.sources.iter().find(|source| {
            source.partner == self.origin.partner
                && source.origin_id == origin_id
                && source.content_hash == hash
        });
        let Some(source) = mine.filter(|_| !merge::was_withdrawn_for_them(event)) else {
            return Ok(false);
        };
        let goes_first = event.sources.iter().take_while(|other| *other != source);
        let is_outlived = goes_first
            .into_iter()
            .any(|item| self.is_untold(item, origin_id));
        if self.terms.afresh || is_outlived || self.comes_another_way(event, source) {
            return Ok(false);
        }
        // Earlier versions did not store what each of several sources said.
        let is_kept = |version: SourceVersion| {
            version.event == event.id && version.is_of(source) && version.is_said()
        };
        Ok(event.sources.len() < 2 || stored.version(source)?.is_some_and(is_kept))
    }

    /// Returns true if the partner's previous values mean the same, such as another name of a category.
    pub(super) fn means_the_same(
        &self,
        event: &Event,
        told: &Event,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        if merge::was_withdrawn_for_them(event) {
            return Ok(false);
        }
        let Some(now) = told.sources.first() else {
            return Ok(false);
        };
        let is_same_source = |source: &&Source| {
            source.partner == now.partner
                && source.origin_id == now.origin_id
                && (&source.url, source.secondhand, source.channel)
                    == (&now.url, now.secondhand, now.channel)
        };
        let Some(source) = event.sources.iter().find(is_same_source) else {
            return Ok(false);
        };
        if !self.is_in_order(event, &now.origin_id) {
            return Ok(false);
        }
        let mut fields = Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Publication);
        if event.sources.len() > 1 {
            let is_kept = |version: &SourceVersion| {
                version.event == event.id && version.is_of(source) && version.is_said()
            };
            let version = stored.version(source)?.filter(is_kept);
            return Ok(version
                .is_some_and(|version| fields.all(|field| told.same_value(field, &version.told))));
        }
        // A field that somebody else set does not show what the partner said.
        Ok(fields.all(|field| {
            let is_own =
                matches!(event.owner(field), Some(Owner::Partner(partner)) if *partner == now.partner);
            is_own && told.same_value(field, event)
        }))
    }

    /// Returns true if the source arrives by another channel than before, so that it must be stored again.
    pub(super) fn comes_another_way(&self, event: &Event, source: &Source) -> bool {
        match source.channel {
            Channel::Sent => !self.terms.is_single,
            // An event that is also sent stays with the feed, unless the feed has lost it.
            Channel::Feed => self.is_missing(event),
        }
    }

    /// Returns the channel of a source from now on. An event that is both sent and in the feed belongs to the feed,
    /// unless the feed has lost it.
    pub(super) fn channel_of(&self, old: Option<&Event>, origin: &str) -> Channel {
        let is_lost =
            |event: &Event| self.is_missing(event) || merge::was_withdrawn_for_them(event);
        let has_it = |event: &Event| {
            let mut sources = event.sources.iter();
            sources.any(|source| self.is_fed(source) && source.origin_id == origin)
        };
        match old {
            _ if !self.terms.is_single => Channel::Feed,
            Some(old) if has_it(old) && !is_lost(old) => Channel::Feed,
            _ => Channel::Sent,
        }
    }

    /// Returns true if an event is counted as missing from the partner's feed.
    fn is_missing(&self, event: &Event) -> bool {
        let missing = self.terms.missing;
        missing.is_some_and(|missing| missing.contains_key(&event.id))
    }

    /// Returns true if a source in the partner's feed, other than `origin`, is missing from the response.
    pub(super) fn is_untold(&self, source: &Source, origin: &str) -> bool {
        self.is_fed(source)
            && source.origin_id != origin
            && self
                .terms
                .told
                .is_some_and(|told| !told.contains(&source.origin_id))
    }

    /// Returns true if a source comes from the partner's feed.
    pub(super) fn is_fed(&self, source: &Source) -> bool {
        source.partner == self.origin.partner && source.channel.is_feed()
    }

    /// Removes the partner's deleted sources other than `origin` from an event. Sets `was` to the stored event if it
    /// changes.
    pub(super) fn without_gone(
        &mut self,
        mut event: Box<Event>,
        origin: &str,
        was: &mut Option<Box<Event>>,
    ) -> Box<Event> {
        let is_gone = |source: &Source| source.origin_id != origin && self.is_said_gone(source);
        let gone: Vec<String> = event
            .sources
            .iter()
            .filter(|source| is_gone(source))
            .map(|source| source.origin_id.clone())
            .collect();
        if gone.is_empty() {
            return event;
        }
        was.get_or_insert_with(|| event.clone());
        let partner = &self.origin.partner;
        event
            .sources
            .retain(|source| source.partner != *partner || !gone.contains(&source.origin_id));
        let keys = gone.iter().map(|text| SourceVersion::key_of(partner, text));
        self.forgotten.extend(keys);
        event
    }

    /// Returns true if a source comes from the partner's feed and the response contains none of the event's sources.
    pub(super) fn is_vanished(&self, event: &Event, source: &Source) -> bool {
        let is_known = self.terms.told.is_some() && self.is_fed(source);
        is_known && self.name_that_counts(event).is_none()
    }

    /// Returns the first of the event's origin ids that the response contains.
    pub(super) fn name_that_counts<'e>(&self, event: &'e Event) -> Option<&'e str> {
        let told = self.terms.told?;
        let mut own = event.sources.iter().filter(|source| self.is_fed(source));
        let first = own.find(|source| told.contains(&source.origin_id));
        first.map(|source| source.origin_id.as_str())
    }

    /// Returns true if the response reports a source as deleted.
    pub(super) fn is_said_gone(&self, source: &Source) -> bool {
        self.is_fed(source) && self.gone.contains(&source.origin_id)
    }

    /// Returns how many of an event's sources remain.
    pub(super) fn stays_of(&self, event: &Event) -> Stays {
        let own = event
            .sources
            .iter()
            .filter(|source| self.is_fed(source))
            .count();
        let gone = event.sources.iter();
        let gone = gone.filter(|count| self.is_said_gone(count)).count();
        match (own, gone) {
            (0, _) => Stays::Apart,
            (_, 0) => Stays::All,
            (own, gone) if own == gone => Stays::Nothing,
            _ => Stays::Part,
        }
    }
}

/// Returns the step for a draft whose event is already in the response, as `other` if that is known.
pub(super) fn told_twice(draft: &EventDraft, other: Option<&str>) -> Step {
    Step::Refuse(match other.filter(|text| *text != draft.origin_id) {
        Some(other) => format!("the source lists the same event as «{other}», whose values apply"),
        None => "the source lists the same id twice".into(),
    })
}
