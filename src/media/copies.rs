//! Copies of partners' images, where their policy permits it: pages and feeds then cause no requests to other sites.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::{sleep, timeout};
use url::Url;

use super::copy_search::{CopySearch, is_there};
use super::intake::ImageIntake;
use crate::catalog::Calendar;
use crate::http::Fetcher;
use calendar_domain::{Event, EventId, ImageSource, KeptImage};
use calendar_images::MAX_BYTES;
use calendar_store::{Author, Change, CommitNumber, Store as _, StoreError, records};

/// How often events are looked through for images without a copy.
const CHECKED_EVERY: Duration = Duration::from_secs(5 * 60);
/// How long an image that could not be copied is left alone.
const RETRIED_AFTER: TimeDelta = TimeDelta::hours(24);
/// Maximum number of images that are fetched in one round.
const OF_ROUND: usize = 300;
/// Maximum time that fetching an image takes, so that a slow site does not hold up the others.
const LONGEST_FETCH: Duration = Duration::from_secs(20);

/// Copies images of partners, and knows what it has seen.
pub struct ImageCopier {
    calendar: Arc<Calendar>,
    fetcher: Fetcher,
    intake: ImageIntake,
    search: CopySearch,
    /// When images could not be copied, by address.
    failed: HashMap<Url, DateTime<Utc>>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CopyRound {
    /// Number of events that were looked at.
    pub looked_at: usize,
    /// Number of new copies.
    pub copied: usize,
}

/// Copies partners' images from time to time, as long as the server runs.
pub async fn keep_copying(mut copier: ImageCopier) {
    let mut seen: Option<CommitNumber> = None;
    loop {
        let head = copier.calendar.head().number;
        if seen != Some(head) || !copier.failed.is_empty() {
            match copier.round().await {
                Ok(CopyRound { copied: 0, .. }) => {}
                Ok(CopyRound { copied, .. }) => tracing::info!(copied, "copied images of partners"),
                Err(error) => tracing::warn!(%error, "cannot keep copies of images; retrying"),
            }
            seen = Some(head);
        }
        sleep(CHECKED_EVERY).await;
    }
}

impl ImageCopier {
    /// Returns a copier that has seen nothing.
    #[must_use]
    pub fn new(calendar: Arc<Calendar>, fetcher: &Fetcher, intake: ImageIntake) -> Self {
        Self {
            calendar,
            fetcher: fetcher.apart(MAX_BYTES as u64),
            intake,
            search: CopySearch::default(),
            failed: HashMap::new(),
        }
    }

    /// Copies the images of coming events whose partners permit it, and removes copies whose partners no longer do. An
    /// image that cannot be copied is not an error; it is left alone for [`RETRIED_AFTER`].
    ///
    /// # Errors
    /// Errors if the store cannot be read or written.
    pub async fn round(&mut self) -> Result<CopyRound, StoreError> {
        let now = self.calendar.clock().now();
        self.failed.retain(|_, at| now - *at < RETRIED_AFTER);
        let (calendar, mut search) = (Arc::clone(&self.calendar), std::mem::take(&mut self.search));
        let looking = spawn_blocking(move || {
            let found = search.look(&calendar);
            (search, found)
        });
        // After a panic, all events are looked at again.
        let (search, (tasks, looked_at)) = looking.await.unwrap_or_default();
        self.search = search;
        let mut copies: HashMap<Url, KeptImage> = HashMap::new();
        let mut round = CopyRound {
            looked_at,
            copied: 0,
        };
        let mut fetched = 0;
        for task in tasks {
            for url in &task.urls {
                let is_known = copies.contains_key(url) || self.failed.contains_key(url);
                if is_known || fetched >= OF_ROUND {
                    continue;
                }
                fetched += 1;
                match copy(&self.calendar, &self.fetcher, &self.intake, url).await {
                    Ok(copy) => {
                        copies.insert(url.clone(), copy);
                    }
                    Err(why) => {
                        tracing::debug!(%url, why, "cannot copy an image");
                        self.failed.insert(url.clone(), now);
                    }
                }
            }
            let writing = Arc::clone(&self.calendar);
            let known = copies.clone();
            let written = spawn_blocking(move || write(&writing, &task.event, &known)).await;
            round.copied += written.unwrap_or(Ok(0))?;
        }
        Ok(round)
    }
}

/// Fetches an image and keeps it.
async fn copy(
    calendar: &Arc<Calendar>,
    fetcher: &Fetcher,
    intake: &ImageIntake,
    url: &Url,
) -> Result<KeptImage, String> {
    let fetched = timeout(LONGEST_FETCH, fetcher.get(url)).await;
    let fetched = fetched.map_err(|_| "too slow".to_owned())?;
    let fetched = fetched.map_err(|error| error.to_string())?;
    let taking = intake.clone();
    let written = spawn_blocking(move || {
        let mut file = taking.new_file()?;
        file.write_all(&fetched.bytes)?;
        Ok::<_, std::io::Error>(file)
    });
    let file = written.await.map_err(|error| error.to_string())?;
    let file = file.map_err(|error| error.to_string())?;
    let kept = intake.keep(calendar, file.path().to_owned()).await;
    kept.map_err(|error| error.to_string())
}

/// Writes the copies into an event as it is now. An event that is changed meanwhile gets them in the next round.
fn write(
    calendar: &Calendar,
    id: &EventId,
    copies: &HashMap<Url, KeptImage>,
) -> Result<usize, StoreError> {
    let Some((mut event, revision)) = records::one::<Event>(calendar, id.as_str())? else {
        return Ok(0);
    };
    let is_permitted = calendar.snapshot().permits_images(&event);
    let before = event.images.clone();
    let mut kept = 0;
    for image in &mut event.images {
        match &image.source {
            ImageSource::Copied { copy, .. } if is_permitted && is_there(calendar, copy) => {}
            ImageSource::Url(url) | ImageSource::Copied { url, .. } if is_permitted => {
                if let Some(copy) = copies.get(url).filter(|copy| is_there(calendar, copy)) {
                    let (url, copy) = (url.clone(), copy.clone());
                    image.source = ImageSource::Copied { url, copy };
                    kept += 1;
                }
            }
            ImageSource::Copied { .. } if !is_permitted => *image = image.original(),
            _ => {}
        }
    }
    if event.images == before {
        return Ok(0);
    }
    // Not a change that subscribers should hear of.
    let changes = vec![Change::update(event.into(), revision)];
    match calendar.write(Author::System, "copied images", changes) {
        Ok(_) => Ok(kept),
        Err(error) if error.is_overtaken() => Ok(0),
        Err(error) => Err(error),
    }
}
