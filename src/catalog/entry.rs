//! An event as the catalog holds it: with what has to be looked up to judge it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::recurrence::Limits;
use crate::domain::{Event, EventStatus, Occurrence, Override, Start, Text, Venue, When, Window};

use super::packed::Packed;

/// A published event and what follows from it and from the records it refers to.
///
/// An event gets another entry exactly when something changes that is shown with it: the event
/// itself, a category, audience, place, organizer, partner or series that it names, the title or
/// address of the event that it is a part of, or the region. So whatever was made of an entry holds
/// as long as the snapshot has that very [`Arc`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    packed: Packed,
    /// The first day it touches, in the region's zone.
    pub first: NaiveDate,
    /// The day after the last one it touches; none where it recurs without end.
    pub until: Option<NaiveDate>,
    modified: DateTime<Utc>,
    status: EventStatus,
    recurs: bool,
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
    /// An event as the catalog keeps it; `zone` is the region's.
    #[must_use]
    pub fn of(event: &Event, zone: Tz) -> Self {
        Self::with(Packed::of(event), event, zone)
    }

    /// An event that is packed already.
    pub(super) fn with(packed: Packed, event: &Event, zone: Tz) -> Self {
        let (first, until) = event.schedule.span(zone);
        Self {
            packed,
            first,
            until,
            modified: event.modified,
            status: event.status,
            recurs: event.schedule.recurrence.is_some(),
        }
    }

    /// The event. Unpacked anew each time: ask once, and only for more than the key, address,
    /// status and time of change, which are at hand.
    #[must_use]
    pub fn event(&self) -> Arc<Event> {
        Arc::new(self.packed.event())
    }

    /// As much of the event as an index looks at; cheaper than all of it.
    pub(super) fn shown(&self) -> Event {
        self.packed.shown()
    }

    /// The event's key.
    #[must_use]
    pub fn id(&self) -> &str {
        self.packed.id()
    }

    /// The address of the event's page.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.packed.slug()
    }

    /// The event's `UID`.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.packed.uid()
    }

    /// What happens to the event.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        self.status
    }

    /// When the event changed last.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        self.modified
    }

    pub(super) fn packed(&self) -> &Packed {
        &self.packed
    }

    /// Whether it happens more than once.
    #[must_use]
    pub fn recurs(&self) -> bool {
        self.recurs
    }

    /// Whether a happening can touch the window; where it happens once, whether it does.
    pub(super) fn may_touch(&self, window: Window) -> bool {
        self.first < window.until && self.until.is_none_or(|until| until > window.from)
    }

    /// The days of the window that its happenings touch, rising. `event` is its own.
    pub(super) fn days_in(&self, event: &Event, window: Window) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = Vec::new();
        if !self.recurs {
            let from = self.first.max(window.from).iter_days();
            let last = self.until.unwrap_or(window.until).min(window.until);
            return from.take_while(|day| *day < last).collect();
        }
        for happening in self.occurrences(event, window) {
            let touched = happening.when.days_touched(window.zone);
            let last = touched.end.min(window.until);
            let from = touched.start.max(window.from).iter_days();
            days.extend(from.take_while(|day| *day < last));
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// A rule that exceeds the limits gives none: such a rule is refused at the door, and an old
    /// record must not take a page down.
    fn occurrences<'e>(&self, event: &'e Event, window: Window) -> Vec<Occurrence<'e>> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        let found = event.schedule.occurrences(window, &Limits::default());
        found.unwrap_or_else(|error| {
            tracing::warn!(event = %self.id(), %error, "rule exceeds the limits");
            Vec::new()
        })
    }

    /// Its happenings that touch the window, in order.
    #[must_use]
    pub fn happenings(self: &Arc<Self>, window: Window) -> Vec<Happening> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        let event = self.event();
        let of = |occurrence: Occurrence<'_>| Happening {
            entry: Arc::clone(self),
            event: Arc::clone(&event),
            recurrence_id: occurrence.recurrence_id,
            when: occurrence.when,
            change: occurrence.change.cloned(),
        };
        self.occurrences(&event, window)
            .into_iter()
            .map(of)
            .collect()
    }

    /// Whether it has a happening in the window.
    #[must_use]
    pub fn happens_in(self: &Arc<Self>, window: Window) -> bool {
        self.may_touch(window) && (!self.recurs || !self.happenings(window).is_empty())
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
    pub fn sort_key(&self, zone: Tz) -> (NaiveDate, bool, i64, String) {
        let timed = matches!(self.when, When::Timed { .. });
        let day = self.when.days_touched(zone).start;
        (
            day,
            timed,
            self.when.begins(zone).timestamp(),
            self.event.id.to_string(),
        )
    }
}
