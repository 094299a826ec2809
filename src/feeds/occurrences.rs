//! Lists of the occurrences of recurring events, shared by all formats.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::catalog::{ComingOccurrences, Entry, EventOccurrence, Snapshot};
use calendar_domain::{EventStatus, When, Window};
use calendar_ical::write::{EventTexts, EventView, WriteOptions, told, told_at};
use calendar_language::{Words, Year, capitalised};

use super::FeedRequest;
use super::iso8601::span;
use super::xml_chars::printable;

/// Maximum number of occurrences of one event in formats that programs read.
pub(super) const LISTED: usize = 100;

/// Maximum number of occurrences in a text for people.
const IN_TEXT: usize = 30;

/// Returns the occurrences to list for an event (see [`FeedRequest::listed_days`]). Empty for an event without
/// recurrence.
pub(super) fn coming(entry: &Arc<Entry>, request: &FeedRequest<'_>) -> ComingOccurrences {
    let window = request.listed_days();
    let keep = |occurrence: &EventOccurrence| {
        request.choices.admit(occurrence.status())
            && last_day(&occurrence.when, window) >= window.from
    };
    if request.has_days() {
        Snapshot::occurrences_in(entry, window, keep)
    } else {
        request.snapshot.coming(entry, keep)
    }
}

/// Returns the last day of an occurrence. One that ends in the small hours belongs to the previous evening.
fn last_day(when: &When, window: Window) -> NaiveDate {
    let touched = when.days_touched(window.zone);
    match when.seen_in(window.zone) {
        When::Timed {
            start,
            end: Some(end),
            ..
        } if Words::one_evening(start, end) => touched.start,
        _ => touched.end.pred_opt().unwrap_or(touched.start),
    }
}

/// An occurrence as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ListedOccurrence {
    /// Start in ISO 8601: a date, or a time with its offset.
    pub start: String,
    /// End in the same form, the last day of whole days.
    pub end: Option<String>,
    /// Status in the wire format.
    pub status: &'static str,
    /// Availability in the wire format, if it differs from the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<&'static str>,
    /// Title, if it differs from the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Location on one line.
    pub location: Option<String>,
}

impl ListedOccurrence {
    /// Creates the listing of one occurrence.
    pub(super) fn new(
        happening: &EventOccurrence,
        view: &EventView<'_>,
        choices: WriteOptions,
    ) -> Self {
        let (start, end) = span(&happening.when);
        let own_title = *happening.title() != view.event.title;
        let title = own_title.then(|| printable(happening.title().get(choices.lang)));
        let location = words_of(happening, view, choices).location;
        let left = happening.availability();
        Self {
            start,
            end,
            status: happening.standing().0.as_str(),
            availability: (left != view.event.availability).then_some(left.as_str()),
            title,
            location: location.as_deref().map(printable),
        }
    }
}

/// Returns the texts of an occurrence.
pub(super) fn words_of(
    happening: &EventOccurrence,
    view: &EventView<'_>,
    choices: WriteOptions,
) -> EventTexts {
    match (happening.recurrence_id, &happening.change) {
        (Some(id), Some(change)) => told_at(view, choices, id, change),
        _ => told(view, choices),
    }
}

/// Returns the occurrences as lines of text with their differences. Empty if there are none.
pub(super) fn lines(
    coming: &ComingOccurrences,
    view: &EventView<'_>,
    choices: WriteOptions,
) -> Vec<String> {
    let ComingOccurrences { listed, more } = coming;
    if listed.is_empty() {
        return Vec::new();
    }
    let words = Words::new(choices.lang);
    let usual = told(view, choices).location;
    let line = |occurrence: &EventOccurrence| {
        let when = capitalised(&words.when_in(&occurrence.when, view.zone, Year::Said));
        let differs = differences(occurrence, view, choices, usual.as_deref());
        if differs.is_empty() {
            return when;
        }
        let differs = differs.join("; ");
        words.say_with("feed-date-differs", &[("when", when), ("what", differs)])
    };
    let mut lines = vec![words.say("feed-dates").into_owned()];
    lines.extend(listed.iter().take(IN_TEXT).map(line));
    if *more || listed.len() > IN_TEXT {
        lines.push(words.say("dates-more").into_owned());
    }
    lines
}

/// Returns the differences of an occurrence from the event: status, places left, place and title.
fn differences(
    happening: &EventOccurrence,
    view: &EventView<'_>,
    choices: WriteOptions,
    usual: Option<&str>,
) -> Vec<String> {
    let words = Words::new(choices.lang);
    let (status, before) = happening.standing();
    let label = words.status_label(status).map(|label| match before {
        Some(before) => format!("{label}, {}", words.was_before(&before, view.zone)),
        None => label,
    });
    let left = happening.availability();
    let is_on = status != EventStatus::Cancelled && left != view.event.availability;
    let left = words.availability_label(left, view.event.admission);
    let left = left.filter(|_| is_on);
    let place = words_of(happening, view, choices).location;
    let place = place.filter(|place| Some(place.as_str()) != usual);
    let title = happening.title();
    let title = (*title != view.event.title).then(|| title.get(choices.lang).to_owned());
    [label, left, place, title].into_iter().flatten().collect()
}
