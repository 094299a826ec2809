//! Division of many changes into commits, by number and size.

use std::io::{self, Write};

use super::commit::{Change, Commit, Committed};
use super::{Store, StoreError};

/// Maximum size of a batch in bytes. It is a quarter of the limit for a commit, so that other writers wait
/// less and the caller can add a record of its own.
const MOST_BYTES: usize = 8 << 20;
/// Estimated size in bytes of the metadata stored with each record: revision, commit, time, author and note.
const ENVELOPE: usize = 300;

/// Collects changes and returns them in batches that each fit into one commit.
///
/// ```
/// use calendar_domain::{RecordKey, RecordKind};
/// use calendar_store::{Batches, Change, Revision};
///
/// let mut batches = Batches::of_at_most(2);
/// let mut sizes = Vec::new();
/// for slug in ["one", "two", "three"] {
///     let key = RecordKey::new(RecordKind::Place, slug);
///     if let Some(full) = batches.push(Change::remove(key, Revision(1))) {
///         sizes.push(full.len()); // commit it
///     }
/// }
/// sizes.push(batches.rest().len());
/// assert_eq!(sizes, [2, 1]);
/// ```
#[derive(Debug)]
pub struct Batches {
    batch: Vec<Change>,
    bytes: usize,
    most: usize,
}

impl Batches {
    /// Creates an empty collection with at most `most` changes per batch.
    #[must_use]
    pub fn of_at_most(most: usize) -> Self {
        Self {
            batch: Vec::new(),
            bytes: 0,
            most,
        }
    }

    /// Adds a change. Returns the previous batch if the change doesn't fit into it.
    #[must_use]
    pub fn push(&mut self, change: Change) -> Option<Vec<Change>> {
        let bytes = weight(&change);
        let fits = self.bytes + bytes <= MOST_BYTES && self.batch.len() < self.most;
        let full = (!fits && !self.batch.is_empty()).then(|| {
            self.bytes = 0;
            std::mem::take(&mut self.batch)
        });
        self.bytes += bytes;
        self.batch.push(change);
        full
    }

    /// Returns the changes added since the last full batch.
    #[must_use]
    pub fn rest(self) -> Vec<Change> {
        self.batch
    }

    /// Divides changes into batches, keeping their order.
    #[must_use]
    pub fn divide(changes: Vec<Change>) -> Vec<Vec<Change>> {
        let mut batches = Self::of_at_most(usize::MAX);
        let mut all = Vec::new();
        for change in changes {
            all.extend(batches.push(change));
        }
        all.push(batches.rest());
        all.retain(|batch| !batch.is_empty());
        all
    }
}

/// Commits changes that need not be atomic, in order and in as many commits as their size requires. Returns
/// the commits.
///
/// # Errors
/// See [`Store::commit`]. The commits before the failed one remain.
pub fn commit_all(store: &dyn Store, commit: Commit) -> Result<Vec<Committed>, StoreError> {
    let Commit {
        author,
        at,
        note,
        changes,
    } = commit;
    let batches = Batches::divide(changes).into_iter();
    let commits = batches.map(|changes| {
        store.commit(Commit {
            author: author.clone(),
            at,
            note: note.clone(),
            changes,
        })
    });
    commits.collect()
}

/// Returns the stored size of a change in bytes. A record that can't be serialized counts as 0 bytes; the
/// store rejects it later.
fn weight(change: &Change) -> usize {
    let mut counted = Counted(0);
    let body = change.to.as_ref();
    let counted = match body.map(|record| serde_json::to_writer(&mut counted, record)) {
        Some(Ok(())) => counted.0,
        Some(Err(_)) | None => 0,
    };
    counted + change.key.id.len() + ENVELOPE
}

/// A writer that only counts bytes.
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::{Category, Owner, Record, Text};

    fn heavy(slug: &str, bytes: usize) -> Change {
        Change::put(Record::from(Category {
            slug: slug.parse().unwrap(),
            name: Text::nb("x".repeat(bytes)),
            description: Text::default(),
            aliases: Vec::new(),
            color: None,
            rank: 0,
            owner: Owner::DataFile,
        }))
    }

    fn sizes(changes: Vec<Change>) -> Vec<usize> {
        Batches::divide(changes).iter().map(Vec::len).collect()
    }

    #[test]
    fn changes_are_divided_by_weight_in_their_order() {
        let changes: Vec<Change> = (0..25).map(|n| heavy(&format!("c{n}"), 1 << 20)).collect();
        let batches = Batches::divide(changes.clone());
        assert!(batches.len() > 3, "{}", batches.len());
        assert_eq!(batches.concat(), changes);
        let weight = |batch: &Vec<Change>| batch.iter().map(weight).sum::<usize>();
        assert!(batches.iter().all(|batch| weight(batch) <= MOST_BYTES));
    }

    #[test]
    fn light_changes_stay_together_and_one_that_is_too_heavy_stands_alone() {
        let light = |n: usize| (0..n).map(|n| heavy(&format!("c{n}"), 1)).collect();
        assert_eq!(sizes(light(5_000)), [5_000]);
        assert_eq!(sizes(Vec::new()), [0; 0]);
        let middle = heavy("middle", 2 * MOST_BYTES);
        assert_eq!(sizes(vec![heavy("a", 1), middle, heavy("b", 1)]), [1, 1, 1]);
    }

    #[test]
    fn changes_are_divided_by_number_where_somebody_wants_it() {
        let mut batches = Batches::of_at_most(2);
        let mut full = Vec::new();
        for n in 0..5 {
            full.extend(batches.push(heavy(&format!("c{n}"), 1)));
        }
        assert_eq!(full.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(batches.rest().len(), 1);
    }
}
