//! Likely duplicates of a form: public events, the organisation's own submissions, and known places.
//! Submissions of other organisations are never compared, so nothing about them is disclosed.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};

use crate::catalog::{Calendar, Snapshot};
use crate::ingest::matching::score;
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::query::fold;
use calendar_domain::{
    Event, EventId, OrganisationId, Place, Query, Schedule, Slug, SubmissionId, Text, Venue, When,
    Window,
};
use calendar_store::StoreError;

use super::Actor;
use super::organisations;
use super::submission_form::form_context;
use super::submission_store::each_of_organisations;

/// Maximum number of events that are returned.
const MOST_EVENTS: usize = 5;
/// Maximum number of places that are returned.
const MOST_PLACES: usize = 3;
/// Number of days before and after the event in which one with the same title may be the same.
const DAYS_AROUND: u64 = 14;
/// Minimum similarity of the titles of events on the same day.
const LIKE_TITLE: u8 = 60;
/// Minimum similarity of the titles of events on other days.
const NEARLY_SAME_TITLE: u8 = 85;
/// Minimum similarity of titles that count as the same.
const SAME_TITLE: u8 = 97;
/// Minimum similarity of the times of events that may be the same by time and place alone: an hour apart.
const LIKE_TIME: u8 = 75;
/// Minimum similarity of the names of places, of 1.
const LIKE_PLACE: f64 = 0.6;

/// Why an event may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SimilarReason {
    /// The same day and time.
    SameTime,
    /// The same day.
    SameDay,
    /// So many days apart.
    DaysApart(u32),
    /// The same place.
    SamePlace,
    /// The same title.
    SameTitle,
    /// A similar title.
    LikeTitle,
}

/// What is similar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimilarSubject {
    /// A public event.
    Public(Slug),
    /// A submission of the person's organisations that is not decided.
    Own(SubmissionId),
}

/// A likely duplicate.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarEvent {
    /// What it is.
    pub subject: SimilarSubject,
    /// Its title.
    pub title: Text,
    /// Its time.
    pub when: When,
    /// Its places.
    pub venues: Vec<Venue>,
    /// Why it may be the same.
    pub reasons: Vec<SimilarReason>,
    /// The similarity, for sorting.
    rank: u16,
}

/// Likely duplicates of a form.
#[derive(Debug, Clone, Default)]
pub struct Similar {
    /// Events, the most similar first.
    pub events: Vec<SimilarEvent>,
    /// Known places like the new one, the most similar first.
    pub places: Vec<Slug>,
}

/// Returns likely duplicates of a form. `except` are a submission and the event that it proposes or edits.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn similar(
    calendar: &Calendar,
    actor: &Actor,
    form: &EventForm,
    except: Option<(&SubmissionId, &EventId)>,
) -> Result<Similar, StoreError> {
    let snapshot = calendar.snapshot();
    let places = similar_places(&snapshot, form);
    let Some(mut sketch) = form.sketch(form_context(&snapshot, actor)) else {
        return Ok(Similar {
            places,
            ..Similar::default()
        });
    };
    only_first_date(&mut sketch);
    name_places(&snapshot, &mut sketch);
    let mut events = public(&snapshot, &sketch, except.map(|value| value.1));
    let own = organisations::own(calendar, &actor.account)?.member;
    let own: Vec<OrganisationId> = own.into_iter().map(|id| id.id).collect();
    each_of_organisations(calendar, &own, |submission| {
        let is_other = except.is_none_or(|value| *value.0 != submission.id);
        if !is_other || !submission.state.is_editable() || submission.is_edit() {
            return;
        }
        if let Some(mut other) = submission.form.sketch(form_context(&snapshot, actor)) {
            only_first_date(&mut other);
            name_places(&snapshot, &mut other);
            let subject = SimilarSubject::Own(submission.id.clone());
            events.extend(compared(&sketch, &other, subject));
        }
    })?;
    events.sort_by_key(|event| (Reverse(event.rank), event.when.start().local()));
    events.truncate(MOST_EVENTS);
    Ok(Similar { events, places })
}

/// Returns public events like a sketch, each once.
fn public(snapshot: &Snapshot, sketch: &Event, except: Option<&EventId>) -> Vec<SimilarEvent> {
    let day = sketch.schedule.when.start().date();
    let around = Days::new(DAYS_AROUND);
    let window = Window {
        from: day.checked_sub_days(around).unwrap_or(day),
        until: day
            .checked_add_days(Days::new(DAYS_AROUND + 1))
            .unwrap_or(day),
        zone: snapshot.region().time_zone,
    };
    let mut found: Vec<SimilarEvent> = Vec::new();
    for happening in snapshot.happenings(&Query::default(), window) {
        let event = &happening.event;
        let of_except = Some(&event.id) == except || event.super_event.as_ref() == except;
        if except.is_some() && of_except {
            continue;
        }
        // One date of a repeated event, at its own place.
        let mut other = Event::clone(event);
        other.schedule = Schedule::once(happening.when.clone());
        other.venues = happening.venues().to_vec();
        let subject = SimilarSubject::Public(event.slug.clone());
        let Some(similar) = compared(sketch, &other, subject) else {
            continue;
        };
        match found
            .iter_mut()
            .find(|event| event.subject == similar.subject)
        {
            Some(known) if known.rank < similar.rank => *known = similar,
            Some(_) => {}
            None => found.push(similar),
        }
    }
    found
}

/// Leaves out the further dates of an event.
fn only_first_date(event: &mut Event) {
    event.schedule.recurrence = None;
}

/// Compares a sketch with an event, both of one date. Returns `None` if they are not similar.
fn compared(sketch: &Event, other: &Event, subject: SimilarSubject) -> Option<SimilarEvent> {
    let when = &other.schedule.when;
    let score = score(sketch, other);
    let apart = days_apart(sketch.schedule.when.start().date(), when.start().date());
    let is_same_place = score.place == 100;
    let by_time_and_place = is_same_place && score.time >= LIKE_TIME;
    let is_similar = match apart {
        0 => score.title >= LIKE_TITLE || by_time_and_place,
        days => u64::from(days) <= DAYS_AROUND && score.title >= NEARLY_SAME_TITLE,
    };
    if !is_similar {
        return None;
    }
    let mut reasons = vec![match apart {
        0 if score.time == 100 => SimilarReason::SameTime,
        0 => SimilarReason::SameDay,
        days => SimilarReason::DaysApart(days),
    }];
    if is_same_place {
        reasons.push(SimilarReason::SamePlace);
    }
    match score.title {
        SAME_TITLE.. => reasons.push(SimilarReason::SameTitle),
        LIKE_TITLE.. => reasons.push(SimilarReason::LikeTitle),
        _ => {}
    }
    // A time that is not known, or hours away, still is that day.
    let time = if apart == 0 { score.time.max(50) } else { 0 };
    Some(SimilarEvent {
        subject,
        title: other.title.clone(),
        when: when.clone(),
        venues: other.venues.clone(),
        reasons,
        rank: u16::from(score.title) * 5 + u16::from(time) * 3 + u16::from(score.place) * 2,
    })
}

fn days_apart(one: NaiveDate, other: NaiveDate) -> u32 {
    let days = (one - other).num_days().unsigned_abs();
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// Replaces described places that have the name of a known one.
fn name_places(snapshot: &Snapshot, event: &mut Event) {
    for venue in &mut event.venues {
        let Venue::Described { name, .. } = venue else {
            continue;
        };
        let typed = fold(name);
        let known = snapshot
            .places()
            .find(|place| names(place).any(|name| fold(name) == typed));
        if let Some(place) = known {
            *venue = Venue::Place(place.slug.clone());
        }
    }
}

fn names(place: &Place) -> impl Iterator<Item = &String> {
    std::iter::once(&place.name).chain(&place.aliases)
}

/// Returns the known places like the one that the form describes.
fn similar_places(snapshot: &Snapshot, form: &EventForm) -> Vec<Slug> {
    let Some(typed) = form.filled(FormField::PlaceName).map(fold) else {
        return Vec::new();
    };
    let street = form.filled(FormField::PlaceAddress).map(fold);
    let likeness = |place: &Place| {
        let own = place
            .address
            .as_ref()
            .and_then(|address| address.street.as_deref());
        if street.is_some() && own.map(fold) == street {
            return 1.0;
        }
        names(place)
            .map(|name| likeness(&typed, &fold(name)))
            .fold(0.0, f64::max)
    };
    let mut found: Vec<(f64, &Place)> = snapshot
        .places()
        .map(|place| (likeness(place), place.as_ref()))
        .filter(|(likeness, _)| *likeness >= LIKE_PLACE)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.slug.cmp(&b.1.slug)));
    let found = found.into_iter().take(MOST_PLACES);
    found.map(|(_, place)| place.slug.clone()).collect()
}

/// Returns the similarity of two folded names, from 0 to 1. A name that is part of the other is similar.
fn likeness(one: &str, other: &str) -> f64 {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let is_part = short.len() >= 4 && format!(" {long} ").contains(&format!(" {short} "));
    strsim::sorensen_dice(one, other).max(if is_part { 0.8 } else { 0.0 })
}
