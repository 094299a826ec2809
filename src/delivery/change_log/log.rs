//! The change log in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, RwLock, RwLockReadGuard};

use chrono::{DateTime, Utc};

use super::Cursor;
use crate::catalog::{Calendar, Entry, Snapshot};
use calendar_domain::{EventId, Publication, Record, RecordKey, RecordKind, Slug, Uid};
use calendar_store::{GenerationId, Store, StoreError};

/// The changes of a calendar's events, ordered by commit.
pub struct ChangeLog {
    calendar: Arc<Calendar>,
    index: RwLock<ChangeIndex>,
}

/// A batch of changes, with the calendar state that they belong to.
#[derive(Debug)]
pub struct ChangeBatch {
    /// The state.
    pub snapshot: Arc<Snapshot>,
    /// The changes, ordered by commit. Each event appears once.
    pub items: Vec<EventChange>,
    /// Whether there are more changes.
    pub more: bool,
    /// The generation of the commits.
    pub generation: GenerationId,
}

impl ChangeBatch {
    /// Returns the position after one of these changes.
    #[must_use]
    pub fn cursor(&self, changed: &EventChange) -> Cursor {
        Cursor {
            event: Some(changed.id.clone()),
            ..Cursor::after(self.generation, changed.commit)
        }
    }
}

/// A changed event.
#[derive(Debug, Clone)]
pub struct EventChange {
    /// The event's id.
    pub id: EventId,
    /// The commit that last changed it.
    pub commit: u64,
    /// The time of that commit (UTC).
    pub at: DateTime<Utc>,
    /// Its current state.
    pub now: Now,
}

/// The current state of an event.
#[derive(Debug, Clone)]
pub enum Now {
    /// It is public.
    Shown(Arc<Entry>),
    /// It is no longer public.
    Gone {
        /// Its last `UID`.
        uid: Uid,
        /// Its last slug.
        slug: Slug,
    },
}

/// Why changes can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ChangeLogError {
    /// The cursor is ahead of the calendar, which was restored to an earlier state.
    #[error(
        "the cursor is newer than this calendar, which was restored to an earlier state; start again without \
         a cursor"
    )]
    Ahead,
    /// The cursor is of another generation, whose commit numbers may have been reused.
    #[error(
        "the cursor is from before this calendar was restored or set up again; start again without a cursor"
    )]
    OtherGeneration,
    /// The store can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Default)]
pub(super) struct ChangeIndex {
    /// The commit up to which the index is complete; `None` before it is built.
    pub(super) at: Option<u64>,
    pub(super) known: HashMap<EventId, Known>,
    order: BTreeMap<u64, BTreeSet<EventId>>,
}

/// The entry of an event.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) commit: u64,
    pub(super) at: DateTime<Utc>,
    /// `UID` and slug, if the event is not in the catalog.
    pub(super) face: Option<Box<(Uid, Slug)>>,
}

impl ChangeLog {
    /// Creates the change log of a calendar. Reads nothing yet.
    #[must_use]
    pub fn new(calendar: Arc<Calendar>) -> Self {
        Self {
            calendar,
            index: RwLock::default(),
        }
    }

    /// Returns the calendar.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// Returns at most `limit` changes after a cursor. Blocks while the index is built.
    ///
    /// # Errors
    /// Errors if the cursor is ahead of the calendar or of another generation, or if the store can't be read.
    pub fn after(&self, cursor: &Cursor, limit: usize) -> Result<ChangeBatch, ChangeLogError> {
        let snapshot = self.calendar.snapshot();
        let index = self.index_for(&snapshot)?;
        // Another reader may have updated the index with a later snapshot.
        let at = index.at.unwrap_or_default();
        let snapshot = if snapshot.version().commit < at {
            self.calendar.snapshot()
        } else {
            snapshot
        };
        let generation = self.calendar.generation();
        if cursor.commit > at && cursor.generation.is_none_or(|other| other == generation.id) {
            return Err(ChangeLogError::Ahead);
        }
        if !generation.includes(cursor.generation, cursor.commit) {
            return Err(ChangeLogError::OtherGeneration);
        }
        let mut items = Vec::new();
        let mut later = index.later(cursor, at);
        while items.len() <= limit
            && let Some((commit, id)) = later.next()
        {
            items.extend(index.told(&snapshot, commit, id));
        }
        let more = items.len() > limit;
        items.truncate(limit);
        Ok(ChangeBatch {
            snapshot,
            items,
            more,
            generation: generation.id,
        })
    }

    /// Returns the current state of an event with the snapshot it is from. The state is `None` if the event
    /// was never public.
    ///
    /// # Errors
    /// Errors if the store can't be read.
    pub fn now(&self, id: &EventId) -> Result<(Arc<Snapshot>, Option<EventChange>), StoreError> {
        let snapshot = self.calendar.snapshot();
        let index = self.index_for(&snapshot)?;
        let commit = index.known.get(id).map(|known| known.commit);
        let changed = commit.and_then(|commit| index.told(&snapshot, commit, id));
        drop(index);
        Ok((snapshot, changed))
    }

    /// Returns the index, with at least the changes of a snapshot. Readers of a current index do not wait for each other.
    fn index_for(
        &self,
        snapshot: &Snapshot,
    ) -> Result<RwLockReadGuard<'_, ChangeIndex>, StoreError> {
        loop {
            if let Ok(index) = self.index.read()
                && index.has(snapshot)
            {
                return Ok(index);
            }
            let mut index = self.index.write().unwrap_or_else(|poisoned| {
                // A panic may have left the index incomplete, so it is rebuilt.
                let mut index = poisoned.into_inner();
                index.at = None;
                index
            });
            self.index.clear_poison();
            index.follow(&self.calendar, snapshot)?;
        }
    }
}

/// Returns true if the catalog has the event and it may be republished.
pub(super) fn is_told(snapshot: &Snapshot, id: &EventId) -> bool {
    snapshot.passes_on(id)
}

impl ChangeIndex {
    fn has(&self, snapshot: &Snapshot) -> bool {
        self.at.is_some_and(|at| at >= snapshot.version().commit)
    }

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
        let mut at = stored.as_ref().map(|stored| stored.changed_at);
        let mut face = None;
        if snapshot.event(id).is_none() {
            face = before.and_then(|before| before.face.clone());
            if face.is_none() {
                // Removed: its last version has its names.
                let versions = calendar.history(&key)?;
                at = at.or(versions.last().map(|version| version.at));
                let mut versions = versions.iter().rev();
                face = versions.find_map(|version| version.record.as_ref().and_then(face_of));
            }
        }
        let at = at.unwrap_or(snapshot.version().at);
        self.put(id, Known { commit, at, face });
        Ok(())
    }

    /// Returns the changes after a cursor up to a commit, in order.
    fn later<'a>(
        &'a self,
        cursor: &'a Cursor,
        until: u64,
    ) -> impl Iterator<Item = (u64, &'a EventId)> {
        let commits = self.order.range(cursor.first_commit()..);
        let commits = commits.take_while(move |(commit, _)| **commit <= until);
        commits.flat_map(|(commit, ids)| {
            let later = ids.range((cursor.after_in(*commit), Bound::Unbounded));
            later.map(|id| (*commit, id))
        })
    }

    pub(super) fn put(&mut self, id: &EventId, known: Known) {
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

    /// Returns the change of an event.
    fn told(&self, snapshot: &Snapshot, commit: u64, id: &EventId) -> Option<EventChange> {
        let known = self.known.get(id)?;
        let now = match snapshot.event_with_permission(id) {
            Some((entry, true)) => Now::Shown(Arc::clone(entry)),
            Some((entry, false)) => Now::Gone {
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
        Some(EventChange {
            id: id.clone(),
            commit,
            at: known.at,
            now,
        })
    }
}

pub(super) fn face_of(record: &Record) -> Option<Box<(Uid, Slug)>> {
    match record {
        Record::Event(event) => Some(Box::new((event.uid.clone(), event.slug.clone()))),
        _ => None,
    }
}

/// Returns true if a version of an event was public.
pub(super) fn was_public(record: Option<&Record>) -> bool {
    matches!(record, Some(Record::Event(event)) if event.publication == Publication::Published)
}
