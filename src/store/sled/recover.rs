//! Opening: what the journal and sled each have decides what is done.
//!
//! | journal | sled | what is done |
//! |---|---|---|
//! | nothing | nothing | a new store |
//! | whole | sound, at the journal's last commit or behind it | sled is caught up |
//! | whole | missing, damaged, or not what the journal says | sled is set aside and rebuilt |
//! | commits missing, all of which sled has | sound | the journal begins anew with a snapshot of sled |
//! | commits missing | without them | refused; nothing is changed |
//!
//! "Whole" means: no gap up to the last commit seen, and none of the commits missing that the
//! mark or sled know of. Bytes after that are a commit that was never acknowledged, and are cut.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use super::aside::{set_aside, set_files_aside};
use super::replay::{agrees, catch_up, fill};
use super::trees::{Fault, Trees};
use crate::store::StoreError;
use crate::store::body::State;
use crate::store::journal::{self, Journal, Limits, Survey, sync_folder};

const SLED: &str = "sled";
const UNFINISHED: &str = "sled.unfinished";
const JOURNAL: &str = "journal";

/// How often and how long to wait for files that this process itself still holds.
const LOCK_TRIES: u32 = 50;
const LOCK_WAIT: Duration = Duration::from_millis(100);

/// A store that is ready.
pub(super) struct Recovered {
    pub(super) trees: Trees,
    pub(super) journal: Journal,
    pub(super) state: State,
}

/// What was found under the name of sled.
enum Database {
    Absent,
    Sound(Trees, State),
    Damaged(String),
}

/// Brings the journal and sled in `root` together, whatever happened to either.
///
/// # Errors
/// When a newer program wrote them, or commits are in neither; then nothing has been changed.
pub(super) fn recover(root: &Path, limits: Limits) -> Result<Recovered, StoreError> {
    let dir = root.join(JOURNAL);
    let survey = Survey::of(root, &dir)?;
    let database = open_database(root)?;
    for fault in &survey.faults {
        tracing::warn!(store = %root.display(), "damage in the journal: {fault}");
    }
    let number = if let Database::Sound(_, state) = &database {
        state.number.0
    } else {
        0
    };
    let missing = survey.missing(survey.mark.unwrap_or(0).max(number));
    std::fs::create_dir_all(&dir).map_err(|error| StoreError::io("making", &dir, error))?;
    sync_folder(root)?;
    let (trees, state) = match database {
        Database::Sound(trees, state) if missing.is_empty() => follow(root, trees, state, &survey)?,
        Database::Sound(trees, state) if missing.iter().all(|gap| *gap.end() <= state.number.0) => {
            return renew_journal(root, trees, state, &survey, limits);
        }
        Database::Absent if missing.is_empty() && !is_doubtful(&survey) => {
            rebuild(root, &survey, None)?
        }
        Database::Damaged(why)
            if missing.is_empty() && !is_doubtful(&survey) && !survey.is_empty() =>
        {
            rebuild(root, &survey, Some(&why))?
        }
        Database::Sound(_, state) => {
            return Err(refusal(root, &survey, &missing, state.number.0, None));
        }
        Database::Absent => return Err(refusal(root, &survey, &missing, 0, None)),
        Database::Damaged(why) => return Err(refusal(root, &survey, &missing, 0, Some(&why))),
    };
    let journal = Journal::resume(&dir, &survey, limits)?;
    Ok(Recovered {
        trees,
        journal,
        state,
    })
}

/// Without sled and without the mark, nothing tells a commit that was cut short from one that was
/// acknowledged and damaged later.
fn is_doubtful(survey: &Survey) -> bool {
    survey.mark.is_none() && (survey.has_tail() || !survey.faults.is_empty())
}

fn open_database(root: &Path) -> Result<Database, StoreError> {
    let path = root.join(SLED);
    if !path.exists() {
        return Ok(Database::Absent);
    }
    let mut tries = 0;
    loop {
        match Trees::open(root, &path) {
            Ok((trees, state)) => return Ok(Database::Sound(trees, state)),
            Err(Fault::Damage(detail)) => return Ok(Database::Damaged(detail)),
            Err(Fault::Locked) if tries < LOCK_TRIES => {
                tries += 1;
                std::thread::sleep(LOCK_WAIT);
            }
            Err(fault) => return Err(fault.at(root)),
        }
    }
}

/// Lets sled follow a journal that is whole.
fn follow(
    root: &Path,
    trees: Trees,
    state: State,
    survey: &Survey,
) -> Result<(Trees, State), StoreError> {
    let (reached, why) = match disagreement(&state, survey)? {
        Some(why) => (None, why),
        None => match catch_up(root, &trees, state, survey) {
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
                "the database was behind its journal and has been caught up",
            );
        }
        return Ok((trees, reached));
    }
    drop(trees);
    rebuild(root, survey, Some(&why))
}

/// Why sled, sound in itself, isn't the one that belongs to this journal.
fn disagreement(state: &State, survey: &Survey) -> Result<Option<String>, StoreError> {
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

/// Makes sled anew from a journal that is whole; what stood there is set aside after that.
fn rebuild(
    root: &Path,
    survey: &Survey,
    damage: Option<&str>,
) -> Result<(Trees, State), StoreError> {
    let unfinished = root.join(UNFINISHED);
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)
            .map_err(|error| StoreError::io("removing", &unfinished, error))?;
    }
    let trees = Trees::create(root, &unfinished).map_err(|fault| fault.at(root))?;
    let mut state = State::default();
    if let Some((snapshot, _)) = &survey.base {
        state = fill(root, &trees, snapshot)?;
    }
    let state = catch_up(root, &trees, state, survey)?;
    trees.flush().map_err(|fault| fault.at(root))?;
    drop(trees);
    let path = root.join(SLED);
    if path.exists() {
        let kept = set_aside(root, SLED)?;
        tracing::warn!(
            damage, kept = %kept.display(), commit = state.number.0,
            "the database was damaged; it has been set aside and rebuilt from the journal",
        );
    } else if state.number.0 > 0 {
        tracing::warn!(
            commit = state.number.0,
            "the database was missing and has been rebuilt"
        );
    }
    std::fs::rename(&unfinished, &path)
        .map_err(|error| StoreError::io("renaming", &unfinished, error))?;
    sync_folder(root)?;
    match open_database(root)? {
        Database::Sound(trees, state) => Ok((trees, state)),
        Database::Damaged(detail) => Err(StoreError::damaged(root, detail)),
        Database::Absent => Err(StoreError::damaged(root, "the rebuilt database is gone")),
    }
}

/// Begins the journal anew from sled, which has all that the journal lost.
fn renew_journal(
    root: &Path,
    trees: Trees,
    state: State,
    survey: &Survey,
    limits: Limits,
) -> Result<Recovered, StoreError> {
    let dir = root.join(JOURNAL);
    let state = catch_up(root, &trees, state, survey)?;
    let items = trees
        .items()
        .map(|item| item.map_err(|fault| fault.at(root)));
    let snapshot = journal::write_snapshot(&dir, &state, items)?;
    let old: Vec<_> = journal::older_files(&dir, &snapshot)?
        .into_iter()
        .map(|(_, path)| path)
        .collect();
    let kept = set_files_aside(root, JOURNAL, &old)?;
    tracing::warn!(
        commit = state.number.0, kept = %kept.display(),
        "commits were missing from the journal but not from the database; the journal begins \
         anew with a snapshot of the database, its old files are kept",
    );
    let survey = Survey::of(root, &dir)?;
    let journal = Journal::resume(&dir, &survey, limits)?;
    Ok(Recovered {
        trees,
        journal,
        state,
    })
}

/// Tells what is lost, where, and what can still be had.
fn refusal(
    root: &Path,
    survey: &Survey,
    missing: &[RangeInclusive<u64>],
    database: u64,
    damage: Option<&str>,
) -> StoreError {
    let mut detail = Vec::new();
    if let Some(damage) = damage {
        detail.push(format!("its database can't be opened ({damage})"));
    }
    detail.extend(missing.iter().map(|gap| {
        if gap.start() == gap.end() {
            format!("commit {} is missing", gap.start())
        } else {
            format!("commits {} to {} are missing", gap.start(), gap.end())
        }
    }));
    detail.extend(survey.faults.iter().cloned());
    if survey.mark.is_none() {
        detail.push("the mark of the last commit is missing".to_owned());
    }
    let advice = match survey.reach().max(database) {
        0 => "restore a backup; nothing has been changed".to_owned(),
        reach => format!(
            "restore a backup, or keep everything up to commit {reach} with 'elverum-calendar \
             store salvage'; nothing has been changed"
        ),
    };
    StoreError::Damaged {
        path: root.to_owned(),
        detail: detail.join("; "),
        advice,
    }
}
