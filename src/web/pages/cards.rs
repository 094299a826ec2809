//! A series in a list: its name and its next date.

use std::sync::Arc;

use chrono::NaiveDate;

use super::leaf::Span;
use super::listing::Mark;
use super::{Said, Visit};
use crate::catalog::Entry;
use crate::domain::{Edition, EditionStanding, Series};
use crate::language::{Year, capitalised};

/// A series with its next date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesCard {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub title: Said,
    /// One sentence; may be empty.
    pub summary: Said,
    /// The next edition, where it has a date.
    pub next: Option<Span>,
    /// «6.–15. august 2027» or «Dato kommer».
    pub line: String,
    /// «Foreløpig dato», if it is.
    pub mark: Option<Mark>,
}

/// The next edition of a series, or the one that runs.
#[derive(Debug, Clone)]
pub struct Next<'a> {
    /// The edition.
    pub edition: &'a Edition,
    /// Its event.
    pub entry: Arc<Entry>,
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

/// The first edition of a series that is not over, if one has a date.
#[must_use]
pub fn next_edition<'a>(visit: &Visit, series: &'a Series) -> Option<Next<'a>> {
    let today = visit.today();
    let coming = |edition: &'a Edition| {
        let EditionStanding::Event(id) = &edition.standing else {
            return None;
        };
        let entry = Arc::clone(visit.snapshot.event(id)?);
        let (first, last) = visit.days(&entry.event.schedule.when);
        (last >= today).then_some(Next {
            edition,
            entry,
            first,
            last,
        })
    };
    series
        .editions
        .iter()
        .filter_map(coming)
        .min_by_key(|next| next.first)
}

impl SeriesCard {
    /// The card of a series.
    #[must_use]
    pub fn of(visit: &Visit, series: &Series) -> Self {
        let next = next_edition(visit, series);
        let dates = |next: &Next<'_>| {
            let year = Year::Said;
            capitalised(&visit.words.dates(next.first, next.last, year))
        };
        Self {
            url: visit.paths.series(Some(series.slug.as_str())),
            title: visit.said(&series.title),
            summary: visit.said(&series.summary),
            line: next
                .as_ref()
                .map_or_else(|| visit.words.say("date-to-come").into_owned(), dates),
            mark: next.as_ref().and_then(|next| {
                let event = &next.entry.event;
                visit.mark_of(event.status, event.previous.as_ref())
            }),
            next: next.map(|next| Span::of(next.first, next.last, visit.words)),
        }
    }
}

/// All series: those with a date, nearest first, and those without, in their own order.
#[must_use]
pub fn all(visit: &Visit) -> (Vec<SeriesCard>, Vec<SeriesCard>) {
    let mut dated: Vec<(NaiveDate, SeriesCard)> = Vec::new();
    let mut undated = Vec::new();
    for series in visit.snapshot.all_series() {
        let card = SeriesCard::of(visit, series);
        match next_edition(visit, series) {
            Some(next) => dated.push((next.first, card)),
            None => undated.push(card),
        }
    }
    dated.sort_by_key(|(first, _)| *first);
    (dated.into_iter().map(|(_, card)| card).collect(), undated)
}

/// The series that come next, at most so many.
#[must_use]
pub fn nearest(visit: &Visit, most: usize) -> Vec<SeriesCard> {
    let (mut dated, undated) = all(visit);
    dated.extend(undated);
    dated.truncate(most);
    dated
}
