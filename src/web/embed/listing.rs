//! Upcoming events by day, for lists and cards.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::catalog::{AgendaCursor, EventOccurrence};
use crate::web::pages::PageContext;
use calendar_language::capitalised;

use super::item::{EmbedDay, EmbedEvent};
use super::options::{EmbedLayout, EmbedOptions};

/// Minimum number of occurrences looked up at once.
const LEAST_PAGE: usize = 20;
/// Maximum number of look-ups, where few of the events may be republished.
const MOST_PAGES: usize = 20;

/// Days under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedGroup {
    /// «Pågår nå», «Mars 2027»; empty for cards.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title: String,
    /// The days with events, in order.
    pub days: Vec<EmbedDay>,
}

/// Returns the number of events and their groups: those in progress on the first day, and the months.
#[must_use]
pub fn listed(context: &PageContext, options: &EmbedOptions) -> (usize, Vec<EmbedGroup>) {
    let first = options.filters.query.from.unwrap_or(context.today());
    let mut count = 0;
    let (mut running, mut coming) = (Vec::new(), Vec::new());
    for occurrence in occurrences(context, options, first) {
        let Some(event) = EmbedEvent::from_occurrence(context, &occurrence) else {
            continue;
        };
        count += 1;
        let day = context.days(&occurrence.when).0;
        let days = if day < first {
            &mut running
        } else {
            &mut coming
        };
        add(days, context, day, event);
    }
    let mut groups = Vec::new();
    if !running.is_empty() {
        groups.push(EmbedGroup {
            title: context.words.say("running-now").into_owned(),
            days: running.into_iter().map(|(_, day)| day).collect(),
        });
    }
    if options.layout == EmbedLayout::Cards {
        groups.extend(one_group(context, coming));
    } else {
        groups.extend(by_month(context, coming));
    }
    (count, groups)
}

/// Returns the days by month.
fn by_month(context: &PageContext, days: Vec<(NaiveDate, EmbedDay)>) -> Vec<EmbedGroup> {
    let mut groups: Vec<EmbedGroup> = Vec::new();
    let mut month = None;
    for (date, day) in days {
        if month.replace((date.year(), date.month())) != Some((date.year(), date.month())) {
            groups.push(EmbedGroup {
                title: capitalised(&context.words.month_of_year(date)),
                days: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.days.push(day);
        }
    }
    groups
}

/// Returns the days without headings, so that cards fill their rows. The dates then have the year unless it is the
/// current one.
fn one_group(context: &PageContext, days: Vec<(NaiveDate, EmbedDay)>) -> Option<EmbedGroup> {
    let this_year = context.today().year();
    let with_year = |(date, mut day): (NaiveDate, EmbedDay)| {
        if date.year() != this_year {
            day.date.month = format!("{} {}", day.date.month, date.year());
        }
        day
    };
    (!days.is_empty()).then(|| EmbedGroup {
        title: String::new(),
        days: days.into_iter().map(with_year).collect(),
    })
}

/// Adds an event under its day; events come in order.
fn add(
    days: &mut Vec<(NaiveDate, EmbedDay)>,
    context: &PageContext,
    date: NaiveDate,
    event: EmbedEvent,
) {
    match days.last_mut() {
        Some((last, day)) if *last == date => {
            day.tentative &= event.is_tentative();
            day.events.push(event);
        }
        _ => days.push((date, EmbedDay::new(context, date, vec![event]))),
    }
}

/// Returns the first occurrences from a day on, up to the limit.
fn occurrences(
    context: &PageContext,
    options: &EmbedOptions,
    first: NaiveDate,
) -> Vec<EventOccurrence> {
    let query = &options.filters.query;
    let mut found = Vec::new();
    let mut next = Some(AgendaCursor::from(first));
    for number in 0..MOST_PAGES {
        let Some(start) = next.filter(|_| found.len() < options.limit) else {
            break;
        };
        let size = options.limit.max(LEAST_PAGE);
        let page = context.snapshot.agenda(query, start, size);
        next = page.next;
        let is_new = |it: &EventOccurrence| {
            let (begins, ends) = context.days(&it.when);
            // Each page begins with what is in progress. An event that ended last night is over.
            ends >= first && (number == 0 || begins >= start.day)
        };
        let admitted = |it: &EventOccurrence| options.admits(context, it);
        found.extend(page.items.into_iter().filter(is_new).filter(admitted));
    }
    found.truncate(options.limit);
    found
}
