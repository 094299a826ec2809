//! An event as the catalog holds it: with what has to be looked up to judge it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::recurrence::Limits;
use crate::domain::{Event, EventStatus, Occurrence, Override, Start, Text, Venue, When, Window};

use super::packed::Packed;
use super::sheet::moment;
use super::skipped::caught;

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
        #[cfg(test)]
        {
            use super::tests::skipped::PANICS;
            assert_ne!(event.title.nb.as_deref(), Some(PANICS));
        }
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

    /// The times of its happenings that touch the window. `event` is its own.
    pub(super) fn times_in(&self, event: &Event, window: Window) -> Vec<When> {
        #[cfg(test)]
        {
            use super::tests::skipped::PANICS_LATER;
            let is_later = window.until.to_string().as_str() > PANICS_LATER.1;
            assert!(!is_later || event.title.nb.as_deref() != Some(PANICS_LATER.0));
        }
        if !self.recurs {
            let there = self.may_touch(window);
            return Vec::from_iter(there.then(|| event.schedule.when.clone()));
        }
        let found = self.occurrences(event, window).into_iter();
        found.map(|it| it.when).collect()
    }

    /// A rule that exceeds the limits gives none, and neither does one that panics: such a rule is refused
    /// at the door, and an old record must not take a page down.
    fn occurrences<'e>(&self, event: &'e Event, window: Window) -> Vec<Occurrence<'e>> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        match caught(|| event.schedule.occurrences(window, &Limits::default())) {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::warn!(event = %self.id(), %error, "rule exceeds the limits");
                Vec::new()
            }
            Err(why) => {
                tracing::error!(event = %self.id(), why, "the dates of an event are left out");
                Vec::new()
            }
        }
    }

    /// Its happenings that touch the window, in order.
    #[must_use]
    pub fn happenings(self: &Arc<Self>, window: Window) -> Vec<Happening> {
        if !self.may_touch(window) {
            return Vec::new();
        }
        self.happenings_of(&self.event(), window)
    }

    fn happenings_of(self: &Arc<Self>, event: &Arc<Event>, window: Window) -> Vec<Happening> {
        let of = |occurrence: Occurrence<'_>| Happening {
            entry: Arc::clone(self),
            event: Arc::clone(event),
            recurrence_id: occurrence.recurrence_id,
            when: occurrence.when,
            change: occurrence.change.cloned(),
        };
        let found = self.occurrences(event, window).into_iter();
        found.map(of).collect()
    }

    /// Its happenings that begin on a day of the region's zone at a [`moment`] of it. `event` is its own;
    /// that it begins there is known.
    pub(super) fn beginning(
        self: &Arc<Self>,
        event: &Arc<Event>,
        day: NaiveDate,
        at: u32,
        zone: Tz,
    ) -> Vec<Happening> {
        if let Some((recurrence_id, when)) = self.plain_at(event, day, at, zone) {
            return vec![Happening {
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
        found.retain(|it| begins_at(&it.when, day, at, zone));
        found
    }

    /// The happening of an event that happens once, or again and again by a rule at one time of day: all
    /// of these begin like the first.
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

    /// Whether it has a happening in the window.
    #[must_use]
    pub fn happens_in(self: &Arc<Self>, window: Window) -> bool {
        self.may_touch(window) && (!self.recurs || !self.happenings(window).is_empty())
    }
}

/// Whether a time begins on a day, at a [`moment`] of it.
fn begins_at(when: &When, day: NaiveDate, at: u32, zone: Tz) -> bool {
    when.days_touched(zone).start == day && moment(when, day, zone) == at
}

impl Happening {
    /// What becomes of it.
    #[must_use]
    pub fn status(&self) -> EventStatus {
        let own = self.change.as_ref().and_then(|change| change.status);
        own.unwrap_or(self.event.status)
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
        let before = match status {
            EventStatus::Rescheduled | EventStatus::Postponed => self.event.previous.clone(),
            _ => None,
        };
        (status, before)
    }

    /// The time that the schedule gives it, where it is at another.
    fn moved_from(&self) -> Option<When> {
        let own = self.change.as_ref()?.when.as_ref()?;
        let usual = self.event.schedule.when.occurring_at(self.recurrence_id?)?;
        (own.begins(Tz::UTC) != usual.begins(Tz::UTC)).then_some(usual)
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
