//! Which commit last changed each event: what readers of changes follow, each from where it stands.
//!
//! The chronicle is an index in memory, filled from the store when it is first asked and brought up to
//! the present by [`Snapshot::touched_since`] after that: a snapshot holds every commit up to its own
//! without a gap, however many wrote at once, so no commit is skipped. Where the snapshot does not
//! reach back far enough, the index is filled anew.
//!
//! An event stands at the last commit that changed it or a record that is shown with it. One that is
//! no longer to be seen stays, as word that it is gone. What nobody was ever shown is not in it; nor is
//! what a partner does not let us pass on.

mod cursor;
mod fill;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};

use crate::catalog::{Calendar, Entry, Snapshot};
use calendar_domain::{EventId, Publication, Record, RecordKey, RecordKind, Slug, Uid};
use calendar_store::{GenerationId, Store, StoreError};

pub use cursor::{Cursor, CursorError};

/// The changes of a calendar's events, in the order of commits.
pub struct Chronicle {
    calendar: Arc<Calendar>,
    index: Mutex<Index>,
}

/// Some of the changes, and the state of the calendar that they are told of.
#[derive(Debug)]
pub struct Extract {
    /// The state.
    pub snapshot: Arc<Snapshot>,
    /// The changes, in the order of commits, each event once.
    pub items: Vec<Changed>,
    /// Whether there are more after these.
    pub more: bool,
    /// The generation of the commits.
    pub generation: GenerationId,
}

impl Extract {
    /// Returns where a reader stands who has read a change of these.
    #[must_use]
    pub fn cursor(&self, changed: &Changed) -> Cursor {
        Cursor {
            event: Some(changed.id.clone()),
            ..Cursor::after(self.generation, changed.commit)
        }
    }
}

/// An event that changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Which.
    pub id: EventId,
    /// The commit that changed it last.
    pub commit: u64,
    /// When that was.
    pub at: DateTime<Utc>,
    /// What it is now.
    pub now: Now,
}

/// What an event is now.
#[derive(Debug, Clone)]
pub enum Now {
    /// To be seen.
    Shown(Arc<Entry>),
    /// No longer to be seen.
    Gone {
        /// The `UID` that it had.
        uid: Uid,
        /// The address that it had.
        slug: Slug,
    },
}

/// Why there are no changes to tell.
#[derive(Debug, thiserror::Error)]
pub enum ChronicleError {
    /// The reader stands where the calendar has not been: it was put back to an earlier state.
    #[error(
        "it is ahead of this calendar, which was put back to an earlier state; begin again without it"
    )]
    Ahead,
    /// The reader stands at commits that others have taken the numbers of.
    #[error(
        "it was given out before this calendar was restored or set up anew; begin again without it"
    )]
    OtherGeneration,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Default)]
struct Index {
    /// The commit up to which everything is in here; none before it was filled.
    at: Option<u64>,
    known: HashMap<EventId, Known>,
    order: BTreeMap<u64, BTreeSet<EventId>>,
}

/// What is known of one event.
#[derive(Debug, Clone)]
struct Known {
    commit: u64,
    at: DateTime<Utc>,
    /// `UID` and slug, where it is not in the catalog.
    face: Option<Box<(Uid, Slug)>>,
}

impl Chronicle {
    /// The chronicle of a calendar; nothing is read yet.
    #[must_use]
    pub fn new(calendar: Arc<Calendar>) -> Self {
        Self {
            calendar,
            index: Mutex::default(),
        }
    }

    /// The calendar whose it is.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// At most `limit` changes after a cursor. Blocks while the index is filled.
    ///
    /// # Errors
    /// Where the cursor is ahead of the calendar, or the store cannot be read.
    pub fn after(&self, cursor: &Cursor, limit: usize) -> Result<Extract, ChronicleError> {
        let snapshot = self.calendar.snapshot();
        let mut index = self.lock();
        index.follow(&self.calendar, &snapshot)?;
        // Another reader may have come with a later snapshot meanwhile; what it brought is told with a
        // snapshot that has it.
        let at = index.at.unwrap_or_default();
        let snapshot = if snapshot.version().commit < at {
            self.calendar.snapshot()
        } else {
            snapshot
        };
        let generation = self.calendar.generation();
        if cursor.commit > at && cursor.generation.is_none_or(|it| it == generation.id) {
            return Err(ChronicleError::Ahead);
        }
        if !generation.includes(cursor.generation, cursor.commit) {
            return Err(ChronicleError::OtherGeneration);
        }
        let mut items = Vec::new();
        let later = index.order.range(cursor.commit..=at);
        let later = later.flat_map(|(commit, ids)| ids.iter().map(|id| (*commit, id)));
        let mut later = later.filter(|(commit, id)| !cursor.covers(*commit, id));
        while items.len() <= limit
            && let Some((commit, id)) = later.next()
        {
            items.extend(index.told(&snapshot, commit, id));
        }
        let more = items.len() > limit;
        items.truncate(limit);
        Ok(Extract {
            snapshot,
            items,
            more,
            generation: generation.id,
        })
    }

    /// One event as it is now, with the state that it is told of; `None` where nobody was ever told
    /// of it.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn now(&self, id: &EventId) -> Result<(Arc<Snapshot>, Option<Changed>), StoreError> {
        let snapshot = self.calendar.snapshot();
        let mut index = self.lock();
        index.follow(&self.calendar, &snapshot)?;
        let commit = index.known.get(id).map(|it| it.commit);
        let changed = commit.and_then(|commit| index.told(&snapshot, commit, id));
        drop(index);
        Ok((snapshot, changed))
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        // A panic may have left an index that is half filled: it is filled anew.
        self.index.lock().unwrap_or_else(|poisoned| {
            let mut index = poisoned.into_inner();
            index.at = None;
            index
        })
    }
}

/// Whether the catalog has an event and it may be passed on.
fn is_told(snapshot: &Snapshot, id: &EventId) -> bool {
    let entry = snapshot.event(id);
    entry.is_some_and(|entry| snapshot.may_pass_on(&entry.event()))
}

impl Index {
    fn follow(&mut self, calendar: &Calendar, snapshot: &Snapshot) -> Result<(), StoreError> {
        let until = snapshot.version().commit;
        let at = match self.at {
            Some(at) if at >= until => return Ok(()),
            Some(at) => at,
            None => return self.fill(calendar, snapshot),
        };
        let Some(touched) = snapshot.touched_since(at) else {
            return self.fill(calendar, snapshot);
        };
        let mut last: HashMap<&EventId, u64> = HashMap::new();
        for (commit, id) in touched {
            last.entry(id).or_insert(commit);
        }
        for (id, commit) in last {
            self.touch(calendar, snapshot, id, commit)?;
        }
        self.at = Some(until);
        Ok(())
    }

    fn touch(
        &mut self,
        calendar: &Calendar,
        snapshot: &Snapshot,
        id: &EventId,
        commit: u64,
    ) -> Result<(), StoreError> {
        let before = self.known.get(id);
        let told = is_told(snapshot, id);
        if before.is_none() && !told {
            return Ok(());
        }
        let key = RecordKey::new(RecordKind::Event, id.as_str());
        let stored = calendar.get(&key)?;
        let mut at = stored.as_ref().map(|it| it.changed_at);
        let mut face = None;
        if snapshot.event(id).is_none() {
            face = before.and_then(|it| it.face.clone());
            if face.is_none() {
                // Removed altogether: its last version says what it was called.
                let versions = calendar.history(&key)?;
                at = at.or(versions.last().map(|it| it.at));
                let mut versions = versions.iter().rev();
                face = versions.find_map(|it| it.record.as_ref().and_then(face_of));
            }
        }
        let at = at.unwrap_or(snapshot.version().at);
        self.put(id, Known { commit, at, face });
        Ok(())
    }

    fn put(&mut self, id: &EventId, known: Known) {
        let commit = known.commit;
        if let Some(old) = self.known.insert(id.clone(), known)
            && let Some(ids) = self.order.get_mut(&old.commit)
        {
            ids.remove(id);
            if ids.is_empty() {
                self.order.remove(&old.commit);
            }
        }
        self.order.entry(commit).or_default().insert(id.clone());
    }

    /// What is to be told of an event.
    fn told(&self, snapshot: &Snapshot, commit: u64, id: &EventId) -> Option<Changed> {
        let known = self.known.get(id)?;
        let now = match snapshot.event(id) {
            Some(entry) if snapshot.may_pass_on(&entry.event()) => Now::Shown(Arc::clone(entry)),
            Some(entry) => Now::Gone {
                uid: entry.uid().parse().ok()?,
                slug: entry.slug().parse().ok()?,
            },
            None => {
                let (uid, slug) = &**known.face.as_ref()?;
                Now::Gone {
                    uid: uid.clone(),
                    slug: slug.clone(),
                }
            }
        };
        Some(Changed {
            id: id.clone(),
            commit,
            at: known.at,
            now,
        })
    }
}

fn face_of(record: &Record) -> Option<Box<(Uid, Slug)>> {
    match record {
        Record::Event(event) => Some(Box::new((event.uid.clone(), event.slug.clone()))),
        _ => None,
    }
}

/// Whether a version of an event was to be seen.
fn was_public(record: Option<&Record>) -> bool {
    matches!(record, Some(Record::Event(event)) if event.publication == Publication::Published)
}
