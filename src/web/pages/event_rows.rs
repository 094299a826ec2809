//! Occurrences as rows and headings.

use chrono::NaiveDate;

use super::event_list::{Dated, EventRow, StatusMark};
use super::picture::first_picture;
use super::{Bar, PageContext};
use crate::catalog::{EventOccurrence, caught};
use calendar_domain::{Admission, EventStatus, When};
use calendar_language::{Year, capitalised};

impl PageContext {
    /// Formats a time for the head of a page: «Fredag 6. til søndag 15. august 2027».
    #[must_use]
    pub fn full_time(&self, when: &When) -> String {
        let seen = when.seen_in(self.snapshot.region().time_zone);
        let written = match seen {
            When::AllDay { .. } => {
                let (first, last) = self.days(&seen);
                self.words.weekday_dates(first, last, Year::Said)
            }
            _ => {
                let zone = self.snapshot.region().time_zone;
                self.words.when_in(when, zone, Year::Said)
            }
        };
        capitalised(&written)
    }

    /// Returns the label for a change of an occurrence.
    #[must_use]
    pub fn mark(&self, happening: &EventOccurrence) -> Option<StatusMark> {
        let (status, before) = happening.standing();
        // Past occurrences are not tentative any more.
        if status == EventStatus::Tentative && self.days(&happening.when).1 < self.today() {
            return None;
        }
        self.mark_of(status, before.as_ref())
    }

    /// Returns «Få plasser igjen», «Utsolgt» or «Fullt»; empty if there are places or the occurrence is cancelled or over.
    #[must_use]
    pub fn places_left(&self, happening: &EventOccurrence) -> String {
        let is_over = self.days(&happening.when).1 < self.today();
        if is_over || happening.status() == EventStatus::Cancelled {
            return String::new();
        }
        let (left, admission) = (happening.availability(), happening.event.admission);
        let label = self.words.availability_label(left, admission);
        label.unwrap_or_default()
    }

    /// Returns the label of a status, with the previous time.
    #[must_use]
    pub fn mark_of(&self, status: EventStatus, before: Option<&When>) -> Option<StatusMark> {
        let detail = match (status, before) {
            (EventStatus::Rescheduled | EventStatus::Postponed, Some(before)) => {
                let zone = self.snapshot.region().time_zone;
                self.words.was_before(before, zone)
            }
            _ => String::new(),
        };
        StatusMark::new(status, detail, self.words)
    }

    /// Returns the rows of occurrences. An occurrence that cannot be rendered is logged and left out.
    pub fn rows(&self, happenings: &[EventOccurrence]) -> impl Iterator<Item = Dated> {
        let row = |occurrence: &EventOccurrence| {
            let row = caught(|| self.row(occurrence));
            row.inspect_err(|why| {
                tracing::error!(event = %occurrence.event.id, why, "skipped an event on a page");
            })
            .ok()
        };
        happenings.iter().filter_map(row)
    }

    /// Returns the row of an occurrence, under its first day.
    #[must_use]
    pub fn row(&self, happening: &EventOccurrence) -> Dated {
        let event = &happening.event;
        let (first, last) = self.days(&happening.when);
        let mut tags: Vec<String> = self
            .categories(&event.categories)
            .into_iter()
            .map(|link| link.label.text)
            .collect();
        if event.admission == Admission::Free {
            tags.push(self.words.say("tag-free").into_owned());
        }
        let row = EventRow {
            url: self.paths.event(event.slug.as_str()),
            title: self.said(happening.title()),
            time: self.time_column(happening, first, last),
            summary: self.said(&event.summary),
            place: self.place_line(happening.status(), happening.venues()),
            tags,
            mark: self.mark(happening),
            places_left: self.places_left(happening),
            bar: Bar::new(first, last, self.today()),
            picture: first_picture(self, event),
        };
        Dated { day: first, row }
    }

    /// Formats the time for a list by day.
    fn time_column(
        &self,
        happening: &EventOccurrence,
        first: NaiveDate,
        last: NaiveDate,
    ) -> String {
        if last > first {
            return self.words.dates(first, last, Year::Left);
        }
        match &happening.when {
            // A tentative date implies nothing about hours.
            When::AllDay { .. } if happening.status() == EventStatus::Tentative => String::new(),
            When::AllDay { .. } => self.words.say("all-day").into_owned(),
            When::Timed { .. } => {
                let zone = self.snapshot.region().time_zone;
                self.words.hours_in(&happening.when, zone)
            }
            When::TimeToCome { .. } => self.words.hours_to_come(),
        }
    }
}
