//! The page of an event.

use std::sync::Arc;

use askama::Template;

use super::date_block::Span;
use super::event_list::StatusMark;
use super::facts::{self, Credit, TicketPrice, VenueLines};
use super::links::{OutLink, TextLink, out_link};
use super::{Bar, LocalizedText, PageContext, Section, Shell};
use crate::catalog::{Entry, EventOccurrence};
use calendar_domain::{Event, EventStatus, Venue, When};
use calendar_language::{Year, capitalised};

/// Maximum number of listed occurrences of a repeating event.
const NEXT_DATES: usize = 8;

/// The page of an event.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/event.html")]
pub struct EventPage {
    /// The layout.
    pub shell: Shell,
    /// The title.
    pub title: LocalizedText,
    /// The categories: «Musikk».
    pub categories: Vec<TextLink>,
    /// Its days, as date blocks.
    pub span: Span,
    /// Whether the date is unconfirmed.
    pub tentative: bool,
    /// «Lørdag 6. mars 2027 kl. 10.00–18.00».
    pub when: String,
    /// «hver torsdag …»; empty unless it repeats.
    pub repeats: String,
    /// Whether it is over, as of today.
    pub over: bool,
    /// The days of a longer event, as a bar.
    pub bar: Option<Bar>,
    /// The change, if there is one.
    pub banner: Option<Banner>,
    /// One or two sentences; may be empty.
    pub summary: LocalizedText,
    /// The long text; may be empty.
    pub description: LocalizedText,
    /// The venues, the main one first.
    pub venues: Vec<VenueLines>,
    /// Address of online participation.
    pub online: Option<String>,
    /// The organizer.
    pub organizer: Option<TextLink>,
    /// «Gratis», «250 kr»; empty if unknown.
    pub prices: Vec<TicketPrice>,
    /// The audiences.
    pub audiences: Vec<TextLink>,
    /// The accessibility features.
    pub accessibility: Vec<String>,
    /// The event's own website.
    pub website: Option<OutLink>,
    /// The series of which it is an edition.
    pub series: Option<TextLink>,
    /// The super event.
    pub part_of: Option<TextLink>,
    /// The sub-events.
    pub parts: Vec<SubEventRow>,
    /// The next occurrences of a repeating event.
    pub dates: Vec<NextDate>,
    /// Address of its calendar file.
    pub file: String,
    /// The sources, with their required credits.
    pub credits: Vec<Credit>,
    /// «Sist endret 3. januar 2027».
    pub changed: String,
}

/// The notice about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Class and label of the change.
    pub mark: StatusMark,
    /// What the change means for visitors.
    pub meaning: String,
    /// The previous time; empty if unknown.
    pub before: String,
    /// The organizer's note; may be empty.
    pub note: LocalizedText,
}

/// A sub-event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubEventRow {
    /// Title and page.
    pub link: TextLink,
    /// The time.
    pub when: String,
}

/// One of the next occurrences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextDate {
    /// The time.
    pub when: String,
    /// The change in this occurrence, if there is one.
    pub mark: Option<StatusMark>,
    /// Its place and title, where they are others than the event's; may be empty.
    pub differs: String,
}

impl EventPage {
    /// Returns the page of an event.
    #[must_use]
    pub fn new(visit: &PageContext, entry: &Arc<Entry>) -> Self {
        let event = &entry.event();
        let coming = coming(visit, entry);
        // The next occurrence that is not cancelled.
        let is_on = |it: &&EventOccurrence| it.status() != EventStatus::Cancelled;
        let next = coming.iter().find(is_on).or_else(|| coming.first());
        let leading = event.schedule.leading();
        let when = next.map_or(&leading, |next| &next.when);
        let status = next.map_or(event.status, EventOccurrence::status);
        let venues = next.map_or(&event.venues[..], EventOccurrence::venues);
        let (first, last) = visit.days(when);
        let over = match &event.schedule.recurrence {
            None => entry.until.is_some_and(|until| until <= visit.today()),
            // The end of a recurrence is known within a few days only.
            Some(_) => coming.is_empty() && entry.until.is_some_and(|it| it <= visit.soon()),
        };
        let title = visit.said(&event.title);
        Self {
            shell: shell(visit, event, &title.text, (when, status, venues)),
            categories: visit.categories(&event.categories),
            span: Span::new(first, last, visit.words),
            tentative: event.status == EventStatus::Tentative && !over,
            when: visit.full_time(when),
            repeats: capitalised(&visit.words.repetition_in(&event.schedule, visit.zone())),
            over,
            bar: Bar::new(first, last, visit.today()),
            banner: banner(visit, event)
                .filter(|_| !(over && event.status == EventStatus::Tentative)),
            summary: visit.said(&event.summary),
            description: visit.said(&event.description),
            venues: facts::venues(visit, event, status, venues),
            online: event.online_url.as_ref().map(ToString::to_string),
            organizer: facts::organizer(visit, event),
            prices: facts::prices(visit, event),
            audiences: visit.audiences(&event.audiences),
            accessibility: facts::accessibility(visit, event),
            website: event.website.as_ref().map(out_link),
            series: event
                .series
                .as_ref()
                .and_then(|of| visit.series_link(&of.series)),
            part_of: part_of(visit, event),
            parts: parts(visit, event),
            dates: dates(visit, &coming),
            file: visit.paths.event_file(event.slug.as_str()),
            credits: facts::credits(visit, event),
            changed: facts::changed(visit, event),
            title,
        }
    }
}

/// Returns the layout; its description has the time, status and places that the page shows.
fn shell(
    visit: &PageContext,
    event: &Event,
    title: &str,
    (when, status, venues): (&When, EventStatus, &[Venue]),
) -> Shell {
    let path = visit.paths.event(event.slug.as_str());
    let mut shell = visit.shell(Section::Agenda, title, path);
    let when = visit.full_time(when);
    let parts = [
        when,
        visit.place_line(status, venues),
        visit.text(&event.summary),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    shell.description = parts.join(". ").replace("..", ".");
    shell.indexed = facts::may_be_indexed(visit, event);
    shell.feed = visit.paths.event_file(event.slug.as_str());
    shell
}

/// Returns the next occurrences of a repeating event, from today on.
fn coming(visit: &PageContext, entry: &Arc<Entry>) -> Vec<EventOccurrence> {
    if entry.event().schedule.recurrence.is_none() {
        return Vec::new();
    }
    let mut all = entry.happenings(visit.ahead());
    // An event that ended after midnight belongs to yesterday and is over.
    all.retain(|it| visit.days(&it.when).1 >= visit.today());
    all.truncate(NEXT_DATES);
    all
}

fn dates(visit: &PageContext, coming: &[EventOccurrence]) -> Vec<NextDate> {
    let zone = visit.snapshot.region().time_zone;
    let line = |it: &EventOccurrence| NextDate {
        when: capitalised(&visit.words.when_in(&it.when, zone, Year::Said)),
        mark: visit.mark(it),
        differs: differs(visit, it),
    };
    coming.iter().map(line).collect()
}

/// Place and title of an occurrence, where they are others than the event's.
fn differs(visit: &PageContext, happening: &EventOccurrence) -> String {
    let event = &happening.event;
    let usual = visit.place_line(event.status, &event.venues);
    let place = visit.place_line(happening.status(), happening.venues());
    let title = happening.title();
    let title = (*title != event.title).then(|| visit.text(title));
    let parts = [Some(place).filter(|place| *place != usual), title];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

fn banner(visit: &PageContext, event: &Event) -> Option<Banner> {
    let mark = StatusMark::new(event.status, String::new(), visit.words)?;
    let meaning = match event.status {
        EventStatus::Scheduled => return None,
        EventStatus::Tentative => "meaning-tentative",
        EventStatus::Cancelled => "meaning-cancelled",
        EventStatus::Postponed => "meaning-postponed",
        EventStatus::Rescheduled => "meaning-rescheduled",
        EventStatus::MovedOnline => "meaning-moved-online",
    };
    let before = event
        .previous
        .as_ref()
        .filter(|before| **before != event.schedule.when);
    Some(Banner {
        mark,
        meaning: visit.words.say(meaning).into_owned(),
        before: before.map_or_else(String::new, |before: &When| visit.full_time(before)),
        note: visit.said(&event.status_note),
    })
}

fn part_of(visit: &PageContext, event: &Event) -> Option<TextLink> {
    let whole = visit.snapshot.event(event.super_event.as_ref()?)?;
    let url = Some(visit.paths.event(whole.slug()));
    Some(TextLink {
        label: visit.said(&whole.event().title),
        url,
    })
}

fn parts(visit: &PageContext, event: &Event) -> Vec<SubEventRow> {
    let part = |event: Arc<Event>| SubEventRow {
        link: TextLink {
            label: visit.said(&event.title),
            url: Some(visit.paths.event(event.slug.as_str())),
        },
        when: visit
            .words
            .when_in(&event.schedule.leading(), visit.zone(), Year::Said),
    };
    visit
        .snapshot
        .parts_of(&event.id)
        .into_iter()
        .map(|entry| part(entry.event()))
        .collect()
}
