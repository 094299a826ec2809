//! The body of an event: whole each time, in one language, without what the calendar refuses.

use chrono::{NaiveDateTime, NaiveTime};
use serde_json::{Value, json};
use url::Url;

use super::super::Said;
use super::super::said::{cut, html};
use calendar_domain::{EventStatus, When};
use calendar_language::Words;

/// Where it stands that an event is cancelled or postponed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Before its title.
    InTitle,
    /// In a field of its own.
    InField,
}

/// What is said of an event but for its venue and organizer, which are numbers.
#[must_use]
pub fn body(said: &Said, marks: Marks) -> Value {
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
    // In ASCII, as the calendar wants it.
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
        body["categories"] = said.keywords.iter().map(|it| subject(it)).collect();
    }
    body
}

/// The calendar takes no empty text; a blank one clears.
fn or_blank(text: String) -> String {
    match text.is_empty() {
        true => " ".to_owned(),
        false => text,
    }
}

/// A number is the id of a category, anything else its name.
fn subject(word: &str) -> Value {
    word.parse::<u64>()
        .map_or_else(|_| json!(word), Value::from)
}

/// The word of WordPress's field for what happens to an event, and why; `None` where it takes place.
#[must_use]
pub fn status(said: &Said) -> Option<(&'static str, &str)> {
    let word = match said.status {
        EventStatus::Cancelled => "canceled",
        EventStatus::Postponed => "postponed",
        _ => return None,
    };
    Some((word, said.event.status_note.get(said.lang)))
}

/// Local start and end, their zone, whether it is whole days. What has no known end ends when it begins;
/// a day whose time is to come is a whole one.
fn times(said: &Said) -> (NaiveDateTime, NaiveDateTime, &'static str, bool) {
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

fn title(said: &Said, marks: Marks) -> String {
    let title = cut(said.event.title.get(said.lang), 1_000);
    let key = match said.status {
        EventStatus::Cancelled | EventStatus::Postponed if marks == Marks::InField => return title,
        EventStatus::Scheduled => return title,
        EventStatus::Tentative => "calendar-title-tentative",
        EventStatus::Cancelled => "calendar-title-cancelled",
        EventStatus::Postponed => "calendar-title-postponed",
        EventStatus::Rescheduled => "push-title-rescheduled",
        EventStatus::MovedOnline => "push-title-online",
    };
    Words::of(said.lang).say_with(key, &[("title", &title)])
}

/// The long text, with where tickets are sold, for which there is no field.
fn description(said: &Said) -> String {
    let mut html = html(&said.description(said.lang, said.recurs));
    let tickets = said.event.offers.iter().find_map(|it| it.url.as_deref());
    if let Some(tickets) = tickets.and_then(|it| it.parse::<Url>().ok()) {
        let words = Words::of(said.lang).say("push-tickets");
        let url = tickets.as_str().replace('&', "&amp;").replace('"', "%22");
        html.push_str(&format!("<p><a href=\"{url}\">{words}</a></p>"));
    }
    // WordPress runs what stands in square brackets, and loses backslashes.
    html.replace('[', "&#91;").replace('\\', "&#92;")
}

/// What it costs, in words that the calendar leaves as they are: it drops `0` and «Free».
fn cost(said: &Said) -> Option<String> {
    let free = || Some(Words::of(said.lang).say("push-free").into_owned());
    if said.event.free == Some(true) {
        return free();
    }
    let offer = said.event.offers.iter().find(|it| it.price.is_some())?;
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
