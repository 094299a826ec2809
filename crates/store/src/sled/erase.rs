//! Erasing of earlier versions, in the journal, the database and their former files.
//!
//! 1. The writers wait while a snapshot without the content of these versions replaces the journal, as in a compaction,
//!    and while the open database takes it over.
//! 2. A new database is built from the snapshot, since sled keeps removed values in its files. The writers go on
//!    meanwhile.
//! 3. The writers wait while the new database takes over their commits. It replaces the old one, whose files are removed.
//!
//! A file, `erasing`, exists from the first step to the last. If the process ends in between, the next start removes the
//! old files and builds the database from the journal. The journal is replaced in one step, so it has all or none of the
//! content.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::database::Trees;
use super::folders::{self, JOURNAL};
use super::locks::{lock, write_lock};
use super::open_database::Database;
use super::rebuild::{Why, rebuild};
use super::recover::StoreFiles;
use super::replay::{catch_up, fill};
use super::sled_guard::SledFault;
use super::space;
use super::store::SledStore;
use crate::StoreError;
use crate::body::{self, Envelope, State};
use crate::commit::Revision;
use crate::ephemeral::EphemeralStore as _;
use crate::erasure::ErasedVersions;
use crate::file_system::sync_folder;
use crate::history::history_key;
use crate::journal::{self, Survey};
use crate::plan::{StorePart, Write};
use calendar_domain::RecordKey;

/// Maximum time that the last readers of the old database are waited for.
const READERS: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);
/// Number of versions written to the database at once.
const BATCH: usize = 500;

/// Versions without their content.
struct Blanks {
    writes: Vec<Write>,
    /// The state of the store with them.
    state: State,
    /// Number of versions that had content.
    versions: u64,
}

impl SledStore {
    /// Implements [`Store::erase_versions`](crate::Store::erase_versions).
    pub(super) fn erase(
        &self,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<ErasedVersions, StoreError> {
        let _one_at_a_time = lock(&self.erasing);
        folders::begin_erasing(&self.root)?;
        let (old, state, versions) = self.blank(keys)?;
        let (new, reached, path) = self.build(state)?;
        self.exchange(old, new, state, reached)?;
        folders::remove_former(&self.root, Some(&path))?;
        self.ephemeral.rewrite()?;
        folders::end_erasing(&self.root)?;
        tracing::info!(commit = state.number.0, versions, "erased earlier versions");
        Ok(ErasedVersions {
            versions,
            set_aside: folders::set_aside(&self.root)?,
        })
    }

    /// Removes the content from the journal and from the open database. Returns that database and its state.
    fn blank(
        &self,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<(Arc<Trees>, State, u64), StoreError> {
        let mut writer = lock(&self.writer);
        let trees = self.ready(&mut writer)?;
        let size = self.counters.read();
        // The snapshot, and sled, which needs several times the size of its content.
        let bytes = (size.journal_bytes + size.snapshot_bytes).saturating_mul(5);
        space::require(&self.root, self.limits.reserve + bytes)?;
        let blanks = self.blanks(&trees, writer.state, keys)?;
        let replaced: HashMap<&[u8], &[u8]> = blanks
            .writes
            .iter()
            .filter_map(|write| Some((write.key.as_slice(), write.value.as_deref()?)))
            .collect();
        let items = trees.items().map(|item| {
            let (part, key, value) = item.map_err(|fault| fault.at(&self.root))?;
            let blank = match part {
                StorePart::Current => None,
                StorePart::History => replaced.get(key.as_slice()),
            };
            let value = blank.map_or(value, |blank| blank.to_vec());
            Ok((part, key, value))
        });
        let closed = || StoreError::damaged(&self.root, "its journal is closed");
        let journal = writer.journal.as_mut().ok_or_else(closed)?;
        // Whether the snapshot took effect before an error is not known, so the store is inspected then.
        let compacted = journal.compact(&blanks.state, items);
        compacted.inspect_err(|_| self.suspect.store(true, Ordering::SeqCst))?;
        self.counters.journal(journal.size());
        writer.state = blanks.state;
        self.apply_blanks(&trees, &blanks)?;
        Ok((trees, blanks.state, blanks.versions))
    }

    /// Returns the earlier versions of the records without content.
    fn blanks(
        &self,
        trees: &Trees,
        state: State,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<Blanks, StoreError> {
        let (mut writes, mut state, mut versions) = (Vec::new(), state, 0);
        for (key, until) in keys {
            let text = key.to_string();
            let earlier = trees.earlier_values(&text);
            for old in earlier.map_err(|fault| fault.at(&self.root))? {
                let envelope = Envelope::read(&old).map_err(|error| error.at(&self.root, &text))?;
                if envelope.revision >= *until {
                    continue;
                }
                let key = history_key(&text, envelope.revision);
                let had_content = envelope.has_content();
                let Some(blank) = envelope.into_blank() else {
                    continue;
                };
                let value = body::write(&blank);
                state.totals.take(&key, &old);
                state.totals.add(&key, &value);
                versions += u64::from(had_content);
                writes.push(Write {
                    part: StorePart::History,
                    key,
                    value: Some(value),
                });
            }
        }
        Ok(Blanks {
            writes,
            state,
            versions,
        })
    }

    fn apply_blanks(&self, trees: &Trees, blanks: &Blanks) -> Result<(), StoreError> {
        let _applying = write_lock(&self.applying);
        for part in blanks.writes.chunks(BATCH) {
            // Each part sets the final state. If the process ends before the last one, the file `erasing` makes the next
            // start build the database from the journal.
            if let Err(fault) = trees.apply(part.iter(), [].iter(), &blanks.state) {
                self.suspect.store(true, Ordering::SeqCst);
                return Err(fault.at(&self.root));
            }
        }
        Ok(())
    }

    /// Builds a database from the journal while commits go on. Returns it, its state and its folder.
    fn build(&self, base: State) -> Result<(Trees, State, PathBuf), StoreError> {
        let failed = |fault: SledFault| fault.at(&self.root);
        let (unfinished, path) = folders::next_database(&self.root)?;
        let make = || -> Result<(), StoreError> {
            let trees = Trees::create(&self.root, &unfinished).map_err(failed)?;
            let dir = self.root.join(JOURNAL);
            let snapshot = journal::snapshot_path(&dir, base.number.0);
            let state = fill(&self.root, &trees, &snapshot)?;
            let survey = self.since(base)?;
            let last = survey.mark.unwrap_or(base.number.0);
            catch_up(&self.root, &trees, state, &survey, last).map(drop)
        };
        make().inspect_err(|_| folders::empty(&unfinished))?;
        folders::rename(&unfinished, &path)?;
        sync_folder(&self.root)?;
        let (trees, state) = Trees::open(&self.root, &path).map_err(failed)?;
        Ok((trees, state, path))
    }

    /// Returns the commits after a snapshot.
    fn since(&self, base: State) -> Result<Survey, StoreError> {
        let dir = self.root.join(JOURNAL);
        let snapshot = journal::snapshot_path(&dir, base.number.0);
        Survey::after(&self.root, &dir, (snapshot, base))
    }

    /// Replaces the `old` database by the `new` one, once that has the last commits. `base` is the state of the
    /// journal's snapshot, `state` that of the new database.
    fn exchange(
        &self,
        old: Arc<Trees>,
        new: Trees,
        base: State,
        state: State,
    ) -> Result<(), StoreError> {
        let writer = lock(&self.writer);
        let current = self.trees()?;
        if self.suspect.load(Ordering::SeqCst) || !Arc::ptr_eq(&current, &old) {
            let detail = "the database was repaired while versions were erased";
            return Err(StoreError::Damaged {
                path: self.root.clone(),
                detail: detail.to_owned(),
                advice: "erase them again".to_owned(),
            });
        }
        drop(current);
        let survey = self.since(base)?;
        let reached = catch_up(&self.root, &new, state, &survey, writer.state.number.0)?;
        if reached != writer.state {
            let detail = "the new database differs from the old one";
            return Err(StoreError::damaged(&self.root, detail));
        }
        *write_lock(&self.trees) = Ok(Arc::new(new));
        drop(writer);
        let until = Instant::now() + READERS;
        while Arc::strong_count(&old) > 1 && Instant::now() < until {
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }
}

/// Completes an interrupted erasure, if there was one and the journal is whole: removes former files and builds the
/// database from the journal.
pub(super) fn resume(root: &Path) -> Result<(), StoreError> {
    if !folders::is_erasing(root) {
        return Ok(());
    }
    let survey = Survey::new(root, &root.join(JOURNAL))?;
    let found = StoreFiles::new(survey, Database::Absent);
    // Otherwise the database may be needed.
    if found.survey.is_empty() || !found.is_journal_whole() {
        return Ok(());
    }
    found.survey.remove_replaced(&root.join(JOURNAL))?;
    folders::remove_former(root, None)?;
    let survey = Survey::new(root, &root.join(JOURNAL))?;
    let (trees, state) = rebuild(root, &survey, u64::MAX, Why::Erased)?;
    drop(trees);
    folders::end_erasing(root)?;
    tracing::info!(commit = state.number.0, "completed an interrupted erasure");
    Ok(())
}
