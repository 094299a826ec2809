//! An event as the catalog holds it: with what has to be looked up to judge it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::query::{Facts, fold};
use crate::domain::recurrence::Limits;
use crate::domain::{
    Event, EventStatus, Localized, OrganizerRef, Override, Start, Text, Venue, When, Window,
};

use super::Snapshot;

/// A published event and what follows from it and from the records it refers to.
///
/// An event gets another entry exactly when something changes that is shown with it: the event
/// itself, a category, audience, place, organizer, partner or series that it names, the title or
/// address of the event that it is a part of, or the region. So whatever was made of an entry holds
/// as long as the snapshot has that very [`Arc`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub(super) event: Arc<Event>,
    /// What filters look at beside the event itself.
    pub facts: Facts,
    /// The first day it touches, in the region's zone.
    pub first: NaiveDate,
    /// The day after the last one it touches; none where it recurs without end.
    pub until: Option<NaiveDate>,
}

/// One happening of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// What the catalog holds of the event.
    pub entry: Arc<Entry>,
    /// The event.
    pub event: Arc<Event>,
    /// Which of many it is; absent where the event happens once.
    pub recurrence_id: Option<Start>,
    /// Its own time.
    pub when: When,
    /// What differs in it from the event.
    pub change: Option<Override>,
}

impl Entry {
    /// Reads the facts of an event out of the other records.
    pub(super) fn of(event: Arc<Event>, snapshot: &Snapshot) -> Self {
        let (first, until) = event.schedule.span(snapshot.region().time_zone);
        let facts = Facts {
            municipalities: municipalities(&event, snapshot),
            text: searchable(&event, snapshot),
        };
        Self {
            event,
            facts,
            first,
            until,
        }
    }

    /// The event. Made anew each time: ask once, and only who needs more than the key, address,
    /// status and time of change, which are at hand.
    #[must_use]
    pub fn event(&self) -> Arc<Event> {
        Arc::clone(&self.event)
    }

    /// The event's key.
    #[must_use]
    pub fn id(&self) -> &str {
        self.event.id.as_str()
    }

    /// The address of the event's page.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.event.slug.as_str()
    }

    /// The event's `UID`.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.event.uid.as_str()
    }

    /// What happens to the event.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        self.event.status
    }

    /// When the event changed last.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        self.event.modified
    }

    /// Its happenings that touch the window, in order. A rule that exceeds the limits gives none:
    /// such a rule is refused at the door, and an old record must not take a page down.
    #[must_use]
    pub fn happenings(self: &Arc<Self>, window: Window) -> Vec<Happening> {
        if self.first >= window.until || self.until.is_some_and(|until| until <= window.from) {
            return Vec::new();
        }
        let event = self.event();
        let found = event.schedule.occurrences(window, &Limits::default());
        let found = found.unwrap_or_else(|error| {
            tracing::warn!(event = %self.id(), %error, "rule exceeds the limits");
            Vec::new()
        });
        let of = |occurrence: crate::domain::Occurrence<'_>| Happening {
            entry: Arc::clone(self),
            event: Arc::clone(&event),
            recurrence_id: occurrence.recurrence_id,
            when: occurrence.when,
            change: occurrence.change.cloned(),
        };
        found.into_iter().map(of).collect()
    }

    /// Whether it has a happening in the window.
    #[must_use]
    pub fn happens_in(self: &Arc<Self>, window: Window) -> bool {
        !self.happenings(window).is_empty()
    }
}

impl Happening {
    /// What becomes of it.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        let own = self.change.as_ref().and_then(|change| change.status);
        own.unwrap_or(self.event.status)
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &Text {
        match &self.change {
            Some(change) if !change.title.is_empty() => &change.title,
            _ => &self.event.title,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn venues(&self) -> &[Venue] {
        let own = self
            .change
            .as_ref()
            .and_then(|change| change.venues.as_deref());
        own.unwrap_or(&self.event.venues)
    }

    /// What puts happenings in order: the day as seen in `zone`, whole days first, then the
    /// start, then the id, so that the order never wavers.
    #[must_use]
    pub fn sort_key(&self, zone: Tz) -> (NaiveDate, bool, i64, &str) {
        let timed = matches!(self.when, When::Timed { .. });
        let day = self.when.days_touched(zone).start;
        (
            day,
            timed,
            self.when.begins(zone).timestamp(),
            self.event.id.as_str(),
        )
    }
}

fn municipalities(event: &Event, snapshot: &Snapshot) -> BTreeSet<crate::domain::Slug> {
    let region = snapshot.region();
    let mut found = BTreeSet::new();
    for venue in &event.venues {
        let number = match venue {
            Venue::Place(slug) => snapshot
                .place(slug)
                .and_then(|place| place.municipality.clone()),
            Venue::Described { municipality, .. } => municipality.clone(),
        };
        let known = number.and_then(|number| region.municipality(number.as_str()));
        found.extend(known.map(|municipality| municipality.slug.clone()));
    }
    let series = event
        .series
        .as_ref()
        .and_then(|of| snapshot.series(&of.series));
    found.extend(series.and_then(|series| series.municipality.clone()));
    found
}

fn searchable(event: &Event, snapshot: &Snapshot) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let texts = [&event.title, &event.summary, &event.description];
    parts.extend(
        texts
            .into_iter()
            .flat_map(Text::iter)
            .map(|Localized { text, .. }| text),
    );
    let mut owned: Vec<String> = Vec::new();
    for venue in &event.venues {
        match venue {
            Venue::Place(slug) => {
                if let Some(place) = snapshot.place(slug) {
                    owned.push(place.name.clone());
                    owned.extend(place.aliases.iter().cloned());
                }
            }
            Venue::Described { name, .. } => owned.push(name.clone()),
        }
    }
    match &event.organizer {
        Some(OrganizerRef::Organizer(slug)) => {
            owned.extend(
                snapshot
                    .organizer(slug)
                    .map(|organizer| organizer.name.clone()),
            );
        }
        Some(OrganizerRef::Described { name, .. }) => owned.push(name.clone()),
        None => {}
    }
    if let Some(series) = event
        .series
        .as_ref()
        .and_then(|of| snapshot.series(&of.series))
    {
        owned.extend(series.aliases.iter().cloned());
        owned.extend(series.title.iter().map(|found| found.text.to_owned()));
    }
    for slug in &event.categories {
        let name = snapshot
            .category(slug)
            .map(|category| category.name.clone());
        owned.extend(
            name.iter()
                .flat_map(Text::iter)
                .map(|found| found.text.to_owned()),
        );
    }
    parts.extend(owned.iter().map(String::as_str));
    fold(&parts.join("\n"))
}
