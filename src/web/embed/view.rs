//! The events of an embed as finished texts, for the component's JSON and for the templates of frames.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::catalog::{AgendaCursor, EventOccurrence, caught};
use crate::web::pages::date_block::DateBlock;
use crate::web::pages::event_list::StatusMark;
use crate::web::pages::facts::{Credit, partner_credits};
use crate::web::pages::filter_params::borrowed;
use crate::web::pages::{LocalizedText, PageContext};
use calendar_domain::{EventStatus, Lang};
use calendar_language::capitalised;

use super::month::MonthTable;
use super::options::{EmbedLayout, EmbedOptions};

/// Minimum number of occurrences looked up at once.
const LEAST_PAGE: usize = 20;
/// Maximum number of look-ups, where few of the events may be republished.
const MOST_PAGES: usize = 20;

/// An embed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedView {
    /// The language of the texts, a BCP 47 tag.
    pub lang: &'static str,
    /// The arrangement.
    pub layout: EmbedLayout,
    /// «3 arrangementer».
    pub count: String,
    /// Events in progress, and the months with their events, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<EmbedGroup>,
    /// The month, if that is the layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<MonthTable>,
    /// What to say if there are no events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<EmptyNote>,
    /// All events of the selection, in the calendar.
    pub all: EmbedLink,
}

/// Days under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedGroup {
    /// «Pågår nå», «Mars 2027»; empty for cards.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title: String,
    /// The days with events, in order.
    pub days: Vec<EmbedDay>,
}

/// A day with its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedDay {
    /// The date.
    pub date: EmbedDate,
    /// «i dag», or empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub today: String,
    /// Whether every event of the day is tentative.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tentative: bool,
    /// The events, in order.
    pub events: Vec<EmbedEvent>,
    /// The events that are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreLink>,
}

/// A date in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedDate {
    /// ISO 8601.
    pub iso: String,
    /// «lør».
    pub weekday: String,
    /// «7».
    pub day: String,
    /// «mars».
    pub month: String,
    /// «lørdag 7. mars 2027», for screen readers.
    pub full: String,
}

/// An occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedEvent {
    /// Full address of its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// The language of the title, if it is not that of the embed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// «kl. 18.00»; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub time: String,
    /// Place and municipality; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub place: String,
    /// The change, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<EmbedStatus>,
    /// «Få plasser igjen», «Utsolgt» or «Fullt»; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub places_left: String,
    /// One or two sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<EmbedText>,
    /// The credits that partners require.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<EmbedCredit>,
}

/// A text with its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedText {
    /// The text.
    pub text: String,
    /// The language, if it is not that of the embed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
}

/// A change of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedStatus {
    /// `cancelled`, `tentative`, `postponed`, `moved` or `online`.
    pub kind: &'static str,
    /// «Avlyst».
    pub label: String,
    /// Details, such as the previous time; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub detail: String,
}

/// A credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedCredit {
    /// «Kilde: …».
    pub text: String,
    /// Address of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A link into the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedLink {
    /// The text.
    pub text: String,
    /// The full address.
    pub url: String,
}

/// A link to the events of a day that are not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoreLink {
    /// «2 flere».
    pub text: String,
    /// «2 flere arrangementer lørdag 7. mars 2027».
    pub label: String,
    /// The full address.
    pub url: String,
}

/// What to say if there are no events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmptyNote {
    /// «Ingen arrangementer».
    pub title: String,
    /// What the visitor can do.
    pub text: String,
}

impl EmbedView {
    /// Returns the embed of a selection.
    #[must_use]
    pub fn new(context: &PageContext, options: &EmbedOptions) -> Self {
        let words = context.words;
        let (count, groups, month) = if options.layout == EmbedLayout::Month {
            let month = MonthTable::new(context, options);
            (month.count, Vec::new(), Some(month))
        } else {
            let (count, groups) = listed(context, options);
            (count, groups, None)
        };
        let empty = || EmptyNote {
            title: words.say("embed-empty").into_owned(),
            text: words.say("embed-empty-text").into_owned(),
        };
        Self {
            lang: words.lang().tag(),
            layout: options.layout,
            count: context.count(count),
            groups,
            month,
            empty: (count == 0).then(empty),
            all: all_events(context, options),
        }
    }
}

/// Returns the link to the selection in the calendar.
#[must_use]
pub fn all_events(context: &PageContext, options: &EmbedOptions) -> EmbedLink {
    let params = options.filters.params();
    let path = context.paths.agenda_with(&borrowed(&params));
    let site = context.text(&context.snapshot.region().name);
    EmbedLink {
        text: context.words.say_with("embed-all", &[("site", site)]),
        url: format!("{}{path}", context.origin),
    }
}

/// Returns the number of events and their groups: those in progress on the first day, and the months.
fn listed(context: &PageContext, options: &EmbedOptions) -> (usize, Vec<EmbedGroup>) {
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
        let shown = |it: &EventOccurrence| is_shown(context, options, it);
        found.extend(page.items.into_iter().filter(is_new).filter(shown));
    }
    found.truncate(options.limit);
    found
}

/// Returns true if an occurrence may be shown on other sites, and the selection includes its status.
pub(super) fn is_shown(
    context: &PageContext,
    options: &EmbedOptions,
    occurrence: &EventOccurrence,
) -> bool {
    options.choices.admit(occurrence.status()) && context.snapshot.may_pass_on(&occurrence.event)
}

impl EmbedDay {
    /// Returns a day with events.
    pub(super) fn new(context: &PageContext, date: NaiveDate, events: Vec<EmbedEvent>) -> Self {
        let today = if date == context.today() {
            context.words.say("today").into_owned()
        } else {
            String::new()
        };
        Self {
            date: DateBlock::new(date, context.words).into(),
            today,
            tentative: events.iter().all(EmbedEvent::is_tentative),
            events,
            more: None,
        }
    }
}

impl From<DateBlock> for EmbedDate {
    fn from(block: DateBlock) -> Self {
        Self {
            iso: block.iso,
            weekday: block.weekday,
            day: block.day,
            month: block.month,
            full: block.full,
        }
    }
}

impl EmbedEvent {
    /// Returns an occurrence; `None` if it can't be rendered, which is logged.
    pub(super) fn from_occurrence(
        context: &PageContext,
        occurrence: &EventOccurrence,
    ) -> Option<Self> {
        let event = caught(|| Self::new(context, occurrence));
        let event = event.inspect_err(|why| {
            tracing::error!(event = %occurrence.event.id, why, "an event is left out of an embed");
        });
        event.ok()
    }

    fn new(context: &PageContext, occurrence: &EventOccurrence) -> Self {
        let row = context.row(occurrence).row;
        Self {
            url: format!("{}{}", context.origin, row.url),
            title: row.title.text,
            lang: row.title.other,
            time: row.time,
            place: row.place,
            status: row.mark.map(EmbedStatus::from),
            places_left: row.places_left,
            summary: EmbedText::from_localized(row.summary),
            credits: credits(partner_credits(context, &occurrence.event)),
        }
    }

    fn is_tentative(&self) -> bool {
        let tentative = StatusMark::class(EventStatus::Tentative);
        self.status.as_ref().map(|it| it.kind) == tentative
    }
}

impl EmbedText {
    /// Returns a text, unless it is empty.
    pub(super) fn from_localized(text: LocalizedText) -> Option<Self> {
        let is_there = !text.is_empty();
        is_there.then_some(Self {
            text: text.text,
            lang: text.other,
        })
    }
}

impl From<StatusMark> for EmbedStatus {
    fn from(mark: StatusMark) -> Self {
        Self {
            kind: mark.class,
            label: mark.label,
            detail: mark.detail,
        }
    }
}

/// Returns credits for an embed.
pub(super) fn credits(credits: Vec<Credit>) -> Vec<EmbedCredit> {
    let credit = |it: Credit| EmbedCredit {
        text: it.text,
        url: it.url,
    };
    credits.into_iter().map(credit).collect()
}
