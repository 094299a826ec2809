//! Imports events of a file.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLockWriteGuard};

use super::commit::Amended;
use super::unknown::UnknownWords;
use super::{Diagnostic, ImportError, ImportedItem, Report};
use super::{commit, drafts, report};
use crate::catalog::{Calendar, Snapshot};
use crate::http::Fetcher;
use crate::ingest::alias_index::AliasIndex;
use crate::ingest::input::Input;
use crate::ingest::missing;
use crate::ingest::reconcile::{IntakeTerms, Lookup, Origin, Pairings, Planned, Planner, Step};
use calendar_domain::redaction::without_secrets;
use calendar_domain::{
    Connection, Event, EventDraft, EventId, Lang, PartnerId, PartnerState, RecordKey, RecordKind,
};
use calendar_store::{Author, Batches, Change, Commit, Revision, Store, StoreError, records};

/// Capacity of the channels, in batches.
const WAITING: usize = 2;

/// The item of each event, and the remarks from planning.
type Compared = (Vec<(Option<EventId>, ImportedItem)>, Vec<Diagnostic>);

/// Number of threads that commit.
const WRITERS: usize = 2;

/// Imports files and addresses into the calendar.
pub struct Importer {
    calendar: Arc<Calendar>,
    fetcher: Fetcher,
    max_bytes: u64,
}

impl Importer {
    /// Creates an importer. `max_bytes` limits the size of files.
    #[must_use]
    pub fn new(calendar: Arc<Calendar>, fetcher: Fetcher, max_bytes: u64) -> Self {
        Self {
            calendar,
            fetcher,
            max_bytes,
        }
    }

    /// Reads and compares a source and, unless it is a rehearsal, commits. A large source takes several
    /// commits.
    ///
    /// # Errors
    /// Errors if the source cannot be read or the store fails. Earlier commits of a large source stay. Events
    /// that cannot be imported are in the report instead.
    pub async fn run(
        &self,
        input: &Input,
        partner: &PartnerId,
        rehearsal: Rehearsal,
    ) -> Result<Report, ImportError> {
        self.check(partner)?;
        let (source, bytes) = self.bytes(input).await?;
        self.take(source, bytes, partner, rehearsal)
    }

    /// Checks that a partner exists.
    ///
    /// # Errors
    /// Returns [`ImportError::UnknownPartner`] if it does not.
    pub fn check(&self, partner: &PartnerId) -> Result<(), ImportError> {
        match self.calendar.snapshot().partner(partner) {
            Some(_) => Ok(()),
            None => Err(ImportError::UnknownPartner(partner.clone())),
        }
    }

    /// Imports bytes that were read from the named source. Blocks during the writes.
    ///
    /// # Errors
    /// See [`Self::run`].
    pub fn take(
        &self,
        source: String,
        bytes: Vec<u8>,
        partner: &PartnerId,
        rehearsal: Rehearsal,
    ) -> Result<Report, ImportError> {
        self.check(partner)?;
        let snapshot = self.calendar.snapshot();
        let connection = connection_of(&snapshot, partner);
        let at = drafts::Reading {
            zone: connection
                .and_then(|connection| connection.time_zone)
                .unwrap_or(snapshot.region().time_zone),
            language: connection
                .and_then(|connection| connection.language)
                .unwrap_or(Lang::Nb),
            today: snapshot.version().today,
            now: self.calendar.clock().now(),
        };
        drop(snapshot);
        let origin = Origin {
            partner: partner.clone(),
            url: source.clone(),
            at: self.calendar.clock().now(),
        };
        // JSON says itself what becomes of an event; a calendar file or a table just has another date.
        let infers_moves = !drafts::is_json(&bytes);
        let mut turn = None;
        let (items, remarks) = std::thread::scope(|threads| {
            let (drafts, to_plan) = sync_channel(WAITING);
            let (changes, to_commit) = sync_channel(WAITING);
            let source = &source;
            let reading = threads.spawn(move || drafts::read(source, bytes, &at, &drafts));
            let (to_commit, failed) = (Arc::new(Mutex::new(to_commit)), Arc::default());
            let writing = [(); WRITERS].map(|()| {
                let (to_commit, failed) = (Arc::clone(&to_commit), Arc::clone(&failed));
                threads.spawn(|| self.write(to_commit, failed, &origin))
            });
            // Only the writers hold the receiver, so that the planner notices when they are gone.
            drop(to_commit);
            let changes = (rehearsal == Rehearsal::No).then_some(changes);
            let items = self.plan(to_plan, changes, &origin, infers_moves, &mut turn);
            // The error of the writer that failed first is the cause.
            let mut amended = Amended::default();
            for writer in writing {
                amended.merge(writer.join().unwrap_or(Err(ImportError::Stopped))?);
            }
            let (items, unknown) = items?;
            let items = amended.apply_to(items);
            let mut remarks = reading.join().unwrap_or(Err(ImportError::Stopped))?;
            remarks.extend(unknown);
            Ok::<_, ImportError>((items, remarks))
        })?;
        drop(turn);
        let commit = self.calendar.snapshot().version().commit;
        Ok(Report {
            source,
            items,
            remarks,
            commit,
        })
    }

    /// Compares drafts with stored events and sends the changes to the writers. Takes `turn`, to be held until all are
    /// written, if an event is part of another.
    fn plan<'a>(
        &'a self,
        drafts: Receiver<Vec<EventDraft>>,
        changes: Option<SyncSender<Vec<Change>>>,
        origin: &Origin,
        infers_moves: bool,
        turn: &mut Option<RwLockWriteGuard<'a, ()>>,
    ) -> Result<Compared, ImportError> {
        let snapshot = self.calendar.snapshot();
        let pairings = Pairings::kept(&*self.calendar)?;
        let state: Option<(PartnerState, _)> =
            records::one(&*self.calendar, origin.partner.as_str())?;
        let connection = connection_of(&snapshot, &origin.partner);
        let terms = IntakeTerms {
            infers_moves,
            missing: state.as_ref().map(|(state, _)| &state.missing),
            ..IntakeTerms::of_one(connection, &pairings)
        };
        let mut planner = Planner::new(origin, &snapshot, terms);
        let (mut items, mut circles) = (Vec::new(), Vec::new());
        let known = AliasIndex::new(&snapshot);
        let mut unknown = UnknownWords::default();
        for batch in drafts {
            let mapping = connection.map(|connection| &connection.mapping);
            (batch.iter()).for_each(|draft| unknown.note(draft, &known, mapping));
            if turn.is_none() && batch.iter().any(|draft| draft.super_event.is_some()) {
                *turn = Some(self.calendar.planning().alone());
            }
            let revisions: RefCell<HashMap<EventId, Revision>> = RefCell::default();
            let mut kept = |id: &EventId| {
                let kept = self.kept(id)?;
                Ok(kept.map(|(event, revision)| {
                    revisions.borrow_mut().insert(id.clone(), revision);
                    event
                }))
            };
            let planned = planner.plan(batch, &mut Lookup::new(&*self.calendar, &mut kept))?;
            let mut revisions = revisions.into_inner();
            // An event of another partner was found in the snapshot, not in the store.
            for event in planned.iter().filter_map(|planned| match &planned.step {
                Step::Update(event) | Step::Join(event, _) => Some(event),
                _ => None,
            }) {
                let key = RecordKey::new(RecordKind::Event, event.id.as_str());
                if !revisions.contains_key(&event.id)
                    && let Some(stored) = self.calendar.get(&key)?
                    && stored.commit.0 <= snapshot.version().commit
                {
                    revisions.insert(event.id.clone(), stored.revision);
                }
            }
            circles.extend(planned.iter().flat_map(|planned| planned.remarks.clone()));
            items.extend((planned.iter()).map(|value| (value.event.clone(), report::item(value))));
            let versions = planned.iter().flat_map(|planned| planned.versions.clone());
            let versions: Vec<Change> = versions
                .map(|version| Change::put(version.into()))
                .collect();
            if let Some(changes) = &changes {
                let batches = Batches::divide(changed(planned, &revisions)).into_iter();
                let mut batches = batches.chain(Batches::divide(versions));
                if batches.any(|batch| changes.send(batch).is_err()) {
                    // The writer reports its own error.
                    break;
                }
            }
        }
        if let Some(changes) = &changes {
            let matters = planner.into_matters().changes(&*self.calendar)?;
            let imported = items.iter().filter_map(|(id, _)| id.as_ref());
            let found = missing::found_again(&self.calendar, &origin.partner, imported)?;
            let batches = Batches::divide(matters).into_iter();
            let mut batches = batches.chain(found.map(|change| vec![change]));
            // The writer reports its own error.
            let _ = batches.try_for_each(|batch| changes.send(batch));
        }
        circles.extend(unknown.into_remarks());
        Ok((items, circles))
    }

    /// Returns the stored event with an id, published or not.
    fn kept(&self, id: &EventId) -> Result<Option<(Event, Revision)>, StoreError> {
        records::one(&*self.calendar, id.as_str())
    }

    /// Commits batches until there are no more, or a writer has failed.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the batches go with the last writer, which the planner has to notice"
    )]
    fn write(
        &self,
        batches: Arc<Mutex<Receiver<Vec<Change>>>>,
        failed: Arc<AtomicBool>,
        origin: &Origin,
    ) -> Result<Amended, ImportError> {
        let namespace = self.calendar.snapshot().region().uid_namespace;
        let mut amended = Amended::default();
        let next = || {
            // A poisoned lock is safe to use: receiving leaves no partial state.
            let batches = batches.lock().unwrap_or_else(PoisonError::into_inner);
            batches.recv().ok()
        };
        while let Some(changes) = next() {
            if failed.load(Ordering::Relaxed) {
                break;
            }
            let batch = Commit {
                author: Author::Partner(origin.partner.to_string()),
                at: self.calendar.clock().now(),
                note: format!(
                    "import of {}",
                    origin.url.chars().take(200).collect::<String>()
                ),
                changes,
            };
            let committed = commit::commit(&*self.calendar, namespace, batch, &mut amended);
            if committed.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            committed?;
        }
        Ok(amended)
    }

    async fn bytes(&self, input: &Input) -> Result<(String, Vec<u8>), ImportError> {
        match input {
            Input::Address(url) => {
                let fetched = self.fetcher.get(url).await?;
                Ok((without_secrets(fetched.url.as_str()), fetched.bytes))
            }
            Input::File(path) => {
                let failed = |cause| ImportError::File {
                    path: path.clone(),
                    cause,
                };
                let size = std::fs::metadata(path).map_err(failed)?.len();
                if size > self.max_bytes {
                    let limit = self.max_bytes;
                    return Err(ImportError::TooLarge {
                        path: path.clone(),
                        size,
                        limit,
                    });
                }
                let bytes = std::fs::read(path).map_err(failed)?;
                let name = path.file_name().unwrap_or(path.as_os_str());
                Ok((name.to_string_lossy().into_owned(), bytes))
            }
        }
    }
}

/// Returns a partner's connection, whose mapping and trust apply to its files too.
fn connection_of<'a>(snapshot: &'a Snapshot, partner: &PartnerId) -> Option<&'a Connection> {
    let partner = snapshot.partner(partner)?;
    partner.connection.as_ref()
}

/// Returns the changes of a plan, sorted by key because the store writes adjacent keys faster. Each expects the
/// revision that the plan is based on.
fn changed(planned: Vec<Planned>, revisions: &HashMap<EventId, Revision>) -> Vec<Change> {
    let steps = planned.into_iter().map(|planned| planned.step);
    let mut events: Vec<Event> = steps.filter_map(Step::into_written).collect();
    events.sort_by(|a, b| a.id.cmp(&b.id));
    let change = |event: Event| match revisions.get(&event.id) {
        Some(revision) => Change::update(event.into(), *revision),
        None => Change::create(event.into()),
    };
    events.into_iter().map(change).collect()
}

/// Whether an import only reports what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehearsal {
    /// Nothing is written.
    Yes,
    /// Changes are committed.
    No,
}
