//! An event as labelled lines, for checking and comparing.

use std::collections::BTreeSet;

use super::word_diff::{DiffRun, word_diff};
use crate::web::pages::PageContext;
use crate::web::pages::facts;
use calendar_domain::{
    Availability, Event, EventStatus, Field, Image, ImageSource, Lang, Start, Text, When,
};
use calendar_language::{Words, Year, capitalised};

/// A labelled line of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    /// The field.
    pub field: Field,
    /// The label.
    pub label: String,
    /// The value in words; may be empty.
    pub value: String,
}

/// A line of two versions of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedLine {
    /// The label.
    pub label: String,
    /// Name of the field, for comments.
    pub field: &'static str,
    /// The words of both versions.
    pub runs: Vec<DiffRun>,
    /// Whether the versions differ.
    pub is_changed: bool,
}

/// Returns the lines of an event, empty ones included.
#[must_use]
pub fn lines(context: &PageContext, event: &Event) -> Vec<EventLine> {
    let words = context.words;
    let links = |all: Vec<crate::web::pages::links::TextLink>| {
        let names: Vec<String> = all.into_iter().map(|link| link.label.text).collect();
        names.join(", ")
    };
    let url = |url: &Option<url::Url>| url.as_ref().map_or_else(String::new, ToString::to_string);
    let mut when = context.full_time(&event.schedule.when);
    let repeats = words.repetition_in(&event.schedule, context.zone());
    if !repeats.is_empty() {
        when = format!("{when}\n{}", capitalised(&repeats));
    }
    for date in listed_dates(context, event) {
        when = format!("{when}\n{date}");
    }
    let prices: Vec<String> = facts::prices(context, event)
        .into_iter()
        .map(|price| {
            let parts = [price.name.text, price.amount, price.url.unwrap_or_default()];
            let parts: Vec<String> = parts
                .into_iter()
                .filter(|price| !price.is_empty())
                .collect();
            parts.join(" ")
        })
        .collect();
    let places: Vec<String> = facts::venues(context, event, event.status, &event.venues)
        .into_iter()
        .map(|venue| {
            let parts = [venue.place.label.text, venue.address, venue.municipality];
            let parts: Vec<String> = parts
                .into_iter()
                .filter(|venue| !venue.is_empty())
                .collect();
            parts.join(", ")
        })
        .collect();
    let organizer =
        facts::organizer(context, event).map_or_else(String::new, |organizer| organizer.label.text);
    let status = status_name(words, event.status);
    let note = by_language(&event.status_note);
    let all = [
        (Field::Title, by_language(&event.title)),
        (Field::Schedule, when),
        (Field::Venues, places.join("\n")),
        (Field::OnlineUrl, url(&event.online_url)),
        (Field::Organizer, organizer),
        (Field::Status, format!("{status}\n{note}").trim().to_owned()),
        (Field::Summary, by_language(&event.summary)),
        (Field::Description, by_language(&event.description)),
        (
            Field::Categories,
            links(context.categories(&event.categories)),
        ),
        (Field::Audiences, links(context.audiences(&event.audiences))),
        (Field::Admission, prices.join("\n")),
        (
            Field::Accessibility,
            facts::accessibility(context, event).join(", "),
        ),
        (Field::GettingThere, by_language(&event.getting_there)),
        (Field::Availability, places_left(context, event)),
        (Field::Setting, words.settings(event).join(", ")),
        (Field::Languages, words.languages_line(event)),
        (
            Field::Sustainability,
            words.sustainability(event).join("\n"),
        ),
        (Field::Images, images(&event.images)),
        (Field::Website, url(&event.website)),
    ];
    all.into_iter()
        .map(|(field, value)| EventLine {
            label: label(context, field),
            field,
            value,
        })
        .collect()
}

/// Returns whether places are left, also on single dates; empty if there are and no date differs.
fn places_left(context: &PageContext, event: &Event) -> String {
    let words = context.words;
    let label = |left: Availability| match words.availability_label(left, event.admission) {
        Some(label) => label,
        None => words.say("set-available").into_owned(),
    };
    let own = words.availability_label(event.availability, event.admission);
    let recurrence = event.schedule.recurrence.iter();
    let dates = recurrence.flat_map(|recurrence| &recurrence.overrides);
    let dates = dates.filter_map(|(start, change)| {
        let left = label(change.availability?);
        let date = words.date(start.date(), Year::Said);
        Some(format!("{date}: {left}"))
    });
    own.into_iter().chain(dates).collect::<Vec<_>>().join("\n")
}

/// Returns the dates that no rule says, and those with a time or place of their own.
fn listed_dates(context: &PageContext, event: &Event) -> Vec<String> {
    let schedule = &event.schedule;
    let Some(recurrence) = &schedule.recurrence else {
        return Vec::new();
    };
    let changed = recurrence.overrides.keys();
    let starts: BTreeSet<Start> = recurrence.rdates.iter().chain(changed).copied().collect();
    let line = |start: Start| {
        let change = recurrence.overrides.get(&start);
        let own = change.and_then(|change| change.when.clone());
        let when = own.or_else(|| schedule.when.occurring_at(start))?;
        let time = capitalised(&context.words.when_in(&when, context.zone(), Year::Said));
        let venues = change
            .and_then(|change| change.venues.as_deref())
            .unwrap_or_default();
        let place = context.venue_line(venues);
        Some(if place.is_empty() {
            time
        } else {
            format!("{time}, {place}")
        })
    };
    starts.into_iter().filter_map(line).collect()
}

/// Returns the time that stands for an event, in words; empty if all its dates are left out.
#[must_use]
pub fn leading_time(context: &PageContext, event: &Event) -> String {
    let leading = event.schedule.leading();
    let when = |when: &When| capitalised(&context.words.when_in(when, context.zone(), Year::Said));
    leading.map_or_else(String::new, |leading| when(&leading.when))
}

/// Returns the name of a status.
#[must_use]
pub fn status_name(words: Words, status: EventStatus) -> String {
    let name = status.as_str().replace('_', "-");
    words.say(&format!("status-name-{name}")).into_owned()
}

/// Returns the label of a field of an event.
#[must_use]
pub fn label(context: &PageContext, field: Field) -> String {
    let name = field.as_str().replace('_', "-");
    context.words.say(&format!("line-{name}")).into_owned()
}

/// Returns the lines of two versions, without those that are empty in both.
#[must_use]
pub fn compared(context: &PageContext, old: Option<&Event>, new: &Event) -> Vec<ComparedLine> {
    let new_lines = lines(context, new);
    let old_lines = old.map(|old| lines(context, old));
    let pairs = new_lines.into_iter().enumerate().map(|(index, line)| {
        let old = old_lines.as_ref().and_then(|all| all.get(index));
        let before = old.map_or(&line.value, |old| &old.value).clone();
        ComparedLine {
            runs: word_diff(&before, &line.value),
            is_changed: before != line.value,
            field: line.field.as_str(),
            label: line.label,
        }
    });
    pairs.filter(|pair| !pair.runs.is_empty()).collect()
}

/// Returns the descriptions of images, a line each, with credit and licence.
fn images(images: &[Image]) -> String {
    let line = |image: &Image| {
        let alt = by_language(&image.alt).replace('\n', " / ");
        let source = match &image.source {
            ImageSource::Url(url) | ImageSource::Copied { url, .. } => url.to_string(),
            // Another picture with the same description is another value.
            ImageSource::Kept(kept) => format!("({:.6})", kept.largest.name.as_str()),
        };
        let facts = [
            Some(alt),
            image.credit.clone(),
            image.licence.clone(),
            Some(source),
        ];
        let facts: Vec<String> = facts
            .into_iter()
            .flatten()
            .filter(|fact| !fact.is_empty())
            .collect();
        facts.join(" · ")
    };
    images.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a text, in each of its languages.
fn by_language(text: &Text) -> String {
    let only = text.iter().count() == 1;
    let parts: Vec<String> = text
        .iter()
        .map(|text| match text.lang {
            Lang::Nb if only => text.text.to_owned(),
            lang => format!("{lang}: {}", text.text),
        })
        .collect();
    parts.join("\n")
}
