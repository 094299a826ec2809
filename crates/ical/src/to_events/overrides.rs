//! Converts events with RECURRENCE-ID, and RDATEs with an end, to domain overrides.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;

use super::super::finding::{Reason, Severity};
use super::super::occurrences::{OverrideSet, StartSet, override_key, shift_of};
use super::super::read::{CalTime, ReadEnd, ReadEvent};
use super::Converter;
use super::clock::EventClock;
use super::schedule::{LISTED, when_at};
use calendar_domain::{
    Availability, EventStatus, Override, Recurrence, Schedule, Start, Text, Venue, When,
};

/// Number of years for which RANGE=THISANDFUTURE is expanded.
const YEARS_AHEAD: i64 = 5;

/// Maximum number of such ranges per event.
const RANGES: usize = 20;

/// Domain overrides by the start they replace.
type Found = BTreeMap<Start, Override>;

impl Converter<'_> {
    /// Adds changed occurrences to the schedule.
    pub(super) fn overrides(
        &mut self,
        event: &ReadEvent,
        changes: &[&ReadEvent],
        clock: EventClock,
        schedule: &mut Schedule,
    ) {
        let mut single = OverrideSet::new();
        for change in changes {
            if let Some(id) = &change.recurrence_id {
                single.insert(override_key(&id.time, &event.start), *change);
            }
        }
        StartSet::new(event, &self.rule_limits).remove_leftovers(&mut single);
        self.report_of_nothing(event, &single);
        // Findings about the event itself are reported with its draft.
        let reported = self.findings.len();
        let told = self.occurrence_texts(event);
        self.findings.truncate(reported);
        let master = Master { event, clock, told };
        let mut found = periods(&master, schedule);
        self.onward(&master, &single, schedule, &mut found);
        for (local, change) in &single {
            let id = master.id_at(*local);
            found.insert(
                id,
                self.change(&master, change, (id, &change.start), schedule),
            );
        }
        self.drop_usual(&master, &mut found);
        let Some(recurrence) = &mut schedule.recurrence else {
            return;
        };
        recurrence.overrides = found;
        if *recurrence == Recurrence::default() {
            schedule.recurrence = None;
        }
    }

    /// Reports changes of dates on which the event does not occur: they are occurrences of their own.
    fn report_of_nothing(&mut self, event: &ReadEvent, single: &OverrideSet<'_>) {
        let (Some((first, _)), Some((last, _))) =
            (single.first_key_value(), single.last_key_value())
        else {
            return;
        };
        let Some(end) = last.checked_add_signed(Duration::seconds(1)) else {
            return;
        };
        let set = StartSet::new(event, &self.rule_limits);
        let listed = set.listed(&(*first..end));
        if !set.into_faults().is_empty() {
            return;
        }
        let is_of_nothing =
            |id: &NaiveDateTime| *id != event.start.local() && !listed.contains_key(id);
        for (id, change) in single.iter().filter(|(id, _)| is_of_nothing(id)) {
            let detail =
                format!("the event does not occur on {id}; kept as an additional occurrence");
            let (property, reason) = ("RECURRENCE-ID", Reason::OverrideOfNothing);
            self.report(change, property, reason, Severity::Warning, detail);
        }
    }

    /// Removes overrides that are equal to the regular occurrence. This program's feeds write such
    /// overrides for some nights, for programs that would misinterpret the rule
    /// (`write/nights.rs`).
    fn drop_usual(&self, master: &Master<'_>, found: &mut Found) {
        let nothing = Override::default();
        let set = StartSet::new(master.event, &self.rule_limits);
        found.retain(|id, change| {
            let local = id.local();
            let Some(end) = local.checked_add_signed(Duration::seconds(1)) else {
                return true;
            };
            *change != nothing || set.listed(&(local..end)).is_empty()
        });
    }

    /// Expands RANGE=THISANDFUTURE: adds an override for each later start, up to the next range.
    fn onward(
        &mut self,
        master: &Master<'_>,
        single: &OverrideSet<'_>,
        schedule: &Schedule,
        found: &mut Found,
    ) {
        let is_range = |change: &ReadEvent| {
            change
                .recurrence_id
                .as_ref()
                .is_some_and(|id| id.this_and_future)
        };
        let ranges: Vec<(NaiveDateTime, &ReadEvent)> = single
            .iter()
            .filter(|(_, change)| is_range(change))
            .map(|(from, change)| (*from, *change))
            .take(RANGES)
            .collect();
        if let Some((_, further)) = single.iter().filter(|(_, c)| is_range(c)).nth(RANGES) {
            let detail = format!(
                "more than {RANGES} times RANGE=THISANDFUTURE; the rest are read as single occurrences"
            );
            let (property, reason) = ("RECURRENCE-ID", Reason::TooMuch);
            self.report(further, property, reason, Severity::Warning, detail);
        }
        for (index, (from, change)) in ranges.iter().enumerate() {
            let far = from.checked_add_signed(Duration::days(YEARS_AHEAD * 366));
            let next = ranges.get(index + 1).map(|(next, _)| *next);
            let end = next.or(far).unwrap_or(NaiveDateTime::MAX);
            let starts = StartSet::new(master.event, &self.rule_limits).starts(&(*from..end));
            if starts.len() > LISTED || (next.is_none() && goes_on(master.event)) {
                let detail = format!(
                    "RANGE=THISANDFUTURE applies to {LISTED} occurrences or {YEARS_AHEAD} years"
                );
                let (property, reason) = ("RECURRENCE-ID", Reason::NotKept);
                self.report(change, property, reason, Severity::Warning, detail);
            }
            let shift = shift_of(*from, change, master.event);
            let starts = starts.into_keys().take(LISTED);
            for start in starts.filter(|start| !single.contains_key(start)) {
                let Some(moved) = start.checked_add_signed(shift) else {
                    continue;
                };
                let (id, at) = (master.id_at(start), master.event.start.at(moved));
                found.insert(id, self.change(master, change, (id, &at), schedule));
            }
        }
    }

    /// Returns the difference between the occurrence that starts at `id` and its event.
    fn change(
        &mut self,
        master: &Master<'_>,
        change: &ReadEvent,
        (id, start): (Start, &CalTime),
        schedule: &Schedule,
    ) -> Override {
        let own = self.when_changed(master, change, start);
        let usual = schedule.when.moved_in_utc(id);
        let told = self.occurrence_texts(change);
        // Compare instants: in a night of a clock change, equal instants may differ in wall time.
        let is_usual = |own: &When| usual == Some(own.seen_in(Tz::UTC));
        let differing = |own: Text, usual: &Text| if own == *usual { Text::default() } else { own };
        let online = told.status == EventStatus::MovedOnline;
        let elsewhere = told.venues != master.told.venues && !change.location.is_empty() && !online;
        Override {
            when: (!is_usual(&own)).then_some(own),
            status: (told.status != master.told.status).then_some(told.status),
            availability: (told.availability != master.told.availability)
                .then_some(told.availability),
            title: differing(told.title, &master.told.title),
            description: differing(told.description, &master.told.description),
            venues: elsewhere.then_some(told.venues),
        }
    }

    /// Returns the time of a changed occurrence. A time in UTC is converted to the clock of the
    /// event if that is exact; any other zone is kept.
    fn when_changed(&self, master: &Master<'_>, change: &ReadEvent, start: &CalTime) -> When {
        if start.is_date() {
            return self.when_told(change, start, EventClock::Days);
        }
        let clock = self.clock(change);
        let own = self.when_told(change, start, clock);
        if clock != EventClock::Wall(Tz::UTC) || master.clock == EventClock::Days {
            return own;
        }
        let on_events = self.when_told(change, start, master.clock);
        if on_events.seen_in(Tz::UTC) == own {
            on_events
        } else {
            own
        }
    }

    /// Reads the fields that an override may change.
    fn occurrence_texts(&mut self, event: &ReadEvent) -> OccurrenceTexts {
        let own = self.own(event);
        let own = own.as_ref();
        let (title, status) = self.title(event, own);
        let (description, venues) = (self.description(event, own), self.venues(event, own).0);
        // For a single occurrence, its time already shows that it was moved.
        let status = match status {
            EventStatus::Rescheduled => EventStatus::Scheduled,
            other => other,
        };
        OccurrenceTexts {
            title,
            status,
            availability: own.map_or_else(Availability::default, |own| own.availability),
            description,
            venues,
        }
    }
}

/// Fields of an event that an override may change.
struct OccurrenceTexts {
    title: Text,
    status: EventStatus,
    availability: Availability,
    description: Text,
    venues: Vec<Venue>,
}

/// The event that overrides belong to, with its clock.
struct Master<'m> {
    event: &'m ReadEvent,
    clock: EventClock,
    told: OccurrenceTexts,
}

impl Master<'_> {
    /// Converts a time of the file to a start of this event.
    fn id(&self, time: &CalTime) -> Start {
        self.clock.start(time, &self.event.start)
    }

    /// Converts a wall time on the event's clock to a start of this event.
    fn id_at(&self, local: NaiveDateTime) -> Start {
        self.id(&self.event.start.at(local))
    }
}

/// Returns overrides for RDATE periods whose length differs from the event's.
fn periods(master: &Master<'_>, schedule: &Schedule) -> Found {
    let periods = master
        .event
        .rdates
        .iter()
        .filter(|rdate| rdate.end != ReadEnd::Missing);
    let changes = periods.filter_map(|rdate| {
        let id = master.id(&rdate.start);
        let when = when_at(master.event, &rdate.start, &rdate.end, master.clock);
        let differs = schedule.when.moved_to(id).as_ref() != Some(&when);
        differs.then(|| {
            (
                id,
                Override {
                    when: Some(when),
                    ..Override::default()
                },
            )
        })
    });
    changes.collect()
}

/// Returns true if the event has a rule without an end.
fn goes_on(master: &ReadEvent) -> bool {
    master.rules.iter().any(|rule| rule.is_endless())
}
