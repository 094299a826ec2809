//! Encoding of an event's fields.

use chrono_tz::Tz;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::bytes::{FieldReader, FieldWriter};
use super::provenance::{read_owners, read_source, write_owners, write_source};
use calendar_domain::event::{ChangeSubject, LastChange};
use calendar_domain::{
    Admission, EditionRef, Event, EventId, EventStatus, Image, Lang, OrganizerRef,
    PlainFieldDecoder, PlainFieldEncoder, Publication, Schedule, Slug, Text, Uid, Venue, When,
};

/// Zones of nearly all times; others are written by name.
const ZONES: [Tz; 2] = [Tz::Europe__Oslo, Tz::UTC];
const PUBLICATIONS: [Publication; 5] = [
    Publication::Draft,
    Publication::Submitted,
    Publication::Published,
    Publication::Rejected,
    Publication::Withdrawn,
];
const ADMISSIONS: [Admission; 3] = [Admission::Unknown, Admission::Free, Admission::Paid];
const CHANGES: [ChangeSubject; 7] = [
    ChangeSubject::Cancelled,
    ChangeSubject::Postponed,
    ChangeSubject::MovedOnline,
    ChangeSubject::Confirmed,
    ChangeSubject::Time,
    ChangeSubject::Place,
    ChangeSubject::Details,
];

/// How much of an event is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalog) enum Projection {
    /// All fields.
    ToTheEnd,
    /// The fields that indexes and searches use.
    WhatIsShown,
}

/// Writes all fields except id, slug and `UID`.
pub(super) fn write(event: &Event, out: &mut FieldWriter) {
    let Event {
        id: _,
        slug: _,
        uid,
        sequence,
        created,
        modified,
        title,
        schedule,
        status,
        previous,
        status_note,
        publication,
        venues,
        online_url,
        organizer,
        categories,
        audiences,
        accessibility,
        admission,
        offers,
        series,
        super_event,
        sources,
        owners,
        last_change,
        // The plain fields.
        ..
    } = event;
    out.number((*sequence).into());
    out.instant(*created);
    out.instant(*modified);
    write_text(title, out);
    write_text(status_note, out);
    event.encode_plain_fields(out);
    write_when(&schedule.when, out);
    out.option(schedule.recurrence.as_ref(), |out, value| json(value, out));
    one_of(&EventStatus::ALL, *status, out);
    out.option(previous.as_ref(), |out, value| write_when(value, out));
    one_of(&PUBLICATIONS, *publication, out);
    out.list(venues.iter(), |out, value| write_venue(value, out));
    out.option(online_url.as_ref(), |out, value| out.text(value.as_str()));
    write_organizer(organizer.as_ref(), out);
    for slugs in [categories, audiences, accessibility] {
        out.list(slugs.iter(), |out, value| out.text(value.as_str()));
    }
    one_of(&ADMISSIONS, *admission, out);
    out.option(
        Some(offers).filter(|offers| !offers.is_empty()),
        |out, value| json(value, out),
    );
    out.option(series.as_ref(), |out, value| {
        out.text(value.series.as_str());
        out.text(value.edition.as_str());
    });
    out.option(super_event.as_ref(), |out, value| out.text(value.as_str()));
    out.list(sources.iter(), |out, value| write_source(value, uid, out));
    write_owners(owners, out);
    out.option(last_change.as_ref(), |out, value| {
        out.instant(value.at);
        one_of(&CHANGES, value.what, out);
    });
}

/// Reads the output of [`write()`]. Owners and last change, which come last, are skipped depending
/// on `far`.
pub(super) fn read(
    id: EventId,
    slug: Slug,
    uid: Uid,
    from: &mut FieldReader<'_>,
    far: Projection,
) -> Option<Event> {
    let sequence = from.small()?;
    let (created, modified) = (from.instant()?, from.instant()?);
    let (title, status_note) = (read_text(from)?, read_text(from)?);
    let nothing = Schedule::once(When::day(created.date_naive()));
    let mut base = Event::new(slug, uid.clone(), title, nothing, created);
    base.decode_plain_fields(from)?;
    let when = read_when(from)?;
    let recurrence = from.option(read_json)?;
    Some(Event {
        id,
        sequence,
        modified,
        status_note,
        schedule: Schedule { when, recurrence },
        status: read_one_of(&EventStatus::ALL, from)?,
        previous: from.option(read_when)?,
        publication: read_one_of(&PUBLICATIONS, from)?,
        venues: from.list(read_venue)?,
        online_url: from.option(FieldReader::parsed)?,
        organizer: read_organizer(from)?,
        categories: from.list(FieldReader::parsed)?,
        audiences: from.list(FieldReader::parsed)?,
        accessibility: from.list(FieldReader::parsed)?,
        admission: read_one_of(&ADMISSIONS, from)?,
        offers: from.option(read_json)?.unwrap_or_default(),
        series: from.option(|from| {
            let (series, edition) = (from.parsed()?, from.parsed()?);
            Some(EditionRef { series, edition })
        })?,
        super_event: from.option(FieldReader::parsed)?,
        sources: from.list(|from| read_source(&uid, from))?,
        owners: match far {
            Projection::ToTheEnd => read_owners(from)?,
            Projection::WhatIsShown => std::collections::BTreeMap::new(),
        },
        last_change: match far {
            Projection::ToTheEnd => from.option(|from| {
                let (at, what) = (from.instant()?, read_one_of(&CHANGES, from)?);
                Some(LastChange { at, what })
            })?,
            Projection::WhatIsShown => None,
        },
        ..base
    })
}

fn one_of<T: PartialEq + Copy>(all: &[T], one: T, out: &mut FieldWriter) {
    let place = all.iter().position(|item| *item == one);
    let place = place.and_then(|place| u8::try_from(place).ok());
    // A variant missing from its list decodes as damage, which tests of the encoding detect.
    out.byte(place.unwrap_or(u8::MAX));
}

fn read_one_of<T: Copy>(all: &[T], from: &mut FieldReader<'_>) -> Option<T> {
    all.get(usize::from(from.byte()?)).copied()
}

fn json(value: &impl Serialize, out: &mut FieldWriter) {
    let text = serde_json::to_string(value).expect("plain structs with text keys are always JSON");
    out.text(&text);
}

fn read_json<T: DeserializeOwned>(from: &mut FieldReader<'_>) -> Option<T> {
    serde_json::from_str(from.text()?).ok()
}

fn write_text(text: &Text, out: &mut FieldWriter) {
    let there = |(place, lang): (usize, Lang)| u8::from(text.exact(lang).is_some()) << place;
    out.byte(Lang::ALL.into_iter().enumerate().map(there).sum());
    for found in text.iter() {
        out.text(found.text);
    }
}

fn read_text(from: &mut FieldReader<'_>) -> Option<Text> {
    let there = from.byte()?;
    let mut text = Text::default();
    for (place, lang) in Lang::ALL.into_iter().enumerate() {
        if there >> place & 1 == 1 {
            text.set(lang, from.text()?);
        }
    }
    Some(text)
}

impl PlainFieldEncoder for FieldWriter {
    fn text(&mut self, value: &Text) {
        write_text(value, self);
    }

    fn url(&mut self, value: Option<&Url>) {
        self.option(value, |out, value| FieldWriter::text(out, value.as_str()));
    }

    fn images(&mut self, value: &[Image]) {
        self.option(
            Some(value).filter(|value| !value.is_empty()),
            |out, value| json(&value, out),
        );
    }

    fn words(&mut self, value: &[&str]) {
        self.list(value.iter(), |out, value| FieldWriter::text(out, value));
    }
}

impl PlainFieldDecoder for FieldReader<'_> {
    fn text(&mut self) -> Option<Text> {
        read_text(self)
    }

    fn url(&mut self) -> Option<Option<Url>> {
        self.option(FieldReader::parsed)
    }

    fn images(&mut self) -> Option<Vec<Image>> {
        self.option(read_json).map(Option::unwrap_or_default)
    }

    fn words(&mut self) -> Option<Vec<String>> {
        self.list(|from| FieldReader::text(from).map(str::to_owned))
    }
}

fn write_when(when: &When, out: &mut FieldWriter) {
    match when {
        When::AllDay { first, until } => {
            out.byte(0);
            out.date(*first);
            out.date(*until);
        }
        When::TimeToCome { date } => {
            out.byte(1);
            out.date(*date);
        }
        When::Timed { start, end, zone } => {
            out.byte(2);
            out.local(*start);
            out.option(*end, FieldWriter::local);
            one_of(&ZONES, *zone, out);
            if !ZONES.contains(zone) {
                out.text(zone.name());
            }
        }
    }
}

fn read_when(from: &mut FieldReader<'_>) -> Option<When> {
    Some(match from.byte()? {
        0 => When::AllDay {
            first: from.date()?,
            until: from.date()?,
        },
        1 => When::TimeToCome { date: from.date()? },
        _ => When::Timed {
            start: from.local()?,
            end: from.option(FieldReader::local)?,
            zone: match from.byte()? {
                u8::MAX => from.parsed()?,
                place => *ZONES.get(usize::from(place))?,
            },
        },
    })
}

fn write_venue(venue: &Venue, out: &mut FieldWriter) {
    match venue {
        Venue::Place(slug) => {
            out.byte(0);
            out.text(slug.as_str());
        }
        Venue::Described {
            name,
            address: None,
            municipality: None,
            coordinates: None,
        } => {
            out.byte(1);
            out.text(name);
        }
        Venue::Described { .. } => {
            out.byte(2);
            json(venue, out);
        }
    }
}

fn read_venue(from: &mut FieldReader<'_>) -> Option<Venue> {
    Some(match from.byte()? {
        0 => Venue::Place(from.parsed()?),
        1 => Venue::named(from.text()?),
        _ => read_json(from)?,
    })
}

fn write_organizer(organizer: Option<&OrganizerRef>, out: &mut FieldWriter) {
    match organizer {
        None => out.byte(0),
        Some(OrganizerRef::Organizer(slug)) => {
            out.byte(1);
            out.text(slug.as_str());
        }
        Some(OrganizerRef::Described { name, url }) => {
            out.byte(2);
            out.text(name);
            out.option(url.as_ref(), |out, value| out.text(value.as_str()));
        }
    }
}

fn read_organizer(from: &mut FieldReader<'_>) -> Option<Option<OrganizerRef>> {
    Some(match from.byte()? {
        0 => None,
        1 => Some(OrganizerRef::Organizer(from.parsed()?)),
        _ => Some(OrganizerRef::Described {
            name: from.text()?.to_owned(),
            url: from.option(FieldReader::parsed)?,
        }),
    })
}
