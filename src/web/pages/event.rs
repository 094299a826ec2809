//! The page of an event.

use std::sync::Arc;

use askama::Template;

use super::date_block::Span;
use super::event_list::StatusMark;
use super::facts::{self, Credit, FactLine, TicketPrice, VenueLines};
use super::links::{OutLink, TextLink, out_link};
use super::structured;
use super::{Bar, LocalizedText, PageContext, Section, Shell};
use crate::catalog::{ComingOccurrences, Entry, EventOccurrence};
use crate::web::problem::Problem;
use calendar_domain::{Event, EventStatus, Venue};
use calendar_language::{Year, capitalised};

/// Maximum number of listed occurrences of a repeating event.
const NEXT_DATES: usize = 8;

/// The page of an event.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/event.html", blocks = ["main"])]
pub struct EventPage {
    /// The layout.
    pub shell: Shell,
    /// The title.
    pub title: LocalizedText,
    /// The categories: «Musikk».
    pub categories: Vec<TextLink>,
    /// Its days, as date blocks; absent without dates.
    pub span: Option<Span>,
    /// Whether the date is unconfirmed.
    pub tentative: bool,
    /// «Lørdag 6. mars 2027 kl. 10.00–18.00», or «Ingen datoer».
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
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
    /// Directions to the place; may be empty.
    pub getting_there: LocalizedText,
    /// Setting, languages and sustainability.
    pub more_facts: Vec<FactLine>,
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
    /// Whether more follow.
    pub more_dates: bool,
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
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
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
        let next = coming.listed.iter().find(is_on);
        let next = next.or_else(|| coming.listed.first()).cloned();
        let shown = next.or_else(|| entry.leading(event));
        let days = shown.as_ref().map(|it| visit.days(&it.when));
        let over = match &event.schedule.recurrence {
            None => entry.until.is_some_and(|until| until <= visit.today()),
            // The end of a recurrence is known within a few days only.
            Some(_) => {
                let is_past = |until| until <= visit.soon();
                shown.is_some() && coming.listed.is_empty() && entry.until.is_some_and(is_past)
            }
        };
        let status = shown.as_ref().map_or(entry.status(), |it| it.standing().0);
        let is_tentative = status == EventStatus::Tentative;
        let when = shown.as_ref().map_or_else(
            || visit.words.say("dates-none").into_owned(),
            |it| visit.full_time(&it.when),
        );
        let venues = shown
            .as_ref()
            .map_or(&event.venues[..], EventOccurrence::venues);
        let repeats = match &shown {
            Some(_) => visit.words.repetition_in(&event.schedule, visit.zone()),
            None => String::new(),
        };
        let title = visit.said(&event.title);
        let banner = banner(visit, entry, event, shown.as_ref());
        let banner = banner.filter(|_| !(over && is_tentative));
        let mark = banner.as_ref().map(|it| &it.mark);
        let mut shell = shell(visit, event, &title.text, (&when, status, venues));
        shell.preview = visit.dated_card(shell.preview, days, &when, mark);
        if shell.indexed {
            shell.structured = structured::of_event(visit, entry, event, &coming.listed);
        }
        Self {
            shell,
            categories: visit.categories(&event.categories),
            span: days.map(|(first, last)| Span::new(first, last, visit.words)),
            tentative: is_tentative && !over,
            repeats: capitalised(&repeats),
            over,
            bar: days.and_then(|(first, last)| Bar::new(first, last, visit.today())),
            banner,
            summary: visit.said(&event.summary),
            description: visit.said(&event.description),
            venues: facts::venues(visit, event, status, venues),
            online: event.online_url.as_ref().map(ToString::to_string),
            organizer: facts::organizer(visit, event),
            prices: facts::prices(visit, event),
            audiences: visit.audiences(&event.audiences),
            accessibility: facts::accessibility(visit, event),
            places_left: shown
                .as_ref()
                .map(|it| visit.places_left(it))
                .unwrap_or_default(),
            getting_there: visit.said(&event.getting_there),
            more_facts: facts::more_facts(visit, event),
            website: event.website.as_ref().map(out_link),
            series: event
                .series
                .as_ref()
                .and_then(|of| visit.series_link(&of.series)),
            part_of: part_of(visit, event),
            parts: parts(visit, event),
            dates: dates(visit, &coming.listed),
            more_dates: coming.more,
            file: visit.paths.event_file(event.slug.as_str()),
            credits: facts::credits(visit, event),
            changed: facts::changed(visit, event),
            title,
            when,
        }
    }
}

impl EventPage {
    /// Returns the page's content without the layout, as it would be if the event and these parts were public.
    ///
    /// # Errors
    /// Returns an internal error if the template can't be rendered.
    pub fn preview(visit: &PageContext, event: &Event, parts: &[Event]) -> Result<String, Problem> {
        let entry = Arc::new(Entry::new(event, visit.zone()));
        let mut page = Self::new(visit, &entry);
        if !parts.is_empty() {
            let row = |part: &Event| SubEventRow {
                link: TextLink {
                    label: visit.said(&part.title),
                    url: None,
                },
                when: visit
                    .words
                    .when_in(&part.schedule.when, visit.zone(), Year::Said),
            };
            page.parts = parts.iter().map(row).collect();
        }
        let html = page.as_main().render();
        html.map_err(|error| Problem::internal(&error))
    }
}

/// Returns the layout; its description has the time, status and places that the page shows.
fn shell(
    visit: &PageContext,
    event: &Event,
    title: &str,
    (when, status, venues): (&str, EventStatus, &[Venue]),
) -> Shell {
    let path = visit.paths.event(event.slug.as_str());
    let mut shell = visit.shell(Section::Agenda, title, path);
    let parts = [
        when.to_owned(),
        visit.place_line(status, venues),
        visit.text(&event.summary),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    shell.description = parts.join(". ").replace("..", ".");
    shell.indexed = visit.snapshot.may_be_indexed(event);
    shell.embeddable = visit.snapshot.may_pass_on(event);
    shell.feed = visit.paths.event_file(event.slug.as_str());
    let place = visit.place_line(status, venues);
    shell.preview = visit.card("events", event.slug.as_str(), title, &place);
    shell
}

/// Returns the next occurrences of a repeating event, from today on.
fn coming(visit: &PageContext, entry: &Arc<Entry>) -> ComingOccurrences {
    // An event that ended after midnight belongs to yesterday and is over.
    let is_left = |it: &EventOccurrence| visit.days(&it.when).1 >= visit.today();
    visit.snapshot.coming(entry, is_left).first(NEXT_DATES)
}

fn dates(visit: &PageContext, coming: &[EventOccurrence]) -> Vec<NextDate> {
    let zone = visit.snapshot.region().time_zone;
    let line = |it: &EventOccurrence| NextDate {
        when: capitalised(&visit.words.when_in(&it.when, zone, Year::Said)),
        mark: visit.mark(it),
        places_left: visit.places_left(it),
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

/// Returns the notice about the occurrence that the page shows.
fn banner(
    visit: &PageContext,
    entry: &Entry,
    event: &Event,
    shown: Option<&EventOccurrence>,
) -> Option<Banner> {
    let (status, before) = shown.map_or((entry.status(), None), EventOccurrence::standing);
    let mark = StatusMark::new(status, String::new(), visit.words)?;
    let meaning = match status {
        EventStatus::Scheduled => return None,
        EventStatus::Tentative => "meaning-tentative",
        EventStatus::Cancelled => "meaning-cancelled",
        EventStatus::Postponed => "meaning-postponed",
        EventStatus::Rescheduled => "meaning-rescheduled",
        EventStatus::MovedOnline => "meaning-moved-online",
    };
    let before = before.filter(|before| shown.is_none_or(|it| it.when != *before));
    Some(Banner {
        mark,
        meaning: visit.words.say(meaning).into_owned(),
        before: before.map_or_else(String::new, |before| visit.full_time(&before)),
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
        when: event.schedule.leading().map_or_else(
            || visit.words.say("dates-none").into_owned(),
            |it| visit.words.when_in(&it.when, visit.zone(), Year::Said),
        ),
    };
    visit
        .snapshot
        .parts_of(&event.id)
        .into_iter()
        .map(|entry| part(entry.event()))
        .collect()
}
