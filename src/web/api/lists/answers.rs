//! Finished responses, kept until the calendar changes.

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use std::sync::Arc;

use rocket::tokio::sync::Semaphore;

use crate::catalog::SnapshotVersion;
use crate::web::conditional::Finished;

/// A response with the state of the calendar that it shows.
#[derive(Clone)]
struct Kept {
    version: SnapshotVersion,
    response: Finished,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Kept> for ByBytes {
    fn weight(&self, key: &String, kept: &Kept) -> u64 {
        // Its compressed forms take about a third, each.
        (key.len() + 2 * kept.response.bytes.len() + 512) as u64
    }
}

/// Responses by request, bounded in bytes. Cheap to clone.
#[derive(Clone)]
pub struct ListAnswers {
    responses: Arc<Cache<String, Kept, ByBytes>>,
    /// Limits how many are made at once, so that unusual filters leave room for other requests.
    making: Arc<Semaphore>,
}

impl ListAnswers {
    /// Returns a cache that holds at most about `bytes`.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usize::try_from(bytes / 16_384).unwrap_or(1024).max(64))
            .weight_capacity(bytes)
            .shards(2)
            .build()
            .expect("both capacities are given");
        let responses = Cache::with_options(
            options,
            ByBytes,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        );
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            responses: Arc::new(responses),
            making: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Returns the response to a request, if it shows this state of the calendar.
    pub(super) fn get(&self, request: &str, version: SnapshotVersion) -> Option<Finished> {
        let kept = self.responses.get(request)?;
        (kept.version == version).then_some(kept.response)
    }

    /// Keeps the response to a request.
    pub(super) fn keep(&self, request: String, version: SnapshotVersion, response: &Finished) {
        let response = response.clone();
        self.responses.insert(request, Kept { version, response });
    }

    /// Returns the semaphore to hold while a response is made.
    pub(super) fn making(&self) -> Arc<Semaphore> {
        Arc::clone(&self.making)
    }
}
