//! Which events have images of partners to be copied, or copies to be removed.

use std::collections::BTreeSet;
use std::sync::Arc;

use url::Url;

use crate::catalog::{Calendar, Entry, Snapshot, SnapshotVersion};
use calendar_domain::{EventId, ImageName, ImageSource, KeptImage};
use calendar_store::Store as _;

/// Maximum number of images of an event that are copied.
const OF_EVENT: usize = 6;

/// An event with images to be copied, or with copies to be removed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CopyTask {
    /// The event.
    pub(super) event: EventId,
    /// Images without a copy.
    pub(super) urls: BTreeSet<Url>,
}

/// Finds events by what has changed since it last looked. All events are looked at once a day, since those that are over
/// get no copies.
#[derive(Debug, Default)]
pub(super) struct CopySearch {
    seen: Option<SnapshotVersion>,
    /// Events that had something to be done when they were last looked at.
    pending: BTreeSet<EventId>,
}

impl CopySearch {
    /// Returns the events with something to be done, and the number of events that were looked at.
    pub(super) fn look(&mut self, calendar: &Calendar) -> (Vec<CopyTask>, usize) {
        let snapshot = calendar.snapshot();
        let changed = self
            .seen
            .and_then(|version| snapshot.changes_since(version));
        let task = |entry: &Arc<Entry>| task(calendar, &snapshot, entry);
        let (tasks, looked_at): (Vec<CopyTask>, usize) = if let Some(changed) = changed {
            self.pending.extend(changed.cloned());
            let entries = self.pending.iter().filter_map(|id| snapshot.event(id));
            (entries.filter_map(task).collect(), self.pending.len())
        } else {
            (
                snapshot.events().filter_map(task).collect(),
                snapshot.event_count(),
            )
        };
        self.seen = Some(snapshot.version());
        self.pending = tasks.iter().map(|task| task.event.clone()).collect();
        (tasks, looked_at)
    }
}

/// Returns what is to be done for an event, if anything.
fn task(calendar: &Calendar, snapshot: &Snapshot, entry: &Entry) -> Option<CopyTask> {
    let today = snapshot.version().today;
    let is_over = entry.until.is_some_and(|until| until <= today);
    let event = entry.event();
    if event.images.is_empty() {
        return None;
    }
    let is_permitted = !event.sources.is_empty() && snapshot.permits_images(&event);
    let lacks_copy = |source: &ImageSource| match source {
        ImageSource::Url(url) => Some(url.clone()),
        ImageSource::Copied { url, copy } if !is_there(calendar, copy) => Some(url.clone()),
        ImageSource::Copied { .. } | ImageSource::Kept(_) => None,
    };
    let images = event.images.iter().take(OF_EVENT);
    let urls: BTreeSet<Url> = if is_permitted && !is_over {
        images
            .filter_map(|image| lacks_copy(&image.source))
            .collect()
    } else {
        BTreeSet::new()
    };
    let is_stale = !is_permitted && event.images.iter().any(|image| image.source.is_copy());
    (!urls.is_empty() || is_stale).then(|| CopyTask {
        event: event.id.clone(),
        urls,
    })
}

/// Returns true if all files of a kept image are there.
pub(super) fn is_there(calendar: &Calendar, kept: &KeptImage) -> bool {
    let files = calendar.images();
    let names = kept.files().map(|file| &file.name);
    files.is_some_and(|files| names.into_iter().all(|name: &ImageName| files.has(name)))
}
