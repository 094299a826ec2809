//! The keys and passphrases of backups: from options, settings, files and the environment.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::BackupConfig;
use calendar_store::{BackupEncryption, BackupKeys, BackupPassphrase, BackupRecipient, StoreError};

use super::Failure;

/// Environment variable with the passphrase of backups.
pub const PASSPHRASE_VARIABLE: &str = "CALENDAR_BACKUP_PASSPHRASE";
/// Maximum size in bytes of a file with keys or a passphrase.
const MOST_BYTES: u64 = 1 << 16;

/// How a backup is written.
#[derive(Debug, Args)]
pub struct EncryptionArguments {
    /// Encrypt to this public key (age1…), not as the settings say; may be repeated
    #[arg(long, value_name = "KEY", conflicts_with = "passphrase_file")]
    encrypt_to: Vec<BackupRecipient>,

    /// Encrypt with the passphrase in this file, not as the settings say
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// How an encrypted backup is read.
#[derive(Debug, Args)]
pub struct DecryptionArguments {
    /// The file with the private key (AGE-SECRET-KEY-1…) of an encrypted backup
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// The file with the passphrase of an encrypted backup
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl EncryptionArguments {
    /// Returns the encryption that the options ask for, or else that of the settings.
    ///
    /// # Errors
    /// See [`configured`].
    pub fn encryption(&self, config: &BackupConfig) -> Result<BackupEncryption, Failure> {
        if !self.encrypt_to.is_empty() {
            return Ok(BackupEncryption::Recipients(self.encrypt_to.clone()));
        }
        match &self.passphrase_file {
            Some(file) => Ok(BackupEncryption::Passphrase(read_passphrase(file)?)),
            None => configured(config),
        }
    }
}

impl DecryptionArguments {
    /// Returns the secrets for a backup: those of the options; without any, the passphrase of the settings or the
    /// environment, if the backup needs one.
    ///
    /// # Errors
    /// Errors if a file cannot be read, or has no key or passphrase.
    pub fn keys(&self, config: &BackupConfig, backup: &Path) -> Result<BackupKeys, Failure> {
        let mut keys = BackupKeys::default();
        if let Some(file) = &self.key {
            let text = read_secret(file)?;
            keys = keys
                .with_key_file(&text)
                .map_err(|error| format!("{}: {error}", file.display()))?
                .expecting("private key");
        }
        if let Some(file) = &self.passphrase_file {
            let passphrase = read_passphrase(file)?;
            return Ok(keys.with_passphrase(passphrase).expecting("passphrase"));
        }
        // A plain backup, or one with a key of its own, is read although that passphrase is missing.
        if self.key.is_some() || !calendar_store::is_encrypted_backup(backup) {
            return Ok(keys);
        }
        let passphrase = match &config.passphrase_file {
            Some(file) => Some(read_passphrase(file)?),
            None => passphrase_in_environment()?,
        };
        Ok(match passphrase {
            Some(passphrase) => keys.with_passphrase(passphrase),
            None => keys,
        })
    }

    /// Returns the secrets for one of several backups that are read together: none for a plain one beside an encrypted
    /// one, which the secret of the options is for.
    ///
    /// # Errors
    /// See [`keys`](Self::keys).
    pub fn keys_among(
        &self,
        config: &BackupConfig,
        backup: &Path,
        all: &[&Path],
    ) -> Result<BackupKeys, Failure> {
        let is_encrypted = |file: &Path| calendar_store::is_encrypted_backup(file);
        if !is_encrypted(backup) && all.iter().any(|file| is_encrypted(file)) {
            return Ok(BackupKeys::default());
        }
        self.keys(config, backup)
    }
}

/// Returns the encryption that the settings ask for: to public keys, with the passphrase in a file, or with that in the
/// environment.
///
/// # Errors
/// Errors if they ask for both, or if a passphrase cannot be read or is too short.
pub fn configured(config: &BackupConfig) -> Result<BackupEncryption, Failure> {
    match (&config.encrypt_to[..], &config.passphrase_file) {
        ([], None) => {
            let passphrase = passphrase_in_environment()?;
            Ok(passphrase.map_or(BackupEncryption::None, BackupEncryption::Passphrase))
        }
        ([], Some(file)) => Ok(BackupEncryption::Passphrase(read_passphrase(file)?)),
        (recipients, None) => Ok(BackupEncryption::Recipients(recipients.to_vec())),
        (_, Some(_)) => Err(
            "a backup is encrypted either to public keys or with a passphrase; remove calendar.backup.encrypt_to or \
             calendar.backup.passphrase_file"
                .into(),
        ),
    }
}

/// Returns the encryption in words, to follow other words; empty without one.
pub fn in_words(encryption: &BackupEncryption) -> String {
    match encryption {
        BackupEncryption::None => String::new(),
        BackupEncryption::Recipients(all) if all.len() == 1 => ", encrypted to one key".to_owned(),
        BackupEncryption::Recipients(all) => format!(", encrypted to {} keys", all.len()),
        BackupEncryption::Passphrase(_) => ", encrypted with a passphrase".to_owned(),
    }
}

/// Returns true if a backup is encrypted.
pub fn is_encrypted(encryption: &BackupEncryption) -> bool {
    !matches!(encryption, BackupEncryption::None)
}

/// Returns the failure of reading a backup, with the options for its secret.
pub fn explain(error: StoreError) -> Failure {
    match &error {
        StoreError::EncryptedBackup { secret, .. } if *secret == "passphrase" => {
            format!("{error}; give it with --passphrase-file FILE or in {PASSPHRASE_VARIABLE}")
                .into()
        }
        StoreError::EncryptedBackup { .. } => format!("{error}; give it with --key FILE").into(),
        _ => error.into(),
    }
}

fn passphrase_in_environment() -> Result<Option<BackupPassphrase>, Failure> {
    // An empty one is too short: it is rather a secret that is missing than a wish for plain backups.
    let Some(text) = std::env::var_os(PASSPHRASE_VARIABLE) else {
        return Ok(None);
    };
    let text = text.to_str();
    let text = text.ok_or_else(|| format!("{PASSPHRASE_VARIABLE} is not text in UTF-8"))?;
    let passphrase = text.parse();
    passphrase
        .map(Some)
        .map_err(|error| format!("{PASSPHRASE_VARIABLE}: {error}").into())
}

fn read_passphrase(file: &Path) -> Result<BackupPassphrase, Failure> {
    let passphrase = read_secret(file)?.parse();
    passphrase.map_err(|error| format!("{}: {error}", file.display()).into())
}

/// Reads a small file. Its content is in no error.
fn read_secret(path: &Path) -> Result<String, Failure> {
    let failed = |why: &dyn std::fmt::Display| format!("cannot read {}: {why}", path.display());
    let file = File::open(path).map_err(|error| failed(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(failed(&"it is too large to be a key or passphrase").into());
    }
    String::from_utf8(bytes).map_err(|_| failed(&"it is not text in UTF-8").into())
}
