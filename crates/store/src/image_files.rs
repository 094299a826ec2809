//! Image files beside the records: each is named by the hash of its content, so it never changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{DirEntry, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use calendar_domain::ImageName;

use super::file_system::sync_folder;
use super::required_images::ImageDamage;
use super::{StoreError, private};

/// Suffix of files that are not complete yet.
const UNFINISHED: &str = ".unfinished";

/// Time for which a file that looks the same is not compared with its name again.
const VERIFIED: Duration = Duration::from_secs(3_600);
/// Maximum number of files of which that is remembered.
const MOST_VERIFIED: usize = 10_000;

/// What tells that a file was written again: its size and the time of its last change.
type FileLooks = (usize, Option<SystemTime>);

/// A folder of image files. Copies share it.
#[derive(Debug, Clone)]
pub struct ImageFiles {
    folder: PathBuf,
    /// Held while a file is kept or removed, so that none is removed that has just been kept again.
    writing: Arc<Mutex<()>>,
    /// The files whose content was what their name says, and when.
    verified: Arc<Mutex<HashMap<ImageName, (FileLooks, Instant)>>>,
}

impl ImageFiles {
    /// Returns the files in a folder, which is created with the first of them.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            writing: Arc::default(),
            verified: Arc::default(),
        }
    }

    /// Keeps a file durably and returns its name. `now` is noted as the time at which it was last kept.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn keep(&self, content: &[u8], now: DateTime<Utc>) -> Result<ImageName, StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let name = name_of(content);
        let path = self.path(&name);
        if !self.folder.is_dir() {
            private::create_folders(&self.folder)?;
        }
        let failed = |error| StoreError::io("writing", &path, error);
        // A damaged file is replaced.
        if std::fs::read(&path).is_ok_and(|known| known == content) {
            let known = File::options().write(true).open(&path).map_err(failed)?;
            known.set_modified(now.into()).map_err(failed)?;
            return Ok(name);
        }
        let unfinished = self.folder.join(format!("{name}{UNFINISHED}"));
        let write = || -> io::Result<()> {
            let mut options = private::file();
            let options = options.write(true).create(true).truncate(true);
            let mut file = options.open(&unfinished)?;
            file.write_all(content)?;
            file.set_modified(now.into())?;
            file.sync_all()?;
            std::fs::rename(&unfinished, &path)
        };
        let written = write();
        if written.is_err() {
            // The error of the write is the one to report.
            let _ = std::fs::remove_file(&unfinished);
        }
        written.map_err(failed)?;
        sync_folder(&self.folder)?;
        Ok(name)
    }

    /// Returns the content of a file; `None` if there is none of this name.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn read(&self, name: &ImageName) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        match std::fs::read(&path) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("reading", &path, error)),
        }
    }

    /// Returns true if there is a file of this name.
    #[must_use]
    pub fn has(&self, name: &ImageName) -> bool {
        self.path(name).is_file()
    }

    /// Returns the names of all files.
    ///
    /// # Errors
    /// Errors if the folder cannot be read.
    pub fn names(&self) -> Result<BTreeSet<ImageName>, StoreError> {
        let names = self.file_names()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// Returns the names of everything in the folder.
    fn file_names(&self) -> Result<Vec<String>, StoreError> {
        let failed = |error| StoreError::io("reading", &self.folder, error);
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let name = |entry: io::Result<DirEntry>| Ok(entry?.file_name().into_string().ok());
        let names = entries.filter_map(|entry| name(entry).transpose());
        names.collect::<io::Result<_>>().map_err(failed)
    }

    /// Removes the files that are not `used`, or were never completed, if they were last kept before `until`. Returns how
    /// many there were.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn remove_unused(
        &self,
        used: &BTreeSet<ImageName>,
        until: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut removed = 0;
        for name in self.file_names()? {
            let is_unused = match name.parse::<ImageName>() {
                Ok(name) => !used.contains(&name),
                // Begun and never completed, as by a kill.
                Err(_) => name.ends_with(UNFINISHED),
            };
            if is_unused && self.remove_older(&self.folder.join(&name), until)? {
                removed += 1;
            }
        }
        if removed > 0 {
            sync_folder(&self.folder)?;
        }
        Ok(removed)
    }

    /// Removes the files with these names that were last kept before `until`.
    ///
    /// # Errors
    /// Errors if the disk does.
    pub fn remove(
        &self,
        names: &BTreeSet<ImageName>,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut removed = false;
        for name in names {
            removed |= self.remove_older(&self.path(name), until)?;
        }
        if removed {
            sync_folder(&self.folder)?;
        }
        Ok(())
    }

    /// Removes a file that was last kept before `until`. Returns false if it is not there, or newer.
    fn remove_older(&self, path: &Path, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let failed = |error| StoreError::io("removing", path, error);
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = match path.metadata().and_then(|metadata| metadata.modified()) {
            Ok(kept) => kept,
            // An unfinished file was completed meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        if DateTime::<Utc>::from(kept) >= until {
            return Ok(false);
        }
        std::fs::remove_file(path).map_err(failed)?;
        Ok(true)
    }

    /// Returns the content of a file, or what is wrong with it.
    pub(crate) fn read_sound(&self, name: &ImageName) -> Result<Vec<u8>, ImageDamage> {
        match std::fs::read(self.path(name)) {
            Ok(content) if name_of(&content) == *name => Ok(content),
            Ok(_) => Err(ImageDamage::Changed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ImageDamage::Missing),
            Err(error) => Err(ImageDamage::Unreadable(error.to_string())),
        }
    }

    /// Returns the content of a file if it is what its name says, or else what is wrong with it, such as `missing`.
    ///
    /// # Errors
    /// Errors if the file is missing, damaged or unreadable.
    pub fn sound(&self, name: &ImageName) -> Result<Vec<u8>, String> {
        self.read_sound(name).map_err(|damage| damage.to_string())
    }

    /// Returns the content of a file; `None` if there is none of this name. Its content is compared with its name, but
    /// not more often than once an hour while the file looks the same.
    ///
    /// # Errors
    /// Errors if the disk does, or if the content has changed.
    pub fn read_for_display(&self, name: &ImageName) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(content) = self.read(name)? else {
            return Ok(None);
        };
        let written = std::fs::metadata(self.path(name)).and_then(|file| file.modified());
        let looks = (content.len(), written.ok());
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known =
            |(seen, at): &(FileLooks, Instant)| *seen == looks && at.elapsed() < VERIFIED;
        if verified.get(name).is_some_and(is_known) {
            return Ok(Some(content));
        }
        drop(verified);
        if name_of(&content) != *name {
            let error = io::Error::new(io::ErrorKind::InvalidData, "its content has changed");
            return Err(StoreError::io("reading", &self.path(name), error));
        }
        verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MOST_VERIFIED {
            verified.clear();
        }
        verified.insert(name.clone(), (looks, Instant::now()));
        Ok(Some(content))
    }

    /// Returns the files whose content is not what their name says.
    ///
    /// # Errors
    /// Errors if the folder cannot be read.
    pub(crate) fn damaged(&self) -> Result<BTreeMap<ImageName, ImageDamage>, StoreError> {
        let mut damaged = BTreeMap::new();
        for name in self.names()? {
            match self.read_sound(&name) {
                // One that was removed meanwhile is in use no longer.
                Ok(_) | Err(ImageDamage::Missing) => {}
                Err(damage) => {
                    damaged.insert(name, damage);
                }
            }
        }
        Ok(damaged)
    }

    /// Returns the name of a file with this content.
    #[must_use]
    pub fn name_of(content: &[u8]) -> ImageName {
        name_of(content)
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &ImageName) -> PathBuf {
        self.folder.join(name.as_str())
    }
}

/// Returns the name of a file with this content.
pub(crate) fn name_of(content: &[u8]) -> ImageName {
    use std::fmt::Write;
    let mut name = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        let _ = write!(name, "{byte:02x}");
    }
    name.parse().expect("a SHA-256 has 64 hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_files_are_removed_unless_they_were_kept_lately() {
        let folder = tempfile::tempdir().unwrap();
        let files = ImageFiles::new(folder.path().join("images"));
        let at = |second: i64| DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap();
        let [old, used, new] = [("old", 0), ("used", 0), ("new", 0)]
            .map(|(value, second)| files.keep(value.as_bytes(), at(second)).unwrap());
        assert_eq!(files.read(&old).unwrap().unwrap(), b"old");
        assert_eq!(files.keep(b"new", at(60)).unwrap(), new);
        let begun = files.folder().join(format!("x{UNFINISHED}"));
        let file = File::create(&begun).unwrap();
        file.set_modified(at(0).into()).unwrap();
        let still_used = BTreeSet::from([used.clone()]);
        assert_eq!(files.remove_unused(&still_used, at(30)).unwrap(), 2);
        assert!(!begun.exists());
        assert_eq!(files.names().unwrap(), BTreeSet::from([used.clone(), new]));
        assert_eq!(files.read(&old).unwrap(), None);
        std::fs::write(files.path(&used), "other").unwrap();
        let changed = BTreeMap::from([(used.clone(), ImageDamage::Changed)]);
        assert_eq!(files.damaged().unwrap(), changed);
        assert_eq!(files.keep(b"used", at(60)).unwrap(), used);
        assert_eq!(files.damaged().unwrap(), BTreeMap::new());
    }
}
