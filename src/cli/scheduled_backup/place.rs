//! Destinations of scheduled backups: a directory or an S3 bucket.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use rocket::futures::TryStreamExt;
use rocket::tokio::io::AsyncReadExt;
use rocket::tokio::{self, fs, task};
use tempfile::NamedTempFile;
use url::Url;

use super::bucket;
use crate::cli::Failure;
use calendar_store::{BackedUp, BackupEncryption};

/// Size in bytes of the parts of an upload, and the maximum number in memory.
const PART: usize = 8 << 20;
const PARTS: usize = 2;

/// A directory or a bucket.
pub enum BackupTarget {
    /// A directory on this machine.
    Folder(PathBuf),
    /// Names below `prefix` in a bucket.
    Bucket {
        bucket: Arc<dyn ObjectStore>,
        prefix: Key,
    },
}

impl BackupTarget {
    /// Parses a setting: a directory, `file:///directory` or `s3://bucket/prefix`. Credentials, region and endpoint of
    /// a bucket are read from `AWS_*` in the environment. The hosts in `without_tls`, as `host:port`, may have an
    /// endpoint without TLS.
    pub fn new(setting: &str, without_tls: &[String]) -> Result<Self, Failure> {
        if setting.trim().is_empty() {
            return Err("expected a folder or s3://bucket/prefix".into());
        }
        if !setting.contains("://") {
            return Ok(Self::Folder(setting.into()));
        }
        let url = Url::parse(setting)?;
        match url.scheme() {
            "file" => {
                let path = url.to_file_path();
                Ok(Self::Folder(path.map_err(|()| {
                    format!("{setting} is not a folder of this machine")
                })?))
            }
            "s3" => {
                let (bucket, prefix) = bucket::open(&url, without_tls)?;
                Ok(Self::Bucket { bucket, prefix })
            }
            other => Err(format!(
                "backups cannot be sent to {other}://…; use a folder, file:///folder or s3://bucket/prefix"
            )
            .into()),
        }
    }

    /// Returns the names of the files, sorted, without those in subdirectories.
    pub async fn names(&self) -> Result<Vec<String>, Failure> {
        let mut names: Vec<String> = match self {
            Self::Folder(folder) => {
                fs::create_dir_all(folder).await?;
                let mut entries = fs::read_dir(folder).await?;
                let mut names = Vec::new();
                while let Some(entry) = entries.next_entry().await? {
                    if entry.file_type().await?.is_file() {
                        names.extend(entry.file_name().into_string().ok());
                    }
                }
                names
            }
            Self::Bucket { bucket, prefix } => {
                // Objects below a further delimiter belong to others.
                let all = bucket.list_with_delimiter(Some(prefix)).await?.objects;
                let names = all.iter().filter_map(|object| object.location.filename());
                names.map(str::to_owned).collect()
            }
        };
        names.sort();
        Ok(names)
    }

    /// Writes a backup of a store under a name.
    pub async fn back_up(
        &self,
        store: &OsStr,
        name: &str,
        encryption: BackupEncryption,
    ) -> Result<BackedUp, Failure> {
        match self {
            Self::Folder(folder) => write(store, folder.join(name), encryption).await,
            Self::Bucket { bucket, prefix } => {
                // A private directory with an unpredictable name.
                let folder = tempfile::tempdir()?;
                let file = folder.path().join(name);
                let backed_up = write(store, file.clone(), encryption).await?;
                send(&**bucket, &prefix.clone().join(name), &file, &backed_up).await?;
                Ok(backed_up)
            }
        }
    }

    /// Returns the names, blocking, for callers without a runtime.
    pub fn names_now(&self) -> Result<Vec<String>, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(self.names())
    }

    /// Downloads an object of a bucket into a temporary file: the one called `name`, or the one that the place itself
    /// names. Returns `None` if there is no such object.
    pub async fn object(&self, name: Option<&str>) -> Result<Option<NamedTempFile>, Failure> {
        let Self::Bucket { bucket, prefix } = self else {
            return Ok(None);
        };
        let key = match name {
            Some(name) => prefix.clone().join(name),
            // The bucket itself is no object.
            None if prefix.as_ref().is_empty() => return Ok(None),
            None => prefix.clone(),
        };
        let mut content = match bucket.get(&key).await {
            Ok(found) => found.into_stream(),
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut file = NamedTempFile::new()?;
        while let Some(bytes) = content.try_next().await? {
            file.write_all(&bytes)?;
        }
        file.flush()?;
        Ok(Some(file))
    }

    /// Returns the size of a backup in bytes.
    pub async fn size(&self, name: &str) -> Result<u64, Failure> {
        Ok(match self {
            Self::Folder(folder) => fs::metadata(folder.join(name)).await?.len(),
            Self::Bucket { bucket, prefix } => bucket.head(&prefix.clone().join(name)).await?.size,
        })
    }

    /// Removes a backup.
    pub async fn remove(&self, name: &str) -> Result<(), Failure> {
        match self {
            Self::Folder(folder) => fs::remove_file(folder.join(name)).await?,
            Self::Bucket { bucket, prefix } => bucket.delete(&prefix.clone().join(name)).await?,
        }
        Ok(())
    }
}

async fn write(
    store: &OsStr,
    file: PathBuf,
    encryption: BackupEncryption,
) -> Result<BackedUp, Failure> {
    let store = store.to_owned();
    let write = move || calendar_store::backup_encrypted(&store, &file, &encryption);
    Ok(task::spawn_blocking(write).await??)
}

/// Uploads a file in parts and verifies its size.
async fn send(
    bucket: &dyn ObjectStore,
    key: &Key,
    file: &Path,
    backed_up: &BackedUp,
) -> Result<(), Failure> {
    let mut input = fs::File::open(file).await?;
    let upload = bucket.put_multipart(key).await?;
    let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
    let mut buffer = vec![0; 1 << 18];
    loop {
        match input.read(&mut buffer).await? {
            0 => break,
            count => upload.write(&buffer[..count]),
        }
        upload.wait_for_capacity(PARTS).await?;
    }
    upload.finish().await?;
    let arrived = bucket.head(key).await?.size;
    if arrived != backed_up.bytes {
        let sent = backed_up.bytes;
        return Err(format!("only {arrived} of {sent} bytes arrived in the bucket").into());
    }
    Ok(())
}
