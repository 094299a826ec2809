//! Snapshots: everything in the store as of one commit, in one checksummed file.
//!
//! A snapshot replaces all segments before it. It includes the history, whose size is limited by
//! [`HISTORY_KEPT`](crate::HISTORY_KEPT), so compaction loses nothing.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::files::named;
use super::frame::{self, FRAME, FileKind, HEADER, Header, Prefix};
use crate::StoreError;
use crate::body::{self, State, Totals};
use crate::file_system::sync_folder;
use crate::plan::{COMMIT_LIMIT, StorePart};
use crate::private;

const EXTENSION: &str = "snapshot";
const UNFINISHED: &str = "snapshot.unfinished";

const CURRENT: u8 = 0;
const HISTORY: u8 = 1;
const END: u8 = 255;

/// Why a snapshot can't be used.
#[derive(Debug)]
pub(crate) enum SnapshotError {
    /// A newer program wrote it.
    Newer(u32),
    /// It is damaged.
    Broken(String),
    /// It could not be read, or processing an item failed.
    Failed(StoreError),
}

/// Returns the path of the snapshot of a commit.
pub(crate) fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:020}.{EXTENSION}"))
}

/// Returns the snapshots in a folder, newest first.
pub(super) fn list(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = named(dir, EXTENSION)?;
    found.reverse();
    Ok(found)
}

/// An item of a store: its part, key and value.
pub(crate) type SnapshotItem = (StorePart, Vec<u8>, Vec<u8>);

/// Writes a snapshot atomically.
///
/// # Errors
/// Errors if `items` don't add up to the totals of `state`, since some were lost, or if the disk fails.
pub(super) fn write(
    dir: &Path,
    state: &State,
    items: impl Iterator<Item = Result<SnapshotItem, StoreError>>,
) -> Result<PathBuf, StoreError> {
    let unfinished = dir.join(UNFINISHED);
    let failed = |error| StoreError::io("writing", &unfinished, error);
    let mut options = private::file();
    let options = options.write(true).create(true).truncate(true);
    let file = options.open(&unfinished).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    out.write_all(&frame::header(FileKind::Snapshot, state.number.0))
        .map_err(failed)?;
    let (mut totals, mut count, mut bytes) = (Totals::default(), 0, Vec::new());
    for item in items {
        let (part, key, value) = item?;
        totals.add(&key, &value);
        bytes.clear();
        frame::encode(count, &payload(part, &key, &value), &mut bytes);
        out.write_all(&bytes).map_err(failed)?;
        count += 1;
    }
    if totals != state.totals {
        let detail = "the database does not match its own totals";
        return Err(StoreError::damaged(dir.parent().unwrap_or(dir), detail));
    }
    bytes.clear();
    let mut end = vec![END];
    end.extend(body::write(state));
    frame::encode(count, &end, &mut bytes);
    out.write_all(&bytes).map_err(failed)?;
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    let path = path(dir, state.number.0);
    std::fs::rename(&unfinished, &path).map_err(failed)?;
    sync_folder(dir)?;
    Ok(path)
}

fn payload(part: StorePart, key: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(key.len()).expect("a key is part of a record, which is capped");
    let mut bytes = Vec::with_capacity(5 + key.len() + value.len());
    bytes.push(if part == StorePart::Current {
        CURRENT
    } else {
        HISTORY
    });
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(value);
    bytes
}

/// Reads a snapshot, passes each item to `each`, and returns the state in it.
///
/// The items are complete and undamaged only if this returns `Ok`.
pub(crate) fn read(
    path: &Path,
    each: impl FnMut(StorePart, &[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<State, SnapshotError> {
    let failed = |error| SnapshotError::Failed(StoreError::io("reading", path, error));
    let mut input = BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?);
    read_from(&mut input, path, each)
}

/// Reads a snapshot from `input` as [`read`] does. `path` is for error messages.
pub(crate) fn read_from(
    input: &mut impl Read,
    path: &Path,
    mut each: impl FnMut(StorePart, &[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<State, SnapshotError> {
    let mut head = [0; HEADER];
    fill(input, &mut head, path)?;
    let number = match frame::read_header(FileKind::Snapshot, &head) {
        Header::Known { number } => number,
        Header::Newer { format } => return Err(SnapshotError::Newer(format)),
        Header::Broken => return Err(broken("its header is damaged")),
    };
    let mut totals = Totals::default();
    for count in 0.. {
        let payload = next(input, count, path)?;
        let Some((&tag, rest)) = payload.split_first() else {
            return Err(broken("empty item"));
        };
        if tag == END {
            let state: State =
                serde_json::from_slice(rest).map_err(|error| broken(&error.to_string()))?;
            let whole = state.totals == totals && state.number.0 == number;
            return if whole {
                Ok(state)
            } else {
                Err(broken("its items do not match their count"))
            };
        }
        let (part, key, value) = item(tag, rest).ok_or_else(|| broken("malformed item"))?;
        totals.add(key, value);
        each(part, key, value).map_err(SnapshotError::Failed)?;
    }
    Err(broken("its end is missing"))
}

fn item(tag: u8, rest: &[u8]) -> Option<(StorePart, &[u8], &[u8])> {
    let part = match tag {
        CURRENT => StorePart::Current,
        HISTORY => StorePart::History,
        _ => return None,
    };
    let length = usize::try_from(frame::u32_at(rest.get(..4)?, 0)).ok()?;
    let (key, value) = rest.get(4..)?.split_at_checked(length)?;
    Some((part, key, value))
}

fn next(input: &mut impl Read, count: u64, path: &Path) -> Result<Vec<u8>, SnapshotError> {
    let mut prefix = [0; FRAME];
    fill(input, &mut prefix, path)?;
    let damaged = || broken(&format!("item {count} is damaged"));
    let prefix = Prefix::read(&prefix).ok_or_else(damaged)?;
    let length = usize::try_from(prefix.length).map_err(|_| damaged())?;
    if length > 2 * COMMIT_LIMIT || prefix.number != count {
        return Err(damaged());
    }
    let mut payload = vec![0; length];
    fill(input, &mut payload, path)?;
    if prefix.fits(&payload) {
        Ok(payload)
    } else {
        Err(damaged())
    }
}

fn fill(input: &mut impl Read, bytes: &mut [u8], path: &Path) -> Result<(), SnapshotError> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends too early"),
        _ => SnapshotError::Failed(StoreError::io("reading", path, error)),
    })
}

fn broken(detail: &str) -> SnapshotError {
    SnapshotError::Broken(detail.to_owned())
}
