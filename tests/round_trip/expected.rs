//! The expected draft of a round trip.
//!
//! A feed has one language and no properties for some fields of the domain. By design these are lost, and
//! [`expected`] leaves them out:
//!
//! - texts in other languages than the feed's, if they exist in it;
//! - internal fields: `slug`, `created`, `publication`, `series`, `sources`, `owners`, `accessibility`,
//!   `last_change`, and the slugs of places, organizers and categories (their names are kept);
//! - `summary`, which becomes the start of the description, as does the status note of an event that takes
//!   place as planned;
//! - `previous`, which becomes a part of the status note;
//! - `rescheduled` without an earlier time, which becomes `scheduled`; for single occurrences, always;
//! - places of events that moved online; municipalities; coordinates after the first place;
//! - the organizer's website and email address; `paid` without a price; images after the fourth;
//! - places left of a cancelled event or occurrence;
//! - overrides that equal the event; an event is cancelled as a whole if each of its dates is;
//! - an end in the second of two hours with the same name, which the domain cannot express: an event whose
//!   first start is not in its rule, and whose first actual start is in such a night, is an hour shorter.
//!
//! An event without a website gets its page here as the website.

use std::collections::BTreeMap;

use calendar_domain::{
    Admission, Availability, Event, EventDraft, EventStatus, Image, Lang, Offer, OrganizerRef,
    Override, Schedule, Start, Text, Venue, When, Window,
};
use calendar_ical::write::line::one_line;
use calendar_language::{Words, Year};
use chrono::{Days, SubsecRound};

use crate::told::{REGION, Told, page};

/// Returns the expected draft, its schedule not yet in the written form.
pub fn expected(told: &Told, lang: Lang) -> EventDraft {
    let event = &Event {
        status: told.event.effective_status(),
        ..told.event.clone()
    };
    let mut draft = EventDraft::new(
        event.uid.as_str(),
        title(&event.title, event, lang),
        event.schedule.clone(),
    );
    draft.uid = Some(event.uid.clone());
    draft.status = match (event.status, &event.previous) {
        (EventStatus::Scheduled | EventStatus::Rescheduled, Some(_)) => EventStatus::Rescheduled,
        (EventStatus::Rescheduled, None) => EventStatus::Scheduled,
        (status, _) => status,
    };
    let body = Body::of(event, &event.description, lang);
    draft.status_note = body.note;
    draft.description = body.text.clone();
    draft.venues = places(event.status, &event.venues);
    draft.online_url = event.online_url.clone();
    draft.organizer = event.organizer.as_ref().map(|organizer| match organizer {
        OrganizerRef::Described { name, .. } => OrganizerRef::Described {
            name: name.clone(),
            url: None,
        },
        OrganizerRef::Organizer(slug) => panic!("{slug}: only described ones are made here"),
    });
    draft.categories = told.categories.clone();
    draft.audiences = told.audiences.clone();
    draft.admission = match event.admission {
        Admission::Free => Admission::Free,
        Admission::Paid | Admission::Unknown => Admission::Unknown,
    };
    let offers = event.offers.iter().map(|offer| Offer {
        name: Text::in_lang(body.lang, offer.name.get(lang)),
        ..offer.clone()
    });
    draft.offers = offers.collect();
    let images = event.images.iter().take(4).map(|image| Image {
        alt: Text::in_lang(body.lang, image.alt.get(lang)),
        ..image.clone()
    });
    draft.images = images.collect();
    add_facts(&mut draft, event, lang);
    draft.website = Some(event.website.clone().unwrap_or_else(|| page(event)));
    draft.super_event = told.parent.as_ref().map(|uid| uid.as_str().to_owned());
    draft.sequence = Some(event.sequence);
    draft.modified = Some(event.modified.trunc_subsecs(0));
    if let Some(set) = &mut draft.schedule.recurrence {
        for (id, change) in &mut set.overrides {
            *change = expected_change(event, (*id, change), &draft.title, &body.text, lang);
        }
    }
    without_usual(&mut draft.schedule);
    draft
}

/// Adds the facts that have a line in the description.
fn add_facts(draft: &mut EventDraft, event: &Event, lang: Lang) {
    draft.availability = places_left(event.effective_status(), event.availability);
    draft.setting = event.setting.clone();
    draft.languages = event.languages.clone();
    draft.sustainability = event.sustainability.clone();
    draft.sustainability_certificate = event.certificate().cloned();
    let way = event.getting_there.get(lang);
    draft.getting_there = Text::in_lang(Body::of(event, &event.description, lang).lang, way);
}

/// Returns what is written of places left: nothing of a cancelled event.
fn places_left(status: EventStatus, left: Availability) -> Availability {
    match status {
        EventStatus::Cancelled => Availability::Available,
        _ => left,
    }
}

/// Removes overrides that change nothing.
fn without_usual(schedule: &mut Schedule) {
    let Some(set) = &mut schedule.recurrence else {
        return;
    };
    let overrides = std::mem::take(&mut set.overrides);
    let (usual, others): (BTreeMap<_, _>, BTreeMap<_, _>) = overrides
        .into_iter()
        .partition(|(_, change)| *change == Override::default());
    for id in usual.into_keys() {
        let window = Window {
            from: id.date() - Days::new(3),
            until: id.date() + Days::new(3),
            zone: REGION,
        };
        let near = schedule.occurrences(window, &Default::default());
        let near = near.expect("within the limits");
        let is_member = near.iter().any(|one| one.recurrence_id == Some(id));
        let set = schedule.recurrence.get_or_insert_default();
        if !is_member && !set.exdates.contains(&id) {
            set.rdates.insert(id);
        }
    }
    schedule.recurrence.get_or_insert_default().overrides = others;
}

fn title(title: &Text, event: &Event, lang: Lang) -> Text {
    match title.localized(lang) {
        Some(found) => Text::in_lang(found.lang, one_line(found.text)),
        None => Text::in_lang(lang, event.slug.as_str()),
    }
}

/// Returns the first place in full, and the others as one line each.
fn places(status: EventStatus, venues: &[Venue]) -> Vec<Venue> {
    if status == EventStatus::MovedOnline {
        return Vec::new();
    }
    let kept = venues
        .iter()
        .enumerate()
        .map(|(index, venue)| match venue.clone() {
            Venue::Described {
                name,
                address,
                coordinates,
                ..
            } => Venue::Described {
                name,
                address,
                municipality: None,
                coordinates: coordinates.filter(|_| index == 0),
            },
            place => place,
        });
    kept.collect()
}

/// The organizer's text in a description, and its declared language.
struct Body {
    text: Text,
    note: Text,
    lang: Lang,
}

impl Body {
    fn of(event: &Event, description: &Text, lang: Lang) -> Self {
        let said = [description, &event.summary]
            .into_iter()
            .find_map(|text| text.localized(lang));
        let in_lang = said.map_or(Words::new(lang).lang(), |found| found.lang);
        let note = event.status_note.get(lang).trim();
        let moved = event.previous.as_ref().map(|previous| {
            let words = Words::new(lang);
            words.say_with(
                "calendar-moved",
                &[("when", words.when_in(previous, REGION, Year::Said))],
            )
        });
        let has_standing = moved.is_some()
            || !matches!(
                event.status,
                EventStatus::Scheduled | EventStatus::Rescheduled
            )
            || matches!(event.schedule.when, When::TimeToCome { .. });
        let in_body = if has_standing { "" } else { note };
        let note = if has_standing { note } else { "" };
        let parts = [
            in_body,
            event.summary.get(lang).trim(),
            description.get(lang).trim(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let note: Vec<&str> = moved
            .as_deref()
            .into_iter()
            .chain([note])
            .filter(|line| !line.is_empty())
            .collect();
        Body {
            text: Text::in_lang(in_lang, plain(&parts.join("\n\n"))),
            note: Text::in_lang(in_lang, plain(&note.join("\n"))),
            lang: in_lang,
        }
    }
}

/// Normalizes line breaks, replaces tabs by blanks, and removes other control characters.
pub fn plain(text: &str) -> String {
    let lines = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    lines
        .replace('\t', " ")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

fn expected_change(
    event: &Event,
    (id, change): (Start, &Override),
    usual_title: &Text,
    usual_text: &Text,
    lang: Lang,
) -> Override {
    let differing = |text: Text, usual: &Text| {
        if text == *usual {
            Text::default()
        } else {
            text
        }
    };
    let either = |own: &Text, usual: &Text| {
        if own.is_empty() {
            usual.clone()
        } else {
            own.clone()
        }
    };
    let calm = |status| match status {
        EventStatus::Rescheduled => EventStatus::Scheduled,
        other => other,
    };
    let status = calm(change.status.unwrap_or(event.status));
    let usual = event.schedule.when.moved_to(id);
    let left = places_left(status, change.availability.unwrap_or(event.availability));
    let usually_left = places_left(calm(event.status), event.availability);
    let venues = change.venues.as_ref().unwrap_or(&event.venues);
    let elsewhere = places(status, venues) != places(event.status, &event.venues);
    let nowhere = venues.is_empty() && event.online_url.is_none();
    Override {
        when: change
            .when
            .clone()
            .filter(|when| Some(when) != usual.as_ref()),
        status: (status != calm(event.status)).then_some(status),
        availability: (left != usually_left).then_some(left),
        title: differing(
            title(&either(&change.title, &event.title), event, lang),
            usual_title,
        ),
        description: differing(
            Body::of(
                event,
                &either(&change.description, &event.description),
                lang,
            )
            .text,
            usual_text,
        ),
        venues: (elsewhere && !nowhere && status != EventStatus::MovedOnline)
            .then(|| places(status, venues)),
    }
}
