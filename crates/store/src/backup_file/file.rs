//! Format of a backup file: writing, verifying and reading.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom, Take, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::channel::{self, BackupInput, BackupOutput, Summed};
use super::encryption::{BackupEncryption, BackupKeys};
use super::unfinished;
use crate::StoreError;
use crate::commit::CommitNumber;
use crate::image_files::ImageFiles;
use crate::journal::frame::{self, FRAME, FileKind, HEADER, Header, Prefix};
use crate::plan::COMMIT_LIMIT;
use crate::required_images::ImageDamage;
use calendar_domain::ImageName;

/// The format version that this program writes, and the newest that it reads.
pub const FORMAT: u32 = frame::FORMAT;

const TRAILER: usize = 48;
const END_MAGIC: &[u8; 8] = b"ELVBEND\n";
/// Text compresses well at any level, and a backup runs beside a busy server.
const LEVEL: u32 = 3;
const BUFFER: usize = 1 << 18;
const CHANGED: &str = "its content has changed (SHA-256 differs)";
/// The number of the frames with images; commits have higher ones.
const IMAGE: u64 = 0;

/// The metadata at the start of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The last commit in the backup.
    pub(crate) commit: CommitNumber,
    /// The time of that commit.
    pub(crate) at: Option<DateTime<Utc>>,
    /// The commit of the contained snapshot; 0 without one.
    pub(crate) base: u64,
    /// Size of the snapshot in bytes.
    pub(crate) snapshot: u64,
    /// The version of the program that made the backup.
    pub(crate) program: String,
}

/// Writes a backup under a temporary name until it is complete.
pub(crate) struct BackupWriter {
    path: PathBuf,
    unfinished: Unfinished,
    out: GzEncoder<Summed<BackupOutput>>,
}

/// A file that is removed on drop, unless it was renamed.
struct Unfinished(PathBuf);

impl BackupWriter {
    /// Starts the backup that becomes `path`.
    pub(crate) fn begin(
        path: &Path,
        manifest: &Manifest,
        encryption: &BackupEncryption,
    ) -> Result<Self, StoreError> {
        if path.exists() && !is_backup(path, &encryption.own_keys()) {
            let path = path.to_owned();
            return Err(StoreError::OtherFile { path });
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".unfinished");
        let unfinished = path.with_file_name(name);
        let file = unfinished::create(&unfinished)
            .map_err(|error| StoreError::io("writing", &unfinished, error))?;
        let unfinished = Unfinished(unfinished);
        let begin = || -> io::Result<_> {
            let mut out = Summed::new(BackupOutput::begin(file, encryption)?);
            out.write_all(&frame::header(FileKind::Backup, manifest.commit.0))?;
            let mut out = GzEncoder::new(out, Compression::new(LEVEL));
            let manifest = serde_json::to_vec(manifest).map_err(io::Error::other)?;
            let mut bytes = Vec::new();
            frame::encode(0, &manifest, &mut bytes);
            out.write_all(&bytes)?;
            Ok(out)
        };
        let out = begin().map_err(|error| StoreError::io("writing", &unfinished.0, error))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            unfinished,
            out,
        })
    }

    /// Appends bytes to the body.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let added = self.out.write_all(bytes);
        added.map_err(|error| StoreError::io("writing", &self.unfinished.0, error))
    }

    /// Appends the sound image files to a body with every commit. Returns the names of those, and the other files.
    pub(crate) fn add_images(
        &mut self,
        images: &ImageFiles,
    ) -> Result<(BTreeSet<ImageName>, BTreeMap<ImageName, ImageDamage>), StoreError> {
        let (mut added, mut damaged) = (BTreeSet::new(), BTreeMap::new());
        for name in images.names()? {
            match images.read_sound(&name) {
                Ok(content) => {
                    let mut frame = Vec::new();
                    frame::encode(IMAGE, &content, &mut frame);
                    self.add(&frame)?;
                    added.insert(name);
                }
                // One that was removed meanwhile is in use no longer.
                Err(ImageDamage::Missing) => {}
                Err(damage) => {
                    damaged.insert(name, damage);
                }
            }
        }
        Ok((added, damaged))
    }

    /// Syncs the backup, verifies it and renames it. Returns its size in bytes.
    pub(crate) fn finish(self) -> Result<u64, StoreError> {
        let Self {
            path,
            unfinished,
            out,
        } = self;
        let finish = || -> io::Result<Option<[u8; 32]>> {
            let Summed {
                mut out,
                sum,
                length,
            } = out.finish()?;
            out.write_all(END_MAGIC)?;
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&sum.finalize())?;
            out.finish()
        };
        let failed = |error| StoreError::io("writing", &unfinished.0, error);
        match finish().map_err(failed)? {
            None => {
                BackupReader::open(&unfinished.0, &BackupKeys::default())?;
            }
            Some(written) => {
                if channel::sum_of(&unfinished.0).map_err(failed)? != written {
                    return Err(broken(&unfinished.0, CHANGED));
                }
            }
        }
        let bytes = unfinished.0.metadata().map_err(failed)?.len();
        std::fs::rename(&unfinished.0, &path).map_err(failed)?;
        let folder = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        crate::file_system::sync_folder(folder.unwrap_or(Path::new(".")))?;
        Ok(bytes)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // A finished file has been renamed, so there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns true if a file has the magic number of a backup, complete or not, also if it is encrypted and `keys` can read it.
fn is_backup(path: &Path, keys: &BackupKeys) -> bool {
    // Opening a pipe would block.
    if !path.is_file() {
        return false;
    }
    let Ok(input) = BackupInput::open(path, keys) else {
        return false;
    };
    let mut start = Vec::new();
    let magic = &frame::header(FileKind::Backup, 0)[..8];
    let read = input.take(magic.len() as u64).read_to_end(&mut start);
    read.is_ok() && start == magic
}

/// A verified backup, positioned after its manifest.
pub(crate) struct BackupReader {
    path: PathBuf,
    pub(crate) manifest: Manifest,
    pub(crate) body: GzDecoder<Take<BackupInput>>,
    /// The first image, once a reader of the commits has come to it.
    first_image: Option<Vec<u8>>,
}

impl BackupReader {
    /// Verifies the whole file and opens it for reading.
    ///
    /// # Errors
    /// Returns [`StoreError::BrokenBackup`] if any byte was changed, removed or added, and another error if it is encrypted
    /// and none of the keys is right.
    pub(crate) fn open(path: &Path, keys: &BackupKeys) -> Result<Self, StoreError> {
        let failed = |error| unreadable(path, error);
        let mut input = BackupInput::open(path, keys)?;
        let length = verify(&mut input, path)?;
        input.seek(SeekFrom::Start(HEADER as u64)).map_err(failed)?;
        let mut body = GzDecoder::new(input.take(length - HEADER as u64));
        let first = next_frame(&mut body, path)?;
        let (_, payload) = first.ok_or_else(|| broken(path, "it is empty"))?;
        let manifest = serde_json::from_slice(&payload)
            .map_err(|error| broken(path, format!("cannot read its manifest: {error}")))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            manifest,
            body,
            first_image: None,
        })
    }

    /// Returns the number and payload of the next commit. The snapshot must have been read before.
    pub(crate) fn next_commit(&mut self) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        if self.first_image.is_some() {
            return Ok(None);
        }
        match next_frame(&mut self.body, &self.path)? {
            Some((IMAGE, content)) => {
                self.first_image = Some(content);
                Ok(None)
            }
            found => Ok(found),
        }
    }

    /// Returns the next image. Every commit must have been read before.
    pub(crate) fn next_image(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(first) = self.first_image.take() {
            return Ok(Some(first));
        }
        match next_frame(&mut self.body, &self.path)? {
            None => Ok(None),
            Some((IMAGE, content)) => Ok(Some(content)),
            Some((number, _)) => Err(self.broken(format!("commit {number} follows the images"))),
        }
    }

    /// Writes the images into a folder, after whatever commits are left.
    pub(crate) fn write_images(mut self, images: &ImageFiles) -> Result<(), StoreError> {
        while self.next_commit()?.is_some() {}
        let now = self.manifest.at.unwrap_or_default();
        while let Some(content) = self.next_image()? {
            images.keep(&content, now)?;
        }
        Ok(())
    }

    /// Returns an error about this file, for damage that its checksums don't show.
    pub(crate) fn broken(&self, detail: impl Into<String>) -> StoreError {
        broken(&self.path, detail)
    }
}

/// Verifies header, length and checksum. Returns the length in bytes without the trailer.
fn verify(input: &mut (impl Read + Seek), path: &Path) -> Result<u64, StoreError> {
    let failed = |error| unreadable(path, error);
    let file = input.seek(SeekFrom::End(0)).map_err(failed)?;
    let Some(length) = file
        .checked_sub(TRAILER as u64)
        .filter(|length| *length > HEADER as u64)
    else {
        return Err(broken(path, "it is too short to be a backup"));
    };
    input.rewind().map_err(failed)?;
    let mut header = [0; HEADER];
    input.read_exact(&mut header).map_err(failed)?;
    match frame::read_header(FileKind::Backup, &header) {
        Header::Known { .. } => {}
        Header::Newer { format } => {
            return Err(StoreError::NewerSchema {
                path: path.to_owned(),
                found: format,
                known: FORMAT,
            });
        }
        Header::Broken => return Err(broken(path, "it does not begin like a backup")),
    }
    let mut sum = Sha256::new();
    sum.update(header);
    let mut rest = input.by_ref().take(length - HEADER as u64);
    let mut buffer = vec![0; BUFFER];
    loop {
        match rest.read(&mut buffer).map_err(failed)? {
            0 => break,
            count => sum.update(&buffer[..count]),
        }
    }
    let mut trailer = [0; TRAILER];
    input.read_exact(&mut trailer).map_err(failed)?;
    if &trailer[..8] != END_MAGIC || frame::u64_at(&trailer, 8) != length {
        return Err(broken(path, "its end is missing"));
    }
    if trailer[16..] != *sum.finalize() {
        return Err(broken(path, CHANGED));
    }
    Ok(length)
}

/// Returns the number and payload of the next frame, or `None` at the end.
fn next_frame(input: &mut impl Read, path: &Path) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let failed = |error: io::Error| broken(path, format!("cannot decompress it: {error}"));
    let mut prefix = [0; FRAME];
    let first = input.read(&mut prefix).map_err(failed)?;
    if first == 0 {
        return Ok(None);
    }
    input.read_exact(&mut prefix[first..]).map_err(failed)?;
    let parsed = Prefix::read(&prefix).ok_or_else(|| broken(path, "a commit is malformed"))?;
    if parsed.length as usize > 2 * COMMIT_LIMIT {
        return Err(broken(path, "a commit is too large"));
    }
    let mut payload = vec![0; parsed.length as usize];
    input.read_exact(&mut payload).map_err(failed)?;
    if !parsed.fits(&payload) {
        return Err(broken(path, format!("commit {} is damaged", parsed.number)));
    }
    Ok(Some((parsed.number, payload)))
}

/// Returns the error of a failed read. An encrypted file is authenticated while it is read.
fn unreadable(path: &Path, error: io::Error) -> StoreError {
    if channel::is_damage(&error) {
        broken(path, "its content has changed, or its end is missing")
    } else {
        StoreError::io("reading", path, error)
    }
}

pub(super) fn broken(path: &Path, detail: impl Into<String>) -> StoreError {
    StoreError::BrokenBackup {
        path: path.to_owned(),
        detail: detail.into(),
    }
}
