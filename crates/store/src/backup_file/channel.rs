//! The bytes of a backup on disk, encrypted or not.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Identity};
use sha2::{Digest, Sha256};

use super::encryption::{BackupEncryption, BackupKeys};
use crate::StoreError;

/// The start of every file of age.
pub(super) const MAGIC: &[u8] = b"age-encryption.org/";
/// The start of a file of age as text.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// The start of the line that ends the header of a file of age.
const HEADER_END: &[u8] = b"\n--- ";
/// Maximum size of the header of a file of age in bytes. Each of its recipients costs work, and a backup has few.
const MOST_HEADER: u64 = 64 << 10;
const BUFFER: usize = 1 << 18;

/// Returns true if a file is encrypted by age. One that cannot be read is not; reading it as a backup tells why.
#[must_use]
pub fn is_encrypted_backup(path: &Path) -> bool {
    let mut start = Vec::new();
    let file = File::open(path).map(|file| file.take(MAGIC.len() as u64));
    file.is_ok_and(|mut file| file.read_to_end(&mut start).is_ok()) && start == MAGIC
}

/// Where a backup is written.
pub(super) enum BackupOutput {
    Plain(BufWriter<File>),
    Encrypted(Box<StreamWriter<Summed<BufWriter<File>>>>),
}

impl BackupOutput {
    /// Begins a file.
    pub(super) fn begin(file: File, encryption: &BackupEncryption) -> io::Result<Self> {
        let file = BufWriter::with_capacity(BUFFER, file);
        let encryptor = encryption.encryptor().map_err(io::Error::other)?;
        Ok(match encryptor {
            None => Self::Plain(file),
            Some(encryptor) => Self::Encrypted(Box::new(encryptor.wrap_output(Summed::new(file))?)),
        })
    }

    /// Syncs the file. Returns the SHA-256 of its bytes if it is encrypted, since then it cannot be read back without the
    /// key.
    pub(super) fn finish(self) -> io::Result<Option<[u8; 32]>> {
        let (file, sum) = match self {
            Self::Plain(file) => (file, None),
            Self::Encrypted(stream) => {
                let Summed { out, sum, .. } = stream.finish()?;
                (out, Some(sum.finalize().into()))
            }
        };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(sum)
    }
}

impl Write for BackupOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}

/// A writer that counts and hashes the bytes.
pub(super) struct Summed<W> {
    pub(super) out: W,
    pub(super) sum: Sha256,
    pub(super) length: u64,
}

impl<W> Summed<W> {
    pub(super) fn new(out: W) -> Self {
        let sum = Sha256::new();
        Self {
            out,
            sum,
            length: 0,
        }
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.sum.update(&bytes[..count]);
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Returns the SHA-256 of a file.
pub(super) fn sum_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut sum = Summed::new(io::sink());
    io::copy(
        &mut BufReader::with_capacity(BUFFER, File::open(path)?),
        &mut sum,
    )?;
    Ok(sum.sum.finalize().into())
}

/// A backup that is read.
pub(crate) enum BackupInput {
    Plain(BufReader<File>),
    Encrypted(Box<StreamReader<BufReader<File>>>),
}

impl BackupInput {
    /// Opens a backup, with a key if it is encrypted.
    pub(super) fn open(path: &Path, keys: &BackupKeys) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("reading", path, error);
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(failed)?);
        let mut start = Vec::new();
        file.by_ref()
            .take(MOST_HEADER)
            .read_to_end(&mut start)
            .map_err(failed)?;
        file.rewind().map_err(failed)?;
        let broken = |detail: &str| StoreError::BrokenBackup {
            path: path.to_owned(),
            detail: detail.to_owned(),
        };
        if start.starts_with(ARMOR) {
            return Err(broken(
                "it is encrypted by age as text (armored); decrypt it with `age -d`, and restore the result",
            ));
        }
        if !start.starts_with(MAGIC) {
            return match keys.expected() {
                Some(secret) => Err(StoreError::PlainBackup {
                    path: path.to_owned(),
                    secret,
                }),
                None => Ok(Self::Plain(file)),
            };
        }
        if !start
            .windows(HEADER_END.len())
            .any(|part| part == HEADER_END)
        {
            return Err(broken(if (start.len() as u64) < MOST_HEADER {
                "the header of its encryption is damaged"
            } else {
                "the header of its encryption is larger than 64 KiB"
            }));
        }
        let encrypted = Decryptor::new_buffered(file).map_err(|error| match error {
            DecryptError::Io(error) if !is_damage(&error) => StoreError::io("reading", path, error),
            _ => broken("the header of its encryption is damaged"),
        })?;
        let is_passphrase = encrypted.is_scrypt();
        let secret = if is_passphrase {
            "passphrase"
        } else {
            "private key"
        };
        let identities = keys.identities(is_passphrase);
        if identities.is_empty() {
            return Err(StoreError::EncryptedBackup {
                path: path.to_owned(),
                secret,
            });
        }
        let all = identities
            .iter()
            .map(|identity| &**identity as &dyn Identity);
        let stream = encrypted.decrypt(all).map_err(|error| match error {
            DecryptError::InvalidHeader | DecryptError::InvalidMac => {
                broken("the header of its encryption has changed")
            }
            DecryptError::ExcessiveWork { .. } => broken("its passphrase takes too much work"),
            _ => StoreError::WrongBackupKey {
                path: path.to_owned(),
                secret,
            },
        })?;
        Ok(Self::Encrypted(Box::new(stream)))
    }
}

/// Returns true if a read failed because of what is in the file.
pub(super) fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, UnexpectedEof};
    matches!(error.kind(), InvalidData | UnexpectedEof)
}

impl Read for BackupInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Encrypted(stream) => stream.read(buffer),
        }
    }
}

impl Seek for BackupInput {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Encrypted(stream) => stream.seek(to),
        }
    }
}
