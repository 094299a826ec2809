//! Dumps: all events that may be republished, in one file, written in batches of bounded size.

use std::io;
use std::sync::Arc;
use std::vec;

use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::{Entry, Snapshot};
use calendar_domain::Lang;

use super::csv::Csv;
use super::fragment::made;
use super::ndjson::Ndjson;
use super::stream_encoder::StreamEncoder;
use super::{Coding, Feed, FeedFrame, FeedRequest, Scope, Summary, WriteOptions};

/// Maximum number of events in a batch.
const EVENTS: usize = 200;
/// Size of a batch in bytes from which it is handed out.
const FULL: usize = 64 * 1024;

/// Formats of dumps.
static DUMPS: [&dyn Feed; 2] = [&Ndjson, &Csv];

/// A dump in progress. Holds a snapshot, so that it is consistent however long a client takes to read it.
pub struct Dump {
    feed: &'static dyn Feed,
    snapshot: Arc<Snapshot>,
    base: Arc<Url>,
    state: DumpState,
}

enum DumpState {
    Before(Coding),
    Writing(vec::IntoIter<Arc<Entry>>, Box<StreamEncoder>),
    Done,
}

impl Dump {
    /// Returns the dump of a snapshot in the format with this extension, if there is one.
    #[must_use]
    pub fn new(extension: &str, snapshot: Arc<Snapshot>, base: Arc<Url>) -> Option<Self> {
        let feed = DUMPS
            .into_iter()
            .find(|dump| dump.extension() == extension)?;
        Some(Self {
            feed,
            snapshot,
            base,
            state: DumpState::Before(Coding::Identity),
        })
    }

    /// Returns the same dump in a coding, from its first batch on.
    #[must_use]
    pub fn in_coding(&self, coding: Coding) -> Self {
        Self {
            feed: self.feed,
            snapshot: Arc::clone(&self.snapshot),
            base: Arc::clone(&self.base),
            state: DumpState::Before(coding),
        }
    }

    /// Returns the extension of its format.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        self.feed.extension()
    }

    /// Returns its media type with parameters.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.feed.media_type()
    }

    /// Returns the snapshot.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns a strong entity tag of the dump without coding, quoted.
    ///
    /// The bytes follow from the state of the calendar, the day, the address of the site and the program.
    #[must_use]
    pub fn etag(&self) -> String {
        let version = self.snapshot.version();
        let of = format!(
            "{} {} {} {} {} {}",
            self.feed.extension(),
            version.commit,
            version.at.timestamp_micros(),
            version.today,
            self.base,
            env!("CARGO_PKG_VERSION"),
        );
        format!("\"{}\"", hex::encode(&Sha256::digest(of)[..16]))
    }

    /// Returns the next bytes, or `None` after the last. Blocks for some milliseconds.
    ///
    /// # Errors
    /// Errors if memory for a content coding cannot be allocated.
    pub fn next_batch(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match std::mem::replace(&mut self.state, DumpState::Done) {
                DumpState::Before(coding) => self.begin(coding)?,
                DumpState::Writing(mut entries, mut encoder) => {
                    let ended = self.write(&mut entries, &mut encoder)?;
                    let bytes = if ended {
                        encoder.finish()?
                    } else {
                        let bytes = encoder.take();
                        self.state = DumpState::Writing(entries, encoder);
                        bytes
                    };
                    if !bytes.is_empty() {
                        return Ok(Some(bytes));
                    }
                }
                DumpState::Done => return Ok(None),
            }
        }
    }

    fn begin(&mut self, coding: Coding) -> io::Result<()> {
        let mut entries: Vec<_> = self.snapshot.events().cloned().collect();
        entries.sort_by(|a, b| self.feed.order().compare(a, b));
        let mut encoder = StreamEncoder::new(coding)?;
        let FeedFrame { head, .. } = self.feed.frame(&self.request(), &Summary::default());
        encoder.write(&head)?;
        self.state = DumpState::Writing(entries.into_iter(), Box::new(encoder));
        Ok(())
    }

    /// Encodes a batch; returns true after the last event.
    fn write(
        &self,
        entries: &mut vec::IntoIter<Arc<Entry>>,
        encoder: &mut StreamEncoder,
    ) -> io::Result<bool> {
        let request = self.request();
        let mut batch = Vec::new();
        for _ in 0..EVENTS {
            let Some(entry) = entries.next() else {
                encoder.write(&batch)?;
                return Ok(true);
            };
            if let Some(piece) = made(self.feed, &entry, &request) {
                batch.extend_from_slice(&piece.bytes);
            }
            if batch.len() >= FULL {
                break;
            }
        }
        encoder.write(&batch)?;
        Ok(false)
    }

    fn request(&self) -> FeedRequest<'_> {
        FeedRequest {
            snapshot: &self.snapshot,
            scope: &Scope::All,
            choices: WriteOptions::new(Lang::default()),
            base: &self.base,
        }
    }
}
