//! A dump that one task writes and several clients read.

use bytes::Bytes;
use rocket::tokio::sync::watch;

/// Maximum size in bytes of a kept dump. Two formats in three codings take at most six times as much.
pub(super) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What has been written of a dump.
#[derive(Debug, Default)]
pub(super) struct DumpProgress {
    batches: Vec<Bytes>,
    /// Absent while the dump is written.
    pub(super) end: Option<DumpEnd>,
}

/// How the writing of a dump ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DumpEnd {
    Complete,
    /// Its batches are forgotten.
    TooLarge,
}

/// Writes a dump for its readers. If it is dropped before the end, they notice.
pub(super) struct DumpWriter {
    progress: watch::Sender<DumpProgress>,
    bytes: usize,
}

impl DumpWriter {
    pub(super) fn new(progress: watch::Sender<DumpProgress>) -> Self {
        Self { progress, bytes: 0 }
    }

    /// Adds a batch. Returns false if no more are needed: the dump is too large to be kept, or it is that of an older
    /// state and has no readers.
    pub(super) fn push(&mut self, batch: Bytes) -> bool {
        self.bytes += batch.len();
        if self.bytes > MOST_BYTES {
            self.progress.send_replace(DumpProgress {
                batches: Vec::new(),
                end: Some(DumpEnd::TooLarge),
            });
            return false;
        }
        self.progress
            .send_modify(|progress| progress.batches.push(batch));
        !self.progress.is_closed()
    }

    /// Ends the dump, which is complete.
    pub(super) fn finish(self) {
        self.progress
            .send_modify(|progress| progress.end = Some(DumpEnd::Complete));
    }
}

/// Reads a dump while it is written, or afterwards.
pub(super) struct DumpReader {
    progress: watch::Receiver<DumpProgress>,
    /// The number of batches that have been read.
    at: usize,
}

/// What a reader gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DumpPart {
    /// The next bytes.
    Batch(Bytes),
    /// Nothing: the dump is complete.
    End,
    /// Nothing: the dump is not written to its end.
    Stopped,
}

impl DumpReader {
    pub(super) fn new(progress: watch::Receiver<DumpProgress>) -> Self {
        Self { progress, at: 0 }
    }

    /// Returns true if the dump is complete.
    pub(super) fn is_complete(&self) -> bool {
        self.progress.borrow().end == Some(DumpEnd::Complete)
    }

    /// Returns the next part, as soon as it is written.
    pub(super) async fn next(&mut self) -> DumpPart {
        let at = self.at;
        let is_there =
            |progress: &DumpProgress| progress.batches.len() > at || progress.end.is_some();
        let Ok(progress) = self.progress.wait_for(is_there).await else {
            return DumpPart::Stopped;
        };
        match (progress.batches.get(at), progress.end) {
            (Some(batch), _) => {
                self.at += 1;
                DumpPart::Batch(batch.clone())
            }
            (None, Some(DumpEnd::Complete)) => DumpPart::End,
            (None, _) => DumpPart::Stopped,
        }
    }
}
