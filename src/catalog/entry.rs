//! Events as the catalog stores them, with derived data for queries.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::{
    Availability, Event, EventStatus, Occurrence, Override, Start, Text, Venue, When, Window,
};

use super::day_bucket::moment;
use super::encoded::EncodedEvent;
use super::panics::caught;

/// A published event with data derived from it.
///
/// An event gets a new entry exactly when something shown with it changes: the event itself, a
/// category, audience, place, organizer, partner or series that it refers to, the title or slug of
/// the event that it is part of, or the region. Anything derived from an entry is therefore valid
/// as long as the snapshot has that same [`Arc`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    packed: EncodedEvent,
    /// First day it touches, in the region's zone.
    pub first: NaiveDate,
    /// Day after the last one it touches; `None` if it recurs without end.
    pub until: Option<NaiveDate>,
    modified: DateTime<Utc>,
    status: EventStatus,
    recurs: bool,
    has_overrides: bool,
    is_part: bool,
}

fn has_overrides(event: &Event) -> bool {
    let recurrence = event.schedule.recurrence.as_ref();
    recurrence.is_some_and(|recurrence| !recurrence.overrides.is_empty())
}

/// An occurrence of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventOccurrence {
    /// Catalog entry of the event.
    pub entry: Arc<Entry>,
    /// The event.
    pub event: Arc<Event>,
    /// Original start; `None` for an event without recurrence.
    pub recurrence_id: Option<Start>,
    /// Time of the occurrence.
    pub when: When,
    /// Override of the occurrence, if any.
    pub change: Option<Override>,
}

impl Entry {
    /// Returns the entry of an event; `zone` is the region's.
    #[must_use]
    pub fn new(event: &Event, zone: Tz) -> Self {
        Self::with(EncodedEvent::new(event), event, zone)
    }

    /// Returns the entry of an encoded event.
    pub(super) fn with(packed: EncodedEvent, event: &Event, zone: Tz) -> Self {
        #[cfg(test)]
        {
            use super::tests::skipped::PANICS;
            assert_ne!(event.title.exact(calendar_domain::Lang::Nb), Some(PANICS));
        }
        let (first, until) = event.schedule.span(zone);
        Self {
            packed,
            first,
            until,
            modified: event.modified,
            status: event.effective_status(),
            recurs: event.schedule.recurrence.is_some(),
            has_overrides: has_overrides(event),
            is_part: event.super_event.is_some(),
        }
    }

    /// Decodes the event, again on each call; the key, slug, status and modification time are
    /// available without decoding.
    #[must_use]
    pub fn event(&self) -> Arc<Event> {
        Arc::new(self.packed.event())
    }

    /// Decodes the fields of the event that indexes use, which is cheaper than all of it.
    pub(super) fn shown(&self) -> Event {
        self.packed.shown()
    }

    /// Returns the event's key.
    #[must_use]
    pub fn id(&self) -> &str {
        self.packed.id()
    }

    /// Returns the slug of the event's page.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.packed.slug()
    }

    /// Returns the event's `UID`.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.packed.uid()
    }

    /// Returns the event's [status](Event::effective_status).
    #[must_use]
    pub fn status(&self) -> EventStatus {
        self.status
    }

    /// Returns the time of the event's last change.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        self.modified
    }

    pub(super) fn packed(&self) -> &EncodedEvent {
        &self.packed
    }

    /// Returns true if the event recurs.
    #[must_use]
    pub fn recurs(&self) -> bool {
        self.recurs
    }

    /// Returns true if some occurrences have values of their own. Without, all have the status and places of the event.
    #[must_use]
    pub fn has_overrides(&self) -> bool {
        self.has_overrides
    }

    /// Returns true if the event is part of another.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.is_part
    }

    /// Returns true if an occurrence may touch the window; exact for an event without recurrence.
    pub(super) fn may_touch(&self, window: Window) -> bool {
        self.first < window.until && self.until.is_none_or(|until| until > window.from)
    }

    /// Returns the times of the occurrences that touch the window. `event` is the decoded event.
    pub(super) fn times_in(&self, event: &Event, window: Window) -> Vec<When> {
        #[cfg(test)]
        {
            use super::tests::skipped::PANICS_LATER;
            let is_later = window.until.to_string().as_str() > PANICS_LATER.1;
            assert!(
                !is_later || event.title.exact(calendar_domain::Lang::Nb) != Some(PANICS_LATER.0)
            );
        }
        if !self.recurs {
            let there = self.may_touch(window);
            return Vec::from_iter(there.then(|| event.schedule.when.clone()));
        }
        let found = self.occurrences(event, window).into_iter();
        found.map(|occurrence| occurrence.when).collect()
    }

    /// Returns no occurrences if the rule exceeds the limits or panics. Such rules are rejected on
    /// input, and an old record must not break a page.
    fn occurrences<'e>(&self, event: &'e Event, window: Window) -> Vec<Occurrence<'e>> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        match caught(|| {
            event
                .schedule
                .occurrences(window, &ExpansionLimits::default())
        }) {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::warn!(event = %self.id(), %error, "rule exceeds the limits");
                Vec::new()
            }
            Err(why) => {
                tracing::error!(event = %self.id(), why, "skipped the dates of an event");
                Vec::new()
            }
        }
    }

    /// Returns the occurrences that touch the window, in order.
    #[must_use]
    pub fn happenings(self: &Arc<Self>, window: Window) -> Vec<EventOccurrence> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        self.happenings_of(&self.event(), window)
    }

    /// Returns the occurrences that touch the window, in order. `event` is the decoded event.
    pub(super) fn happenings_of(
        self: &Arc<Self>,
        event: &Arc<Event>,
        window: Window,
    ) -> Vec<EventOccurrence> {
        let found = self.occurrences(event, window).into_iter();
        found
            .map(|occurrence| self.occurrence(event, occurrence))
            .collect()
    }

    /// Returns the occurrence that represents the event (see [`Schedule::leading`]); `None` if the
    /// event has no dates.
    ///
    /// [`Schedule::leading`]: calendar_domain::Schedule::leading
    #[must_use]
    pub fn leading(self: &Arc<Self>, event: &Arc<Event>) -> Option<EventOccurrence> {
        let occurrence = event.schedule.leading()?;
        Some(self.occurrence(event, occurrence))
    }

    /// Returns true unless every date of the event is excluded.
    pub(super) fn has_dates(&self) -> bool {
        !self.recurs || self.event().schedule.leading().is_some()
    }

    fn occurrence(
        self: &Arc<Self>,
        event: &Arc<Event>,
        occurrence: Occurrence<'_>,
    ) -> EventOccurrence {
        EventOccurrence {
            entry: Arc::clone(self),
            event: Arc::clone(event),
            recurrence_id: occurrence.recurrence_id,
            when: occurrence.when,
            change: occurrence.change.cloned(),
        }
    }

    /// Returns the occurrences that begin on a day of the region's zone at a given [`moment`].
    /// `event` is the decoded event, known to begin there.
    pub(super) fn beginning(
        self: &Arc<Self>,
        event: &Arc<Event>,
        day: NaiveDate,
        at: u32,
        zone: Tz,
    ) -> Vec<EventOccurrence> {
        if let Some((recurrence_id, when)) = self.plain_at(event, day, at, zone) {
            return vec![EventOccurrence {
                entry: Arc::clone(self),
                event: Arc::clone(event),
                recurrence_id,
                when,
                change: None,
            }];
        }
        let window = Window {
            from: day,
            until: day.succ_opt().unwrap_or(day),
            zone,
        };
        let mut found = self.happenings_of(event, window);
        found.retain(|happening| begins_at(&happening.when, day, at, zone));
        found
    }

    /// Returns the occurrence of an event without recurrence, or with a rule at a single time of
    /// day, which follows from the first start.
    fn plain_at(
        &self,
        event: &Event,
        day: NaiveDate,
        at: u32,
        zone: Tz,
    ) -> Option<(Option<Start>, When)> {
        let when = &event.schedule.when;
        let Some(recurrence) = &event.schedule.recurrence else {
            return Some((None, when.on_clock()));
        };
        let rule = event.schedule.rule()?;
        let is_plain = recurrence.rdates.is_empty()
            && recurrence.overrides.is_empty()
            && !rule.freq.is_sub_daily()
            && !rule.has_times();
        let start = match when {
            When::Timed { start, .. } => Start::Local(day.and_time(start.time())),
            When::AllDay { .. } | When::TimeToCome { .. } => Start::Date(day),
        };
        let when = when.occurring_at(start).filter(|_| is_plain)?;
        begins_at(&when, day, at, zone).then_some((Some(start), when))
    }

    /// Returns true if an occurrence touches the window.
    #[must_use]
    pub fn happens_in(self: &Arc<Self>, window: Window) -> bool {
        self.may_touch(window) && (!self.recurs || !self.happenings(window).is_empty())
    }
}

/// Returns true if a time begins on a day at the given [`moment`].
fn begins_at(when: &When, day: NaiveDate, at: u32, zone: Tz) -> bool {
    when.days_touched(zone).start == day && moment(when, day, zone) == at
}

impl EventOccurrence {
    /// Returns its status.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        let own = self.change.as_ref().and_then(|change| change.status);
        own.unwrap_or(self.event.status)
    }

    /// Returns whether there are places left.
    #[must_use]
    pub fn availability(&self) -> Availability {
        let own = self.change.as_ref().and_then(|change| change.availability);
        own.unwrap_or(self.event.availability)
    }

    /// Returns what becomes of it, and the time it had before: an occurrence at another time than the
    /// schedule gives it is rescheduled.
    #[must_use]
    pub fn standing(&self) -> (EventStatus, Option<When>) {
        let status = self.status();
        if let EventStatus::Scheduled | EventStatus::Rescheduled = status
            && let Some(usual) = self.moved_from()
        {
            return (EventStatus::Rescheduled, Some(usual));
        }
        // The previous time of an event is that of its first occurrence.
        let is_first = self
            .recurrence_id
            .is_none_or(|id| id == self.event.schedule.when.start());
        let before = match status {
            EventStatus::Rescheduled | EventStatus::Postponed if is_first => {
                self.event.previous.clone()
            }
            _ => None,
        };
        (status, before)
    }

    /// Its regular time, if it was moved.
    fn moved_from(&self) -> Option<When> {
        let own = self.change.as_ref()?.when.as_ref()?;
        let usual = self.event.schedule.when.occurring_at(self.recurrence_id?)?;
        (own.begins(Tz::UTC) != usual.begins(Tz::UTC)).then_some(usual)
    }

    /// Returns its title.
    #[must_use]
    pub fn title(&self) -> &Text {
        match &self.change {
            Some(change) if !change.title.is_empty() => &change.title,
            _ => &self.event.title,
        }
    }

    /// Returns its places.
    #[must_use]
    pub fn venues(&self) -> &[Venue] {
        let own = self
            .change
            .as_ref()
            .and_then(|change| change.venues.as_deref());
        own.unwrap_or(&self.event.venues)
    }

    /// Returns a total order for display: by day in `zone`, all-day events first, then start, then
    /// id.
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
