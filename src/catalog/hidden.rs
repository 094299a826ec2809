//! Unpublished events of partners (waiting, rejected or withdrawn) by their origin ids, so that a
//! further delivery of one is not taken for a new event.

use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use calendar_domain::{Event, EventId, OriginKey, PartnerId};

/// Origins of one event.
type Origins = Arc<[(PartnerId, String)]>;

/// Unpublished events by their origins.
#[derive(Debug, Clone, Default)]
pub struct Hidden {
    by_partner: HashMap<PartnerId, OrdMap<String, EventId>>,
    origins: HashMap<EventId, Origins>,
}

impl Hidden {
    /// Replaces an event; removes it for `None` or a public event.
    pub(super) fn put(&mut self, id: &EventId, event: Option<&Event>) {
        if let Some(known) = self.origins.remove(id) {
            for (partner, origin) in known.iter() {
                if let Some(events) = self.by_partner.get_mut(partner)
                    && events.get(origin) == Some(id)
                {
                    events.remove(origin);
                }
            }
        }
        let Some(event) = event.filter(|event| !event.is_public() && !event.sources.is_empty())
        else {
            return;
        };
        let names = event.sources.iter();
        let names = names.map(|names| (names.partner.clone(), names.origin_id.clone()));
        self.insert(id.clone(), names.collect());
    }

    fn insert(&mut self, id: EventId, origins: Origins) {
        for (partner, origin) in origins.iter() {
            let events = self.by_partner.entry(partner.clone()).or_default();
            events.insert(origin.clone(), id.clone());
        }
        self.origins.insert(id, origins);
    }

    /// Returns the event with an origin id of a partner.
    pub(super) fn event(&self, partner: &PartnerId, origin_id: &str) -> Option<&EventId> {
        self.by_partner.get(partner)?.get(origin_id)
    }

    /// Returns the events of a partner with their origin ids, sorted by them.
    pub(super) fn of(&self, partner: &PartnerId) -> impl Iterator<Item = (&str, &EventId)> {
        let events = self.by_partner.get(partner).into_iter().flatten();
        events.map(|(origin, id)| (origin.as_str(), id))
    }

    /// Returns the contents for an image.
    pub(super) fn image(&self) -> Vec<(EventId, Vec<OriginKey>)> {
        let key = |(partner, origin): &(PartnerId, String)| OriginKey {
            partner: Some(partner.clone()),
            origin_id: origin.clone(),
        };
        let events = self.origins.iter();
        events
            .map(|(id, origins)| (id.clone(), origins.iter().map(key).collect()))
            .collect()
    }

    /// Reads the contents returned by [`Self::image`].
    pub(super) fn of_image(image: Vec<(EventId, Vec<OriginKey>)>) -> Self {
        let mut hidden = Self::default();
        for (id, origins) in image {
            let origins = origins.into_iter();
            let origins = origins.filter_map(|origin| Some((origin.partner?, origin.origin_id)));
            hidden.insert(id, origins.collect());
        }
        hidden
    }
}
