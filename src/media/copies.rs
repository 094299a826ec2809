//! Copies of partners' images, where their policy permits it: pages and feeds then cause no requests to other sites.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::{sleep, timeout};
use url::Url;

use super::intake::ImageIntake;
use crate::catalog::Calendar;
use crate::http::Fetcher;
use calendar_domain::{Event, EventId, ImageName, ImageSource, KeptImage};
use calendar_images::MAX_BYTES;
use calendar_store::{Author, Change, CommitNumber, Store as _, StoreError, records};

/// How often events are looked through for images without a copy.
const CHECKED_EVERY: Duration = Duration::from_secs(5 * 60);
/// How long an image that could not be copied is left alone.
const RETRIED_AFTER: TimeDelta = TimeDelta::hours(24);
/// Maximum number of images of an event that are copied, and of images that are fetched in one round.
const OF_EVENT: usize = 6;
const OF_ROUND: usize = 300;
/// Maximum time that fetching an image takes, so that a slow site does not hold up the others.
const LONGEST_FETCH: Duration = Duration::from_secs(20);

/// When images could not be copied, by address.
pub type FailedCopies = HashMap<Url, DateTime<Utc>>;

/// Copies partners' images from time to time, as long as the server runs.
pub async fn keep_copying(calendar: Arc<Calendar>, fetcher: Fetcher, intake: ImageIntake) {
    let mut failed = FailedCopies::new();
    let mut seen: Option<CommitNumber> = None;
    loop {
        let head = calendar.head().number;
        if seen != Some(head) || !failed.is_empty() {
            match copy_images(&calendar, &fetcher, &intake, &mut failed).await {
                Ok(0) => {}
                Ok(copied) => tracing::info!(copied, "copied images of partners"),
                Err(error) => tracing::warn!(%error, "cannot keep copies of images; retrying"),
            }
            seen = Some(head);
        }
        sleep(CHECKED_EVERY).await;
    }
}

/// Copies the images of coming events whose partners permit it, and removes copies whose partners no longer do. Returns
/// the number of new copies. An image that cannot be copied is noted in `failed`, and not an error.
///
/// # Errors
/// Errors if the store cannot be read or written.
pub async fn copy_images(
    calendar: &Arc<Calendar>,
    fetcher: &Fetcher,
    intake: &ImageIntake,
    failed: &mut FailedCopies,
) -> Result<usize, StoreError> {
    let now = calendar.clock().now();
    failed.retain(|_, at| now - *at < RETRIED_AFTER);
    let fetcher = fetcher.apart(MAX_BYTES as u64);
    let looking = Arc::clone(calendar);
    let wanted = spawn_blocking(move || wanted(&looking)).await;
    let wanted = wanted.unwrap_or_default();
    let mut copies: HashMap<Url, KeptImage> = HashMap::new();
    let mut fetched = 0;
    let mut kept = 0;
    for (id, urls) in wanted {
        for url in &urls {
            if copies.contains_key(url) || failed.contains_key(url) || fetched >= OF_ROUND {
                continue;
            }
            fetched += 1;
            match copy(calendar, &fetcher, intake, url).await {
                Ok(copy) => {
                    copies.insert(url.clone(), copy);
                }
                Err(why) => {
                    tracing::debug!(%url, why, "cannot copy an image");
                    failed.insert(url.clone(), now);
                }
            }
        }
        let writing = Arc::clone(calendar);
        let known = copies.clone();
        let written = spawn_blocking(move || write(&writing, &id, &known)).await;
        kept += written.unwrap_or(Ok(0))?;
    }
    Ok(kept)
}

/// Returns the events with images to be copied, or with copies to be removed.
fn wanted(calendar: &Calendar) -> Vec<(EventId, BTreeSet<Url>)> {
    let snapshot = calendar.snapshot();
    let mut found = Vec::new();
    for entry in snapshot.events() {
        let is_over = entry
            .until
            .is_some_and(|until| until <= snapshot.version().today);
        let event = entry.event();
        let is_permitted = !event.sources.is_empty() && snapshot.permits_images(&event);
        let images = event.images.iter().take(OF_EVENT);
        let urls: BTreeSet<Url> = images
            .filter_map(|image| match &image.source {
                ImageSource::Url(url) if is_permitted && !is_over => Some(url.clone()),
                _ => None,
            })
            .collect();
        let is_stale = !is_permitted && event.images.iter().any(|image| image.source.is_copy());
        if !urls.is_empty() || is_stale {
            found.push((event.id.clone(), urls));
        }
    }
    found
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
    let written = spawn_blocking(move || {
        let mut file = tempfile::NamedTempFile::new()?;
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
            ImageSource::Url(url) if is_permitted => {
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

fn is_there(calendar: &Calendar, kept: &KeptImage) -> bool {
    let files = calendar.images();
    let names = kept.files().map(|file| &file.name);
    files.is_some_and(|files| names.into_iter().all(|name: &ImageName| files.has(name)))
}
