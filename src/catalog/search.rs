//! Questions to a snapshot.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use imbl::OrdSet;

use crate::domain::{EventId, EventStatus, Query, Window};

use super::{Entry, Happening, Snapshot};

/// One page of happenings.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The happenings, in order of their start.
    pub items: Vec<Happening>,
    /// The day that the next page begins with, where there is one.
    pub next: Option<NaiveDate>,
}

/// Events with the happenings that brought them in.
#[derive(Debug, Clone)]
pub struct Found {
    /// The event.
    pub entry: Arc<Entry>,
    /// Its first happening in the window.
    pub first: Option<Happening>,
}

impl Snapshot {
    /// The window of a feed that names no days: three months back to eighteen months ahead.
    #[must_use]
    pub fn feed_window(&self) -> Window {
        let today = self.version.today;
        Window {
            from: today.checked_sub_months(Months::new(3)).unwrap_or(today),
            until: today.checked_add_months(Months::new(18)).unwrap_or(today),
            zone: self.region.time_zone,
        }
    }

    /// The days that a query names, open ends filled from `default`.
    #[must_use]
    pub fn window_of(&self, query: &Query, default: Window) -> Window {
        let until = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        Window {
            from: query.from.unwrap_or(default.from),
            until: until.unwrap_or(default.until),
            zone: default.zone,
        }
    }

    /// The events that a query admits, whatever their days, by key.
    #[must_use]
    pub fn admitted(&self, query: &Query) -> Vec<Arc<Entry>> {
        let admit = |entry: &&Arc<Entry>| query.admits(&entry.event(), &entry.facts);
        match self.index.candidates(query) {
            Some(sets) => {
                let ids = OrdSet::unions(sets);
                ids.iter()
                    .filter_map(|id| self.events.get(id))
                    .filter(admit)
                    .cloned()
                    .collect()
            }
            None => self.events.values().filter(admit).cloned().collect(),
        }
    }

    /// The events of a feed, by key. One without days of its own gets what happens within
    /// [`Self::feed_window`], and the editions of every series, however old; a cancelled event
    /// until its date has passed, so that who planned to come sees it.
    #[must_use]
    pub fn feed(&self, query: &Query) -> Vec<Arc<Entry>> {
        let window = self.window_of(query, self.feed_window());
        let bounded = query.from.is_some() || query.to.is_some();
        let today = self.version.today;
        let gone = |entry: &Entry| {
            entry.event.status == EventStatus::Cancelled
                && entry.until.is_some_and(|until| until <= today)
        };
        let mut found = self.admitted(query);
        found.retain(|entry| match bounded {
            true => entry.happens_in(window),
            false => !gone(entry) && (entry.event.series.is_some() || entry.happens_in(window)),
        });
        found
    }

    /// The happenings in a window that a query admits, in order. The days of the query itself are
    /// not looked at.
    #[must_use]
    pub fn happenings(&self, query: &Query, window: Window) -> Vec<Happening> {
        let mut found: Vec<Happening> = self
            .events_in(query, window)
            .iter()
            .flat_map(|entry| entry.happenings(window))
            .collect();
        found.sort_by(|a, b| a.sort_key(window.zone).cmp(&b.sort_key(window.zone)));
        found
    }

    /// The happenings from a day on, about `limit` of them: whole days, until there are enough.
    /// What began before `from` and still runs comes with the first page.
    #[must_use]
    pub fn agenda(&self, query: &Query, from: NaiveDate, limit: usize) -> Page {
        let zone = self.region.time_zone;
        let horizon = self.days.window();
        let last = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        let until = last.unwrap_or(NaiveDate::MAX).min(horizon.until.max(from));
        if last.is_some() || from < horizon.from || from >= horizon.until {
            let until = last.unwrap_or(horizon.until.max(from + Months::new(24)));
            return cut(
                self.happenings(query, Window { from, until, zone }),
                zone,
                limit,
            );
        }
        let mut enough = until;
        let mut seen: OrdSet<EventId> = OrdSet::new();
        for (day, ids) in self.days.days_from(from) {
            if seen.len() > limit {
                enough = *day;
                break;
            }
            for id in ids {
                if self
                    .events
                    .get(id)
                    .is_some_and(|it| query.admits(&it.event(), &it.facts))
                {
                    seen.insert(id.clone());
                }
            }
        }
        let mut page = cut(
            self.happenings(
                query,
                Window {
                    from,
                    until: enough,
                    zone,
                },
            ),
            zone,
            limit,
        );
        if page.next.is_none() && enough < until {
            page.next = Some(enough);
        }
        page
    }

    /// The events that a query admits and that may happen in a window.
    fn events_in(&self, query: &Query, window: Window) -> Vec<Arc<Entry>> {
        let narrowed = self.index.candidates(query);
        match (narrowed, self.days.events_in(window)) {
            (None, Some(ids)) => {
                let entries = ids.iter().filter_map(|id| self.events.get(id));
                entries
                    .filter(|it| query.admits(&it.event(), &it.facts))
                    .cloned()
                    .collect()
            }
            _ => self.admitted(query),
        }
    }
}

/// Cuts a list behind the day that fills the page.
fn cut(mut items: Vec<Happening>, zone: chrono_tz::Tz, limit: usize) -> Page {
    let day = |it: &Happening| it.when.days_touched(zone).start;
    let Some(last) = items.get(limit.saturating_sub(1)).map(day) else {
        return Page { items, next: None };
    };
    let end = items
        .iter()
        .position(|it| day(it) > last)
        .unwrap_or(items.len());
    let next = items.get(end).map(day);
    items.truncate(end);
    Page { items, next }
}
