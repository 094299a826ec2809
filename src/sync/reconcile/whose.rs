//! Which event a draft is about.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::catalog::Entry;
use crate::domain::query::fold;
use crate::domain::{
    Event, EventDraft, EventId, OriginKey, Query, Schedule, Score, Slug, Source, Uid, Window,
};
use crate::sync::matching::{ALIKE, SAME, score};

use super::{Lookup, Planner, content_hash, partner_event_id};
use crate::store::StoreError;

/// The event that a draft is about.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// None yet.
    New {
        /// The id that it gets.
        id: EventId,
        /// One that may be the same, for somebody to look at.
        alike: Option<(EventId, Score)>,
    },
    /// The partner told of it before.
    Known(Box<Event>),
    /// Another partner did, or it is ours and the partner tells of it too.
    Joined(Box<Event>, Score),
    /// It was published here, went out, and came back.
    Ours,
    /// This answer has told of it already.
    Twice,
}

/// An event that its partner no longer tells of by the name that it had.
#[derive(Debug, Clone)]
pub(super) struct Vanished {
    id: EventId,
    origin_id: String,
    uid: Uid,
    hash: String,
}

/// Two that are known to be one, however they look.
const CERTAIN: Score = Score {
    title: 100,
    time: 100,
    place: 100,
    address: 100,
    total: 100,
};

impl Planner<'_> {
    /// Notes which events the partner is a source of, and which of them it tells of no more. That takes
    /// longer with each event that it has, so a single event that is known by its id does without.
    pub(super) fn note_own(&mut self) {
        if self.origins.is_some() {
            return;
        }
        let mut origins = HashMap::new();
        let partner = &self.origin.partner;
        for entry in self.snapshot.events_from(partner) {
            let event = entry.event();
            for source in event.sources.iter().filter(|it| it.partner == *partner) {
                let id = event.id.clone();
                origins.insert(source.origin_id.clone(), id.clone());
                let told = self.terms.told;
                if told.is_some_and(|told| !told.contains(&source.origin_id)) {
                    let face = face(event.title_in(crate::domain::Lang::Nb), &event.schedule);
                    let gone = self.vanished.entry(face).or_default();
                    gone.push(Vanished {
                        id,
                        origin_id: source.origin_id.clone(),
                        uid: event.uid.clone(),
                        hash: source.content_hash.clone(),
                    });
                }
            }
        }
        self.origins = Some(origins);
    }

    /// The event that the partner has told of under a name, as far as that was noted.
    pub(super) fn noted(&self, origin: &str) -> Option<&EventId> {
        self.origins.as_ref()?.get(origin)
    }

    pub(super) fn whose(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Whose, StoreError> {
        let origin = draft.origin_id.as_str();
        let namespace = self.snapshot.region().uid_namespace;
        let mut id = partner_event_id(namespace, &self.origin.partner, origin);
        let mut asked = None;
        if self.terms.told.is_none() && !self.seen.contains(&id) {
            let kept = stored.event(&id)?;
            match kept {
                Some(event) if event.sources.iter().any(|it| self.is_from(it, draft)) => {
                    if draft.super_event.is_some() {
                        self.note_own();
                    }
                    return Ok(Whose::Known(Box::new(event)));
                }
                other => asked = Some(other),
            }
        }
        self.note_own();
        if let Some(known) = self.noted(origin).cloned() {
            if self.seen.contains(&known) {
                return Ok(Whose::Twice);
            }
            if let Some(event) = stored.event(&known)? {
                return Ok(Whose::Known(Box::new(event)));
            }
        }
        if self.seen.contains(&id) {
            return Ok(Whose::Twice);
        }
        // Asking the store is among the dearest of all this.
        let kept = match asked {
            Some(kept) => kept,
            None => stored.event(&id)?,
        };
        match kept {
            Some(event) if event.sources.iter().any(|it| self.is_from(it, draft)) => {
                return Ok(Whose::Known(Box::new(event)));
            }
            // Somebody parted the two: the event stayed with its other source.
            Some(_) => {
                let again = format!("{origin}/again");
                id = partner_event_id(namespace, &self.origin.partner, &again);
                if let Some(event) = stored.event(&id)? {
                    return Ok(Whose::Known(Box::new(event)));
                }
            }
            None => {}
        }
        if let Some(event) = self.by_decision(draft, stored)? {
            return Ok(Whose::Joined(Box::new(event), CERTAIN));
        }
        if let Some(entry) = self.by_identity(draft) {
            return Ok(self.met(&entry.event(), draft));
        }
        if draft.secondhand && self.is_withdrawn(draft) {
            return Ok(Whose::Ours);
        }
        if let Some(whose) = self.by_stored_uid(draft, stored)? {
            return Ok(whose);
        }
        if let Some(event) = self.renamed(draft, stored)? {
            return Ok(Whose::Known(Box::new(event)));
        }
        Ok(self.by_likeness(draft, id))
    }

    fn is_from(&self, source: &Source, draft: &EventDraft) -> bool {
        source.partner == self.origin.partner && source.origin_id == draft.origin_id
    }

    /// The event that somebody said this is.
    fn by_decision(
        &self,
        draft: &EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Event>, StoreError> {
        let key = self.key_of(&draft.origin_id);
        for OriginKey { partner, origin_id } in self.terms.pairings.same_as(&key) {
            let id = match partner {
                None => origin_id.parse().ok(),
                Some(partner) => {
                    let mut theirs = self.snapshot.events_from(partner);
                    let tells = |it: &Source| it.partner == *partner && it.origin_id == *origin_id;
                    let found = theirs.find(|it| it.event().sources.iter().any(tells));
                    found.map(|it| it.event().id.clone())
                }
            };
            if let Some(id) = id.filter(|id| !self.seen.contains(id))
                && let Some(event) = stored.event(&id)?
                && event.is_public()
            {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The published event with the draft's `UID`, or whose page the draft names as its own.
    fn by_identity(&self, draft: &EventDraft) -> Option<Arc<Entry>> {
        let by_uid = draft
            .uid
            .as_ref()
            .and_then(|uid| self.snapshot.event_of(uid));
        let by_page = || {
            let (site, page) = (self.terms.site?, draft.website.as_ref()?);
            if site.origin() != page.origin() {
                return None;
            }
            let rest = page
                .path()
                .strip_prefix(site.path().trim_end_matches('/'))?;
            let rest = rest.strip_prefix("/en").unwrap_or(rest);
            let slug: Slug = rest.strip_prefix("/events/")?.parse().ok()?;
            self.snapshot.event_at(&slug)
        };
        let found = by_uid.or_else(by_page)?;
        let seen = self.seen.iter().any(|id| id.as_str() == found.id());
        (!seen).then(|| Arc::clone(found))
    }

    /// The event with the draft's `UID` that the snapshot does not have: the partner's own, which is not
    /// public, or one that was published just now.
    fn by_stored_uid(
        &self,
        draft: &EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Whose>, StoreError> {
        let unknown = |uid: &&Uid| self.snapshot.event_of(uid).is_none();
        let Some(uid) = draft.uid.as_ref().filter(unknown) else {
            return Ok(None);
        };
        for event in stored.with_uid(uid)? {
            if self.seen.contains(&event.id) {
                continue;
            }
            if event.sources.iter().any(|it| self.is_from(it, draft)) {
                return Ok(Some(Whose::Known(Box::new(event))));
            }
            if event.is_public() {
                return Ok(Some(self.met(&event, draft)));
            }
        }
        Ok(None)
    }

    fn is_withdrawn(&self, draft: &EventDraft) -> bool {
        let known = self.terms.withdrawn.zip(draft.uid.as_ref());
        known.is_some_and(|(withdrawn, uid)| withdrawn.contains(uid))
    }

    /// An event with the same identity that did not come this way: ours, or another partner's.
    fn met(&self, event: &Event, draft: &EventDraft) -> Whose {
        let key = self.key_of(&draft.origin_id);
        let mine = event
            .sources
            .iter()
            .any(|it| it.partner == self.origin.partner);
        // Who has it second-hand may have it from here, by however many hops.
        let echo = event.sources.is_empty() || draft.secondhand;
        if echo || mine || self.terms.pairings.parts(&key, event) {
            Whose::Ours
        } else {
            Whose::Joined(Box::new(event.clone()), CERTAIN)
        }
    }

    /// An event of the partner that its answer no longer has, with the same title and time: some
    /// calendars (Office 365) give each event a new identity with each answer. The draft gets the
    /// identity back that it had the first time, so that nothing has changed where nothing else has.
    fn renamed(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Event>, StoreError> {
        if self.vanished.is_empty() {
            return Ok(None);
        }
        let title = draft.title.iter().next().map_or("", |it| it.text);
        let Some(gone) = self.vanished.get_mut(&face(title, &draft.schedule)) else {
            return Ok(None);
        };
        let as_before = |it: &Vanished| EventDraft {
            origin_id: it.origin_id.clone(),
            uid: draft.uid.as_ref().map(|_| it.uid.clone()),
            ..draft.clone()
        };
        let same = gone
            .iter()
            .position(|it| content_hash(&as_before(it)) == it.hash);
        let Some(at) = same.or_else(|| gone.len().checked_sub(1)) else {
            return Ok(None);
        };
        let before = gone.swap_remove(at);
        let event = stored.event(&before.id)?;
        if event.is_some() {
            *draft = as_before(&before);
        }
        Ok(event)
    }

    /// The event that looks most like the draft, among those of others on its day.
    fn by_likeness(&mut self, draft: &EventDraft, id: EventId) -> Whose {
        let others = self.others_on(draft.schedule.when.start().date());
        if others.is_empty() {
            return Whose::New { id, alike: None };
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
            Some((entry, score)) if score.total >= SAME => {
                Whose::Joined(Box::new((*entry.event()).clone()), score)
            }
            best => Whose::New {
                id,
                alike: best.map(|(entry, score)| (entry.event().id.clone(), score)),
            },
        }
    }

    /// The published events that begin on a day and do not come from this partner.
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
                .any(|it| it.partner == self.origin.partner);
            // A programme is compared by its first day alone.
            let begins = event.schedule.when.start().date() == day;
            if !theirs && begins && found.last().is_none_or(|it| it.id() != event.id.as_str()) {
                found.push(happening.entry);
            }
        }
        self.others.insert(day, found.clone());
        found
    }
}

/// A title and a time as one compares them within one partner.
fn face(title: &str, schedule: &Schedule) -> (String, String) {
    (fold(title), format!("{schedule:?}"))
}
