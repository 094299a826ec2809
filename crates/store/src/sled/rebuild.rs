//! Synchronization of the journal and sled when they are at different commits.

use std::path::{Path, PathBuf};

use super::database::Trees;
use super::folders::{self, JOURNAL};
use super::open_database::{Database, Occasion, open_database};
use super::replay::{agrees, catch_up, fill};
use super::space;
use crate::StoreError;
use crate::body::State;
use crate::journal::{self, Survey};

/// Brings sled up to the end of a whole journal, by catching up or rebuilding.
pub(super) fn follow(
    root: &Path,
    trees: Trees,
    state: State,
    survey: &Survey,
) -> Result<(Trees, State), StoreError> {
    let (reached, why) = match disagreement(&state, survey)? {
        Some(why) => (None, why),
        None => match catch_up(root, &trees, state, survey, u64::MAX) {
            Ok(reached) => (Some(reached), String::new()),
            Err(StoreError::Damaged { detail, .. }) => (None, detail),
            Err(error) => return Err(error),
        },
    };
    if let Some(reached) = reached {
        if reached.number > state.number {
            tracing::info!(
                from = state.number.0,
                to = reached.number.0,
                "the database was behind its journal; applied the missing commits",
            );
        }
        return Ok((trees, reached));
    }
    drop(trees);
    rebuild(root, survey, u64::MAX, Why::Damaged(&why))
}

/// Returns why an undamaged database doesn't belong to this journal, if it doesn't.
pub(super) fn disagreement(state: &State, survey: &Survey) -> Result<Option<String>, StoreError> {
    let at = state.number.0;
    if let Some((_, base)) = &survey.base {
        if at < base.number.0 {
            return Ok(Some("it is older than the journal's snapshot".to_owned()));
        }
        if at == base.number.0 {
            let why = || "it differs from the journal's snapshot".to_owned();
            return Ok((state != base).then(why));
        }
    }
    let entry = survey.entry(at)?;
    let differs = entry.is_some_and(|entry| !agrees(&entry, state));
    Ok(differs.then(|| format!("its records are not those of commit {at} in the journal")))
}

/// Why a database is created.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why<'a> {
    /// A restore creates the whole store.
    New,
    /// There is no database.
    Missing,
    /// Its files had erased versions.
    Erased,
    /// The existing database can't be used.
    Damaged(&'a str),
}

/// Rebuilds sled from a journal that is whole up to the commit `last`, then sets the old database aside.
pub(super) fn rebuild(
    root: &Path,
    survey: &Survey,
    last: u64,
    why: Why<'_>,
) -> Result<(Trees, State), StoreError> {
    // sled needs several times the size of its content until it has compacted its files.
    space::require(root, survey.size().saturating_mul(4))?;
    let (unfinished, path) = folders::next_database(root)?;
    let made = make(root, &unfinished, survey, last);
    let number = made.inspect_err(|_| folders::empty(&unfinished))?.number;
    let kept = folders::install(root, &unfinished, &path)?;
    match open_database(root, Occasion::Mending(number))? {
        Database::Sound(trees, state) => {
            trees
                .bring_claims_up(&state)
                .map_err(|fault| fault.at(root))?;
            let kept = kept.map(|kept| kept.display().to_string());
            let commit = state.number.0;
            match why {
                Why::New | Why::Erased => {}
                Why::Missing if commit == 0 => {}
                Why::Missing => tracing::warn!(
                    commit,
                    "the database was missing; rebuilt it from the journal",
                ),
                Why::Damaged(damage) => tracing::warn!(
                    damage,
                    kept,
                    commit,
                    "the database was damaged; rebuilt it from the journal",
                ),
            }
            Ok((trees, state))
        }
        Database::Damaged(detail) => Err(StoreError::damaged(root, detail)),
        Database::Absent => Err(StoreError::damaged(root, "the rebuilt database is gone")),
    }
}

fn make(root: &Path, path: &Path, survey: &Survey, last: u64) -> Result<State, StoreError> {
    let trees = Trees::create(root, path).map_err(|fault| fault.at(root))?;
    replay_all(root, &trees, survey, last)
}

/// Writes the journal's content up to the commit `last` into empty `trees`.
pub(super) fn replay_all(
    root: &Path,
    trees: &Trees,
    survey: &Survey,
    last: u64,
) -> Result<State, StoreError> {
    let mut state = State::default();
    if let Some((snapshot, _)) = &survey.base {
        state = fill(root, trees, snapshot)?;
    }
    catch_up(root, trees, state, survey, last)
}

/// Brings sled up to the commit `last` and replaces the journal with a snapshot of sled. Returns the state
/// and the new content of the journal.
pub(super) fn renew_journal(
    root: &Path,
    trees: &Trees,
    state: State,
    survey: &Survey,
    last: u64,
) -> Result<(State, Survey), StoreError> {
    let dir = root.join(JOURNAL);
    let state = catch_up(root, trees, state, survey, last)?;
    let items = trees
        .items()
        .map(|item| item.map_err(|fault| fault.at(root)));
    let snapshot = journal::write_snapshot(&dir, &state, items)?;
    let old = journal::older_files(&dir, &snapshot)?;
    let old: Vec<PathBuf> = old.into_iter().map(|(_, path)| path).collect();
    if !old.is_empty() {
        let kept = folders::set_journal_aside(root, &old)?;
        tracing::warn!(kept = %kept.display(), "kept the journal's damaged files");
    }
    tracing::warn!(
        commit = state.number.0,
        "commits were missing from the journal; started a new one with a snapshot of the database",
    );
    Ok((state, Survey::new(root, &dir)?))
}
