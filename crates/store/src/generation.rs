//! Generations: the sequence of commits that a commit number belongs to.
//!
//! After a restore, new commits reuse numbers of earlier ones. A store therefore has a generation, which
//! changes whenever acknowledged commits are removed. A commit number that is kept outside the store must be
//! kept with its generation.
//!
//! The file is in the journal's folder, so it is replaced together with the journal.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::file_system::sync_folder;

const FILE: &str = "generation";
const UNFINISHED: &str = "generation.unfinished";

/// A random identifier of a generation. Its text form has 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GenerationId(u64);

impl fmt::Display for GenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The error of parsing a [`GenerationId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a generation; expected 16 hexadecimal digits")]
pub struct GenerationIdError;

impl FromStr for GenerationId {
    type Err = GenerationIdError;

    fn from_str(text: &str) -> Result<Self, GenerationIdError> {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = u64::from_str_radix(text, 16).map_err(|_| GenerationIdError)?;
        digits.then_some(Self(id)).ok_or(GenerationIdError)
    }
}

/// The generation of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// The identifier.
    pub id: GenerationId,
    /// Time (UTC) at which the store was restored to an earlier state, if it was.
    pub restored_at: Option<DateTime<Utc>>,
    /// The last commit whose number is accepted without a generation: the last one of a program without
    /// generations. 0 if there was no such program or the store has been restored since.
    pub unmarked: u64,
}

impl Generation {
    /// Returns true if `commit`, noted in the generation `noted_in`, names the same commit in this
    /// generation.
    #[must_use]
    pub fn includes(&self, noted_in: Option<GenerationId>, commit: u64) -> bool {
        match noted_in {
            Some(id) => id == self.id,
            None => commit <= self.unmarked,
        }
    }

    fn new() -> io::Result<Self> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self {
            id: GenerationId(u64::from_be_bytes(bytes)),
            restored_at: None,
            unmarked: 0,
        })
    }

    fn restored() -> io::Result<Self> {
        Ok(Self {
            restored_at: Some(Utc::now()),
            ..Self::new()?
        })
    }
}

/// The serialized form of [`Generation`].
#[derive(Serialize, Deserialize)]
struct Stored {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restored_at: Option<DateTime<Utc>>,
    #[serde(default)]
    unmarked: u64,
}

/// Returns the generation that the file in `dir` names, if there is one that can be read.
pub(super) fn named(dir: &Path) -> Option<Generation> {
    parse(&std::fs::read(dir.join(FILE)).ok()?)
}

/// Returns the generation of the journal in `dir`, whose last commit is `head`, and creates one if there is
/// none. `was_restored` says whether the store shows signs of a restore by a program without generations.
///
/// If the generation can't be written, it is valid until the store is closed, so that reads work.
///
/// # Errors
/// Errors if the file can't be read or the system provides no randomness.
pub(super) fn open(dir: &Path, head: u64, was_restored: bool) -> Result<Generation, StoreError> {
    let failed = |error| StoreError::io("reading", &dir.join(FILE), error);
    let made = match std::fs::read(dir.join(FILE)) {
        Ok(bytes) => match parse(&bytes) {
            Some(generation) => return Ok(generation),
            None => {
                tracing::warn!(
                    file = %dir.join(FILE).display(),
                    "the store's generation is damaged; clients of the change feed start again",
                );
                Generation::restored()
            }
        },
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        Err(_) if was_restored => Generation::restored(),
        Err(_) => Generation::new().map(|generation| Generation {
            unmarked: head,
            ..generation
        }),
    };
    let made = made.map_err(failed)?;
    if let Err(error) = write(dir, &made) {
        tracing::warn!(
            %error,
            "cannot write the store's generation; after the next start, clients of the change feed start again",
        );
    }
    Ok(made)
}

/// Gives the journal in `dir` a new generation, because commits were removed from the store.
///
/// # Errors
/// Errors if the generation can't be written.
pub(super) fn renew(dir: &Path) -> Result<(), StoreError> {
    Generation::restored()
        .and_then(|generation| write(dir, &generation))
        .map_err(|error| StoreError::io("writing", &dir.join(FILE), error))
}

fn parse(bytes: &[u8]) -> Option<Generation> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    Some(Generation {
        id: stored.id.parse().ok()?,
        restored_at: stored.restored_at,
        unmarked: stored.unmarked,
    })
}

/// Writes the file atomically.
fn write(dir: &Path, generation: &Generation) -> io::Result<()> {
    let stored = Stored {
        id: generation.id.to_string(),
        restored_at: generation.restored_at,
        unmarked: generation.unmarked,
    };
    let unfinished = dir.join(UNFINISHED);
    let mut file = create(&unfinished)?;
    file.write_all(&serde_json::to_vec(&stored)?)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, dir.join(FILE))?;
    sync_folder(dir).map_err(io::Error::other)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_stays_until_it_is_renewed() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let first = open(dir, 0, false).unwrap();
        assert_eq!((first.restored_at, first.unmarked), (None, 0));
        assert_eq!(open(dir, 9, false).unwrap(), first);
        assert!(first.includes(Some(first.id), 9) && !first.includes(None, 1));
        renew(dir).unwrap();
        let second = open(dir, 9, false).unwrap();
        assert_ne!(second.id, first.id);
        assert!(second.restored_at.is_some() && !second.includes(Some(first.id), 0));
        assert_eq!(second.id.to_string().parse(), Ok(second.id));
    }

    #[test]
    fn a_store_of_an_earlier_program_accepts_its_numbers_unless_it_was_restored() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let adopted = open(dir, 7, false).unwrap();
        assert!(adopted.includes(None, 7) && !adopted.includes(None, 8));
        std::fs::remove_file(dir.join(FILE)).unwrap();
        let restored = open(dir, 7, true).unwrap();
        assert!(restored.includes(None, 0) && !restored.includes(None, 1));
    }

    #[test]
    fn a_damaged_generation_is_a_new_one_and_one_that_cannot_be_written_holds() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let first = open(dir, 3, false).unwrap();
        for damaged in ["", "{}", r#"{"id":"12"}"#, r#"{"id":"+123456789abcdef"}"#] {
            std::fs::write(dir.join(FILE), damaged).unwrap();
            let next = open(dir, 3, false).unwrap();
            assert_ne!(next.id, first.id);
            assert!(!next.includes(None, 3));
            assert_eq!(open(dir, 3, false).unwrap(), next);
        }
        let nowhere = dir.join("nowhere");
        assert!(open(&nowhere, 3, false).is_ok() && renew(&nowhere).is_err());
    }
}
