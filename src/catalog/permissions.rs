//! What the partners that an event came from permit, and under which licence.

use std::sync::Arc;

use calendar_domain::partner::Permission;
use calendar_domain::{ContentPolicy, Event, EventId, Image, LicenceLink, Partner, Query};

use super::Snapshot;
use super::doc_set::DocSet;
use super::entry::Entry;

impl Snapshot {
    /// Returns true if every source partner of an event permits republication.
    #[must_use]
    pub fn may_pass_on(&self, event: &Event) -> bool {
        self.all_permit(event, |policy| policy.passing_on)
    }

    /// Returns true if an event is published and every source partner of it permits republication. Does not decode the
    /// event.
    #[must_use]
    pub fn passes_on(&self, id: &EventId) -> bool {
        self.event_with_permission(id)
            .is_some_and(|(_, passes_on)| passes_on)
    }

    /// Returns a published event, and whether it may be [passed on](Self::passes_on).
    #[must_use]
    pub fn event_with_permission(&self, id: &EventId) -> Option<(&Arc<Entry>, bool)> {
        let slot = self.slot_of(id)?;
        let is_refused = self.refused().any(|events| events.contains(slot));
        Some((self.entry(slot)?, !is_refused))
    }

    /// Returns the parts of an event that pass on, in the order of their first day.
    pub fn parts_passed_on(&self, whole: &EventId) -> impl Iterator<Item = &Arc<Entry>> {
        let parts = self.parts_of(whole).into_iter();
        parts.filter(|part| part.id().parse().is_ok_and(|id| self.passes_on(&id)))
    }

    /// Returns the events of each partner that refuses republication.
    pub(super) fn refused(&self) -> impl Iterator<Item = &DocSet> {
        let partners = self.partners.values();
        let refuses = partners.filter(|partner| partner.policy.passing_on == Permission::Refused);
        refuses.filter_map(|refused| self.index.partners.get(&refused.id))
    }

    /// Returns the images of an event that may be shown: those that were uploaded here, and others if every source partner
    /// permits it.
    pub fn shown_images<'e>(&self, event: &'e Event) -> impl Iterator<Item = &'e Image> {
        let of_partners = self.permits_images(event);
        let images = event.images.iter();
        images.filter(move |image| of_partners || image.source.is_own())
    }

    /// Returns true if every source partner of an event permits that its images are shown.
    #[must_use]
    pub fn permits_images(&self, event: &Event) -> bool {
        self.all_permit(event, |policy| policy.images)
    }

    /// Returns true if every source partner of an event permits search engines to index its page.
    #[must_use]
    pub fn may_be_indexed(&self, event: &Event) -> bool {
        self.all_permit(event, |policy| policy.indexing)
    }

    /// Returns the licence of an event, by its name or address: that of a source partner, otherwise the address of
    /// the region's licence.
    #[must_use]
    pub fn licence_of(&self, event: &Event) -> Option<String> {
        let own = self.licence_of_partner(event).map(str::to_owned);
        own.or_else(|| self.region().licence_url().map(str::to_owned))
    }

    /// Returns the licence that a source partner of an event states, by its name or address.
    #[must_use]
    pub fn licence_of_partner<'a>(&'a self, event: &'a Event) -> Option<&'a str> {
        let mut partners = self.partners_of(event);
        partners.find_map(|partner| partner.policy.licence.as_deref())
    }

    /// Returns the licence that the partners of a query state, by its name or address. Returns `None` if the query does
    /// not select partners, or if they do not all state the same.
    #[must_use]
    pub fn licence_of_query<'a>(&'a self, query: &Query) -> Option<&'a str> {
        let mut stated = query.partners.iter().map(|id| {
            let partner = self.partner(id)?;
            partner.policy.licence.as_deref()
        });
        let first = stated.next()??;
        stated.all(|other| other == Some(first)).then_some(first)
    }

    /// Returns the licence of all events whose partner states none.
    #[must_use]
    pub fn usual_licence(&self) -> Option<LicenceLink> {
        self.region().licence.as_ref().map(LicenceLink::from)
    }

    fn all_permit(&self, event: &Event, asked: impl Fn(&ContentPolicy) -> Permission) -> bool {
        self.partners_of(event)
            .all(|partner| asked(&partner.policy) == Permission::Allowed)
    }

    fn partners_of<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'a Arc<Partner>> {
        let sources = event.sources.iter();
        sources.filter_map(|source| self.partner(&source.partner))
    }
}
