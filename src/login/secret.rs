//! Random secrets, of which only digests are stored.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::random::random_bytes;

/// Length of a secret in bytes.
const LENGTH: usize = 32;

/// A secret of 32 random bytes, which a cookie or a link carries.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; LENGTH]);

impl Secret {
    /// Returns a new secret.
    ///
    /// # Errors
    /// Errors if the system has no random source.
    pub fn new() -> Result<Self, getrandom::Error> {
        Ok(Self(random_bytes()?))
    }

    /// Parses the text of a cookie or link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Returns the text for a cookie or link.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the digest under which the data of this secret is stored. The secret has 256 bits, so a slow digest
    /// would add nothing.
    #[must_use]
    pub fn key(&self) -> String {
        digest(&[b"key", &self.0])
    }

    /// Returns a digest of a code that belongs to this secret. Without the secret, the code can't be found by trying.
    #[must_use]
    pub(super) fn digest_of(&self, code: &str) -> String {
        digest(&[b"code", &self.0, code.as_bytes()])
    }

    /// Returns the token of forms that only the owner of this secret sends.
    #[must_use]
    pub fn form_token(&self) -> FormToken {
        FormToken(digest(&[b"form", &self.0]))
    }
}

/// Hides the secret.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The hidden field of a form that shows that it comes from a page of this site in this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormToken(String);

impl FormToken {
    /// Returns the value of the field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true if a form carries this token. Comparing digests leaks nothing about the token through timing.
    #[must_use]
    pub fn is(&self, sent: &str) -> bool {
        Sha256::digest(sent) == Sha256::digest(&self.0)
    }
}

/// Returns the digest of parts of which each but the last has a fixed length.
pub(super) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_passes_through_its_text_and_is_not_in_its_digests() {
        let secret = Secret::new().unwrap();
        assert_eq!(Secret::parse(&secret.text()), Some(secret.clone()));
        assert_ne!(Secret::new().unwrap(), secret);
        let bytes = hex::encode(secret.0);
        for text in [
            secret.key(),
            secret.digest_of("12345678"),
            format!("{secret:?}"),
        ] {
            assert!(!text.contains(&bytes) && !text.contains(&secret.text()));
        }
        let other = Secret::new().unwrap();
        assert!(secret.form_token().is(secret.form_token().as_str()));
        assert!(!secret.form_token().is(other.form_token().as_str()));
        for text in ["", "a", "!!!!", &"A".repeat(42), &"A".repeat(44)] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }
}
