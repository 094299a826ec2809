//! Building of the search index, and bringing it up to date.

use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};

use calendar_search::{SearchDocument, SearchIndex, Thesaurus};

use super::denormalize::search_document;
use super::doc_set::DocId;
use super::full_text::IndexedText;
use super::panics::caught;
use super::{Entry, Snapshot};

/// Maximum number of events of which the index is built by the search that needs it; for more, it is built in the
/// background.
const AT_ONCE: usize = 2_000;

static THESAURUS: LazyLock<Arc<Thesaurus>> = LazyLock::new(|| Arc::new(Thesaurus::built_in()));

impl Snapshot {
    /// Starts building the search index in the background, unless the calendar is so small that the first search does.
    pub fn prepare_search(&self) {
        if self.event_count() > AT_ONCE && self.full_text.lock().is_none() {
            self.build_beside();
        }
    }

    /// Returns the search index with all events of this snapshot; `None` while it is being built.
    pub(super) fn searchable_events(&self) -> Option<Arc<IndexedText>> {
        let mut current = self.full_text.lock();
        let commit = self.version.commit;
        if let Some(known) = &*current {
            if known.commit >= commit {
                return Some(Arc::clone(known));
            }
            if let Some(touched) = self.touched_since(known.commit) {
                let mut next = IndexedText::clone(known);
                let mut slots: Vec<DocId> =
                    touched.filter_map(|(_, id)| self.slot_of(id)).collect();
                slots.sort_unstable();
                slots.dedup();
                let documents = slots.iter().filter_map(|slot| {
                    let entry = self.entry(*slot)?;
                    Some(self.document(*slot, entry))
                });
                next.index.put(&documents.collect::<Vec<_>>());
                next.commit = commit;
                let next = Arc::new(next);
                *current = Some(Arc::clone(&next));
                drop(current);
                if next.index.is_fragmented() {
                    self.compact_beside(&next);
                }
                return Some(next);
            }
        }
        if self.event_count() > AT_ONCE {
            *current = None;
            drop(current);
            self.build_beside();
            return None;
        }
        let made = Arc::new(self.index_all());
        *current = Some(Arc::clone(&made));
        Some(made)
    }

    fn document(&self, slot: DocId, entry: &Entry) -> SearchDocument {
        let made = caught(|| search_document(slot, &entry.shown(), self));
        // An event that cannot be decoded has no text.
        made.unwrap_or_else(|_| SearchDocument::new(slot))
    }

    fn index_all(&self) -> IndexedText {
        let entries = self.entries_with_slots();
        let documents = entries.map(|(slot, entry)| self.document(slot, entry));
        IndexedText {
            commit: self.version.commit,
            index: SearchIndex::with_documents(Arc::clone(&THESAURUS), documents),
        }
    }

    fn build_beside(&self) {
        let snapshot = self.clone();
        self.beside(move || {
            let made = snapshot.index_all();
            *snapshot.full_text.lock() = Some(Arc::new(made));
        });
    }

    /// Joins the segments of the index, and drops the events that were removed.
    fn compact_beside(&self, indexed: &Arc<IndexedText>) {
        let (snapshot, earlier) = (self.clone(), indexed.index.clone());
        self.beside(move || {
            let mut kept = earlier.clone();
            let slots = (0..).zip(snapshot.entries.iter());
            let removed = slots.filter(|(_, entry)| entry.is_none());
            removed.for_each(|(slot, _)| kept.remove(slot));
            let compacted = kept.compacted();
            let mut current = snapshot.full_text.lock();
            if let Some(now) = &*current {
                let mut next = IndexedText::clone(now);
                next.index.adopt(&earlier, compacted);
                *current = Some(Arc::new(next));
            }
        });
    }

    /// Runs `work` in a thread, unless there is one already.
    fn beside(&self, work: impl FnOnce() + Send + 'static) {
        if self.full_text.is_busy.swap(true, Ordering::Relaxed) {
            return;
        }
        let full_text = Arc::clone(&self.full_text);
        let thread = std::thread::Builder::new().name("search".into());
        let spawned = thread.spawn(move || {
            if let Err(why) = caught(work) {
                tracing::error!(why, "cannot build the search index: searches are exact");
            }
            full_text.is_busy.store(false, Ordering::Relaxed);
        });
        if let Err(error) = spawned {
            self.full_text.is_busy.store(false, Ordering::Relaxed);
            tracing::warn!(%error, "cannot start a thread for the search index: searches are exact");
        }
    }
}
