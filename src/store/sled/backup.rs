//! Everything in a store into one file, also while another process writes to it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::SledStore;
use super::folder;
use super::folders::JOURNAL;
use crate::store::StoreError;
use crate::store::backup::{BackedUp, Manifest, Writer};
use crate::store::commit::CommitNumber;
use crate::store::journal::{Limits, Survey};

/// How often the journal is read again when files went away meanwhile, and how long between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// See [`Backend::backup`](crate::store::Backend::backup).
pub(in crate::store) fn backup(path: &str, file: &Path) -> Result<BackedUp, StoreError> {
    let root = folder(path)?;
    let root = root
        .canonicalize()
        .map_err(|error| StoreError::io("opening", root, error))?;
    if !root.join(JOURNAL).is_dir() {
        let error = io::Error::new(io::ErrorKind::NotFound, "there is no store in it");
        return Err(StoreError::io("reading", &root, error));
    }
    match again_and_again(&root, file) {
        // Nobody has it open, so its own recovery may mend it first.
        Err(damage @ StoreError::Damaged { .. }) => {
            match SledStore::open(&root, Limits::default()) {
                Ok(store) => drop(store),
                Err(StoreError::InUse { .. }) => return Err(damage),
                Err(error) => return Err(error),
            }
            attempt(&root, file)
        }
        outcome => outcome,
    }
}

fn again_and_again(root: &Path, file: &Path) -> Result<BackedUp, StoreError> {
    for _ in 1..TRIES {
        match attempt(root, file) {
            Err(error) if is_moving(&error) => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    attempt(root, file)
}

/// Whether a file that was just there may have been taken away by a compaction.
fn is_moving(error: &StoreError) -> bool {
    match error {
        StoreError::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
        StoreError::Damaged { .. } => true,
        _ => false,
    }
}

fn attempt(root: &Path, file: &Path) -> Result<BackedUp, StoreError> {
    let survey = Survey::of(root, &root.join(JOURNAL))?;
    let base = survey.base_number();
    // A commit after the mark may still be refused; the mark is read before all else, so that a
    // snapshot can be newer.
    let last = survey
        .mark
        .map_or_else(|| survey.reach(), |it| it.max(base));
    if survey.reach() < last || survey.mark.is_none() && !survey.faults.is_empty() {
        let mut found: Vec<String> = survey.missing(last).iter().map(told).collect();
        found.extend(survey.faults.iter().cloned());
        return Err(StoreError::damaged(root, found.join("; ")));
    }
    let at = match survey.entry(last)? {
        Some(entry) => Some(entry.at),
        None => survey.base.as_ref().and_then(|(_, state)| state.at),
    };
    let snapshot = survey
        .base
        .as_ref()
        .map(|(path, _)| open(path))
        .transpose()?;
    let manifest = Manifest {
        commit: CommitNumber(last),
        at,
        base,
        snapshot: snapshot.as_ref().map_or(0, |(_, length, _)| *length),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let mut out = Writer::begin(file, &manifest)?;
    if let Some((file, length, path)) = snapshot {
        copy(file, length, &path, &mut out)?;
    }
    survey.frames(base + 1..=last, |frame| out.add(frame))?;
    let (commit, bytes) = (manifest.commit, out.finish()?);
    Ok(BackedUp { commit, at, bytes })
}

fn told(gap: &std::ops::RangeInclusive<u64>) -> String {
    format!("commits {} to {} are missing", gap.start(), gap.end())
}

fn open(path: &Path) -> Result<(File, u64, PathBuf), StoreError> {
    let failed = |error| StoreError::io("reading", path, error);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((file, length, path.to_owned()))
}

fn copy(mut file: File, length: u64, path: &Path, out: &mut Writer) -> Result<(), StoreError> {
    let failed = |error| StoreError::io("reading", path, error);
    let (mut buffer, mut left) = (vec![0; 1 << 18], length);
    while left > 0 {
        let count = file.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            return Err(failed(io::ErrorKind::UnexpectedEof.into()));
        }
        out.add(&buffer[..count])?;
        left = left.saturating_sub(count as u64);
    }
    Ok(())
}
