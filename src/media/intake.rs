//! From an uploaded file to a kept image.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rocket::tokio::sync::{OwnedSemaphorePermit, Semaphore};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::timeout;
use tempfile::NamedTempFile;

use super::upload_folder::prepare_upload_folder;
use crate::catalog::Calendar;
use calendar_domain::{AccountId, ImageFile, KeptImage};
use calendar_images::{CleanImage, ImageError, JpegImage, MAX_BYTES, clean};
use calendar_store::{Store as _, StoreError};

/// Maximum time that an upload waits for its turn. Connections without progress are closed after `slow_seconds`.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Maximum number of uploads of an account at once, so that nobody's pictures keep others from being uploaded, nor fill
/// the disk.
const UPLOADS_AT_ONCE: usize = 3;

/// Takes images in, one at a time: decoding takes up to [`calendar_images::DECODING_MEMORY`]. Copies share the turn.
#[derive(Debug, Clone)]
pub struct ImageIntake {
    turn: Arc<Semaphore>,
    uploads: UploadCounts,
    folder: Arc<OnceLock<Option<PathBuf>>>,
}

/// Number of uploads of each account that has some.
type UploadCounts = Arc<Mutex<HashMap<AccountId, usize>>>;

/// An upload of an account, until it is dropped.
#[derive(Debug)]
pub struct UploadPlace {
    uploads: UploadCounts,
    account: AccountId,
}

impl Drop for UploadPlace {
    fn drop(&mut self) {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = uploads.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                uploads.remove(&self.account);
            }
        }
    }
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It is refused.
    #[error(transparent)]
    Refused(#[from] ImageError),
    /// Too many others wait for their turn.
    #[error("other images are being taken in; try again later")]
    Busy,
    /// It cannot be read.
    #[error("the uploaded file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store has no place for images.
    #[error("this kind of store keeps no images")]
    NoPlace,
    /// The decoder failed.
    #[error("the image decoder failed: {0}")]
    Failed(String),
}

impl Default for ImageIntake {
    fn default() -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            uploads: UploadCounts::default(),
            folder: Arc::default(),
        }
    }
}

impl ImageIntake {
    /// Returns the folder for files that are being uploaded, prepared by the first call: that of the calendar's store, or one
    /// inside of `chosen`. `None` if there is none; then the system's is used.
    pub fn upload_folder(&self, calendar: &Calendar, chosen: Option<&Path>) -> Option<&Path> {
        let prepare = || {
            let store = calendar.folder()?;
            let prepared = prepare_upload_folder(store, chosen);
            let warn = |error: &std::io::Error| {
                tracing::warn!(%error, "cannot use a folder of our own for uploads; using the system's");
            };
            prepared.inspect_err(warn).ok()
        };
        self.folder.get_or_init(prepare).as_deref()
    }

    /// Returns a new file for what is to be taken in, which is removed on drop.
    pub(super) fn new_file(&self) -> std::io::Result<NamedTempFile> {
        match self.folder.get() {
            Some(Some(folder)) => NamedTempFile::new_in(folder),
            _ => NamedTempFile::new(),
        }
    }

    /// Returns a place for an upload of an account; `None` if it has [`UPLOADS_AT_ONCE`] already.
    #[must_use]
    pub fn place(&self, account: &AccountId) -> Option<UploadPlace> {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let count = uploads.entry(account.clone()).or_default();
        if *count >= UPLOADS_AT_ONCE {
            return None;
        }
        *count += 1;
        Some(UploadPlace {
            uploads: Arc::clone(&self.uploads),
            account: account.clone(),
        })
    }

    /// Cleans the picture in a file and keeps its sizes, in its turn.
    ///
    /// # Errors
    /// Returns why it is refused or cannot be kept.
    pub async fn keep(
        &self,
        calendar: &Arc<Calendar>,
        file: PathBuf,
    ) -> Result<KeptImage, IntakeError> {
        keep_in(self.turn().await?, calendar, file).await
    }

    /// Does the same for a client that waits.
    ///
    /// # Errors
    /// Returns [`IntakeError::Busy`] if its turn does not come within [`LONGEST_WAIT`]. Errors otherwise as [`Self::keep`].
    pub async fn keep_soon(
        &self,
        calendar: &Arc<Calendar>,
        file: PathBuf,
    ) -> Result<KeptImage, IntakeError> {
        let turn = timeout(LONGEST_WAIT, self.turn()).await;
        keep_in(turn.map_err(|_| IntakeError::Busy)??, calendar, file).await
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, IntakeError> {
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        turn.map_err(|error| failed(&error))
    }
}

fn failed(error: &dyn std::fmt::Display) -> IntakeError {
    IntakeError::Failed(error.to_string())
}

async fn keep_in(
    turn: OwnedSemaphorePermit,
    calendar: &Arc<Calendar>,
    file: PathBuf,
) -> Result<KeptImage, IntakeError> {
    let calendar = Arc::clone(calendar);
    let work = move || {
        let _turn = turn;
        let most = MAX_BYTES as u64 + 1;
        let file = std::fs::File::open(file)?;
        let length = file.metadata()?.len().min(most);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(MAX_BYTES) + 1);
        file.take(most).read_to_end(&mut bytes)?;
        write(&calendar, clean(bytes)?)
    };
    // A decoder that panics fails this upload alone.
    let kept = spawn_blocking(work).await;
    kept.map_err(|error| failed(&error))?
}

/// Keeps the sizes of a picture.
fn write(calendar: &Calendar, image: CleanImage) -> Result<KeptImage, IntakeError> {
    let files = calendar.images().ok_or(IntakeError::NoPlace)?;
    let now = calendar.clock().now();
    let keep = |size: JpegImage| {
        Ok::<_, StoreError>(ImageFile {
            name: files.keep(&size.bytes, now)?,
            width: size.width,
            height: size.height,
            bytes: size.bytes.len() as u64,
        })
    };
    let mut smaller = image
        .sizes
        .into_iter()
        .map(keep)
        .collect::<Result<Vec<_>, _>>()?;
    let largest = smaller.pop().ok_or(ImageError::Damaged)?;
    Ok(KeptImage { largest, smaller })
}
