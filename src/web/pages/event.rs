//! The page of an event.

use std::sync::Arc;

use askama::Template;

use super::date_block::Span;
use super::event_list::StatusMark;
use super::facts::{self, Credit, FactLine, TicketPrice, VenueLines};
use super::links::{OutLink, TextLink, out_link};
use super::picture::{PageImage, pictures};
use super::shared_picture::SharedPicture;
use super::structured;
use super::{Bar, Layout, LocalizedText, PageContext, Section};
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
    pub layout: Layout,
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
    /// The pictures; may be empty.
    pub pictures: Vec<PageImage>,
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
    /// Address of its calendar file, if it may be passed on.
    pub file: Option<String>,
    /// The sources, with their required credits.
    pub credits: Vec<Credit>,
    /// «Sist endret 3. januar 2027».
    pub changed: String,
    /// The page on which mistakes are reported; empty in previews.
    pub report: String,
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
    pub fn new(context: &PageContext, entry: &Arc<Entry>) -> Self {
        let event = &entry.event();
        let coming = coming(context, entry);
        // The next occurrence that is not cancelled.
        let is_on = |occurrence: &&EventOccurrence| occurrence.status() != EventStatus::Cancelled;
        let next = coming.listed.iter().find(is_on);
        let next = next.or_else(|| coming.listed.first()).cloned();
        let shown = next.or_else(|| entry.leading(event));
        let days = shown.as_ref().map(|listed| context.days(&listed.when));
        let over = match &event.schedule.recurrence {
            None => entry.until.is_some_and(|until| until <= context.today()),
            // The end of a recurrence is known within a few days only.
            Some(_) => {
                let is_past = |until| until <= context.soon();
                shown.is_some() && coming.listed.is_empty() && entry.until.is_some_and(is_past)
            }
        };
        let status = shown
            .as_ref()
            .map_or(entry.status(), |listed| listed.standing().0);
        let is_tentative = status == EventStatus::Tentative;
        let when = shown.as_ref().map_or_else(
            || context.words.say("dates-none").into_owned(),
            |listed| context.full_time(&listed.when),
        );
        let venues = shown
            .as_ref()
            .map_or(&event.venues[..], EventOccurrence::venues);
        let repeats = match &shown {
            Some(_) => context.words.repetition_in(&event.schedule, context.zone()),
            None => String::new(),
        };
        let title = context.said(&event.title);
        let banner = banner(context, entry, event, shown.as_ref());
        let banner = banner.filter(|_| !(over && is_tentative));
        let mark = banner.as_ref().map(|banner| &banner.mark);
        let mut layout = layout(context, event, &title.text, (&when, status, venues));
        layout.preview = context.dated_card(layout.preview, days, &when, mark);
        if mark.is_none() {
            let shown = context.snapshot.shown_images(event);
            layout.shared_picture = SharedPicture::first(shown, context.lang);
        }
        if layout.indexed {
            layout.structured = structured::of_event(context, entry, event, &coming.listed);
        }
        Self {
            layout,
            categories: context.categories(&event.categories),
            span: days.map(|(first, last)| Span::new(first, last, context.words)),
            tentative: is_tentative && !over,
            repeats: capitalised(&repeats),
            over,
            bar: days.and_then(|(first, last)| Bar::new(first, last, context.today())),
            banner,
            pictures: pictures(context, event),
            summary: context.said(&event.summary),
            description: context.said(&event.description),
            venues: facts::venues(context, event, status, venues),
            online: event.online_url.as_ref().map(ToString::to_string),
            organizer: facts::organizer(context, event),
            prices: facts::prices(context, event),
            audiences: context.audiences(&event.audiences),
            accessibility: facts::accessibility(context, event),
            places_left: shown
                .as_ref()
                .map(|listed| context.places_left(listed))
                .unwrap_or_default(),
            getting_there: context.said(&event.getting_there),
            more_facts: facts::more_facts(context, event),
            website: event.website.as_ref().map(out_link),
            series: event
                .series
                .as_ref()
                .and_then(|of| context.series_link(&of.series)),
            part_of: part_of(context, event),
            parts: parts(context, event),
            dates: dates(context, &coming.listed),
            more_dates: coming.more,
            file: context
                .snapshot
                .may_pass_on(event)
                .then(|| context.paths.event_file(event.slug.as_str())),
            credits: facts::credits(context, event),
            changed: facts::changed(context, event),
            report: context.paths.report(event.slug.as_str()),
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
    pub fn preview(
        context: &PageContext,
        event: &Event,
        parts: &[Event],
    ) -> Result<String, Problem> {
        let entry = Arc::new(Entry::new(event, context.zone()));
        let mut page = Self::new(context, &entry);
        page.report.clear();
        if !parts.is_empty() {
            let row = |part: &Event| SubEventRow {
                link: TextLink {
                    label: context.said(&part.title),
                    url: None,
                },
                when: context
                    .words
                    .when_in(&part.schedule.when, context.zone(), Year::Said),
            };
            page.parts = parts.iter().map(row).collect();
        }
        let html = page.as_main().render();
        html.map_err(|error| Problem::internal(&error))
    }
}

/// Returns the layout; its description has the time, status and places that the page shows.
fn layout(
    context: &PageContext,
    event: &Event,
    title: &str,
    (when, status, venues): (&str, EventStatus, &[Venue]),
) -> Layout {
    let path = context.paths.event(event.slug.as_str());
    let stated = context.snapshot.licence_of_partner(event);
    let layout = context.layout(Section::Agenda, title, path);
    let mut layout = layout.with_licence_of_partner(stated);
    let parts = [
        when.to_owned(),
        context.place_line(status, venues),
        context.text(&event.summary),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    layout.description = parts.join(". ").replace("..", ".");
    layout.indexed = context.snapshot.may_be_indexed(event);
    layout.embeddable = context.snapshot.may_pass_on(event);
    if layout.embeddable {
        layout.feed = context.paths.event_file(event.slug.as_str());
    }
    let place = context.place_line(status, venues);
    layout.preview = context.card("events", event.slug.as_str(), title, &place);
    layout
}

/// Returns the next occurrences of a repeating event, from today on.
fn coming(context: &PageContext, entry: &Arc<Entry>) -> ComingOccurrences {
    // An event that ended after midnight belongs to yesterday and is over.
    let is_left =
        |occurrence: &EventOccurrence| context.days(&occurrence.when).1 >= context.today();
    context.snapshot.coming(entry, is_left).first(NEXT_DATES)
}

fn dates(context: &PageContext, coming: &[EventOccurrence]) -> Vec<NextDate> {
    let zone = context.snapshot.region().time_zone;
    let line = |occurrence: &EventOccurrence| NextDate {
        when: capitalised(&context.words.when_in(&occurrence.when, zone, Year::Said)),
        mark: context.mark(occurrence),
        places_left: context.places_left(occurrence),
        differs: differs(context, occurrence),
    };
    coming.iter().map(line).collect()
}

/// Place and title of an occurrence, where they are others than the event's.
fn differs(context: &PageContext, happening: &EventOccurrence) -> String {
    let event = &happening.event;
    let usual = context.place_line(event.status, &event.venues);
    let place = context.place_line(happening.status(), happening.venues());
    let title = happening.title();
    let title = (*title != event.title).then(|| context.text(title));
    let parts = [Some(place).filter(|place| *place != usual), title];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

/// Returns the notice about the occurrence that the page shows.
fn banner(
    context: &PageContext,
    entry: &Entry,
    event: &Event,
    shown: Option<&EventOccurrence>,
) -> Option<Banner> {
    let (status, before) = shown.map_or((entry.status(), None), EventOccurrence::standing);
    let mark = StatusMark::new(status, String::new(), context.words)?;
    let meaning = match status {
        EventStatus::Scheduled => return None,
        EventStatus::Tentative => "meaning-tentative",
        EventStatus::Cancelled => "meaning-cancelled",
        EventStatus::Postponed => "meaning-postponed",
        EventStatus::Rescheduled => "meaning-rescheduled",
        EventStatus::MovedOnline => "meaning-moved-online",
    };
    let before = before.filter(|before| shown.is_none_or(|occurrence| occurrence.when != *before));
    Some(Banner {
        mark,
        meaning: context.words.say(meaning).into_owned(),
        before: before.map_or_else(String::new, |before| context.full_time(&before)),
        note: context.said(&event.status_note),
    })
}

fn part_of(context: &PageContext, event: &Event) -> Option<TextLink> {
    let whole = context.snapshot.event(event.super_event.as_ref()?)?;
    let url = Some(context.paths.event(whole.slug()));
    Some(TextLink {
        label: context.said(&whole.event().title),
        url,
    })
}

fn parts(context: &PageContext, event: &Event) -> Vec<SubEventRow> {
    let part = |event: Arc<Event>| SubEventRow {
        link: TextLink {
            label: context.said(&event.title),
            url: Some(context.paths.event(event.slug.as_str())),
        },
        when: event.schedule.leading().map_or_else(
            || context.words.say("dates-none").into_owned(),
            |leading| {
                context
                    .words
                    .when_in(&leading.when, context.zone(), Year::Said)
            },
        ),
    };
    context
        .snapshot
        .parts_of(&event.id)
        .into_iter()
        .map(|entry| part(entry.event()))
        .collect()
}
