//! The index: a large segment, and small ones with the documents that changed since.

use std::sync::Arc;

use crate::builder::SegmentBuilder;
use crate::compound::Lexicon;
use crate::document::SearchDocument;
use crate::segment::IndexSegment;
use crate::thesaurus::Thesaurus;

/// Number of documents up to which segments are joined when documents change.
const SMALL: usize = 512;
/// Number of changed documents that is always allowed before the index counts as fragmented.
const SPARE: usize = 2_000;
/// Ratio of all documents to changed ones beyond which the index counts as fragmented.
const RATIO: usize = 8;

/// An index of documents. Cheap to clone; a clone keeps its state while the other one changes.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    pub(crate) thesaurus: Arc<Thesaurus>,
    /// Largest first, as a rule.
    pub(crate) parts: Vec<IndexPart>,
}

/// A segment without the documents that were removed or replaced.
#[derive(Debug, Clone)]
pub(crate) struct IndexPart {
    pub(crate) segment: Arc<IndexSegment>,
    /// A bit for each document that is gone.
    gone: Arc<Vec<u64>>,
    live: usize,
}

impl IndexPart {
    fn new(segment: IndexSegment) -> Self {
        Self {
            gone: Arc::new(vec![0; segment.len().div_ceil(64)]),
            live: segment.len(),
            segment: Arc::new(segment),
        }
    }

    pub(crate) fn is_live(&self, number: u32) -> bool {
        let word = self.gone.get(number as usize / 64);
        word.is_some_and(|word| word >> (number % 64) & 1 == 0)
    }

    /// Returns true if all documents are there.
    pub(crate) fn is_whole(&self) -> bool {
        self.live == self.segment.len()
    }

    fn remove(&mut self, key: u32) {
        let Some(number) = self.segment.number_of(key) else {
            return;
        };
        if self.is_live(number)
            && let Some(word) = Arc::make_mut(&mut self.gone).get_mut(number as usize / 64)
        {
            *word |= 1 << (number % 64);
            self.live -= 1;
        }
    }
}

impl SearchIndex {
    /// Returns an empty index.
    #[must_use]
    pub fn new(thesaurus: Arc<Thesaurus>) -> Self {
        Self {
            thesaurus,
            parts: Vec::new(),
        }
    }

    /// Returns an index of documents, of which each key occurs once.
    #[must_use]
    pub fn with_documents(
        thesaurus: Arc<Thesaurus>,
        documents: impl IntoIterator<Item = SearchDocument>,
    ) -> Self {
        let mut builder = SegmentBuilder::new(&thesaurus);
        for document in documents {
            builder.add(&document);
        }
        let segment = builder.finish(None);
        let mut made = Self::new(thesaurus);
        made.parts.push(IndexPart::new(segment));
        made
    }

    /// Adds or replaces documents, of which each key occurs once.
    pub fn put(&mut self, documents: &[SearchDocument]) {
        for document in documents {
            self.remove(document.key);
        }
        if documents.is_empty() {
            return;
        }
        let mut builder = SegmentBuilder::new(&self.thesaurus);
        for document in documents {
            builder.add(document);
        }
        let segment = builder.finish(self.largest());
        self.parts.push(IndexPart::new(segment));
        self.join_small();
    }

    /// Removes a document, if it is there.
    pub fn remove(&mut self, key: u32) {
        for part in &mut self.parts {
            part.remove(key);
        }
        self.parts.retain(|part| part.live > 0);
    }

    /// Returns the number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.live).sum()
    }

    /// Returns true if there are no documents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the memory taken, in bytes, without that of the allocator.
    #[must_use]
    pub fn memory(&self) -> usize {
        let parts = self.parts.iter();
        parts
            .map(|part| part.segment.memory() + 8 * part.gone.len())
            .sum()
    }

    /// Returns true if so much has changed that [`Self::compacted`] pays.
    #[must_use]
    pub fn is_fragmented(&self) -> bool {
        let all: usize = self.parts.iter().map(|part| part.segment.len()).sum();
        let largest = self.parts.iter().map(|part| part.live).max().unwrap_or(0);
        all - largest > SPARE.max(all / RATIO)
    }

    /// Returns the index as one segment. Takes about as long as building it from documents; the result of a calculation
    /// beside the index is put in place with [`Self::adopt`].
    #[must_use]
    pub fn compacted(&self) -> Self {
        let mut builder = SegmentBuilder::new(&self.thesaurus);
        for part in &self.parts {
            builder.add_segment(&part.segment, |number| part.is_live(number));
        }
        let segment = builder.finish(None);
        let mut made = Self::new(Arc::clone(&self.thesaurus));
        made.parts.push(IndexPart::new(segment));
        made
    }

    /// Replaces the segments that this index has in common with an earlier state by the compacted form of that state.
    pub fn adopt(&mut self, earlier: &Self, compacted: Self) {
        let (old, new): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.parts)
                .into_iter()
                .partition(|part| {
                    let same = |other: &IndexPart| Arc::ptr_eq(&other.segment, &part.segment);
                    earlier.parts.iter().any(same)
                });
        self.parts = compacted.parts;
        for part in &mut self.parts {
            let segment = Arc::clone(&part.segment);
            for key in &segment.keys {
                let live = |old: &IndexPart| {
                    let number = old.segment.number_of(*key);
                    number.is_some_and(|number| old.is_live(number))
                };
                if !old.iter().any(live) {
                    part.remove(*key);
                }
            }
        }
        self.parts.extend(new);
        self.parts.retain(|part| part.live > 0);
    }

    /// Joins small segments so that each is smaller than the one before it.
    fn join_small(&mut self) {
        while let [.., before, last] = self.parts.as_slice()
            && last.live >= before.live
            && last.live + before.live <= SMALL
        {
            let mut builder = SegmentBuilder::new(&self.thesaurus);
            for part in [before, last] {
                builder.add_segment(&part.segment, |number| part.is_live(number));
            }
            let others = &self.parts[..self.parts.len() - 2];
            let base = others.iter().max_by_key(|part| part.live);
            let joined = builder.finish(base.map(|part| &*part.segment));
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(IndexPart::new(joined));
        }
    }

    fn largest(&self) -> Option<&IndexSegment> {
        let largest = self.parts.iter().max_by_key(|part| part.live);
        largest.map(|part| &*part.segment)
    }
}

impl Lexicon for SearchIndex {
    fn has_word(&self, folded: &str) -> bool {
        self.parts.iter().any(|part| part.segment.has_word(folded))
    }

    fn has_stem(&self, stem: &str) -> bool {
        self.parts.iter().any(|part| part.segment.has_stem(stem))
    }
}
