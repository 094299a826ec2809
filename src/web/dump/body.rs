//! The body of a dump.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rocket::tokio::io::{AsyncRead, ReadBuf};
use rocket::tokio::task::spawn_blocking;

use crate::feeds::Dump;

use super::kept::{DumpBatches, DumpCollector};
use super::turns::{DumpReading, DumpTurns};

/// A dump and its next batch, or `None` after the last.
type Batch = io::Result<(Dump, Option<Vec<u8>>)>;

/// Where batches come from.
enum Source {
    /// They are kept; the number is that of the next.
    Kept(DumpBatches, usize),
    /// They are written once the client has taken the one before.
    Made {
        next: Pin<Box<dyn Future<Output = Batch> + Send>>,
        turns: DumpTurns,
        collector: Option<DumpCollector>,
    },
}

/// The body of a dump.
pub(super) struct DumpBody {
    source: Source,
    /// Dropped before the last bytes are sent, so that the client may read another dump once it has them.
    reading: Option<DumpReading>,
    ready: Arc<Vec<u8>>,
    at: usize,
    is_done: bool,
}

impl DumpBody {
    /// Returns the body of a kept dump.
    pub(super) fn kept(batches: DumpBatches, reading: Option<DumpReading>) -> Self {
        Self::new(Source::Kept(batches, 0), reading)
    }

    /// Returns a body that is written while it is read. Its batches go to `collector` too.
    pub(super) fn made(
        dump: Dump,
        turns: DumpTurns,
        reading: Option<DumpReading>,
        collector: Option<DumpCollector>,
    ) -> Self {
        let source = Source::Made {
            next: Box::pin(next_batch(dump, turns.clone())),
            turns,
            collector,
        };
        Self::new(source, reading)
    }

    fn new(source: Source, reading: Option<DumpReading>) -> Self {
        Self {
            source,
            reading,
            ready: Arc::default(),
            at: 0,
            is_done: false,
        }
    }
}

impl Source {
    /// Returns the next batch, or `None` after the last.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Arc<Vec<u8>>>>> {
        match self {
            Self::Kept(batches, at) => {
                let batch = batches.get(*at).cloned();
                *at += 1;
                Poll::Ready(Ok(batch))
            }
            Self::Made {
                next,
                turns,
                collector,
            } => {
                let (dump, batch) = ready!(next.as_mut().poll(context))?;
                let Some(batch) = batch else {
                    if let Some(collector) = collector.take() {
                        collector.keep();
                    }
                    return Poll::Ready(Ok(None));
                };
                let batch = Arc::new(batch);
                *collector = collector
                    .take()
                    .and_then(|collector| collector.with(&batch));
                *next = Box::pin(next_batch(dump, turns.clone()));
                Poll::Ready(Ok(Some(batch)))
            }
        }
    }
}

async fn next_batch(mut dump: Dump, turns: DumpTurns) -> Batch {
    // Infallible: the semaphore is never closed.
    let _turn = turns.batches.acquire().await.map_err(io::Error::other)?;
    let written = spawn_blocking(move || {
        let batch = dump.next_batch()?;
        Ok((dump, batch))
    });
    written.await.map_err(io::Error::other)?
}

impl AsyncRead for DumpBody {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.at == self.ready.len() && !self.is_done {
            let batch = ready!(self.source.poll_next(context))?;
            self.is_done = batch.is_none();
            self.ready = batch.unwrap_or_default();
            self.at = 0;
            if self.is_done {
                self.reading = None;
            }
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let length = rest.len().min(out.remaining());
        out.put_slice(&rest[..length]);
        self.at += length;
        Poll::Ready(Ok(()))
    }
}
