//! Reads arbitrary bytes as a calendar file, and writes and re-reads its events.

#![no_main]

use calendar_domain::{Event, EventDraft, Lang, OrganizerRef, Schedule, Slug, Uid};
use calendar_ical::check::check;
use calendar_ical::finding::Severity;
use calendar_ical::read::read;
use calendar_ical::to_events::{ReadOptions, to_drafts};
use calendar_ical::write::{
    CalendarHeader, EventView, ImageView, OrganizerView, VenueView, WriteOptions, calendar,
    event_piece,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use elverum_calendar_fuzz::within_time;
use libfuzzer_sys::fuzz_target;
use url::Url;

const OPTIONS: ReadOptions = ReadOptions {
    default_zone: Tz::Europe__Oslo,
    language: Lang::Nb,
};

fuzz_target!(|bytes: &[u8]| within_time(|| run(bytes)));

fn run(bytes: &[u8]) {
    let (drafts, findings) = to_drafts(&read(bytes), &OPTIONS);
    for finding in findings {
        let told = finding.to_string();
        assert!(!told.chars().any(char::is_control), "{told:?}");
    }
    // Bounds the time; further events of a file are rarely of a new kind.
    for (number, draft) in drafts.iter().take(20).enumerate() {
        comes_back(number, draft);
    }
}

/// Asserts that a second round trip changes nothing.
fn comes_back(number: usize, draft: &EventDraft) {
    let Some(once) = through(number, draft) else {
        return;
    };
    let twice = through(number, &once);
    assert_eq!(twice.as_ref(), Some(&once));
    assert!(!once.title.is_empty());
    assert_eq!(once.categories, draft.categories);
    assert_eq!(once.online_url, draft.online_url);
    assert_eq!(once.venues.len(), draft.venues.len());
}

/// Writes, checks and re-reads a draft. Returns `None` if it has no occurrence.
fn through(number: usize, draft: &EventDraft) -> Option<EventDraft> {
    let written = written(number, draft)?;
    let faults = check(&written);
    let text = String::from_utf8_lossy(&written);
    assert!(
        faults.iter().all(|fault| fault.severity < Severity::Error),
        "{faults:?}\n{text}"
    );
    let read = read(&written);
    assert!(read.findings.is_empty(), "{:?}\n{text}", read.findings);
    let (mut drafts, findings) = to_drafts(&read, &OPTIONS);
    assert!(findings.is_empty(), "{findings:?}\n{text}");
    assert_eq!(drafts.len(), 1, "{text}");
    drafts.pop()
}

fn written(number: usize, draft: &EventDraft) -> Option<Vec<u8>> {
    let event = event(number, draft);
    let page = Url::parse("https://kalender.example/events/x").ok()?;
    let mut view = EventView::new(&event, &page, OPTIONS.default_zone);
    view.venues = event.venues.iter().map(VenueView::from).collect();
    let overrides = event
        .schedule
        .recurrence
        .iter()
        .flat_map(|set| &set.overrides);
    view.other_venues = overrides
        .filter_map(|(id, change)| Some((*id, change.venues.as_ref()?)))
        .map(|(id, venues)| (id, venues.iter().map(VenueView::from).collect()))
        .collect();
    if let Some(OrganizerRef::Described { name, url }) = &event.organizer {
        view.organizer = Some(OrganizerView {
            name,
            url: url.as_ref(),
            email: None,
        });
    }
    view.categories = draft.categories.iter().map(String::as_str).collect();
    view.audiences = draft.audiences.iter().map(String::as_str).collect();
    let image_view = |image| ImageView::new(image, "https://kalender.example");
    view.images = event.images.iter().map(image_view).collect();
    let head = CalendarHeader {
        name: "Kalender",
        description: "",
        lang: Lang::Nb,
        zone: OPTIONS.default_zone,
        color: None,
        source: None,
        url: None,
        last_modified: Some(DateTime::<Utc>::UNIX_EPOCH),
    };
    let piece = event_piece(&view, WriteOptions::new(Lang::Nb));
    piece
        .left_out
        .is_none()
        .then(|| calendar(&head, 2026..=2027, [&piece]))
}

fn event(number: usize, draft: &EventDraft) -> Event {
    let slug: Slug = format!("event-{number}")
        .parse()
        .expect("letters and digits");
    let uid: Uid = match &draft.uid {
        Some(uid) => uid.clone(),
        None => format!("event-{number}@kalender.example")
            .parse()
            .expect("an address"),
    };
    let schedule: Schedule = draft.schedule.clone();
    let born = DateTime::<Utc>::UNIX_EPOCH;
    let mut event = Event::new(slug, uid, draft.title.clone(), schedule, born);
    event.sequence = draft.sequence.unwrap_or_default();
    event.modified = draft.modified.unwrap_or(born);
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
    event
}
