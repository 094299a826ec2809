//! Inspection of the journal at the start: whole commits, gaps and damage. Changes nothing.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::ack_marker::AckMarker;
use super::files::{SEGMENT, named};
use super::frame::{self, FORMAT, Header, Hole};
use super::segment_reader::SegmentContent;
use super::snapshot::{self, SnapshotError};
use crate::StoreError;
use crate::body::{JournalEntry, State};
use crate::file_system::read_file;

/// The content of a journal's folder.
#[derive(Debug)]
pub(crate) struct Survey {
    root: PathBuf,
    /// The newest whole snapshot.
    pub(crate) base: Option<(PathBuf, State)>,
    pub(super) segments: Vec<SegmentFile>,
    /// Commits after the snapshot, each number once, in ascending order.
    found: Vec<Found>,
    /// The last acknowledged commit; `None` if the marker is missing.
    pub(crate) mark: Option<u64>,
    /// Descriptions of the damage, with file and offset.
    pub(crate) faults: Vec<String>,
}

/// A segment on the disk.
#[derive(Debug)]
pub(super) struct SegmentFile {
    pub(super) path: PathBuf,
    /// The number of its first commit.
    pub(super) first: u64,
    /// Whether its header is whole.
    pub(super) header: bool,
    pub(super) length: u64,
    /// Offset of the end of the bytes before the trailing zeros.
    pub(super) written: u64,
    /// Offset of the end of the last whole frame.
    pub(super) end: u64,
    /// Whether anything before `end` is damaged.
    pub(super) inner_damage: bool,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    number: u64,
    segment: usize,
    payload: usize,
    end: usize,
}

impl Survey {
    /// Reads the journal in `dir` of the store in `root`. A missing folder is an empty journal.
    pub(crate) fn new(root: &Path, dir: &Path) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("reading", dir, error);
        let mut survey = Self {
            root: root.to_owned(),
            base: None,
            segments: Vec::new(),
            found: Vec::new(),
            mark: AckMarker::read(dir).map_err(failed)?,
            faults: Vec::new(),
        };
        for (_, path) in snapshot::list(dir).map_err(failed)? {
            survey.read_snapshot(path)?;
        }
        for (first, path) in named(dir, SEGMENT).map_err(failed)? {
            survey.read_segment(first, path)?;
        }
        Ok(survey)
    }

    /// Reads the commits after a snapshot that is known to be whole. Commits may be appended meanwhile: those up to
    /// [`Self::mark`] are whole.
    pub(crate) fn after(
        root: &Path,
        dir: &Path,
        base: (PathBuf, State),
    ) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("reading", dir, error);
        let mut survey = Self {
            root: root.to_owned(),
            base: Some(base),
            segments: Vec::new(),
            found: Vec::new(),
            mark: AckMarker::read(dir).map_err(failed)?,
            faults: Vec::new(),
        };
        for (first, path) in named(dir, SEGMENT).map_err(failed)? {
            survey.read_segment(first, path)?;
        }
        Ok(survey)
    }

    /// Removes the files that the snapshot replaced, which an interrupted compaction left.
    pub(crate) fn remove_replaced(&self, dir: &Path) -> Result<(), StoreError> {
        let Some((base, _)) = &self.base else {
            return Ok(());
        };
        let snapshots =
            snapshot::list(dir).map_err(|error| StoreError::io("reading", dir, error))?;
        let snapshots = snapshots.into_iter().map(|(_, path)| path);
        let mut replaced: Vec<PathBuf> = snapshots.filter(|path| path != base).collect();
        for (index, segment) in self.segments.iter().enumerate() {
            let is_needed = self.found.iter().any(|found| found.segment == index);
            if !is_needed && segment.first <= self.base_number() {
                replaced.push(segment.path.clone());
            }
        }
        for path in replaced {
            std::fs::remove_file(&path)
                .map_err(|error| StoreError::io("removing", &path, error))?;
        }
        Ok(())
    }

    /// Returns true if the folder has no snapshot, no segment and no marker.
    pub(crate) fn is_empty(&self) -> bool {
        self.base.is_none() && self.segments.is_empty() && self.mark.is_none()
    }

    /// Returns the last commit that follows the snapshot without a gap.
    pub(crate) fn reach(&self) -> u64 {
        self.reach_from(self.base_number())
    }

    /// Returns the last commit that follows `number` without a gap.
    pub(crate) fn reach_from(&self, number: u64) -> u64 {
        let after = self
            .found
            .iter()
            .map(|found| found.number)
            .filter(|found| *found > number);
        let reached = after
            .zip(number + 1..)
            .take_while(|(found, next)| found == next)
            .count();
        number + reached as u64
    }

    /// Returns the missing commits, up to `acknowledged` or the last one present.
    pub(crate) fn missing(&self, acknowledged: u64) -> Vec<RangeInclusive<u64>> {
        let mut missing = Vec::new();
        let mut next = self.base_number() + 1;
        for number in self.found.iter().map(|found| found.number) {
            if number > next {
                missing.push(next..=number - 1);
            }
            next = number + 1;
        }
        if acknowledged >= next {
            missing.push(next..=acknowledged);
        }
        missing
    }

    /// Returns the highest commit present.
    pub(crate) fn highest(&self) -> u64 {
        self.found
            .last()
            .map_or(self.base_number(), |found| found.number)
    }

    /// Drops the commits after `number`. They were refused, but could not be removed from the disk.
    pub(crate) fn forget_after(&mut self, number: u64) {
        self.found.retain(|found| found.number <= number);
        if let Some((last, segment)) = self.segments.iter_mut().enumerate().next_back() {
            let kept = self.found.iter().rev().find(|found| found.segment == last);
            let end = kept.map_or(frame::HEADER, |found| found.end);
            segment.end = segment.end.min(end as u64);
        }
    }

    /// Returns the total size in bytes of the files that a rebuild reads.
    pub(crate) fn size(&self) -> u64 {
        let snapshot = self
            .base
            .as_ref()
            .and_then(|(path, _)| std::fs::metadata(path).ok());
        let segments: u64 = self.segments.iter().map(|segment| segment.length).sum();
        snapshot.map_or(0, |file| file.len()) + segments
    }

    /// Passes the commits of these numbers to `each`, in order. Missing ones are skipped.
    pub(crate) fn entries(
        &self,
        numbers: RangeInclusive<u64>,
        mut each: impl FnMut(JournalEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut open: Option<(usize, Vec<u8>)> = None;
        for found in self
            .found
            .iter()
            .filter(|found| numbers.contains(&found.number))
        {
            let path = &self.segments[found.segment].path;
            let bytes = match open.take() {
                Some((segment, bytes)) if segment == found.segment => bytes,
                _ => read_file(path)?,
            };
            each(self.read_entry(found, &bytes)?)?;
            open = Some((found.segment, bytes));
        }
        Ok(())
    }

    /// Passes the unparsed frames of the commits of these numbers to `each`, in order. Missing ones are
    /// skipped.
    ///
    /// # Errors
    /// Errors if a frame is no longer whole in its file, or if `each` errors.
    pub(crate) fn frames(
        &self,
        numbers: RangeInclusive<u64>,
        mut each: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut open: Option<(usize, Vec<u8>)> = None;
        for found in self
            .found
            .iter()
            .filter(|found| numbers.contains(&found.number))
        {
            let path = &self.segments[found.segment].path;
            let bytes = match open.take() {
                Some((segment, bytes)) if segment == found.segment => bytes,
                _ => read_file(path)?,
            };
            let frame = bytes.get(found.payload - frame::FRAME..found.end);
            let frame = frame.filter(|frame| frame::is_whole(frame, found.number));
            each(frame.ok_or_else(|| {
                let detail = format!("commit {} went from {}", found.number, path.display());
                StoreError::damaged(&self.root, detail)
            })?)?;
            open = Some((found.segment, bytes));
        }
        Ok(())
    }

    /// Returns the commit of this number, if present.
    pub(crate) fn entry(&self, number: u64) -> Result<Option<JournalEntry>, StoreError> {
        let Some(found) = self.found.iter().find(|found| found.number == number) else {
            return Ok(None);
        };
        let bytes = read_file(&self.segments[found.segment].path)?;
        self.read_entry(found, &bytes).map(Some)
    }

    fn read_entry(&self, found: &Found, bytes: &[u8]) -> Result<JournalEntry, StoreError> {
        let path = self.segments[found.segment].path.display();
        let payload = bytes.get(found.payload..found.end).unwrap_or_default();
        let what = || format!("commit {} in {path}", found.number);
        let entry = JournalEntry::read(payload).map_err(|error| error.at(&self.root, &what()))?;
        if entry.number.0 != found.number {
            let detail = format!("{} calls itself {}", what(), entry.number);
            return Err(StoreError::damaged(&self.root, detail));
        }
        Ok(entry)
    }

    /// Returns the commit of the snapshot, or 0 without one.
    pub(crate) fn base_number(&self) -> u64 {
        self.base.as_ref().map_or(0, |(_, state)| state.number.0)
    }

    fn read_snapshot(&mut self, path: PathBuf) -> Result<(), StoreError> {
        match snapshot::read(&path, |_, _, _| Ok(())) {
            Ok(state) if self.base.is_none() => self.base = Some((path, state)),
            Ok(_) => {}
            Err(SnapshotError::Newer(found)) => return Err(newer(path, found)),
            Err(SnapshotError::Broken(detail)) => {
                self.faults.push(format!(
                    "the snapshot {} is damaged: {detail}",
                    path.display()
                ));
            }
            Err(SnapshotError::Failed(error)) => return Err(error),
        }
        Ok(())
    }

    fn read_segment(&mut self, named: u64, path: PathBuf) -> Result<(), StoreError> {
        let SegmentContent {
            header,
            frames,
            holes,
            length,
            written,
        } = SegmentContent::new(&path)?;
        let (first, header) = match header {
            Header::Known { number } => (number, true),
            Header::Newer { format } => return Err(newer(path, format)),
            Header::Broken => (named, false),
        };
        if !header {
            self.faults
                .push(format!("the header of {} is damaged", path.display()));
        }
        // Commits of an earlier segment from this number on were refused when they were written, which is why
        // this segment was begun.
        self.found.retain(|found| found.number < first);
        let segment = self.segments.len();
        for frame in &frames {
            let after = self
                .found
                .last()
                .map_or(self.base_number(), |found| found.number);
            if frame.number > after {
                let (payload, end) = (frame.payload, frame.end);
                self.found.push(Found {
                    number: frame.number,
                    segment,
                    payload,
                    end,
                });
            }
        }
        let end = frames.last().map_or(frame::HEADER, |frame| frame.end);
        self.note_holes(&path, &frames, &holes);
        self.segments.push(SegmentFile {
            path,
            first,
            header,
            length: length as u64,
            written: written as u64,
            end: end as u64,
            inner_damage: holes.iter().any(|hole| hole.from < end),
        });
        Ok(())
    }

    fn note_holes(&mut self, path: &Path, frames: &[frame::Frame], holes: &[Hole]) {
        for hole in holes {
            let before = frames.iter().rev().find(|frame| frame.end <= hole.from);
            let place = before.map_or_else(
                || "before its first commit".to_owned(),
                |frame| format!("after commit {}", frame.number),
            );
            self.faults.push(format!(
                "{} has {} unreadable bytes at offset {}, {place}",
                path.display(),
                hole.to - hole.from,
                hole.from,
            ));
        }
    }
}

fn newer(path: PathBuf, found: u32) -> StoreError {
    StoreError::NewerSchema {
        path,
        found,
        known: FORMAT,
    }
}
