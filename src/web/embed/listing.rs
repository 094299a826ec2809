//! Upcoming events by day, for lists and cards.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use crate::catalog::{EventOccurrence, ListKey, ListOrder, ListingRequest, Ongoing};
use crate::web::pages::PageContext;
use calendar_domain::{EventFilter, EventStatus, Window};
use calendar_language::capitalised;

use super::item::{EmbedDay, EmbedEvent};
use super::options::{EmbedLayout, EmbedOptions};

/// How far a list reaches without a last day, from its first day or today on, whichever is later.
const AHEAD: Months = Months::new(24);
/// Maximum number of pages of the catalog's list. One ends early, with few items or none, only after thousands of events
/// that do not match.
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

/// Returns the first occurrences from a day on, up to the limit: those in progress, then those to come.
fn occurrences(
    context: &PageContext,
    options: &EmbedOptions,
    first: NaiveDate,
) -> Vec<EventOccurrence> {
    let statuses = EventStatus::ALL.into_iter();
    let shown = statuses.filter(|status| options.choices.admit(*status));
    let shown: BTreeSet<EventStatus> = shown.collect();
    let filter = EventFilter {
        // Without this filter fewer events are decoded.
        statuses: (shown.len() < EventStatus::ALL.len()).then_some(shown),
        ..EventFilter::default()
    };
    let request = ListingRequest {
        query: &options.filters.query,
        filter: &filter,
        window: window(context, options, first),
        ongoing: Ongoing::Omit,
        without_repetition: false,
        order: ListOrder::Start,
        after: None,
        limit: options.limit,
    };
    let mut found = in_progress(context, &request);
    found.truncate(options.limit);
    add_coming(&mut found, context, request);
    found
}

/// Returns the days of a list, which end with those of the selection, or after two years.
fn window(context: &PageContext, options: &EmbedOptions, first: NaiveDate) -> Window {
    let end = match options.filters.query.to {
        Some(last) => last.succ_opt(),
        None => first.max(context.today()).checked_add_months(AHEAD),
    };
    Window {
        from: first,
        until: end.unwrap_or(first).max(first),
        zone: context.zone(),
    }
}

/// Returns what began before the window and is not over. Of overlapping occurrences of an event, the last to begin counts.
fn in_progress(context: &PageContext, request: &ListingRequest<'_>) -> Vec<EventOccurrence> {
    let page = context.snapshot.list_occurrences(&ListingRequest {
        ongoing: Ongoing::Only,
        order: ListOrder::StartDescending,
        limit: usize::MAX,
        ..request.clone()
    });
    let mut found = page.items;
    // An event that ended last night is over.
    found.retain(|found| context.days(&found.when).1 >= request.window.from);
    let mut events = HashSet::new();
    found.retain(|item| events.insert(item.event.id.clone()));
    found.reverse();
    found
}

/// Adds what begins in the window, up to the limit.
fn add_coming(
    found: &mut Vec<EventOccurrence>,
    context: &PageContext,
    request: ListingRequest<'_>,
) {
    let mut after: Option<ListKey> = None;
    for _ in 0..MOST_PAGES {
        let left = request.limit - found.len();
        if left == 0 {
            break;
        }
        let page = context.snapshot.list_occurrences(&ListingRequest {
            after: after.as_ref(),
            limit: left,
            ..request.clone()
        });
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
}
