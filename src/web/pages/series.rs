//! The page of a series with all its editions.

use askama::Template;

use super::cards::{Held, held, next_edition};
use super::date_block::Span;
use super::event_list::StatusMark;
use super::links::{OutLink, TextLink, out_link};
use super::structured;
use super::{Layout, LocalizedText, PageContext, Section};
use crate::catalog::Entry;
use crate::web::preview::PreviewCard;
use calendar_domain::{Edition, EditionStanding, Series, When};
use calendar_language::{Words, Year};

/// The page of a series.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/series.html")]
pub struct SeriesPage {
    /// The layout.
    pub layout: Layout,
    /// The title.
    pub title: LocalizedText,
    /// Other names: «Mart'n».
    pub aliases: Vec<String>,
    /// One or two sentences; may be empty.
    pub summary: LocalizedText,
    /// The long text; may be empty.
    pub description: LocalizedText,
    /// The next edition that has a date.
    pub next: Option<NextEdition>,
    /// The usual time of year, in words; may be empty.
    pub usual: LocalizedText,
    /// What that is based on; may be empty.
    pub confidence: LocalizedText,
    /// All known editions, newest first.
    pub editions: Vec<EditionTableRow>,
    /// The venues.
    pub places: Vec<TextLink>,
    /// The organizer.
    pub organizer: Option<TextLink>,
    /// The series' website.
    pub website: Option<OutLink>,
    /// The categories.
    pub categories: Vec<TextLink>,
    /// The audiences.
    pub audiences: Vec<TextLink>,
    /// The super-series.
    pub part_of: Option<TextLink>,
    /// The sub-series.
    pub parts: Vec<TextLink>,
    /// Address of the feed.
    pub feed: String,
    /// Address of the subscription page.
    pub subscribe: String,
}

/// The next edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextEdition {
    /// Its days.
    pub span: Span,
    /// «Fredag 6. til søndag 15. august 2027».
    pub when: String,
    /// Address of its page.
    pub url: String,
    /// The change, or the label of a tentative date.
    pub mark: Option<StatusMark>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
    /// A note on its status; may be empty.
    pub note: LocalizedText,
}

/// An edition in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionTableRow {
    /// «2027».
    pub label: String,
    /// Address of its page, if it has a date.
    pub url: Option<String>,
    /// «6.–15. august», «Ingen dato kjent».
    pub when: String,
    /// Cancelled, moved, tentative, not held.
    pub mark: Option<StatusMark>,
    /// A note; may be empty.
    pub note: LocalizedText,
    /// The source; may be empty.
    pub source: LocalizedText,
}

impl SeriesPage {
    /// Returns the page of a series.
    #[must_use]
    pub fn new(context: &PageContext, series: &Series) -> Self {
        let slug = series.slug.as_str();
        let title = context.said(&series.title);
        let mut layout = context.layout(
            Section::Series,
            title.text.clone(),
            context.paths.series(Some(slug)),
        );
        layout.description = context.text(&series.summary);
        layout.embeddable = true;
        layout.feed = context.paths.feed("series", slug);
        let next = next_edition(context, series);
        layout.preview = preview(context, series, &title.text, next.as_ref());
        layout.structured = structured::of_series(context, series);
        let rule = series.rule.as_ref();
        Self {
            feed: layout.feed.clone(),
            layout,
            aliases: series.aliases.clone(),
            summary: context.said(&series.summary),
            description: context.said(&series.description),
            next: next.map(|next| shown(context, &next)),
            usual: context.said(rule.map_or(&series.usual_time, |rule| &rule.text)),
            confidence: rule.map_or_else(LocalizedText::default, |rule| {
                context.said(&rule.confidence)
            }),
            editions: editions(context, series),
            places: series
                .places
                .iter()
                .filter_map(|slug| context.place_link(slug))
                .collect(),
            organizer: series
                .organizer
                .as_ref()
                .and_then(|slug| context.organizer_link(slug)),
            website: series.website.as_ref().map(out_link),
            categories: context.categories(&series.categories),
            audiences: context.audiences(&series.audiences),
            part_of: series
                .super_series
                .as_ref()
                .and_then(|slug| context.series_link(slug)),
            parts: parts(context, series),
            subscribe: context.paths.subscribe_to(&[("series", slug)]),
            title,
        }
    }
}

fn shown(context: &PageContext, next: &Held) -> NextEdition {
    let event = &next.shown.event;
    NextEdition {
        span: Span::new(next.first, next.last, context.words),
        when: context.full_time(&next.shown.when),
        url: context.paths.event(event.slug.as_str()),
        mark: context.mark(&next.shown),
        places_left: context.places_left(&next.shown),
        note: context.said(&event.status_note),
    }
}

/// Returns the card with the next edition.
fn preview(
    context: &PageContext,
    series: &Series,
    title: &str,
    next: Option<&Held>,
) -> PreviewCard {
    let place = next.map(|held| context.place_line(held.shown.status(), held.shown.venues()));
    let place = place.unwrap_or_default();
    let card = context.card("series", series.slug.as_str(), title, &place);
    let Some(next) = next else {
        return card;
    };
    let when = context.full_time(&next.shown.when);
    let mark = context.mark(&next.shown);
    context.dated_card(card, Some((next.first, next.last)), &when, mark.as_ref())
}

fn parts(context: &PageContext, series: &Series) -> Vec<TextLink> {
    let all = context.snapshot.all_series();
    let parts = all
        .into_iter()
        .filter(|other| other.super_series.as_ref() == Some(&series.slug));
    parts
        .filter_map(|part| context.series_link(&part.slug))
        .collect()
}

/// Returns all editions, newest first, with and without a date.
fn editions(context: &PageContext, series: &Series) -> Vec<EditionTableRow> {
    let (dated, undated) = held(context, series);
    let dated = dated.iter().map(|held| {
        let when = days(context.words, &held.shown.when, (held.first, held.last));
        event_row(
            context,
            series,
            &held.entry,
            (when, context.mark(&held.shown)),
        )
    });
    let undated = undated.iter().map(|entry| {
        let when = context.words.say("dates-none").into_owned();
        let mark = context.mark_of(entry.status(), None);
        event_row(context, series, entry, (when, mark))
    });
    let mut rows: Vec<EditionTableRow> = dated.chain(undated).collect();
    for edition in &series.editions {
        let key = match edition.standing {
            EditionStanding::Event(_) => continue,
            EditionStanding::Cancelled => "status-cancelled",
            EditionStanding::NotHeld => "status-not-held",
        };
        rows.push(EditionTableRow {
            label: edition.label.to_string(),
            url: None,
            when: context.words.say("series-no-date").into_owned(),
            mark: Some(stamp(context, key)),
            note: context.said(&edition.note),
            source: context.said(&edition.source),
        });
    }
    rows.sort_by(|a, b| b.label.cmp(&a.label));
    rows
}

fn event_row(
    context: &PageContext,
    series: &Series,
    entry: &Entry,
    (when, mark): (String, Option<StatusMark>),
) -> EditionTableRow {
    let event = entry.event();
    let label = event.series.as_ref().map_or("", |of| of.edition.as_str());
    let known: Option<&Edition> = series.edition(label);
    EditionTableRow {
        label: label.to_owned(),
        url: Some(context.paths.event(event.slug.as_str())),
        when,
        mark,
        note: known.map_or_else(LocalizedText::default, |edition| {
            context.said(&edition.note)
        }),
        source: known.map_or_else(LocalizedText::default, |edition| {
            context.said(&edition.source)
        }),
    }
}

/// Formats the days if there are several, else the full time.
fn days(
    words: Words,
    when: &When,
    (first, last): (chrono::NaiveDate, chrono::NaiveDate),
) -> String {
    if last > first {
        words.dates(first, last, Year::Left)
    } else {
        words.when(when, Year::Left)
    }
}

fn stamp(context: &PageContext, key: &str) -> StatusMark {
    StatusMark {
        class: "cancelled",
        label: context.words.say(key).into_owned(),
        detail: String::new(),
    }
}
