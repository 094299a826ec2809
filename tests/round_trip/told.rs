//! An event with names from other records: written, and read back.

use std::collections::BTreeMap;

use calendar_domain::{Event, EventDraft, Lang, OrganizerRef, Schedule, Slug, Text, Uid, Venue};
use calendar_ical::read::read;
use calendar_ical::to_events::{ReadOptions, to_drafts};
use calendar_ical::write::{
    CalendarHeader, EventView, ImageView, OrganizerView, VenueView, WriteOptions, calendar,
    event_piece,
};
use chrono::DateTime;
use chrono_tz::Tz;
use url::Url;

/// An event with names from other records.
#[derive(Debug, Clone)]
pub struct Told {
    pub event: Event,
    pub categories: Vec<String>,
    pub audiences: Vec<String>,
    /// The organizer's email address, if it is public.
    pub email: Option<String>,
    pub parent: Option<Uid>,
}

pub const REGION: Tz = Tz::Europe__Oslo;

impl Told {
    /// Returns a minimal event.
    pub fn new(number: usize, schedule: Schedule) -> Self {
        let slug: Slug = format!("event-{number}").parse().expect("a slug");
        let at = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
        let uid = format!("event-{number}@kalender.example")
            .parse()
            .expect("a UID");
        let event = Event::new(slug, uid, Text::default(), schedule, at);
        let (categories, audiences, email, parent) = Default::default();
        Told {
            event,
            categories,
            audiences,
            email,
            parent,
        }
    }

    /// Converts a draft to an event.
    pub fn of(number: usize, draft: &EventDraft) -> Self {
        let mut told = Told::new(number, draft.schedule.clone());
        let event = &mut told.event;
        event.uid = draft.uid.clone().unwrap_or(event.uid.clone());
        event.sequence = draft.sequence.unwrap_or_default();
        event.modified = draft.modified.unwrap_or(event.modified);
        event.title = draft.title.clone();
        event.description = draft.description.clone();
        event.status = draft.status;
        event.status_note = draft.status_note.clone();
        event.venues = draft.venues.clone();
        event.online_url = draft.online_url.clone();
        event.organizer = draft.organizer.clone();
        event.admission = draft.admission;
        event.offers = draft.offers.clone();
        event.images = draft.images.clone();
        event.website = draft.website.clone();
        event.availability = draft.availability;
        event.setting = draft.setting.clone();
        event.languages = draft.languages.clone();
        event.sustainability = draft.sustainability.clone();
        event.sustainability_certificate = draft.sustainability_certificate.clone();
        event.getting_there = draft.getting_there.clone();
        told.categories = draft.categories.clone();
        told.audiences = draft.audiences.clone();
        told.parent = draft.super_event.as_ref().and_then(|uid| uid.parse().ok());
        told
    }

    /// Returns a calendar with this event, or an empty one if it has no occurrence.
    pub fn written(&self, lang: Lang) -> Vec<u8> {
        let event = &self.event;
        let page = page(event);
        let mut view = EventView::new(event, &page, REGION);
        view.venues = event.venues.iter().map(venue_view).collect();
        let overrides = event
            .schedule
            .recurrence
            .iter()
            .flat_map(|set| &set.overrides);
        view.other_venues = overrides
            .filter_map(|(id, change)| Some((*id, change.venues.as_ref()?)))
            .map(|(id, venues)| (id, venues.iter().map(venue_view).collect()))
            .collect::<BTreeMap<_, _>>();
        view.organizer = event.organizer.as_ref().map(|organizer| match organizer {
            OrganizerRef::Described { name, url } => OrganizerView {
                name,
                url: url.as_ref(),
                email: self.email.as_deref(),
            },
            OrganizerRef::Organizer(slug) => panic!("{slug}: only described ones are made here"),
        });
        view.categories = self.categories.iter().map(|name| &**name).collect();
        view.audiences = self.audiences.iter().map(|name| &**name).collect();
        let image_view = |image| ImageView::new(image, "https://kalender.example");
        view.images = event.images.iter().map(image_view).collect();
        view.super_event = self.parent.as_ref();
        let piece = event_piece(&view, WriteOptions::new(lang));
        if piece.left_out.is_some() {
            return Vec::new();
        }
        let head = CalendarHeader {
            name: "Kalender",
            description: "",
            lang,
            zone: REGION,
            color: None,
            source: None,
            url: None,
            last_modified: Some(event.modified),
        };
        calendar(&head, 2026..=2028, [&piece])
    }
}

/// Returns the only draft of a calendar.
pub fn read_back(bytes: &[u8], lang: Lang) -> EventDraft {
    let read = read(bytes);
    let options = ReadOptions {
        default_zone: REGION,
        language: lang,
    };
    let (mut drafts, findings) = to_drafts(&read, &options);
    let complaints: Vec<String> = read
        .findings
        .iter()
        .chain(&findings)
        .map(ToString::to_string)
        .collect();
    assert!(
        complaints.is_empty(),
        "{complaints:#?}\n{}",
        String::from_utf8_lossy(bytes)
    );
    assert_eq!(drafts.len(), 1, "{}", String::from_utf8_lossy(bytes));
    drafts.remove(0)
}

pub fn page(event: &Event) -> Url {
    let base = Url::parse("https://kalender.example/events/").expect("an address");
    base.join(event.slug.as_str()).expect("an address")
}

fn venue_view(venue: &Venue) -> VenueView<'_> {
    if let Venue::Place(slug) = venue {
        panic!("{slug}: only described places are made here");
    }
    venue.into()
}
