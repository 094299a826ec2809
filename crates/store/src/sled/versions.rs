//! Reading of all stored versions of the records of a kind.

use std::sync::atomic::Ordering;

use ::sled::IVec;

use super::database::Trees;
use super::read_error::ReadError;
use super::sled_guard::{SledFault, guard};
use crate::body::{BodyError, Envelope};
use crate::commit::RecordVersion;
use crate::history;
use crate::plan::StorePart;
use calendar_domain::{RecordKey, RecordKind};

impl Trees {
    /// Returns the stored current version of each record of a kind, sorted by key.
    pub(super) fn current_of(
        &self,
        kind: RecordKind,
    ) -> impl Iterator<Item = Result<IVec, SledFault>> + Send + '_ {
        self.current_with_keys(kind)
            .map(|pair| pair.map(|(_, value)| value))
    }

    /// Returns the stored current version and the key of each record of a kind, sorted by key.
    pub(super) fn current_with_keys(
        &self,
        kind: RecordKind,
    ) -> impl Iterator<Item = Result<(IVec, IVec), SledFault>> + Send + '_ {
        self.pairs_of(StorePart::Current, kind)
    }

    /// Returns the keys and values of a part whose records are of a kind, sorted by key.
    fn pairs_of(
        &self,
        part: StorePart,
        kind: RecordKind,
    ) -> impl Iterator<Item = Result<(IVec, IVec), SledFault>> + Send + '_ {
        let prefix = RecordKey::new(kind, "").to_string();
        let memory = self.memory.iter();
        let memory = memory.flat_map({
            let prefix = prefix.clone();
            move |memory| memory.pairs(part, prefix.as_bytes())
        });
        let mut iter = self.open.as_ref().map(|open| match part {
            StorePart::Current => open.current.scan_prefix(prefix),
            StorePart::History => open.history.scan_prefix(prefix),
        });
        let sled = std::iter::from_fn(move || {
            let next = guard(|| iter.as_mut().and_then(Iterator::next).transpose());
            if next.is_err() {
                iter = None;
                self.failed.store(true, Ordering::SeqCst);
            }
            next.transpose()
        });
        memory.map(Ok).chain(sled)
    }

    /// Passes each version of each record of a kind to `each`, with the record's key: the earlier versions, then the
    /// current ones.
    pub(super) fn each_version(
        &self,
        kind: RecordKind,
        each: &mut dyn FnMut(&RecordKey, RecordVersion),
    ) -> Result<(), ReadError> {
        for part in [StorePart::History, StorePart::Current] {
            for pair in self.pairs_of(part, kind) {
                let (key, value) = pair?;
                let key = match part {
                    StorePart::Current => &key,
                    StorePart::History => history::record_of(&key),
                };
                let text = String::from_utf8_lossy(key);
                let (_, id) = text
                    .split_once('/')
                    .ok_or_else(|| BodyError::Malformed(format!("the key {text}")))?;
                each(
                    &RecordKey::new(kind, id),
                    Envelope::read(&value)?.version()?,
                );
            }
        }
        Ok(())
    }
}
