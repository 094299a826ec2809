//! Conversion of drafts to events.

use uuid::Uuid;

use calendar_domain::claim::{slug_candidates, uid_candidates};
use calendar_domain::{
    Event, EventDraft, EventId, Field, Owner, Publication, Slug, Source, Trust, Uid, When,
};

use super::Planner;

impl Planner<'_> {
    /// Converts a draft to an event, with the names of `old` if given, else with new ones.
    pub(super) fn event(
        &mut self,
        draft: EventDraft,
        id: EventId,
        hash: String,
        old: Option<&Event>,
    ) -> Event {
        let (slug, uid) = match old {
            Some(old) => (old.slug.clone(), old.uid.clone()),
            None => (
                self.free_slug(&draft, &id),
                self.free_uid(draft.uid.clone(), &id),
            ),
        };
        let source = Source {
            partner: self.origin.partner.clone(),
            origin_id: draft.origin_id.clone(),
            url: self.readable_at(&draft),
            fetched_at: self.origin.at,
            content_hash: hash,
            secondhand: draft.secondhand,
            channel: self.channel_of(old, &draft.origin_id),
        };
        let publication = match self.trust() {
            Trust::Publish => Publication::Published,
            Trust::Queue => Publication::Submitted,
        };
        let owner = Owner::Partner(self.origin.partner.clone());
        // A partner may return the id of an event that is not its own.
        let whole = old.and_then(|old| old.super_event.clone());
        let whole = whole.filter(|id| draft.super_event.as_deref() == Some(id.as_str()));
        let event = self.faceless(draft);
        Event {
            id,
            slug,
            uid,
            publication,
            sources: vec![source],
            owners: Field::ALL
                .into_iter()
                .map(|field| (field, owner.clone()))
                .collect(),
            super_event: whole.or_else(|| event.super_event.clone()),
            ..event
        }
    }

    /// Returns the address at which the event can be read. The address of a connection is never published: it
    /// may be secret.
    fn readable_at(&self, draft: &EventDraft) -> Option<String> {
        let by_hand = self.terms.connection.is_none();
        let page = draft.website.as_ref().map(ToString::to_string);
        page.filter(|_| !by_hand)
            .or_else(|| by_hand.then(|| self.origin.url.clone()))
    }

    /// Converts a draft to an event without slug, UID, sources and owners.
    pub(super) fn faceless(&self, mut draft: EventDraft) -> Event {
        let whole = draft
            .super_event
            .as_deref()
            .map(|super_event| self.id_of(super_event));
        let known = &self.known;
        let nobody = Uuid::nil();
        let mut schedule = draft.schedule.clone();
        let overrides = schedule.recurrence.iter_mut();
        for change in overrides.flat_map(|recurrence| recurrence.overrides.values_mut()) {
            let venues = change.venues.take();
            change.venues =
                venues.map(|own| own.into_iter().map(|venue| known.venue(venue)).collect());
        }
        let mut base = Event::new(
            Slug::from_text("event"),
            nobody.into(),
            std::mem::take(&mut draft.title),
            schedule,
            self.origin.at,
        );
        draft.move_plain_fields(&mut base);
        Event {
            sequence: draft.sequence.unwrap_or(0),
            status: draft.status,
            previous: draft.previous,
            status_note: draft.status_note,
            venues: draft
                .venues
                .into_iter()
                .map(|venue| known.venue(venue))
                .collect(),
            online_url: draft.online_url,
            organizer: draft.organizer.map(|organizer| known.organizer(organizer)),
            categories: known.categories(&draft.categories),
            audiences: known.audiences(&draft.audiences),
            accessibility: draft.accessibility,
            admission: draft.admission,
            offers: draft.offers,
            super_event: whole,
            ..base
        }
    }

    /// Returns a slug of title and first day that is free in the snapshot and in this plan.
    fn free_slug(&mut self, draft: &EventDraft, id: &EventId) -> Slug {
        let title = draft
            .title
            .iter()
            .next()
            .map_or("event", |title| title.text);
        let schedule = &draft.schedule;
        let leading = schedule.leading().map(|leading| match schedule.when {
            When::Timed { zone, .. } => leading.when.seen_in(zone).start(),
            _ => leading.when.start(),
        });
        let day = leading.unwrap_or_else(|| schedule.earliest_start()).date();
        let day = day.format("%Y-%m-%d").to_string();
        let wanted = Slug::from_text(title).with_suffix(&day);
        let free = |slug: &Slug| {
            !self.slugs.contains(slug)
                && self
                    .snapshot
                    .event_at(slug)
                    .is_none_or(|entry| entry.id() == id.as_str())
        };
        let slug = slug_candidates(wanted.clone(), id).find(free);
        let slug = slug.unwrap_or(wanted);
        self.slugs.insert(slug.clone());
        slug
    }

    /// Returns the source's `UID` if it is free, else a generated one.
    fn free_uid(&mut self, wanted: Option<Uid>, id: &EventId) -> Uid {
        let free = |uid: &Uid| {
            !self.uids.contains(uid)
                && self
                    .snapshot
                    .event_of(uid)
                    .is_none_or(|entry| entry.id() == id.as_str())
        };
        let namespace = self.snapshot.region().uid_namespace;
        let mut candidates = wanted.into_iter().chain(uid_candidates(namespace, id));
        let uid = candidates.find(free).unwrap_or_else(|| namespace.into());
        self.uids.insert(uid.clone());
        uid
    }
}
