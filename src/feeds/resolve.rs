//! Resolves the references of an event to other records, for feeds.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use crate::catalog::{Entry, Snapshot};
use calendar_domain::{Event, Lang, OrganizerRef, Partner, Start, Text, Uid, Venue};
use calendar_ical::write::{EventView, ImageView, OrganizerView, VenueView};
use calendar_language::Words;

use super::FeedRequest;

/// An event with the URL of its page, from which an [`EventView`] borrows.
pub struct ResolvedEvent<'a> {
    event: Arc<Event>,
    /// `UID` of the event that it is part of.
    whole: Option<Uid>,
    snapshot: &'a Snapshot,
    page: Url,
    /// The site's URL without a trailing slash.
    base: String,
    lang: Lang,
}

impl<'a> ResolvedEvent<'a> {
    /// Resolves an event of a feed.
    #[must_use]
    pub fn new(entry: &'a Entry, request: &'a FeedRequest<'_>) -> Self {
        let lang = request.choices.lang;
        let prefix = Words::new(lang).lang().path_prefix();
        let page = request.address(&format!("{prefix}/events/{}", entry.slug()));
        // A slug appended to a valid base URL always parses.
        let page = Url::parse(&page).unwrap_or_else(|_| request.base.clone());
        let event = entry.event();
        let whole = event.super_event.as_ref();
        let whole = whole.and_then(|id| request.snapshot.event(id));
        let whole = whole.and_then(|entry| entry.uid().parse().ok());
        Self {
            event,
            whole,
            snapshot: request.snapshot,
            page,
            base: request.address(""),
            lang,
        }
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> Arc<Event> {
        Arc::clone(&self.event)
    }

    /// Returns true if every partner it came from permits republication.
    #[must_use]
    pub fn may_be_passed_on(&self) -> bool {
        self.snapshot.may_pass_on(&self.event)
    }

    /// Returns the view for the iCalendar writer.
    #[must_use]
    pub fn view(&self) -> EventView<'_> {
        let event = &*self.event;
        let snapshot = self.snapshot;
        let names = |text: &'a Text| text.get(self.lang);
        let mut view = EventView::new(event, &self.page, snapshot.region().time_zone);
        view.venues = event
            .venues
            .iter()
            .map(|venue| venue_view(venue, snapshot))
            .collect();
        view.other_venues = other_venues(event, snapshot);
        view.organizer = event
            .organizer
            .as_ref()
            .map(|organizer| organizer_view(organizer, snapshot));
        let categories = event
            .categories
            .iter()
            .filter_map(|slug| snapshot.category(slug));
        view.categories = categories.map(|category| names(&category.name)).collect();
        let audiences = event
            .audiences
            .iter()
            .filter_map(|slug| snapshot.audience(slug));
        view.audiences = audiences.map(|audience| names(&audience.name)).collect();
        let images = snapshot.shown_images(event);
        view.images = images
            .map(|images| ImageView::new(images, &self.base))
            .collect();
        view.super_event = self.whole.as_ref();
        view.credit =
            partners(event, snapshot).find_map(|partner| partner.policy.credit.as_deref());
        view.licence = snapshot.licence_of_partner(event);
        view
    }
}

fn partners<'a>(event: &'a Event, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Partner> {
    event
        .sources
        .iter()
        .filter_map(|source| snapshot.partner(&source.partner))
        .map(|partner| &**partner)
}

fn venue_view<'a>(venue: &'a Venue, snapshot: &'a Snapshot) -> VenueView<'a> {
    let place = match venue {
        Venue::Place(slug) => snapshot.place(slug),
        Venue::Described { .. } => None,
    };
    place.map_or_else(
        || venue.into(),
        |place| VenueView {
            name: &place.name,
            address: place
                .address
                .as_ref()
                .map(|address| address.line())
                .unwrap_or_default(),
            coordinates: place.coordinates,
        },
    )
}

fn other_venues<'a>(
    event: &'a Event,
    snapshot: &'a Snapshot,
) -> BTreeMap<Start, Vec<VenueView<'a>>> {
    let Some(recurrence) = &event.schedule.recurrence else {
        return BTreeMap::new();
    };
    let overrides = recurrence.overrides.iter();
    let moved = overrides.filter_map(|(id, change)| Some((*id, change.venues.as_ref()?)));
    moved
        .map(|(id, venues)| {
            (
                id,
                venues
                    .iter()
                    .map(|venue| venue_view(venue, snapshot))
                    .collect(),
            )
        })
        .collect()
}

fn organizer_view<'a>(organizer: &'a OrganizerRef, snapshot: &'a Snapshot) -> OrganizerView<'a> {
    match organizer {
        OrganizerRef::Organizer(slug) => match snapshot.organizer(slug) {
            Some(value) => OrganizerView {
                name: &value.name,
                url: value.website.as_ref(),
                email: value.contact.email.as_deref(),
            },
            None => OrganizerView {
                name: slug.as_str(),
                ..OrganizerView::default()
            },
        },
        OrganizerRef::Described { name, url } => OrganizerView {
            name,
            url: url.as_ref(),
            email: None,
        },
    }
}
