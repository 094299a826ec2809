//! A month of events as a table of days.

use chrono::{Months, NaiveDate};
use serde::Serialize;

use crate::catalog::{EventOccurrence, caught};
use crate::web::pages::PageContext;
use crate::web::pages::date_block::DateBlock;
use crate::web::pages::facts::partner_credits;
use crate::web::pages::filter_params::{Param, borrowed};
use calendar_domain::{Lang, When, Window};
use calendar_language::capitalised;

use super::item::{EmbedCredit, EmbedDate, EmbedDay, EmbedEvent, EmbedStatus, MoreLink, credits};
use super::month_days::{days_shown, first_of_month, is_in, shown_months};
use super::options::EmbedOptions;

/// Maximum number of events listed for a day.
const MOST_A_DAY: usize = 3;

/// A month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthTable {
    /// «Mars 2027».
    pub title: String,
    /// The month before, if it can be shown.
    pub previous: Option<MonthLink>,
    /// The month after, if it can be shown.
    pub next: Option<MonthLink>,
    /// The days of the week.
    pub weekdays: Vec<WeekdayName>,
    /// Whole weeks, from Monday to Sunday.
    pub weeks: Vec<Vec<MonthCell>>,
    /// The days of the month with the events that begin on them, for where a table has no room.
    pub list: Vec<EmbedDay>,
    /// The credits that partners require for the events of the table, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<EmbedCredit>,
    /// Number of events.
    #[serde(skip)]
    pub count: usize,
}

/// Another month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthLink {
    /// `2027-04`.
    pub month: String,
    /// «April 2027».
    pub label: String,
}

/// The name of a day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeekdayName {
    /// «lør».
    pub short: String,
    /// «lørdag».
    pub full: String,
}

/// A day of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthCell {
    /// The date.
    pub date: EmbedDate,
    /// Whether the day is one of another month.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// Whether it is today.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub today: bool,
    /// The first events of the day.
    pub events: Vec<MonthEntry>,
    /// The other ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreLink>,
}

/// An event in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthEntry {
    /// Full address of its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The language of the title, if it is not that of the embed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// «18.00»; empty unless it begins on this day at a known time.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub hours: String,
    /// The change, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<EmbedStatus>,
    /// The licence of its data, by its name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// An occurrence with its first and last day.
struct Placed {
    occurrence: EventOccurrence,
    first: NaiveDate,
    last: NaiveDate,
}

impl MonthTable {
    /// Returns the month of the options: the one that they name, that of their first day, or the current one.
    #[must_use]
    pub fn new(context: &PageContext, options: &EmbedOptions) -> Self {
        let months = shown_months(&context.snapshot);
        let from = options.filters.query.from.map(first_of_month);
        let month = options
            .month
            .or(from)
            .filter(|month| months.contains(month));
        let month = month.unwrap_or_else(|| first_of_month(context.today()));
        let days = days_shown(month);
        let found = placed(context, options, &days);
        let cells = days
            .iter()
            .map(|day| cell(context, options, &found, (*day, month)));
        let cells: Vec<MonthCell> = cells.collect();
        let in_month = days.iter().filter(|day| is_in(**day, month));
        let list = in_month.filter_map(|day| listed_day(context, options, &found, (*day, month)));
        let link = |month: NaiveDate| MonthLink {
            month: month.format("%Y-%m").to_string(),
            label: title(context, month),
        };
        let previous = month.checked_sub_months(Months::new(1));
        let next = month.checked_add_months(Months::new(1));
        let end = next.unwrap_or(month);
        Self {
            title: title(context, month),
            list: list.collect(),
            credits: table_credits(context, &found, &days),
            count: found
                .iter()
                .filter(|placed| placed.last >= month && placed.first < end)
                .count(),
            previous: previous
                .filter(|previous| months.contains(previous))
                .map(link),
            next: next.filter(|next| months.contains(next)).map(link),
            weekdays: days
                .iter()
                .take(7)
                .map(|day| weekday(context, *day))
                .collect(),
            weeks: cells.chunks(7).map(<[MonthCell]>::to_vec).collect(),
        }
    }
}

/// Returns the credits of the events in the cells of the days.
fn table_credits(context: &PageContext, found: &[Placed], days: &[NaiveDate]) -> Vec<EmbedCredit> {
    let shown = days
        .iter()
        .flat_map(|day| on_day(found, *day).take(MOST_A_DAY));
    let mut all: Vec<EmbedCredit> = Vec::new();
    for on_day in shown {
        let event = &on_day.occurrence.event;
        let own = caught(|| credits(partner_credits(context, event))).unwrap_or_default();
        for credit in own {
            if !all.contains(&credit) {
                all.push(credit);
            }
        }
    }
    all
}

fn title(context: &PageContext, month: NaiveDate) -> String {
    capitalised(&context.words.month_of_year(month))
}

fn weekday(context: &PageContext, day: NaiveDate) -> WeekdayName {
    WeekdayName {
        short: context.words.weekday_short(day),
        full: context.words.weekday(day),
    }
}

/// Returns the occurrences on the days shown, as far as the selection's own days include them.
fn placed(context: &PageContext, options: &EmbedOptions, days: &[NaiveDate]) -> Vec<Placed> {
    let query = &options.filters.query;
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Vec::new();
    };
    let from = query.from.map_or(*first, |from| from.max(*first));
    let to = query.to.map_or(*last, |to| to.min(*last));
    let until = to.succ_opt().unwrap_or(to);
    if until <= from {
        return Vec::new();
    }
    let zone = context.zone();
    let found = context
        .snapshot
        .happenings(query, Window { from, until, zone });
    let place = |occurrence: EventOccurrence| {
        let (first, last) = context.days(&occurrence.when);
        Placed {
            occurrence,
            first,
            last: last.min(to),
        }
    };
    let found = found
        .into_iter()
        .filter(|happening| options.admits(context, happening));
    found
        .map(place)
        .filter(|place| place.last >= from)
        .collect()
}

/// Returns the events of a day, those that begin on it first.
fn on_day(found: &[Placed], day: NaiveDate) -> impl Iterator<Item = &Placed> {
    let begin = found.iter().filter(move |placed| placed.first == day);
    let go_on = found
        .iter()
        .filter(move |placed| placed.first < day && placed.last >= day);
    begin.chain(go_on)
}

fn cell(
    context: &PageContext,
    options: &EmbedOptions,
    found: &[Placed],
    (day, month): (NaiveDate, NaiveDate),
) -> MonthCell {
    let count = on_day(found, day).count();
    let entry = |placed: &Placed| caught(|| MonthEntry::new(context, placed, day)).ok();
    MonthCell {
        date: DateBlock::new(day, context.words).into(),
        outside: !is_in(day, month),
        today: day == context.today(),
        events: on_day(found, day)
            .take(MOST_A_DAY)
            .filter_map(entry)
            .collect(),
        more: more(context, options, day, count),
    }
}

/// Returns a day of the list: what begins on it and, on the first of the month, what is in progress.
fn listed_day(
    context: &PageContext,
    options: &EmbedOptions,
    found: &[Placed],
    (day, month): (NaiveDate, NaiveDate),
) -> Option<EmbedDay> {
    let begins = on_day(found, day).filter(|on_day| on_day.first == day || day == month);
    let begins: Vec<&Placed> = begins.collect();
    let shown = begins.iter().take(MOST_A_DAY);
    let shown = shown.filter_map(|shown| EmbedEvent::from_occurrence(context, &shown.occurrence));
    let events: Vec<EmbedEvent> = shown.collect();
    (!events.is_empty()).then(|| EmbedDay {
        more: more(context, options, day, begins.len()),
        ..EmbedDay::new(context, day, events)
    })
}

/// Returns the link to the events of a day that are not listed, if there are any.
fn more(
    context: &PageContext,
    options: &EmbedOptions,
    day: NaiveDate,
    count: usize,
) -> Option<MoreLink> {
    let left = count.checked_sub(MOST_A_DAY).filter(|left| *left > 0)?;
    let mut params: Vec<Param> = options.filters.params();
    params.retain(|(name, _)| !matches!(*name, "from" | "to"));
    params.extend([("from", day.to_string()), ("to", day.to_string())]);
    let path = context.paths.agenda_with(&borrowed(&params));
    let date = context
        .words
        .weekday_date(day, calendar_language::Year::Said);
    let count = i64::try_from(left).unwrap_or(i64::MAX);
    let text = context.words.say_with("embed-more", &[("count", count)]);
    Some(MoreLink {
        label: format!("{text}, {date}"),
        text,
        url: format!("{}{path}", context.origin),
    })
}

impl MonthEntry {
    fn new(context: &PageContext, placed: &Placed, day: NaiveDate) -> Self {
        let occurrence = &placed.occurrence;
        let title = context.said(occurrence.title());
        let path = context.paths.event(occurrence.event.slug.as_str());
        let hours = match occurrence.when.seen_in(context.zone()) {
            When::Timed { start, .. } if placed.first == day => context.words.clock(start.time()),
            _ => String::new(),
        };
        Self {
            url: format!("{}{path}", context.origin),
            title: title.text,
            lang: title.other,
            hours,
            status: context.mark(occurrence).map(EmbedStatus::from),
            licence: context.snapshot.licence_of(&occurrence.event),
        }
    }
}
