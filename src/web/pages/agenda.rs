//! The front page: upcoming events by month and day, with filters.

use std::collections::BTreeSet;

use askama::Template;
use chrono::NaiveDate;

use super::cards::{SeriesCard, nearest};
use super::date_block::{DateBlock, progress};
use super::event_list::{Month, StatusMark, by_month};
use super::filter_params::{FilterParams, borrowed};
use super::search_form::SearchForm;
use super::search_results::SearchResults;
use super::{Bar, Layout, LocalizedText, PageContext, Section};
use crate::catalog::{AgendaCursor, EventOccurrence, caught};
use calendar_domain::Slug;
use calendar_language::Year;

/// Approximate number of occurrences per page.
const PAGE: usize = 60;
/// Maximum number of series beside the list.
const SERIES: usize = 6;

/// The agenda.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/agenda.html")]
pub struct AgendaPage {
    /// The layout.
    pub layout: Layout,
    /// Today, as a date block.
    pub today: DateBlock,
    /// «Det skjer i Elverum, Åmot og Våler».
    pub heading: String,
    /// The search form, filled with the request's filters.
    pub search_form: SearchForm,
    /// «Pågår nå», or the first day shown.
    pub running_heading: String,
    /// The best matches of the words, instead of the list by day.
    pub results: Option<SearchResults>,
    /// Occurrences on the first day shown that began before it.
    pub running: Vec<Running>,
    /// Occurrences from the first day shown on.
    pub months: Vec<Month>,
    /// «12 arrangementer».
    pub count: String,
    /// Address of the earlier page, if there is one.
    pub earlier: Option<String>,
    /// Address of the later page, if there is one.
    pub later: Option<String>,
    /// Series not in the list, by date of the next edition.
    pub series: Vec<SeriesCard>,
    /// Address of the subscription page of this selection.
    pub subscribe: String,
    /// Address of the feed of this selection.
    pub feed: String,
}

/// An occurrence in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Address of its page.
    pub url: String,
    /// The title.
    pub title: LocalizedText,
    /// Place and municipality; may be empty.
    pub place: String,
    /// «Dag 3 av 10».
    pub progress: String,
    /// «til søndag 15. august».
    pub until: String,
    /// The change, if there is one.
    pub mark: Option<StatusMark>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
    /// Its days as a bar.
    pub bar: Option<Bar>,
}

impl AgendaPage {
    /// Returns the agenda of the given filters, from today on unless they name a day.
    #[must_use]
    pub fn new(context: &PageContext, asked: &FilterParams) -> Self {
        let params = asked.params();
        let params = borrowed(&params);
        let today = context.today();
        let first = asked.query.from.unwrap_or(today);
        let date_block = asked.page_from.unwrap_or_else(|| first.into());
        let end = asked
            .page_to
            .filter(|end| (end.day, end.shown) > (date_block.day, date_block.shown));
        let page = match end {
            Some(end) => context
                .snapshot
                .agenda_between(&asked.query, date_block, end, PAGE),
            None => context.snapshot.agenda(&asked.query, date_block, PAGE),
        };
        let start = date_block.day;
        let (running, coming): (Vec<EventOccurrence>, Vec<EventOccurrence>) = page
            .items
            .into_iter()
            .partition(|item| context.days(&item.when).0 < start);
        let turned = |from: AgendaCursor, to: Option<AgendaCursor>| {
            let (from, to) = (from.to_string(), to.map(|value| value.to_string()));
            let mut with = params.clone();
            with.push(("page_from", &from));
            with.extend(to.as_deref().map(|to| ("page_to", to)));
            context.paths.agenda_with(&with)
        };
        let shown: BTreeSet<&Slug> = coming
            .iter()
            .chain(&running)
            .filter_map(|coming| coming.event.series.as_ref().map(|of| &of.series))
            .collect();
        let made = Self {
            layout: layout(context, asked, &params),
            today: DateBlock::new(today, context.words),
            heading: heading(context),
            search_form: SearchForm::new(context, asked),
            results: None,
            running_heading: running_heading(context, start),
            running: running_on(context, &running, start, asked),
            count: count(context, coming.len(), page.next.is_some()),
            earlier: earlier(context, asked, date_block).map(|from| turned(from, Some(date_block))),
            later: page.next.map(|next| turned(next, None)),
            months: by_month(context.rows(&coming), today, context.words),
            series: if asked.is_open() {
                nearest(context, &shown, SERIES)
            } else {
                Vec::new()
            },
            subscribe: context.paths.subscribe_to(&params),
            feed: if params.is_empty() {
                context.paths.feed_of_all()
            } else {
                context.paths.feed_of_search(&params)
            },
        };
        made.with_results(SearchResults::new(context, asked))
    }

    /// Replaces the list by the best matches of the words. The list stays if it has events and nothing else was found: it
    /// has those in which the words are parts of others.
    fn with_results(mut self, results: Option<SearchResults>) -> Self {
        let Some(mut results) = results else {
            return self;
        };
        let has_list = !self.months.is_empty() || !self.running.is_empty();
        if results.is_empty() && has_list {
            return self;
        }
        if !results.is_empty() {
            (self.earlier, self.later) = (None, None);
        }
        self.running.clear();
        self.months = std::mem::take(&mut results.hits);
        self.count = std::mem::take(&mut results.count);
        self.results = Some(results);
        self
    }
}

/// Returns the region's tagline, or else «Det skjer i Elverum, Åmot og Våler».
fn heading(context: &PageContext) -> String {
    let tagline = context.text(&context.snapshot.region().tagline);
    if tagline.is_empty() {
        context
            .words
            .say_with("agenda-heading", &[("places", context.region_names())])
    } else {
        tagline
    }
}

fn layout(context: &PageContext, asked: &FilterParams, params: &[(&str, &str)]) -> Layout {
    let layout = context.layout(Section::Agenda, "", context.paths.agenda_with(params));
    let stated = context.snapshot.licence_of_query(&asked.query);
    let mut layout = layout.with_licence_of_partner(stated);
    layout.embeddable = true;
    layout.description = context
        .words
        .say_with("agenda-description", &[("places", context.region_names())]);
    if !params.is_empty() {
        let chips: Vec<String> = asked
            .chips(context)
            .into_iter()
            .map(|chip| chip.label)
            .collect();
        layout.title = chips.join(", ");
        layout.feed = context.paths.feed_of_search(params);
        // Filters combine endlessly to the same events; search engines index the unfiltered page.
        layout.indexed = false;
    }
    if asked.page_from.is_some() {
        // Each day has other pages. Search engines follow their links, and index the events.
        layout.indexed = false;
    }
    layout
}

fn running_heading(context: &PageContext, start: NaiveDate) -> String {
    if start == context.today() {
        return context.words.say("running-now").into_owned();
    }
    context.words.say_with(
        "running-then",
        &[("date", context.words.date(start, Year::Said))],
    )
}

/// Returns the occurrences in progress on the first day shown. Empty on later and earlier pages, where they are listed
/// under their first day elsewhere. An event that ended last night counts as over.
fn running_on(
    context: &PageContext,
    running: &[EventOccurrence],
    start: NaiveDate,
    asked: &FilterParams,
) -> Vec<Running> {
    let first = asked.query.from.unwrap_or(context.today());
    if asked
        .page_from
        .is_some_and(|date_block| date_block != first.into())
    {
        return Vec::new();
    }
    let show = |occurrence: &EventOccurrence| {
        let (first, last) = context.days(&occurrence.when);
        (last >= start).then(|| Running {
            url: context.paths.event(occurrence.event.slug.as_str()),
            title: context.said(occurrence.title()),
            place: context.place_line(occurrence.status(), occurrence.venues()),
            progress: progress(first, last, start, context.words),
            until: context.words.say_with(
                "running-until",
                &[("date", context.words.weekday_date(last, Year::Left))],
            ),
            mark: context.mark(occurrence),
            places_left: context.places_left(occurrence),
            bar: Bar::new(first, last, start),
        })
    };
    let shown = running
        .iter()
        .filter_map(|running| caught(|| show(running)).ok()?);
    shown.collect()
}

fn count(context: &PageContext, shown: usize, more: bool) -> String {
    if more {
        context.words.say_with("count-next", &[("count", shown)])
    } else {
        context.count(shown)
    }
}

/// Returns the start of the previous page, if there is one.
fn earlier(
    context: &PageContext,
    asked: &FilterParams,
    start: AgendaCursor,
) -> Option<AgendaCursor> {
    let first = asked.query.from.map(AgendaCursor::from);
    if first.is_some_and(|agenda_cursor| {
        (agenda_cursor.day, agenda_cursor.shown) >= (start.day, start.shown)
    }) {
        return None;
    }
    context.snapshot.page_before(&asked.query, start, PAGE)
}
