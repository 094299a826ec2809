//! Encryption of backups in the format of age (<https://age-encryption.org/v1>), which the tool `age` reads too.

use std::fmt;
use std::iter;
use std::str::FromStr;

use age::secrecy::SecretString;
use age::{Encryptor, Identity, scrypt, x25519};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Cost of a passphrase, as a power of two: scrypt takes 128 MiB and about half a second.
const WORK: u8 = 17;
/// Maximum cost of a passphrase of a backup that is read, which the tool `age` uses.
const MOST_WORK: u8 = 18;
/// Minimum length of a passphrase in characters. Whoever has the file may try any number.
const SHORTEST: usize = 12;
/// Maximum number of keys in a file.
const MOST_KEYS: usize = 100;

/// Who can read a backup.
#[derive(Clone, Debug, Default)]
pub enum BackupEncryption {
    /// Whoever has the file.
    #[default]
    None,
    /// Who has the private key of one of these public keys. There has to be at least one.
    Recipients(Vec<BackupRecipient>),
    /// Who knows the passphrase.
    Passphrase(BackupPassphrase),
}

/// A public key that backups are encrypted to: `age1…`, as `age-keygen` writes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BackupRecipient(x25519::Recipient);

/// A passphrase that backups are encrypted with. Its text is not shown.
#[derive(Clone)]
pub struct BackupPassphrase(SecretString);

/// The secrets that encrypted backups are read with. Their texts are not shown.
#[derive(Clone, Default)]
pub struct BackupKeys {
    identities: Vec<x25519::Identity>,
    passphrase: Option<BackupPassphrase>,
    /// What was given for this backup in particular, if something was.
    expected: Option<&'static str>,
}

/// Error for a text that is no key or passphrase. It omits the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BackupKeyError {
    /// Not a public key.
    #[error("not a public key of age; it begins with age1 and is what `age-keygen` shows")]
    NotPublic,
    /// A private key in the place of a public one.
    #[error(
        "a private key; write the public key, which begins with age1, and keep this one elsewhere"
    )]
    Private,
    /// A line of a file with private keys is none.
    #[error("line {0} is not a private key of age, which begins with AGE-SECRET-KEY-1")]
    NotPrivate(usize),
    /// A file with private keys has a public one.
    #[error(
        "line {0} is a public key; name the file with the private key, which begins with AGE-SECRET-KEY-1"
    )]
    Public(usize),
    /// A file without private keys.
    #[error("there is no private key of age in it")]
    NoKey,
    /// A file with too many keys.
    #[error("it has more than {} keys", MOST_KEYS)]
    TooManyKeys,
    /// A passphrase that is soon guessed.
    #[error(
        "the passphrase is shorter than {} characters; choose a longer one",
        SHORTEST
    )]
    TooShort,
    /// A passphrase with a line break: a file with something else.
    #[error("there is more than one line; a passphrase is one line")]
    SeveralLines,
}

impl FromStr for BackupRecipient {
    type Err = BackupKeyError;

    fn from_str(text: &str) -> Result<Self, BackupKeyError> {
        let text = text.trim();
        if is_private(text) {
            return Err(BackupKeyError::Private);
        }
        let key = text.parse::<x25519::Recipient>();
        key.map(Self).map_err(|_| BackupKeyError::NotPublic)
    }
}

impl TryFrom<String> for BackupRecipient {
    type Error = BackupKeyError;

    fn try_from(text: String) -> Result<Self, BackupKeyError> {
        text.parse()
    }
}

impl From<BackupRecipient> for String {
    fn from(recipient: BackupRecipient) -> Self {
        recipient.to_string()
    }
}

impl fmt::Display for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for BackupRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for BackupPassphrase {
    type Err = BackupKeyError;

    /// Reads a passphrase. White space around it does not count, such as the end of a line.
    fn from_str(text: &str) -> Result<Self, BackupKeyError> {
        let text = text.trim();
        if text.contains(['\n', '\r']) {
            return Err(BackupKeyError::SeveralLines);
        }
        if text.chars().count() < SHORTEST {
            return Err(BackupKeyError::TooShort);
        }
        Ok(Self(SecretString::from(text.to_owned())))
    }
}

impl fmt::Debug for BackupPassphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupPassphrase(…)")
    }
}

impl BackupKeys {
    /// Adds the private keys of a file that `age-keygen` wrote: one a line, with comments after `#`.
    ///
    /// # Errors
    /// Errors if a line is no private key, or if there is none.
    pub fn with_key_file(mut self, text: &str) -> Result<Self, BackupKeyError> {
        let lines = text.lines().map(str::trim).zip(1..);
        let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        for (line, number) in lines {
            if line.starts_with("age1") {
                return Err(BackupKeyError::Public(number));
            }
            if self.identities.len() == MOST_KEYS {
                return Err(BackupKeyError::TooManyKeys);
            }
            let key = line.parse::<x25519::Identity>();
            let key = key.map_err(|_| BackupKeyError::NotPrivate(number))?;
            self.identities.push(key);
        }
        if self.identities.is_empty() {
            return Err(BackupKeyError::NoKey);
        }
        Ok(self)
    }

    /// Sets the passphrase.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: BackupPassphrase) -> Self {
        self.passphrase = Some(passphrase);
        self
    }

    /// Refuses backups that are not encrypted, since a `secret` was given for this one: a passphrase or private key.
    #[must_use]
    pub fn expecting(self, secret: &'static str) -> Self {
        Self {
            expected: Some(secret),
            ..self
        }
    }

    /// Returns what was given for the backup in particular, if something was.
    pub(super) fn expected(&self) -> Option<&'static str> {
        self.expected
    }

    /// Returns the secrets for a backup that is encrypted with a passphrase, or to public keys.
    pub(super) fn identities(&self, is_passphrase: bool) -> Vec<Box<dyn Identity>> {
        if is_passphrase {
            let passphrase = self.passphrase.iter();
            let identity = |passphrase: &BackupPassphrase| {
                let mut identity = scrypt::Identity::new(passphrase.0.clone());
                identity.set_max_work_factor(MOST_WORK);
                Box::new(identity) as Box<dyn Identity>
            };
            return passphrase.map(identity).collect();
        }
        let keys = self.identities.iter().cloned();
        keys.map(|key| Box::new(key) as Box<dyn Identity>).collect()
    }
}

impl fmt::Debug for BackupKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupKeys")
            .field("identities", &self.identities.len())
            .field("passphrase", &self.passphrase)
            .finish()
    }
}

impl BackupEncryption {
    /// Returns the secrets that this encryption itself has: the passphrase. Public keys read nothing.
    pub(super) fn own_keys(&self) -> BackupKeys {
        match self {
            Self::Passphrase(passphrase) => {
                BackupKeys::default().with_passphrase(passphrase.clone())
            }
            Self::None | Self::Recipients(_) => BackupKeys::default(),
        }
    }

    /// Returns what encrypts a backup, or `None` if it is not encrypted.
    ///
    /// # Errors
    /// Errors if there are no recipients.
    pub(super) fn encryptor(&self) -> Result<Option<Encryptor>, age::EncryptError> {
        match self {
            Self::None => Ok(None),
            Self::Recipients(recipients) => {
                let recipients = recipients.iter();
                let recipients = recipients.map(|recipient| &recipient.0 as &dyn age::Recipient);
                Encryptor::with_recipients(recipients).map(Some)
            }
            Self::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.0.clone());
                recipient.set_work_factor(WORK);
                let recipients = iter::once(&recipient as &dyn age::Recipient);
                Encryptor::with_recipients(recipients).map(Some)
            }
        }
    }
}

fn is_private(text: &str) -> bool {
    const PREFIX: &str = "AGE-SECRET-KEY-";
    let start = text.get(..PREFIX.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_private_key_is_no_recipient_and_is_not_repeated_in_the_error() {
        let key = x25519::Identity::generate();
        let private = key.to_string();
        let error = private.expose_secret().parse::<BackupRecipient>();
        assert_eq!(error, Err(BackupKeyError::Private));
        let public = key.to_public().to_string();
        let read: BackupRecipient = format!(" {public}\n").parse().unwrap();
        assert_eq!(read.to_string(), public);
        for wrong in ["", "age1", "ssh-ed25519 AAAA", "age1å"] {
            let error = wrong.parse::<BackupRecipient>();
            assert_eq!(error, Err(BackupKeyError::NotPublic), "{wrong}");
        }
    }

    #[test]
    fn a_key_file_has_private_keys_and_comments() {
        let key = x25519::Identity::generate();
        let (private, public) = (key.to_string(), key.to_public().to_string());
        let file = |keys: &str| BackupKeys::default().with_key_file(keys).map(|_| ());
        let secret = private.expose_secret();
        assert_eq!(
            file(&format!("# public key: {public}\r\n\n{secret}\r\n")),
            Ok(())
        );
        assert_eq!(file("# nothing\n"), Err(BackupKeyError::NoKey));
        assert_eq!(file(&format!("\n{public}")), Err(BackupKeyError::Public(2)));
        assert_eq!(file("secret"), Err(BackupKeyError::NotPrivate(1)));
    }

    #[test]
    fn secrets_are_not_shown() {
        let passphrase: BackupPassphrase = "correct horse battery\n".parse().unwrap();
        let keys = BackupKeys::default().with_passphrase(passphrase.clone());
        let shown = format!("{keys:?} {:?}", BackupEncryption::Passphrase(passphrase));
        assert!(!shown.contains("horse"), "{shown}");
        let short = "too short\n".parse::<BackupPassphrase>();
        assert!(matches!(short, Err(BackupKeyError::TooShort)));
        let lines = "correct horse battery\nstaple\n".parse::<BackupPassphrase>();
        assert!(matches!(lines, Err(BackupKeyError::SeveralLines)));
    }
}
