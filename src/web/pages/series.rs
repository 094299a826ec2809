//! The page of a series with all its editions.

use askama::Template;

use super::cards::{Held, held, next_edition};
use super::date_block::Span;
use super::event_list::StatusMark;
use super::links::{OutLink, TextLink, out_link};
use super::structured;
use super::{LocalizedText, PageContext, Section, Shell};
use crate::catalog::Entry;
use crate::web::preview::PreviewCard;
use calendar_domain::{Edition, EditionStanding, Series, When};
use calendar_language::{Words, Year};

/// The page of a series.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/series.html")]
pub struct SeriesPage {
    /// The layout.
    pub shell: Shell,
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
    pub fn new(visit: &PageContext, series: &Series) -> Self {
        let slug = series.slug.as_str();
        let title = visit.said(&series.title);
        let mut shell = visit.shell(
            Section::Series,
            title.text.clone(),
            visit.paths.series(Some(slug)),
        );
        shell.description = visit.text(&series.summary);
        shell.embeddable = true;
        shell.feed = visit.paths.feed("series", slug);
        let next = next_edition(visit, series);
        shell.preview = preview(visit, series, &title.text, next.as_ref());
        shell.structured = structured::of_series(visit, series);
        let rule = series.rule.as_ref();
        Self {
            feed: shell.feed.clone(),
            shell,
            aliases: series.aliases.clone(),
            summary: visit.said(&series.summary),
            description: visit.said(&series.description),
            next: next.map(|it| shown(visit, &it)),
            usual: visit.said(rule.map_or(&series.usual_time, |rule| &rule.text)),
            confidence: rule
                .map_or_else(LocalizedText::default, |rule| visit.said(&rule.confidence)),
            editions: editions(visit, series),
            places: series
                .places
                .iter()
                .filter_map(|slug| visit.place_link(slug))
                .collect(),
            organizer: series
                .organizer
                .as_ref()
                .and_then(|slug| visit.organizer_link(slug)),
            website: series.website.as_ref().map(out_link),
            categories: visit.categories(&series.categories),
            audiences: visit.audiences(&series.audiences),
            part_of: series
                .super_series
                .as_ref()
                .and_then(|slug| visit.series_link(slug)),
            parts: parts(visit, series),
            subscribe: visit.paths.subscribe_to(&[("series", slug)]),
            title,
        }
    }
}

fn shown(visit: &PageContext, next: &Held) -> NextEdition {
    let event = &next.shown.event;
    NextEdition {
        span: Span::new(next.first, next.last, visit.words),
        when: visit.full_time(&next.shown.when),
        url: visit.paths.event(event.slug.as_str()),
        mark: visit.mark(&next.shown),
        places_left: visit.places_left(&next.shown),
        note: visit.said(&event.status_note),
    }
}

/// Returns the card with the next edition.
fn preview(visit: &PageContext, series: &Series, title: &str, next: Option<&Held>) -> PreviewCard {
    let place = next.map(|it| visit.place_line(it.shown.status(), it.shown.venues()));
    let place = place.unwrap_or_default();
    let card = visit.card("series", series.slug.as_str(), title, &place);
    let Some(next) = next else {
        return card;
    };
    let when = visit.full_time(&next.shown.when);
    let mark = visit.mark(&next.shown);
    visit.dated_card(card, Some((next.first, next.last)), &when, mark.as_ref())
}

fn parts(visit: &PageContext, series: &Series) -> Vec<TextLink> {
    let all = visit.snapshot.all_series();
    let parts = all
        .into_iter()
        .filter(|it| it.super_series.as_ref() == Some(&series.slug));
    parts.filter_map(|it| visit.series_link(&it.slug)).collect()
}

/// Returns all editions, newest first, with and without a date.
fn editions(visit: &PageContext, series: &Series) -> Vec<EditionTableRow> {
    let (dated, undated) = held(visit, series);
    let dated = dated.iter().map(|held| {
        let when = days(visit.words, &held.shown.when, (held.first, held.last));
        event_row(visit, series, &held.entry, (when, visit.mark(&held.shown)))
    });
    let undated = undated.iter().map(|entry| {
        let when = visit.words.say("dates-none").into_owned();
        let mark = visit.mark_of(entry.status(), None);
        event_row(visit, series, entry, (when, mark))
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
            when: visit.words.say("series-no-date").into_owned(),
            mark: Some(stamp(visit, key)),
            note: visit.said(&edition.note),
            source: visit.said(&edition.source),
        });
    }
    rows.sort_by(|a, b| b.label.cmp(&a.label));
    rows
}

fn event_row(
    visit: &PageContext,
    series: &Series,
    entry: &Entry,
    (when, mark): (String, Option<StatusMark>),
) -> EditionTableRow {
    let event = entry.event();
    let label = event.series.as_ref().map_or("", |of| of.edition.as_str());
    let known: Option<&Edition> = series.edition(label);
    EditionTableRow {
        label: label.to_owned(),
        url: Some(visit.paths.event(event.slug.as_str())),
        when,
        mark,
        note: known.map_or_else(LocalizedText::default, |edition| visit.said(&edition.note)),
        source: known.map_or_else(LocalizedText::default, |edition| {
            visit.said(&edition.source)
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

fn stamp(visit: &PageContext, key: &str) -> StatusMark {
    StatusMark {
        class: "cancelled",
        label: visit.words.say(key).into_owned(),
        detail: String::new(),
    }
}
