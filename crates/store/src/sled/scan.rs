//! Parallel reading of all records of some kinds: one thread reads sled, two parse.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use ::sled::IVec;

use super::database::Trees;
use super::read_error::ReadError;
use crate::body::Envelope;
use crate::commit::Stored;
use calendar_domain::RecordKind;

/// Number of records per batch.
const BATCH: usize = 256;
/// Maximum number of batches waiting for each step, which limits the memory use.
const WAITING: usize = 8;
const READERS: usize = 2;

type Batch = Result<Vec<Stored>, ReadError>;

/// Passes every record of `kinds` to `each`, in batches and in no particular order.
pub(super) fn scan(
    trees: &Trees,
    kinds: &[RecordKind],
    each: &mut dyn FnMut(Vec<Stored>),
) -> Result<(), ReadError> {
    std::thread::scope(|threads| {
        let (bytes, to_read) = sync_channel::<Vec<IVec>>(WAITING);
        let (read, batches) = sync_channel::<Batch>(WAITING);
        // Dropped with its readers, so that no sender waits for readers that have ended.
        let to_read = Arc::new(Mutex::new(to_read));
        for _ in 0..READERS {
            let (to_read, read) = (Arc::clone(&to_read), read.clone());
            threads.spawn(move || {
                // The lock is released before the batch is parsed.
                let next = || to_read.lock().ok()?.recv().ok();
                while let Some(values) = next() {
                    if read.send(records(&values)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_read);
        threads.spawn(move || {
            for kind in kinds {
                let mut batch = Vec::with_capacity(BATCH);
                for value in trees.current_of(*kind) {
                    match value {
                        Ok(value) => batch.push(value),
                        Err(fault) => {
                            // The receiver is gone if another batch failed first.
                            let _ = read.send(Err(fault.into()));
                            return;
                        }
                    }
                    if batch.len() == BATCH && bytes.send(std::mem::take(&mut batch)).is_err() {
                        return;
                    }
                }
                if bytes.send(batch).is_err() {
                    return;
                }
            }
        });
        for batch in batches {
            each(batch?);
        }
        Ok(())
    })
}

fn records(values: &[IVec]) -> Batch {
    let mut records = Vec::with_capacity(values.len());
    for value in values {
        records.extend(Envelope::read(value)?.stored()?);
    }
    Ok(records)
}
