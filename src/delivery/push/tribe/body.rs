//! The body of an event: always complete, in one language, without values that the calendar rejects.

use chrono::{NaiveDateTime, NaiveTime};
use serde_json::{Value, json};
use url::Url;

use super::super::EventPayload;
use super::super::payload::{cut, html};
use calendar_domain::{EventStatus, When};
use calendar_language::Words;

/// The location of the status of a cancelled or postponed event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPlacement {
    /// As a prefix of the title.
    InTitle,
    /// In a separate field.
    InField,
}

/// Returns the body of an event, without venue and organizer, which are ids.
#[must_use]
pub fn body(said: &EventPayload, marks: StatusPlacement) -> Value {
    let event = &said.event;
    let (start, end, zone, all_day) = times(said);
    let local = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
    let mut body = json!({
        "status": "publish",
        "title": title(said, marks),
        "description": or_blank(description(said)),
        "excerpt": or_blank(cut(event.summary.get(said.lang), 1_000)),
        "start_date": local(start),
        "end_date": local(end),
        "timezone": zone,
        "all_day": all_day,
        "show_map": true,
        "show_map_link": true,
        "hide_from_listings": false,
        "sticky": false,
        "featured": false,
    });
    // As ASCII, which the calendar requires.
    if let Ok(page) = said.url().parse::<Url>() {
        body["website"] = page.as_str().into();
    }
    if let Some(cost) = cost(said) {
        body["cost"] = cost.into();
    }
    if let Some(picture) = event.images.first() {
        body["image"] = picture.url.as_str().into();
    }
    if said.names_subjects {
        body["categories"] = said
            .keywords
            .iter()
            .map(|keyword| subject(keyword))
            .collect();
    }
    body
}

/// Replaces an empty text with a blank, since the calendar rejects empty texts. A blank clears the field.
fn or_blank(text: String) -> String {
    match text.is_empty() {
        true => " ".to_owned(),
        false => text,
    }
}

/// Returns a category: its id for a number, else its name.
fn subject(word: &str) -> Value {
    word.parse::<u64>()
        .map_or_else(|_| json!(word), Value::from)
}

/// Returns the value and reason for WordPress's status field, or `None` if the event takes place.
#[must_use]
pub fn status(said: &EventPayload) -> Option<(&'static str, &str)> {
    let word = match said.status {
        EventStatus::Cancelled => "canceled",
        EventStatus::Postponed => "postponed",
        _ => return None,
    };
    Some((word, said.event.status_note.get(said.lang)))
}

/// Returns local start and end, their zone, and whether they are whole days. An unknown end is the start; a
/// day with unknown time is a whole day.
fn times(said: &EventPayload) -> (NaiveDateTime, NaiveDateTime, &'static str, bool) {
    let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    match &said.when {
        When::Timed { start, end, zone } => (*start, end.unwrap_or(*start), zone.name(), false),
        When::AllDay { first, until } => (
            first.and_time(NaiveTime::MIN),
            until.pred_opt().unwrap_or(*until).and_time(last),
            said.zone.name(),
            true,
        ),
        When::TimeToCome { date } => (
            date.and_time(NaiveTime::MIN),
            date.and_time(last),
            said.zone.name(),
            true,
        ),
    }
}

fn title(said: &EventPayload, marks: StatusPlacement) -> String {
    let title = cut(said.event.title.get(said.lang), 1_000);
    let key = match said.status {
        EventStatus::Cancelled | EventStatus::Postponed if marks == StatusPlacement::InField => {
            return title;
        }
        EventStatus::Scheduled => return title,
        EventStatus::Tentative => "calendar-title-tentative",
        EventStatus::Cancelled => "calendar-title-cancelled",
        EventStatus::Postponed => "calendar-title-postponed",
        EventStatus::Rescheduled => "push-title-rescheduled",
        EventStatus::MovedOnline => "push-title-online",
    };
    Words::new(said.lang).say_with(key, &[("title", &title)])
}

/// Returns the description with a link to the tickets, which have no field.
fn description(said: &EventPayload) -> String {
    let mut html = html(&said.description(said.lang, said.recurs));
    let tickets = said
        .event
        .offers
        .iter()
        .find_map(|offer| offer.url.as_deref());
    if let Some(tickets) = tickets.and_then(|tickets| tickets.parse::<Url>().ok()) {
        let words = Words::new(said.lang).say("push-tickets");
        let url = tickets.as_str().replace('&', "&amp;").replace('"', "%22");
        html.push_str(&format!("<p><a href=\"{url}\">{words}</a></p>"));
    }
    // WordPress evaluates shortcodes in square brackets, and removes backslashes.
    html.replace('[', "&#91;").replace('\\', "&#92;")
}

/// Returns the price as text. Free admission is written out, since the calendar drops `0` and «Free».
fn cost(said: &EventPayload) -> Option<String> {
    let free = || Some(Words::new(said.lang).say("push-free").into_owned());
    if said.event.free == Some(true) {
        return free();
    }
    let offer = said
        .event
        .offers
        .iter()
        .find(|offer| offer.price.is_some())?;
    let price = offer.price.as_deref().unwrap_or_default();
    let price = price.strip_suffix(".00").unwrap_or(price);
    if price == "0" {
        return free();
    }
    Some(match offer.currency.as_deref() {
        None | Some("NOK") => format!("{price} kr"),
        Some(other) => format!("{price} {other}"),
    })
}
