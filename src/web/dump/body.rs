//! The body of a dump.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use rocket::tokio::io::{AsyncRead, ReadBuf};
use rocket::tokio::task::spawn_blocking;

use crate::feeds::{Coding, Dump};

use super::kept::{DumpVersion, KeptDumps};
use super::shared::{DumpPart, DumpReader, DumpWriter};
use super::turns::{DumpReading, DumpTurns};

/// A dump that a client requests.
pub(super) struct DumpRequest {
    /// The dump, before its first batch.
    pub(super) dump: Dump,
    /// The coding of its bytes.
    pub(super) coding: Coding,
    pub(super) turns: DumpTurns,
    pub(super) kept: KeptDumps,
}

/// Where batches come from.
enum Source {
    /// Nothing has been read.
    Requested(Box<DumpRequest>),
    /// They are written for all readers of the dump, and kept.
    Shared {
        reader: DumpReader,
        /// The number of bytes that have been read.
        length: usize,
        /// The same dump, in case the shared one stops; absent if that is complete.
        own: Option<Box<DumpRequest>>,
    },
    /// They are written for this client, once it has taken the one before.
    Own {
        dump: Dump,
        turns: DumpTurns,
        /// The number of bytes that the client has already.
        skipped: usize,
    },
    Ended,
}

/// The source after its next batch, and the batch; `None` after the last.
type Next = io::Result<(Source, Option<Bytes>)>;

/// The body of a dump.
pub(super) struct DumpBody {
    next: Pin<Box<dyn Future<Output = Next> + Send>>,
    /// Dropped before the last bytes are sent, so that the client may read another dump once it has them.
    reading: Option<DumpReading>,
    ready: Bytes,
    is_done: bool,
}

impl DumpRequest {
    /// Returns the shared dump if it is kept or can be, otherwise one for this client alone.
    fn begin(self: Box<Self>) -> Source {
        let version = DumpVersion {
            etag: self.dump.etag(),
            events: self.dump.snapshot().event_count(),
        };
        let kind = (self.dump.extension(), self.coding);
        let make = |writer| {
            let dump = self.dump.in_coding(self.coding);
            rocket::tokio::spawn(write(dump, self.turns.clone(), writer));
        };
        match self.kept.reader(kind, &version, make) {
            Some(reader) => Source::Shared {
                own: (!reader.is_complete()).then_some(self),
                reader,
                length: 0,
            },
            None => self.own(0),
        }
    }

    /// Returns the dump for this client alone, from a byte on.
    fn own(self, skipped: usize) -> Source {
        Source::Own {
            dump: self.dump.in_coding(self.coding),
            turns: self.turns,
            skipped,
        }
    }
}

impl Source {
    async fn next(mut self) -> Next {
        loop {
            self = match self {
                Self::Requested(request) => request.begin(),
                Self::Shared {
                    mut reader,
                    length,
                    own,
                } => match reader.next().await {
                    DumpPart::Batch(batch) => {
                        let length = length + batch.len();
                        let rest = Self::Shared {
                            reader,
                            length,
                            own,
                        };
                        return Ok((rest, Some(batch)));
                    }
                    DumpPart::Stopped => own.map_or(Self::Ended, |own| own.own(length)),
                    DumpPart::End => Self::Ended,
                },
                Self::Own {
                    dump,
                    turns,
                    skipped,
                } => {
                    let (dump, batch) = next_batch(dump, &turns).await?;
                    let Some(batch) = batch else {
                        return Ok((Self::Ended, None));
                    };
                    let known = skipped.min(batch.len());
                    let rest = Self::Own {
                        dump,
                        turns,
                        skipped: skipped - known,
                    };
                    if known < batch.len() {
                        return Ok((rest, Some(batch.slice(known..))));
                    }
                    rest
                }
                Self::Ended => return Ok((Self::Ended, None)),
            }
        }
    }
}

/// Writes a dump for its readers, whether they keep up or not.
async fn write(mut dump: Dump, turns: DumpTurns, mut writer: DumpWriter) {
    loop {
        let batch;
        (dump, batch) = match next_batch(dump, &turns).await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "a dump cannot be written");
                return;
            }
        };
        let Some(batch) = batch else {
            return writer.finish();
        };
        if !writer.push(batch) {
            return;
        }
    }
}

async fn next_batch(mut dump: Dump, turns: &DumpTurns) -> io::Result<(Dump, Option<Bytes>)> {
    // Infallible: the semaphore is never closed.
    let _turn = turns.batches.acquire().await.map_err(io::Error::other)?;
    let written = spawn_blocking(move || {
        let batch = dump.next_batch()?;
        Ok((dump, batch.map(Bytes::from)))
    });
    written.await.map_err(io::Error::other)?
}

impl DumpBody {
    /// Returns the body of a dump, which is begun when it is read.
    pub(super) fn new(request: DumpRequest, reading: Option<DumpReading>) -> Self {
        Self {
            next: Box::pin(Source::Requested(Box::new(request)).next()),
            reading,
            ready: Bytes::new(),
            is_done: false,
        }
    }
}

impl AsyncRead for DumpBody {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.ready.is_empty() && !self.is_done {
            let (source, batch) = ready!(self.next.as_mut().poll(context))?;
            self.next = Box::pin(source.next());
            self.is_done = batch.is_none();
            self.ready = batch.unwrap_or_default();
            if self.is_done {
                self.reading = None;
            }
        }
        let length = self.ready.len().min(out.remaining());
        out.put_slice(&self.ready.split_to(length));
        Poll::Ready(Ok(()))
    }
}
