//! Content of events in the stories. There are few titles, times and places, so that similar events are
//! frequent and unambiguous.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use calendar_domain::{EventStatus, OrganizerRef};

use crate::*;

/// The fields that stories change.
pub const FIELDS: [Field; 7] = [
    Field::Title,
    Field::Schedule,
    Field::Venues,
    Field::Status,
    Field::Description,
    Field::Organizer,
    Field::Categories,
];

/// Clearly different titles, each with a place. The last one is an event of several days.
pub const TITLES: [(&str, &str); 4] = [
    ("Sommerkonsert i parken", "Kirkeparken"),
    ("Bingo og lotteri", "Grendehuset"),
    ("Foredrag om tømmerfløting", "Skogmuseet"),
    ("Utstilling: akvareller", "Galleriet"),
];
/// Number of evening slots; the exhibition slots follow.
pub const EVENINGS: usize = 6;
const DAYS: [u32; 3] = [16, 18, 22];
const EXHIBITIONS: [(u32, u32); 3] = [(14, 19), (15, 31), (18, 20)];
pub const CATEGORIES: [&str; 2] = ["music", "sport"];

/// Returns the schedule of a slot.
pub fn schedule(slot: usize) -> Schedule {
    match slot.checked_sub(EVENINGS) {
        None => {
            let (day, hour) = (DAYS[slot / 2], if slot.is_multiple_of(2) { 18 } else { 21 });
            at(&format!("2027-01-{day:02}T{hour}:00:00"))
        }
        Some(exhibition) => {
            let (first, last) = EXHIBITIONS[exhibition];
            Schedule::once(When::days(january(first), january(last)))
        }
    }
}

fn january(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

pub fn first_day(slot: usize) -> NaiveDate {
    schedule(slot).when.start().date()
}

pub fn last_day(slot: usize) -> NaiveDate {
    match slot.checked_sub(EVENINGS) {
        None => first_day(slot),
        Some(exhibition) => january(EXHIBITIONS[exhibition].1),
    }
}

/// Returns the slots that an event of a title can have.
pub fn slots_of(title: usize) -> std::ops::Range<usize> {
    if title + 1 == TITLES.len() {
        EVENINGS..EVENINGS + EXHIBITIONS.len()
    } else {
        0..EVENINGS
    }
}

/// Returns true if two slots can be of one event: they are equal, or one is the date of the other.
pub fn may_be_same_time(one: usize, other: usize) -> bool {
    let is_day = |slot: usize| slot >= EVENINGS;
    one == other || is_day(one) != is_day(other) && first_day(one) == first_day(other)
}

/// Returns the start of a slot.
pub fn begins(slot: usize) -> DateTime<Utc> {
    schedule(slot).when.begins("Europe/Oslo".parse().unwrap())
}

/// Content of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub slot: usize,
    pub place: String,
    pub cancelled: bool,
    pub text: String,
    pub organizer: String,
    pub category: String,
}

impl Words {
    pub fn of(event: &Event) -> Self {
        let slots = 0..EVENINGS + EXHIBITIONS.len();
        let described = |venue: &Venue| match venue {
            Venue::Described { name, .. } => name.clone(),
            Venue::Place(slug) => slug.to_string(),
        };
        let organizer = match &event.organizer {
            Some(OrganizerRef::Described { name, .. }) => name.clone(),
            Some(OrganizerRef::Organizer(slug)) => slug.to_string(),
            None => String::new(),
        };
        Self {
            title: event.title.get(Lang::Nb).to_owned(),
            slot: slots
                .into_iter()
                .find(|slot| schedule(*slot) == event.schedule)
                .unwrap_or(usize::MAX),
            place: event.venues.first().map(described).unwrap_or_default(),
            cancelled: event.status == EventStatus::Cancelled,
            text: event.description.get(Lang::Nb).to_owned(),
            organizer,
            category: event
                .categories
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        }
    }

    pub fn is_blank(&self, field: Field) -> bool {
        match field {
            Field::Venues => self.place.is_empty(),
            Field::Description => self.text.is_empty(),
            Field::Organizer => self.organizer.is_empty(),
            Field::Categories => self.category.is_empty(),
            _ => false,
        }
    }

    pub fn take(&mut self, field: Field, from: &Self) {
        match field {
            Field::Title => self.title.clone_from(&from.title),
            Field::Schedule => self.slot = from.slot,
            Field::Venues => self.place.clone_from(&from.place),
            Field::Status => self.cancelled = from.cancelled,
            Field::Description => self.text.clone_from(&from.text),
            Field::Organizer => self.organizer.clone_from(&from.organizer),
            Field::Categories => self.category.clone_from(&from.category),
            other => panic!("{other:?} is in no story"),
        }
    }

    pub fn agrees(&self, field: Field, other: &Self) -> bool {
        let mut same = self.clone();
        same.take(field, other);
        same == *self
    }

    /// Returns how far apart two descriptions of clearly the same event are: 0 if title, time and place are equal,
    /// 1 if one of them has only the date. `None` if they are not clearly the same event.
    pub fn distance(&self, other: &Self) -> Option<u8> {
        let is_alike = (&self.title, &self.place) == (&other.title, &other.place)
            && may_be_same_time(self.slot, other.slot);
        is_alike.then(|| u8::from(self.slot != other.slot))
    }

    /// Returns true if title, time and place are equal.
    pub fn is_same_event(&self, other: &Self) -> bool {
        (&self.title, self.slot, &self.place) == (&other.title, other.slot, &other.place)
    }
}

/// An event in a partner's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub origin: String,
    pub uid: String,
    pub secondhand: bool,
    pub words: Words,
}

impl Entry {
    pub fn draft(&self) -> EventDraft {
        let words = &self.words;
        let mut draft =
            EventDraft::new(&*self.origin, Text::nb(&*words.title), schedule(words.slot));
        draft.uid = self.uid.parse().ok();
        draft.secondhand = self.secondhand;
        if words.cancelled {
            draft.status = EventStatus::Cancelled;
        }
        draft.venues = vec![Venue::named(&*words.place)];
        if !words.text.is_empty() {
            draft.description = Text::nb(&*words.text);
        }
        draft.organizer = (!words.organizer.is_empty()).then(|| OrganizerRef::Described {
            name: words.organizer.clone(),
            url: None,
        });
        draft.categories = (!words.category.is_empty())
            .then(|| words.category.clone())
            .into_iter()
            .collect();
        draft
    }
}

/// A response of a partner.
#[derive(Debug, Clone)]
pub struct Answer {
    pub entries: Vec<Entry>,
    /// Unreadable events.
    pub unread: Vec<String>,
    pub gone: Vec<String>,
    pub listing: Listing,
}

impl Answer {
    pub fn whole(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            unread: Vec::new(),
            gone: Vec::new(),
            listing: Listing::Whole,
        }
    }

    pub fn told(&self) -> FetchedBatch {
        let drafts = self.entries.iter();
        let mut items: Vec<ParsedItem> = drafts
            .map(|draft| ParsedItem::Event(Box::new(draft.draft())))
            .collect();
        let unread = self.unread.iter().cloned();
        items.extend(unread.map(|origin_id| ParsedItem::Unread { origin_id }));
        let gone = self.gone.iter().cloned();
        items.extend(gone.map(|origin_id| ParsedItem::Gone { origin_id }));
        FetchedBatch {
            items,
            listing: self.listing,
            ..FetchedBatch::default()
        }
    }

    /// Returns the origin ids in the response.
    pub fn names(&self) -> BTreeSet<&str> {
        let entries = self.entries.iter().map(|entry| entry.origin.as_str());
        entries
            .chain(self.unread.iter().map(String::as_str))
            .collect()
    }
}
