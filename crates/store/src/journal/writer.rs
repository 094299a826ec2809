//! Appends commits to the journal.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ack_marker::AckMarker;
use super::files::{SEGMENT, named, write_at};
use super::{SnapshotItem, Survey};
use super::{frame, scan, snapshot};
use crate::body::State;
use crate::file_system::sync_folder;
use crate::{StoreError, private};

/// Size limits of the journal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JournalLimits {
    /// Maximum size of a segment in bytes, before the next one is begun.
    pub(crate) segment: u64,
    /// Total size of the segments in bytes after which a snapshot replaces them, if they are also larger than
    /// the last snapshot.
    pub(crate) segments: u64,
    /// Bytes that must stay free on the disk in addition to the size of a commit.
    pub(crate) reserve: u64,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self {
            segment: 16 << 20,
            segments: 256 << 20,
            reserve: 8 << 20,
        }
    }
}

/// A journal open for writing.
pub(crate) struct Journal {
    dir: PathBuf,
    limits: JournalLimits,
    mark: AckMarker,
    /// The last commit that is durable.
    last: u64,
    /// The segment for the next commit; `None` if a new one must be begun.
    pub(super) segment: Option<Segment>,
    /// Size of all segments in bytes.
    bytes: u64,
    /// Size of the snapshot in bytes.
    snapshot: u64,
}

/// Number of zeros written ahead of the commits. A commit that overwrites existing bytes changes no file
/// metadata, so its sync does not wait for the file system's own journal.
const AHEAD: usize = 256 << 10;

pub(super) struct Segment {
    pub(super) file: File,
    pub(super) path: PathBuf,
    first: u64,
    /// Offset of the end of the last acknowledged frame.
    end: u64,
    /// Offset of the end of the zeros written ahead; at least `end`.
    filled: u64,
}

impl Journal {
    /// Opens the journal at the end of `survey`, and cuts off what follows its last whole commit.
    ///
    /// The caller must have checked that no acknowledged commit is missing.
    pub(crate) fn resume(
        dir: &Path,
        survey: &Survey,
        limits: JournalLimits,
    ) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("opening", dir, error);
        let last = survey.highest();
        let fit = survey
            .segments
            .last()
            .filter(|s| s.header && !s.inner_damage && s.first <= last + 1);
        let segment = fit.map(Segment::resume).transpose()?;
        let mut mark = AckMarker::open(dir).map_err(failed)?;
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

    /// Appends encoded frames, the last of which has the number `last`. They are durable when this returns.
    ///
    /// # Errors
    /// Errors if the disk fails. The frames are then removed and none of them counts.
    pub(crate) fn append(&mut self, frames: &[u8], last: u64) -> Result<(), StoreError> {
        let mut segment = match self.segment.take() {
            Some(segment) if !self.is_full(&segment, frames) => segment,
            _ => Segment::begin(&self.dir, self.last + 1)?,
        };
        if let Err(error) = segment.append(frames) {
            let failure = StoreError::io("writing", &segment.path, error);
            match segment.retreat() {
                Ok(()) => self.segment = Some(segment),
                // A later segment that begins with the same number overrides the remaining frames.
                Err(error) => tracing::warn!(
                    %error, file = %segment.path.display(),
                    "cannot remove a refused commit; the next one starts a new file",
                ),
            }
            return Err(failure);
        }
        self.segment = Some(segment);
        self.bytes += frames.len() as u64;
        self.last = last;
        if let Err(error) = self.mark.set(last) {
            tracing::warn!(%error, "cannot write the mark of the last commit");
        }
        Ok(())
    }

    /// Returns true if a snapshot should replace the segments.
    pub(crate) fn is_compaction_due(&self) -> bool {
        self.bytes > self.limits.segments.max(self.snapshot)
    }

    /// Replaces all segments with a snapshot of `items`, which must be everything in the store at `state`.
    /// `state` must be that of the last commit.
    pub(crate) fn compact(
        &mut self,
        state: &State,
        items: impl Iterator<Item = Result<SnapshotItem, StoreError>>,
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

    /// Returns the sizes in bytes of the segments and of the snapshot.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.bytes, self.snapshot)
    }

    /// Postpones the next compaction until the segments have grown by their limit again, after a failed one.
    pub(crate) fn postpone_compaction(&mut self) {
        self.bytes = 0;
    }

    fn is_full(&self, segment: &Segment, frames: &[u8]) -> bool {
        segment.first <= self.last && segment.end + frames.len() as u64 > self.limits.segment
    }
}

/// Test hooks.
#[cfg(test)]
impl Journal {
    pub(crate) fn make_compaction_due(&mut self) {
        self.bytes = self.limits.segments.max(self.snapshot) + 1;
    }

    /// Makes the next commit begin a new segment.
    pub(crate) fn end_segment(&mut self) {
        self.segment = None;
    }
}

impl Segment {
    fn resume(found: &scan::SegmentFile) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("opening", &found.path, error);
        let file = OpenOptions::new()
            .write(true)
            .open(&found.path)
            .map_err(failed)?;
        let mut filled = found.length;
        if found.written > found.end {
            tracing::warn!(
                file = %found.path.display(), offset = found.end, bytes = found.written - found.end,
                "removed an unfinished, never acknowledged commit from the journal",
            );
            file.set_len(found.end).map_err(failed)?;
            filled = found.end;
        }
        // What was read may so far only be in the page cache.
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
        let header = frame::header(frame::FileKind::Segment, first);
        let begin = || -> io::Result<File> {
            // An existing file of this name has no acknowledged commit, since its first commit is still to
            // come.
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
            // Imports write large batches and don't benefit from zeros ahead. Without space for them, syncs
            // are only slower.
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
    /// Removes the zeros ahead. If that fails, reading stops at them anyway.
    fn drop(&mut self) {
        if self.filled > self.end
            && let Err(error) = self.file.set_len(self.end)
        {
            tracing::debug!(%error, file = %self.path.display(), "cannot trim the journal's preallocated space");
        }
    }
}

/// Writes a snapshot into a journal's folder, atomically and durably.
pub(crate) fn write_snapshot(
    dir: &Path,
    state: &State,
    items: impl Iterator<Item = Result<SnapshotItem, StoreError>>,
) -> Result<PathBuf, StoreError> {
    snapshot::write(dir, state, items)
}

fn size(path: &Path) -> Result<u64, StoreError> {
    let read = std::fs::metadata(path).map_err(|error| StoreError::io("reading", path, error))?;
    Ok(read.len())
}

/// Returns the segments and snapshots in a folder, except `kept`.
pub(crate) fn older_files(dir: &Path, kept: &Path) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    let list = || -> io::Result<Vec<(u64, PathBuf)>> {
        let mut files = named(dir, SEGMENT)?;
        files.extend(snapshot::list(dir)?);
        files.retain(|(_, path)| path != kept);
        Ok(files)
    };
    list().map_err(|error| StoreError::io("reading", dir, error))
}
