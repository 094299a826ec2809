//! Dumps that are made once for all readers, and kept until the calendar changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocket::tokio::sync::watch;

use crate::feeds::Coding;

use super::shared::{DumpEnd, DumpProgress, DumpReader, DumpWriter};

/// The extension of the format, and the coding of the bytes.
pub(super) type DumpKind = (&'static str, Coding);

/// The state of the calendar that a dump shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DumpVersion {
    /// The entity tag of the dump without coding.
    pub(super) etag: String,
    /// The number of events.
    pub(super) events: usize,
}

/// Managed state: the last compressed dump of each kind.
#[derive(Debug, Clone, Default)]
pub struct KeptDumps(Arc<Mutex<HashMap<DumpKind, KeptDump>>>);

/// The last dump of a kind, complete or not.
#[derive(Debug)]
struct KeptDump {
    version: DumpVersion,
    progress: watch::Receiver<DumpProgress>,
}

impl KeptDumps {
    /// Returns a reader of the dump of a state of the calendar. `make` is called if nobody makes this dump yet; it has to
    /// write the dump whether it is read or not, so that no reader waits for another one.
    ///
    /// Returns `None` if such a dump is not kept: it is not compressed, or one of as many events was too large.
    pub(super) fn reader(
        &self,
        kind: DumpKind,
        version: &DumpVersion,
        make: impl FnOnce(DumpWriter),
    ) -> Option<DumpReader> {
        if kind.1 == Coding::Identity {
            return None;
        }
        let mut dumps = self.lock();
        if let Some(kept) = dumps.get(&kind) {
            let end = kept.progress.borrow().end;
            let has_writer = kept.progress.has_changed().is_ok();
            if end == Some(DumpEnd::TooLarge) && version.events >= kept.version.events {
                return None;
            }
            let is_whole = end == Some(DumpEnd::Complete) || (end.is_none() && has_writer);
            if is_whole && kept.version == *version {
                return Some(DumpReader::new(kept.progress.clone()));
            }
        }
        let (sender, progress) = watch::channel(DumpProgress::default());
        let kept = KeptDump {
            version: version.clone(),
            progress: progress.clone(),
        };
        dumps.insert(kind, kept);
        drop(dumps);
        make(DumpWriter::new(sender));
        Some(DumpReader::new(progress))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DumpKind, KeptDump>> {
        // A panic cannot leave the map half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use rocket::futures::future::join3;
    use rocket::tokio::runtime::Builder;
    use rocket::tokio::task::yield_now;

    use super::super::shared::{DumpPart, MOST_BYTES};
    use super::*;

    const KIND: DumpKind = ("csv", Coding::Gzip);

    fn version(etag: &str) -> DumpVersion {
        DumpVersion {
            etag: etag.to_owned(),
            events: 10,
        }
    }

    /// Returns a reader, and the writer if nobody made the dump before.
    fn reader(dumps: &KeptDumps, version: &DumpVersion) -> (DumpReader, Option<DumpWriter>) {
        let mut writer = None;
        let reader = dumps.reader(KIND, version, |made| writer = Some(made));
        (reader.unwrap(), writer)
    }

    fn batch(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(future)
    }

    async fn all(mut reader: DumpReader) -> (Vec<Bytes>, DumpPart) {
        let mut batches = Vec::new();
        loop {
            match reader.next().await {
                DumpPart::Batch(batch) => batches.push(batch),
                end => return (batches, end),
            }
        }
    }

    #[test]
    fn only_the_first_reader_of_a_state_makes_the_dump() {
        let dumps = KeptDumps::default();
        let (first, writer) = reader(&dumps, &version("1"));
        let mut writer = writer.unwrap();
        assert!(writer.push(batch("a")));
        let (second, other) = reader(&dumps, &version("1"));
        assert!(other.is_none());
        // The readers wait for what is written later.
        let making = async {
            yield_now().await;
            assert!(writer.push(batch("b")));
            writer.finish();
        };
        let (first, second, ()) = run(join3(all(first), all(second), making));
        let expected = (vec![batch("a"), batch("b")], DumpPart::End);
        assert_eq!([first, second], [expected.clone(), expected]);
        let (third, other) = reader(&dumps, &version("1"));
        assert!(other.is_none(), "it is kept");
        assert_eq!(run(all(third)).0.len(), 2);
        assert!(reader(&dumps, &version("2")).1.is_some(), "another state");
    }

    #[test]
    fn a_reader_of_an_older_state_does_not_replace_a_newer_one() {
        let dumps = KeptDumps::default();
        let (old, writer) = reader(&dumps, &version("1"));
        let (mut slow, (_, writer_of_new)) = (writer.unwrap(), reader(&dumps, &version("2")));
        assert!(slow.push(batch("old")), "it still has a reader");
        slow.finish();
        let mut writer = writer_of_new.unwrap();
        assert!(writer.push(batch("new")));
        writer.finish();
        let (new, other) = reader(&dumps, &version("2"));
        assert!(other.is_none());
        assert_eq!(run(all(new)).0, [batch("new")]);
        assert_eq!(run(all(old)).0, [batch("old")]);
    }

    #[test]
    fn a_dump_of_an_older_state_without_readers_is_not_made_on() {
        let dumps = KeptDumps::default();
        let mut writer = reader(&dumps, &version("1")).1.unwrap();
        assert!(writer.push(batch("a")), "the next reader needs it");
        let _other = reader(&dumps, &version("2"));
        assert!(!writer.push(batch("b")));
    }

    #[test]
    fn the_next_reader_makes_a_dump_that_was_abandoned() {
        let dumps = KeptDumps::default();
        let (first, writer) = reader(&dumps, &version("1"));
        let mut writer = writer.unwrap();
        assert!(writer.push(batch("a")));
        drop(writer);
        let read = run(all(first));
        assert_eq!(read, (vec![batch("a")], DumpPart::Stopped));
        assert!(reader(&dumps, &version("1")).1.is_some());
    }

    #[test]
    fn a_large_dump_is_not_kept_until_there_are_fewer_events() {
        let dumps = KeptDumps::default();
        let (mut first, writer) = reader(&dumps, &version("1"));
        let mut writer = writer.unwrap();
        let half = Bytes::from(vec![0; MOST_BYTES / 2]);
        assert!(writer.push(half.clone()));
        assert_eq!(run(first.next()), DumpPart::Batch(half.clone()));
        assert!(writer.push(half));
        assert!(!writer.push(batch("x")));
        drop(writer);
        assert_eq!(run(first.next()), DumpPart::Stopped);
        let make = |version: &DumpVersion| dumps.reader(KIND, version, drop);
        assert!(make(&version("2")).is_none());
        let fewer = DumpVersion {
            events: 9,
            ..version("3")
        };
        assert!(make(&fewer).is_some());
    }

    #[test]
    fn a_dump_without_compression_is_not_kept() {
        let dumps = KeptDumps::default();
        let kind = ("csv", Coding::Identity);
        assert!(dumps.reader(kind, &version("1"), drop).is_none());
    }
}
