//! The check of a new passkey (Web Authentication 7.1).

use chrono::{DateTime, Utc};
use ciborium::Value;

use calendar_domain::{Base64Url, Passkey};

use super::authenticator_data::{AuthenticatorData, cbor};
use super::client_data::{self, Ceremony};
use super::{PasskeyRefusal, RelyingParty};

/// Maximum length of each part in bytes.
const LIMIT: usize = 32 << 10;

/// A new passkey, as the page sends it: each part in base64url.
#[derive(Debug, Clone, Default)]
pub struct SentRegistration {
    /// Id of the credential (`rawId`).
    pub id: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `attestationObject`.
    pub attestation: String,
}

/// Parses a part of a request.
pub(super) fn part(text: &str, limit: usize) -> Result<Vec<u8>, PasskeyRefusal> {
    if text.len() / 4 * 3 > limit {
        return Err(PasskeyRefusal::Malformed);
    }
    let bytes: Result<Base64Url, _> = text.parse();
    bytes
        .map(|bytes| bytes.0)
        .map_err(|_| PasskeyRefusal::Malformed)
}

/// Returns the new passkey, without its name.
pub(super) fn check(
    sent: &SentRegistration,
    challenge: &Base64Url,
    party: &RelyingParty,
    now: DateTime<Utc>,
) -> Result<Passkey, PasskeyRefusal> {
    let client_data = part(&sent.client_data, LIMIT)?;
    client_data::check(&client_data, Ceremony::Create, challenge, party)?;
    let attestation = part(&sent.attestation, LIMIT)?;
    let mut rest = attestation.as_slice();
    let object = cbor(&mut rest)?;
    let members = object.as_map().ok_or(PasskeyRefusal::Malformed)?;
    // The statement beside it is not asked for, and says nothing about the person.
    let data = members
        .iter()
        .find(|(name, _)| name.as_text() == Some("authData"))
        .and_then(|(_, value)| Value::as_bytes(value))
        .ok_or(PasskeyRefusal::Malformed)?;
    let data = AuthenticatorData::read(data, party)?;
    let (id, key) = data.credential.ok_or(PasskeyRefusal::Malformed)?;
    if !rest.is_empty() || sent.id.parse().ok().as_ref() != Some(&id) {
        return Err(PasskeyRefusal::Malformed);
    }
    Ok(Passkey {
        id,
        key,
        sign_count: data.sign_count,
        name: String::new(),
        created: now,
        used: None,
        may_be_backed_up: data.may_be_backed_up,
        is_backed_up: data.is_backed_up,
    })
}
