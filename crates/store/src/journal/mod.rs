//! The journal: every commit, on the disk before it is answered.
//!
//! The folder `journal` of a store has
//! - segments, `<first commit>.journal`: commits one after the other, only ever appended to; zeros
//!   may follow them;
//! - at most one snapshot, `<commit>.snapshot`: everything up to that commit, in place of the
//!   segments before it;
//! - `acknowledged`: the mark, the last commit that was answered;
//! - `generation`: which sequence of commits these are ([`Generation`](crate::Generation)).
//!
//! `frame` is the format, `walk` reads one segment, `survey` a whole folder and says what is missing,
//! and this file writes. The journal knows nothing of the database that follows it.

pub(super) mod frame;
mod mark;
mod snapshot;
mod survey;
#[cfg(test)]
mod tests;
mod walk;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::body::State;
use super::{StoreError, private};
use mark::Mark;

pub(super) use frame::{FORMAT, encode};
pub(super) use snapshot::{
    Item, SnapshotError, path as snapshot_path, read as read_snapshot,
    read_from as read_snapshot_from,
};
pub(super) use survey::Survey;

const SEGMENT: &str = "journal";

/// How large the journal's files may become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A segment with more bytes than this gets a successor.
    pub(super) segment: u64,
    /// When all segments together have more bytes than this, and more than the last snapshot, a new
    /// snapshot takes their place.
    pub(super) segments: u64,
    /// Bytes that must stay free on the disk beside what a commit takes.
    pub(super) reserve: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            segment: 16 << 20,
            segments: 256 << 20,
            reserve: 8 << 20,
        }
    }
}

/// A journal open for writing.
pub(super) struct Journal {
    dir: PathBuf,
    limits: Limits,
    mark: Mark,
    /// The last commit that is surely on the disk.
    last: u64,
    /// Where the next commit goes; `None` when a new segment has to be begun.
    segment: Option<Segment>,
    /// Bytes in all segments.
    bytes: u64,
    /// Bytes of the snapshot that they follow.
    snapshot: u64,
}

/// How many zeros are written ahead of the commits. A commit that goes over bytes which are there
/// already changes nothing of the file but them, and so its sync need not wait for the file system's
/// own journal; that is half of what a sync costs.
const AHEAD: usize = 256 << 10;

struct Segment {
    file: File,
    path: PathBuf,
    first: u64,
    /// Where the last acknowledged frame ends.
    end: u64,
    /// Where the zeros written ahead end; no less than `end`.
    filled: u64,
}

impl Journal {
    /// Goes on where `survey` ends; what it found after its last whole commit is cut off.
    ///
    /// The caller has seen to it that nothing acknowledged is missing.
    pub(super) fn resume(dir: &Path, survey: &Survey, limits: Limits) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("opening", dir, error);
        let last = survey.highest();
        let fit = survey
            .segments
            .last()
            .filter(|s| s.header && !s.inner_damage && s.first <= last + 1);
        let segment = fit.map(Segment::resume).transpose()?;
        let mut mark = Mark::open(dir).map_err(failed)?;
        mark.set(last).map_err(failed)?;
        sync_folder(dir)?;
        let snapshot = survey.base.as_ref().map_or(Ok(0), |(path, _)| size(path))?;
        let bytes = survey.segments.iter().map(|segment| segment.end).sum();
        Ok(Self {
            dir: dir.to_owned(),
            limits,
            mark,
            last,
            segment,
            bytes,
            snapshot,
        })
    }

    /// Appends encoded frames of which the last has the number `last`; on the disk when it
    /// returns.
    ///
    /// # Errors
    /// When the disk refuses; then the frames are taken back and none of them counts.
    pub(super) fn append(&mut self, frames: &[u8], last: u64) -> Result<(), StoreError> {
        let mut segment = match self.segment.take() {
            Some(segment) if !self.is_full(&segment, frames) => segment,
            _ => Segment::begin(&self.dir, self.last + 1)?,
        };
        if let Err(error) = segment.append(frames) {
            let failure = StoreError::io("writing", &segment.path, error);
            match segment.retreat() {
                Ok(()) => self.segment = Some(segment),
                // A later segment that begins with the same number overrules what is left there.
                Err(error) => tracing::warn!(
                    %error, file = %segment.path.display(),
                    "a refused commit could not be taken back; the next one begins a new file",
                ),
            }
            return Err(failure);
        }
        self.segment = Some(segment);
        self.bytes += frames.len() as u64;
        self.last = last;
        if let Err(error) = self.mark.set(last) {
            tracing::warn!(%error, "the mark of the last commit could not be written");
        }
        Ok(())
    }

    /// Whether a snapshot should take the place of the segments.
    pub(super) fn is_compaction_due(&self) -> bool {
        self.bytes > self.limits.segments.max(self.snapshot)
    }

    /// Lets `items`, everything in the store at `state`, take the place of all segments. `state`
    /// must be that of the last commit.
    pub(super) fn compact(
        &mut self,
        state: &State,
        items: impl Iterator<Item = Result<Item, StoreError>>,
    ) -> Result<(), StoreError> {
        let kept = write_snapshot(&self.dir, state, items)?;
        self.segment = None;
        self.bytes = 0;
        self.snapshot = size(&kept)?;
        for (_, path) in older_files(&self.dir, &kept)? {
            std::fs::remove_file(&path)
                .map_err(|error| StoreError::io("removing", &path, error))?;
        }
        Ok(())
    }

    /// Bytes in the segments, and in the snapshot before them.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.bytes, self.snapshot)
    }

    /// Puts the next compaction off until as many bytes again are written: this one failed.
    pub(super) fn postpone_compaction(&mut self) {
        self.bytes = 0;
    }

    fn is_full(&self, segment: &Segment, frames: &[u8]) -> bool {
        segment.first <= self.last && segment.end + frames.len() as u64 > self.limits.segment
    }
}

/// Turns of events that tests bring about.
#[cfg(test)]
impl Journal {
    pub(super) fn make_compaction_due(&mut self) {
        self.bytes = self.limits.segments.max(self.snapshot) + 1;
    }

    /// The next commit begins a new segment.
    pub(super) fn end_segment(&mut self) {
        self.segment = None;
    }
}

impl Segment {
    fn resume(found: &survey::SegmentFile) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("opening", &found.path, error);
        let file = OpenOptions::new()
            .write(true)
            .open(&found.path)
            .map_err(failed)?;
        let mut filled = found.length;
        if found.written > found.end {
            tracing::warn!(
                file = %found.path.display(), offset = found.end, bytes = found.written - found.end,
                "cut an unfinished commit that was never acknowledged off the journal",
            );
            file.set_len(found.end).map_err(failed)?;
            filled = found.end;
        }
        // What was read may so far only be in the system's memory.
        file.sync_all().map_err(failed)?;
        Ok(Self {
            file,
            path: found.path.clone(),
            first: found.first,
            end: found.end,
            filled: filled.max(found.end),
        })
    }

    fn begin(dir: &Path, first: u64) -> Result<Self, StoreError> {
        let path = dir.join(format!("{first:020}.{SEGMENT}"));
        let header = frame::header(frame::Kind::Segment, first);
        let begin = || -> io::Result<File> {
            // A file of this name has nothing that was acknowledged: its first commit is to come.
            let mut options = private::file();
            let options = options.write(true).create(true).truncate(true);
            let mut file = options.open(&path)?;
            file.write_all(&header)?;
            file.sync_all()?;
            Ok(file)
        };
        let file = begin().map_err(|error| StoreError::io("beginning", &path, error))?;
        sync_folder(dir)?;
        Ok(Self {
            file,
            path,
            first,
            end: header.len() as u64,
            filled: header.len() as u64,
        })
    }

    fn append(&mut self, frames: &[u8]) -> io::Result<()> {
        let end = self.end + frames.len() as u64;
        write_at(&mut self.file, frames, self.end)?;
        if end > self.filled {
            self.filled = end;
            // Much at once comes from an import, which has no use for it. Where there is no room
            // ahead, each sync only takes longer.
            if frames.len() < AHEAD && write_at(&mut self.file, &[0; AHEAD], end).is_ok() {
                self.filled += AHEAD as u64;
            }
        }
        self.file.sync_data()?;
        self.end = end;
        Ok(())
    }

    fn retreat(&mut self) -> io::Result<()> {
        self.filled = self.end;
        self.file.set_len(self.end)?;
        self.file.sync_all()
    }
}

impl Drop for Segment {
    /// Gives the room ahead back. Where it can't, reading stops at the zeros all the same.
    fn drop(&mut self) {
        if self.filled > self.end
            && let Err(error) = self.file.set_len(self.end)
        {
            tracing::debug!(%error, file = %self.path.display(), "room ahead is left in the file");
        }
    }
}

#[cfg(unix)]
fn write_at(file: &mut File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(file: &mut File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// Writes a snapshot into a journal's folder; whole and on the disk when it returns.
pub(super) fn write_snapshot(
    dir: &Path,
    state: &State,
    items: impl Iterator<Item = Result<Item, StoreError>>,
) -> Result<PathBuf, StoreError> {
    snapshot::write(dir, state, items)
}

fn size(path: &Path) -> Result<u64, StoreError> {
    let read = std::fs::metadata(path).map_err(|error| StoreError::io("reading", path, error))?;
    Ok(read.len())
}

/// The segments and snapshots in a folder besides `kept`.
pub(super) fn older_files(dir: &Path, kept: &Path) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    let list = || -> io::Result<Vec<(u64, PathBuf)>> {
        let mut files = named(dir, SEGMENT)?;
        files.extend(snapshot::list(dir)?);
        files.retain(|(_, path)| path != kept);
        Ok(files)
    };
    list().map_err(|error| StoreError::io("reading", dir, error))
}

/// The files `<number>.<extension>` of a folder, by number; none when there is no folder.
fn named(dir: &Path, extension: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let number = stem.and_then(|stem| stem.parse().ok());
        if let (Some(number), true) = (number, path.extension().is_some_and(|e| e == extension)) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Puts a folder's list of files on the disk: a new file isn't safe before that.
pub(super) fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::io("syncing", dir, error))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
