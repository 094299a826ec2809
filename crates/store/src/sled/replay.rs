//! Replay of the journal's commits into sled.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use super::database::Trees;
use super::group_commit::MOST;
use super::sled_guard::SledFault;
use crate::StoreError;
use crate::body::{BODY_VERSION, JournalEntry, State};
use crate::claims::ClaimWrite;
use crate::history::HISTORY_KEPT;
use crate::journal::{self, SnapshotError, Survey};
use crate::plan::{self, Effects, StorePart, Write};
use crate::view::View;

/// A view of the trees that includes planned but unwritten commits.
///
/// It holds at most [`MOST`] commits, which is less than the number of kept versions. An earlier version that
/// a commit reads is therefore always in the trees.
pub(super) struct Overlay<'a> {
    trees: &'a Trees,
    current: HashMap<Vec<u8>, Vec<u8>>,
    claims: HashMap<String, Option<Vec<u8>>>,
    /// Cache of the trees, since planning reads each record twice.
    read: RefCell<HashMap<String, Option<Vec<u8>>>>,
}

const _: () = assert!((MOST as u64) < HISTORY_KEPT);

impl<'a> Overlay<'a> {
    pub(super) fn on(trees: &'a Trees) -> Self {
        Self {
            trees,
            current: HashMap::new(),
            claims: HashMap::new(),
            read: RefCell::default(),
        }
    }

    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(value) = self.read.borrow().get(key) {
            return Ok(value.clone());
        }
        let value = self.trees.current(key)?;
        self.read.borrow_mut().insert(key.to_owned(), value.clone());
        Ok(value)
    }

    pub(super) fn note(&mut self, writes: &[Write], claims: &[ClaimWrite]) {
        let holders = claims
            .iter()
            .map(|claim| (claim.key.clone(), claim.holders.clone()));
        self.claims.extend(holders);
        for write in writes
            .iter()
            .filter(|write| write.part == StorePart::Current)
        {
            self.current
                .extend(write.value.clone().map(|value| (write.key.clone(), value)));
        }
    }
}

impl View for Overlay<'_> {
    fn current(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.current.get(key.as_bytes()) {
            Some(value) => Ok(Some(value.clone())),
            None => self.read(key),
        }
    }

    fn earlier(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.trees.earlier(key)
    }

    fn holders(&self, claim: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.claims.get(claim) {
            Some(holders) => Ok(holders.clone()),
            None => View::holders(self.trees, claim),
        }
    }
}

/// Writes the commits of `survey` after `state`, up to `last`, into `trees`. Returns the new state.
pub(super) fn catch_up(
    root: &Path,
    trees: &Trees,
    state: State,
    survey: &Survey,
    last: u64,
) -> Result<State, StoreError> {
    trees
        .bring_claims_up(&state)
        .map_err(|fault| fault.at(root))?;
    let mut batch: Vec<JournalEntry> = Vec::new();
    let mut reached = state;
    survey.entries(state.number.0 + 1..=last, |entry| {
        batch.push(entry);
        if batch.len() == MOST {
            reached = write_again(root, trees, reached, &batch)?;
            batch.clear();
        }
        Ok(())
    })?;
    write_again(root, trees, reached, &batch)
}

fn write_again(
    root: &Path,
    trees: &Trees,
    mut state: State,
    batch: &[JournalEntry],
) -> Result<State, StoreError> {
    let (mut overlay, mut all, mut all_claims) = (Overlay::on(trees), Vec::new(), Vec::new());
    for entry in batch {
        let Effects {
            writes,
            claims,
            state: after,
        } = plan::effects(entry, &state, &overlay)?;
        let claims = claims.writes();
        if !agrees(entry, &after) {
            let detail = format!(
                "replaying commit {} of the journal gives a different result",
                entry.number
            );
            return Err(StoreError::damaged(root, detail));
        }
        overlay.note(&writes, &claims);
        all.extend(writes);
        all_claims.extend(claims);
        state = after;
    }
    if !all.is_empty() {
        trees
            .apply(all.iter(), all_claims.iter(), &state)
            .map_err(|fault| fault.at(root))?;
    }
    Ok(state)
}

/// Returns true if `state` is the one that the journal recorded with the commit.
pub(super) fn agrees(entry: &JournalEntry, state: &State) -> bool {
    // Totals depend on the stored bytes, which differ in another version of the stored form.
    entry.v != BODY_VERSION || (entry.after == state.totals && entry.number == state.number)
}

/// Writes a snapshot into empty `trees` and returns its state.
pub(super) fn fill(root: &Path, trees: &Trees, snapshot: &Path) -> Result<State, StoreError> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    // The state is written last, so that an incomplete database is recognizable.
    let part = |batch: &mut Vec<Write>| -> Result<(), SledFault> {
        trees.apply(batch.iter(), [].iter(), &State::default())?;
        batch.clear();
        Ok(())
    };
    let read = journal::read_snapshot(snapshot, |which, key, value| {
        bytes += value.len();
        batch.push(Write {
            part: which,
            key: key.to_vec(),
            value: Some(value.to_vec()),
        });
        if bytes > 4 << 20 {
            bytes = 0;
            part(&mut batch).map_err(|fault| fault.at(root))?;
        }
        Ok(())
    });
    let state = read.map_err(|error| match error {
        SnapshotError::Failed(error) => error,
        SnapshotError::Newer(found) => StoreError::NewerSchema {
            path: snapshot.to_owned(),
            found,
            known: journal::FORMAT,
        },
        SnapshotError::Broken(detail) => StoreError::damaged(
            root,
            format!("the snapshot {}: {detail}", snapshot.display()),
        ),
    })?;
    trees
        .apply(batch.iter(), [].iter(), &state)
        .map_err(|fault| fault.at(root))?;
    Ok(state)
}
