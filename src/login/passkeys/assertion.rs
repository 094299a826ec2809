//! The check of a sign-in with a passkey (Web Authentication 7.2).

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use sha2::{Digest, Sha256};

use calendar_domain::{Account, Base64Url, Passkey, PasskeyKey};

use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Ceremony};
use super::cose_key::UNCOMPRESSED;
use super::registration::part;
use super::{PasskeyRefusal, RelyingParty};

/// Maximum length of each part in bytes.
const LIMIT: usize = 8 << 10;

/// An answer to a challenge, as the page sends it: each part in base64url.
#[derive(Debug, Clone, Default)]
pub struct SentAssertion {
    /// Id of the credential (`rawId`).
    pub id: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `signature`.
    pub signature: String,
    /// `userHandle`: the id of the account that the passkey was made for.
    pub user_handle: String,
}

/// Checks a sign-in to an account with one of its passkeys. Returns the passkey as it is after that, except the time of
/// its use.
pub(super) fn check(
    sent: &SentAssertion,
    account: &Account,
    passkey: &Passkey,
    challenge: &Base64Url,
    party: &RelyingParty,
) -> Result<Passkey, PasskeyRefusal> {
    if part(&sent.user_handle, LIMIT)? != account.id.as_str().as_bytes() {
        return Err(PasskeyRefusal::Owner);
    }
    let client_data = part(&sent.client_data, LIMIT)?;
    client_data::check(&client_data, Ceremony::Get, challenge, party)?;
    let authenticator_data = part(&sent.authenticator_data, LIMIT)?;
    let data = AuthenticatorData::read(&authenticator_data, party)?;
    if data.may_be_backed_up != passkey.may_be_backed_up {
        return Err(PasskeyRefusal::Backup);
    }
    let signature = part(&sent.signature, LIMIT)?;
    let mut signed = authenticator_data;
    signed.extend_from_slice(&Sha256::digest(&client_data));
    if !is_signed(&passkey.key, &signed, &signature) {
        return Err(PasskeyRefusal::Signature);
    }
    let counts = data.sign_count != 0 || passkey.sign_count != 0;
    if counts && data.sign_count <= passkey.sign_count {
        return Err(PasskeyRefusal::Counter);
    }
    Ok(Passkey {
        sign_count: data.sign_count,
        is_backed_up: data.is_backed_up,
        ..passkey.clone()
    })
}

/// Returns true if a signature of a message is one of the key.
fn is_signed(key: &PasskeyKey, message: &[u8], signature: &[u8]) -> bool {
    let verified = match key {
        PasskeyKey::Es256 { x, y } => {
            let point = [&[UNCOMPRESSED], x.0.as_slice(), y.0.as_slice()].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
            key.verify(message, signature)
        }
        PasskeyKey::Rs256 { n, e } => {
            let key = RsaPublicKeyComponents { n: &n.0, e: &e.0 };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
        }
    };
    verified.is_ok()
}
