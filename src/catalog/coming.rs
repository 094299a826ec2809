//! The next occurrences of one event, for pages and feeds.

use std::sync::Arc;

use chrono::{Months, NaiveDate};

use calendar_domain::Window;

use super::{Entry, EventOccurrence, Snapshot};

/// How far ahead occurrences are searched if there is none within the feed window.
const FAR: Months = Months::new(120);

/// Search distances for occurrences after the listed ones.
const REACHES: [Months; 2] = [Months::new(24), Months::new(240)];

/// The next occurrences of a recurring event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComingOccurrences {
    /// The occurrences in a window, in order.
    pub listed: Vec<EventOccurrence>,
    /// Whether there are more after the window.
    pub more: bool,
}

impl ComingOccurrences {
    /// Drops occurrences from `most` on.
    #[must_use]
    pub fn first(mut self, most: usize) -> Self {
        self.more |= self.listed.len() > most;
        self.listed.truncate(most);
        self
    }
}

impl Snapshot {
    /// Returns the window of [`coming`](Self::coming) unless a query has days: from today to the
    /// end of the [feed window](Self::feed_window).
    #[must_use]
    pub fn coming_window(&self) -> Window {
        Window {
            from: self.version().today,
            ..self.feed_window()
        }
    }

    /// Returns the occurrences from today on that `keep` accepts: those in
    /// [`coming_window`](Self::coming_window), or later ones if there are none. Empty for an event
    /// without recurrence.
    #[must_use]
    pub fn coming(
        &self,
        entry: &Arc<Entry>,
        keep: impl Fn(&EventOccurrence) -> bool,
    ) -> ComingOccurrences {
        let near = self.coming_window();
        let found = Self::occurrences_in(entry, near, &keep);
        if !found.listed.is_empty() || !found.more {
            return found;
        }
        let far = Window {
            until: near.from.checked_add_months(FAR).unwrap_or(near.until),
            ..near
        };
        Self::occurrences_in(entry, far, &keep)
    }

    /// Returns the occurrences in a window that `keep` accepts. Empty for an event without
    /// recurrence.
    #[must_use]
    pub fn occurrences_in(
        entry: &Arc<Entry>,
        window: Window,
        keep: impl Fn(&EventOccurrence) -> bool,
    ) -> ComingOccurrences {
        if !entry.recurs() {
            return ComingOccurrences::default();
        }
        let mut listed = entry.happenings(window);
        listed.retain(&keep);
        ComingOccurrences {
            listed,
            more: goes_on(entry, window, keep),
        }
    }
}

/// Returns true if an occurrence that `keep` accepts begins after the window.
fn goes_on(entry: &Arc<Entry>, window: Window, keep: impl Fn(&EventOccurrence) -> bool) -> bool {
    let Some(end) = entry.until else {
        return true;
    };
    let begins = |occurrence: &EventOccurrence| occurrence.when.days_touched(window.zone).start;
    let reaches = REACHES.iter().map(|reach| {
        let until = window.until.checked_add_months(*reach);
        until.map_or(end, |until| until.min(end))
    });
    let ends: Vec<NaiveDate> = reaches.chain([end]).collect();
    end > window.until
        && ends.into_iter().any(|until| {
            let rest = Window {
                from: window.until,
                until,
                zone: window.zone,
            };
            let found = entry.happenings(rest);
            found
                .iter()
                .any(|happening| begins(happening) >= rest.from && keep(happening))
        })
}
