//! Pictures kept in memory.

use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use rocket::tokio::sync::Semaphore;

use super::card::PreviewCard;
use super::drawing::png;
use crate::web::blocking::blocking;
use crate::web::problem::{Problem, ProblemKind};

/// Maximum size of all pictures in memory, in bytes.
const KEPT: u64 = 8 * 1024 * 1024;

/// Maximum number of requests that draw or wait for their turn.
const IN_LINE: usize = 16;
/// Seconds after which others may try again.
const RETRY_AFTER: i64 = 5;

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<String, Arc<[u8]>> for ByBytes {
    fn weight(&self, path: &String, picture: &Arc<[u8]>) -> u64 {
        (path.len() + picture.len()) as u64 + 128
    }
}

/// Managed state: the pictures, by their addresses. One is drawn at a time.
#[derive(Clone)]
pub struct PreviewImages {
    kept: Arc<Cache<String, Arc<[u8]>, ByBytes>>,
    line: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Default for PreviewImages {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(256)
            .weight_capacity(KEPT)
            .shards(1)
            .build()
            .expect("both capacities are given");
        Self {
            kept: Arc::new(Cache::with_options(
                options,
                ByBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            )),
            line: Arc::new(Semaphore::new(IN_LINE)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }
}

impl PreviewImages {
    /// Returns the picture of a card as PNG.
    ///
    /// # Errors
    /// Returns an internal error if it cannot be drawn, and that it is unavailable if too many wait for theirs.
    pub async fn of(&self, card: PreviewCard) -> Result<Arc<[u8]>, Problem> {
        let path = card.path();
        if let Some(known) = self.kept.get(&path) {
            return Ok(known);
        }
        let place = Arc::clone(&self.line).try_acquire_owned();
        let place = place.map_err(|_| Problem {
            retry_after: Some(RETRY_AFTER),
            ..Problem::new(ProblemKind::Unavailable)
        })?;
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        let turn = turn.map_err(|error| Problem::internal(&error))?;
        if let Some(known) = self.kept.get(&path) {
            return Ok(known);
        }
        let drawn = blocking(move || {
            // Held until the work is done, even if the request is dropped.
            let _held = (turn, place);
            png(&card).map_err(|error| Problem::internal(&error))
        });
        let picture: Arc<[u8]> = drawn.await?.into();
        self.kept.insert(path, Arc::clone(&picture));
        Ok(picture)
    }
}
