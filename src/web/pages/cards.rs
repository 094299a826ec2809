//! Series in lists: title and next date.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::date_block::Span;
use super::event_list::StatusMark;
use super::picture::{PageImage, first_picture};
use super::{LocalizedText, PageContext};
use crate::catalog::{Entry, EventOccurrence};
use calendar_domain::{Query, Series, Slug};
use calendar_language::{Year, capitalised};

/// A series with its next date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesCard {
    /// Address of its page.
    pub url: String,
    /// The title.
    pub title: LocalizedText,
    /// One sentence; may be empty.
    pub summary: LocalizedText,
    /// Days of the next edition, if it has a date.
    pub next: Option<Span>,
    /// «6.–15. august 2027» or «Dato kommer».
    pub line: String,
    /// The change of the next edition, or «Foreløpig dato».
    pub mark: Option<StatusMark>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    pub places_left: String,
    /// The first picture of the next edition.
    pub picture: Option<PageImage>,
}

/// An edition of a series that has a date.
#[derive(Debug, Clone)]
pub struct Held {
    /// The event.
    pub entry: Arc<Entry>,
    /// Its first occurrence that is not cancelled, or the first one.
    pub shown: EventOccurrence,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

/// Returns the editions of a series that have a date, oldest first, and those without dates.
#[must_use]
pub fn held(context: &PageContext, series: &Series) -> (Vec<Held>, Vec<Arc<Entry>>) {
    let query = Query {
        series: [series.slug.clone()].into(),
        ..Query::default()
    };
    let (mut dated, mut undated) = (Vec::new(), Vec::new());
    for entry in context.snapshot.admitted(&query) {
        match entry.leading(&entry.event()) {
            Some(shown) => {
                let (first, last) = context.days(&shown.when);
                dated.push(Held {
                    entry,
                    shown,
                    first,
                    last,
                });
            }
            None => undated.push(entry),
        }
    }
    dated.sort_by_key(|held| held.first);
    (dated, undated)
}

/// Returns the first edition that is not over, if one has a date.
#[must_use]
pub fn next_edition(context: &PageContext, series: &Series) -> Option<Held> {
    let (dated, _) = held(context, series);
    dated.into_iter().find(|held| held.last >= context.today())
}

impl SeriesCard {
    /// Returns the card of a series.
    #[must_use]
    pub fn new(context: &PageContext, series: &Series) -> Self {
        let next = next_edition(context, series);
        let dates = |next: &Held| {
            let year = Year::Said;
            capitalised(&context.words.dates(next.first, next.last, year))
        };
        Self {
            url: context.paths.series(Some(series.slug.as_str())),
            title: context.said(&series.title),
            summary: context.said(&series.summary),
            line: next
                .as_ref()
                .map_or_else(|| context.words.say("date-to-come").into_owned(), dates),
            mark: next.as_ref().and_then(|next| context.mark(&next.shown)),
            places_left: next
                .as_ref()
                .map(|next| context.places_left(&next.shown))
                .unwrap_or_default(),
            picture: next
                .as_ref()
                .and_then(|next| first_picture(context, &next.shown.event)),
            next: next.map(|next| Span::new(next.first, next.last, context.words)),
        }
    }
}

/// Returns all series: those with a date, by date, and those without, in their own order.
#[must_use]
pub fn all(context: &PageContext) -> (Vec<SeriesCard>, Vec<SeriesCard>) {
    let (dated, undated) = parted(context, &BTreeSet::new());
    let card = |series: &Arc<Series>| SeriesCard::new(context, series);
    (
        dated.into_iter().map(card).collect(),
        undated.into_iter().map(card).collect(),
    )
}

/// Returns at most `most` series by date of the next edition, without those in `shown`.
#[must_use]
pub fn nearest(context: &PageContext, shown: &BTreeSet<&Slug>, most: usize) -> Vec<SeriesCard> {
    let (dated, undated) = parted(context, shown);
    let all = dated.into_iter().chain(undated).take(most);
    all.map(|series| SeriesCard::new(context, series)).collect()
}

fn parted<'a>(
    context: &'a PageContext,
    without: &BTreeSet<&Slug>,
) -> (Vec<&'a Arc<Series>>, Vec<&'a Arc<Series>>) {
    let mut dated: Vec<(NaiveDate, &Arc<Series>)> = Vec::new();
    let mut undated = Vec::new();
    let wanted = context.snapshot.all_series().into_iter();
    for series in wanted.filter(|series| !without.contains(&series.slug)) {
        match next_edition(context, series) {
            Some(next) => dated.push((next.first, series)),
            None => undated.push(series),
        }
    }
    dated.sort_by_key(|(first, _)| *first);
    (
        dated.into_iter().map(|(_, series)| series).collect(),
        undated,
    )
}
