//! Passkeys of accounts (W3C Web Authentication): public keys whose private keys stay on a person's devices.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::IdError;

/// Bytes that JSON and forms carry as base64url without padding (RFC 4648 5).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Base64Url(pub Vec<u8>);

impl Base64Url {
    /// The allowed form, for messages.
    pub const ALLOWED: &'static str = "base64url without padding";
}

impl fmt::Display for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Base64Url {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| IdError {
            kind: "binary value",
            given: text.chars().take(80).collect(),
            allowed: Self::ALLOWED,
        })?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Base64Url {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Base64Url> for String {
    fn from(bytes: Base64Url) -> Self {
        bytes.to_string()
    }
}

/// The id that an authenticator gave a credential: 1 to 1023 bytes (Web Authentication, credential ID).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Base64Url", into = "Base64Url")]
pub struct CredentialId(Base64Url);

impl CredentialId {
    /// Maximum length in bytes.
    pub const LIMIT: usize = 1023;

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.0
    }
}

impl TryFrom<Base64Url> for CredentialId {
    type Error = IdError;
    fn try_from(bytes: Base64Url) -> Result<Self, IdError> {
        if (1..=Self::LIMIT).contains(&bytes.0.len()) {
            return Ok(Self(bytes));
        }
        Err(IdError {
            kind: "credential id",
            given: bytes.to_string().chars().take(80).collect(),
            allowed: "1 to 1023 bytes",
        })
    }
}

impl From<CredentialId> for Base64Url {
    fn from(id: CredentialId) -> Self {
        id.0
    }
}

impl FromStr for CredentialId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse::<Base64Url>()?.try_into()
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A public key, with the names of JSON Web Keys (RFC 7518 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
pub enum PasskeyKey {
    /// ECDSA on the curve P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256 {
        /// First coordinate, 32 bytes.
        x: Base64Url,
        /// Second coordinate, 32 bytes.
        y: Base64Url,
    },
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256 {
        /// Modulus, big-endian without leading zeros.
        n: Base64Url,
        /// Exponent, big-endian without leading zeros.
        e: Base64Url,
    },
}

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The authenticator's id for it. At most one account has it.
    pub id: CredentialId,
    /// The public key.
    pub key: PasskeyKey,
    /// Signature counter of the last use. Authenticators that keep passkeys on several devices always send 0.
    #[serde(default)]
    pub sign_count: u32,
    /// Name, as the person wrote it.
    pub name: String,
    /// Time of registration.
    pub created: DateTime<Utc>,
    /// Time of the last sign-in with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<DateTime<Utc>>,
    /// Whether it may be kept on several devices. This never changes.
    #[serde(default)]
    pub may_be_backed_up: bool,
    /// Whether it was kept on several devices at the last use.
    #[serde(default)]
    pub is_backed_up: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_to_1023_bytes_in_base64url_without_padding() {
        let longest = "A".repeat(1364);
        for text in ["AQ", "-_-_", &longest] {
            assert_eq!(text.parse::<CredentialId>().unwrap().to_string(), text);
        }
        // The last of these has bits behind its last byte, so that it would be a second text of the same id.
        for text in ["", "AQ==", "+/+/", "a b", &"A".repeat(1366), "AR"] {
            assert!(text.parse::<CredentialId>().is_err(), "{text}");
        }
    }
}
