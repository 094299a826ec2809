//! Recovery: the content of the journal and of sled decides what is done.
//!
//! | journal | sled | action |
//! |---|---|---|
//! | nothing | nothing | a new store |
//! | whole | undamaged, at the journal's last commit or behind it | sled is caught up |
//! | whole | missing, damaged, or different from the journal | sled is set aside and rebuilt |
//! | commits missing, all of which sled has | undamaged | the journal is replaced with a snapshot of sled |
//! | commits missing | without them | error; nothing is changed |
//!
//! A journal is whole if there is no gap up to its last commit, and if it lacks no commit that the marker or
//! sled know of. Bytes after that belong to a commit that was never acknowledged, and are cut off.

use std::ops::RangeInclusive;
use std::path::Path;

use super::database::Trees;
use super::folders::{self, JOURNAL, RESTORING};
use super::open_database::{Database, Occasion, open_database};
use super::rebuild::{Why, follow, rebuild, renew_journal};
use crate::body::State;
use crate::file_system::sync_folder;
use crate::journal::{Journal, JournalLimits, Survey};
use crate::{StoreError, private};

/// A recovered store.
pub(super) struct Recovered {
    pub(super) trees: Trees,
    pub(super) journal: Journal,
    pub(super) state: State,
    /// The content of the journal.
    pub(super) survey: Survey,
}

/// The content of a store's folder.
pub(super) struct StoreFiles {
    pub(super) survey: Survey,
    pub(super) database: Database,
    /// Commits that are missing from the journal: acknowledged ones, and those before a later commit.
    pub(super) missing: Vec<RangeInclusive<u64>>,
}

impl StoreFiles {
    /// Inspects the store and changes nothing.
    pub(super) fn look(root: &Path, occasion: Occasion) -> Result<Self, StoreError> {
        // In parallel, since both take long in a large store.
        let (survey, database) = std::thread::scope(|threads| {
            let database = threads.spawn(|| open_database(root, occasion));
            let survey = Survey::new(root, &root.join(JOURNAL));
            (survey, database.join())
        });
        let (mut survey, database) = (
            survey?,
            database.unwrap_or_else(|_| {
                Ok(Database::Damaged(
                    "opening it stopped unexpectedly".to_owned(),
                ))
            })?,
        );
        if let Occasion::Mending(acknowledged) = occasion {
            survey.forget_after(acknowledged.0);
        }
        Ok(Self::new(survey, database))
    }

    /// Combines the content of the journal and of the database.
    pub(super) fn new(survey: Survey, database: Database) -> Self {
        let mark = survey.mark.unwrap_or(0);
        let missing = survey.missing(mark.max(database.number()));
        Self {
            survey,
            database,
            missing,
        }
    }

    /// Returns true if there is no store yet.
    fn is_nothing(&self) -> bool {
        self.survey.is_empty() && matches!(self.database, Database::Absent)
    }

    /// Returns true if the journal alone is complete.
    pub(super) fn is_journal_whole(&self) -> bool {
        self.missing.is_empty() && !self.is_doubtful()
    }

    /// Returns true if damage can't be classified. Without sled and without the marker, an incomplete commit
    /// can't be distinguished from a damaged acknowledged one, nor an empty journal from a lost one.
    fn is_doubtful(&self) -> bool {
        match self.database {
            Database::Sound(..) => false,
            Database::Absent => self.has_unmarked_damage(),
            Database::Damaged(_) => self.has_unmarked_damage() || self.survey.is_empty(),
        }
    }

    fn has_unmarked_damage(&self) -> bool {
        self.survey.mark.is_none() && !self.survey.faults.is_empty()
    }

    /// Returns true if sled has every commit that the journal lacks.
    fn has_database_the_rest(&self) -> bool {
        let number = self.database.number();
        self.missing.iter().all(|gap| *gap.end() <= number)
    }

    /// Returns true if the store opens without loss.
    pub(super) fn is_enough(&self) -> bool {
        let sound = matches!(self.database, Database::Sound(..));
        self.is_journal_whole() || (sound && self.has_database_the_rest())
    }

    /// Returns the last commit up to which everything is available.
    pub(super) fn reach(&self) -> u64 {
        self.survey
            .reach()
            .max(self.survey.reach_from(self.database.number()))
    }

    /// Returns the last commit of which there is any sign.
    pub(super) fn known(&self) -> u64 {
        let last_missing = self.missing.last().map_or(0, |gap| *gap.end());
        last_missing
            .max(self.survey.highest())
            .max(self.database.number())
    }

    /// Returns a description of each problem.
    pub(super) fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        if let Database::Damaged(damage) = &self.database {
            findings.push(format!("cannot open the database ({damage})"));
        }
        findings.extend(
            self.missing
                .iter()
                .map(|gap| match (gap.start(), gap.end()) {
                    (start, end) if start == end => format!("commit {start} is missing"),
                    (start, end) => format!("commits {start} to {end} are missing"),
                }),
        );
        findings.extend(self.survey.faults.iter().cloned());
        if self.survey.mark.is_none() && !self.survey.is_empty() {
            findings.push("the mark of the last commit is missing".to_owned());
        }
        findings
    }

    /// Returns an error with the losses and the remedies.
    pub(super) fn refusal(&self, root: &Path) -> StoreError {
        let advice = match self.reach() {
            0 => "restore a backup; nothing has been changed".to_owned(),
            reach => format!(
                "restore a backup, or keep everything up to commit {reach} with \
                 'elverum-calendar store salvage'; nothing has been changed"
            ),
        };
        StoreError::Damaged {
            path: root.to_owned(),
            detail: self.findings().join("; "),
            advice,
        }
    }
}

/// Synchronizes the journal and sled in `root`.
///
/// # Errors
/// Errors if a newer program wrote them, if commits are in neither, or if a restore was interrupted; then
/// nothing has been changed. Also errors if the disk fails.
pub(super) fn recover(
    root: &Path,
    limits: JournalLimits,
    occasion: Occasion,
) -> Result<Recovered, StoreError> {
    let found = StoreFiles::look(root, occasion)?;
    if found.is_nothing() && root.join(RESTORING).exists() {
        return Err(StoreError::Damaged {
            path: root.to_owned(),
            detail: "a restoration into it was interrupted".to_owned(),
            advice: format!("restore the backup again, or remove the folder '{RESTORING}' in it"),
        });
    }
    if occasion == Occasion::Start {
        folders::remove_unfinished(root)?;
    }
    for fault in &found.survey.faults {
        tracing::warn!(store = %root.display(), "damage in the journal: {fault}");
    }
    let dir = root.join(JOURNAL);
    if found.is_nothing() && occasion == Occasion::Start {
        folders::begin_making(root)?;
    }
    // If power was lost while the store was created, nothing was acknowledged, so damage in the database
    // doesn't matter.
    let is_unopened = found.survey.is_empty()
        && matches!(found.database, Database::Damaged(_))
        && folders::is_in_making(root);
    let whole = found.is_journal_whole() || is_unopened;
    let rest = found.has_database_the_rest();
    let make_folder = || {
        if !dir.is_dir() {
            private::create_folder(&dir).map_err(|error| StoreError::io("making", &dir, error))?;
        }
        sync_folder(root)
    };
    let (trees, state, survey) = match found {
        StoreFiles {
            survey,
            database: Database::Sound(trees, state),
            ..
        } if !whole && rest => {
            make_folder()?;
            let (state, survey) = renew_journal(root, &trees, state, &survey, u64::MAX)?;
            let journal = Journal::resume(&dir, &survey, limits)?;
            return Ok(Recovered {
                trees,
                journal,
                state,
                survey,
            });
        }
        found if !whole => return Err(found.refusal(root)),
        StoreFiles {
            database, survey, ..
        } => {
            let (trees, state) = match database {
                Database::Sound(trees, state) => follow(root, trees, state, &survey)?,
                Database::Damaged(why) => rebuild(root, &survey, u64::MAX, Why::Damaged(&why))?,
                Database::Absent if occasion == Occasion::Restoring => {
                    rebuild(root, &survey, u64::MAX, Why::New)?
                }
                Database::Absent => rebuild(root, &survey, u64::MAX, Why::Missing)?,
            };
            (trees, state, survey)
        }
    };
    make_folder()?;
    let journal = Journal::resume(&dir, &survey, limits)?;
    folders::end_making(root)?;
    Ok(Recovered {
        trees,
        journal,
        state,
        survey,
    })
}
