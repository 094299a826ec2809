//! What the authenticator says (authenticator data; Web Authentication 6.1).

use ciborium::Value;
use sha2::{Digest, Sha256};

use calendar_domain::{Base64Url, CredentialId, PasskeyKey};

use super::{PasskeyRefusal, RelyingParty, cose_key};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// Length of the name of the authenticator's model, which is not read.
const MODEL: usize = 16;

/// The data, checked for this site and a verified person.
#[derive(Debug)]
pub(super) struct AuthenticatorData {
    pub(super) sign_count: u32,
    pub(super) may_be_backed_up: bool,
    pub(super) is_backed_up: bool,
    /// The new passkey, if it is about one.
    pub(super) credential: Option<(CredentialId, PasskeyKey)>,
}

impl AuthenticatorData {
    /// Reads the data, and checks that it belongs to this site and that the device verified who holds it.
    pub(super) fn read(bytes: &[u8], party: &RelyingParty) -> Result<Self, PasskeyRefusal> {
        let mut rest = bytes;
        let host: [u8; 32] = take(&mut rest)?;
        let [flags] = take(&mut rest)?;
        let sign_count = u32::from_be_bytes(take(&mut rest)?);
        let has = |flag: u8| flags & flag != 0;
        let credential = if has(HAS_CREDENTIAL) {
            Some(credential(&mut rest)?)
        } else {
            None
        };
        if has(HAS_EXTENSIONS) && !cbor(&mut rest)?.is_map() {
            return Err(PasskeyRefusal::Malformed);
        }
        if !rest.is_empty() {
            return Err(PasskeyRefusal::Malformed);
        }
        if host[..] != Sha256::digest(&party.id)[..] {
            return Err(PasskeyRefusal::Host);
        }
        if !has(USER_PRESENT) || !has(USER_VERIFIED) {
            return Err(PasskeyRefusal::Unverified);
        }
        if has(BACKED_UP) && !has(BACKUP_ELIGIBLE) {
            return Err(PasskeyRefusal::Backup);
        }
        Ok(Self {
            sign_count,
            may_be_backed_up: has(BACKUP_ELIGIBLE),
            is_backed_up: has(BACKED_UP),
            credential: credential
                .map(|(id, key)| Ok((id, cose_key::read(&key)?)))
                .transpose()?,
        })
    }
}

/// Takes as many bytes as the result has.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], PasskeyRefusal> {
    let (first, others) = rest.split_first_chunk().ok_or(PasskeyRefusal::Malformed)?;
    *rest = others;
    Ok(*first)
}

/// Takes the id and the key of a new passkey.
fn credential(rest: &mut &[u8]) -> Result<(CredentialId, Value), PasskeyRefusal> {
    let _: [u8; MODEL] = take(rest)?;
    let length = usize::from(u16::from_be_bytes(take(rest)?));
    let (id, others) = rest
        .split_at_checked(length)
        .ok_or(PasskeyRefusal::Malformed)?;
    *rest = others;
    let id = CredentialId::try_from(Base64Url(id.to_vec()));
    let id = id.map_err(|_| PasskeyRefusal::Malformed)?;
    Ok((id, cbor(rest)?))
}

/// Takes one value of CBOR (RFC 8949), at most 16 levels deep.
pub(super) fn cbor(rest: &mut &[u8]) -> Result<Value, PasskeyRefusal> {
    const DEPTH: usize = 16;
    ciborium::de::from_reader_with_recursion_limit(rest, DEPTH)
        .map_err(|_| PasskeyRefusal::Malformed)
}
