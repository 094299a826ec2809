//! Access keys of the partner interface: creation, verification, revocation.
//!
//! A key has the form `ec_<id>_<secret>`. The id identifies the record. The secret is 32 random bytes, of which
//! the store holds only a hash. The whole key is shown once, when it is created.

use sha2::{Digest, Sha256};

use crate::catalog::Calendar;
use crate::random::random_bytes;
use calendar_domain::{AccessKey, KeyScope, PartnerId};
use calendar_store::{Author, Change, StoreError, records};

/// Prefix of every key, so that a leaked key is recognizable.
const PREFIX: &str = "ec";
/// Length of a secret, in bytes.
const SECRET: usize = 32;
/// Length of an id, in bytes.
const ID: usize = 6;

/// An error while creating or revoking a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The partner does not exist.
    #[error("there is no partner «{0}»")]
    UnknownPartner(PartnerId),
    /// The key does not exist.
    #[error("there is no key «{0}»")]
    UnknownKey(String),
    /// The system random number generator failed.
    #[error("the operating system returned no random bytes: {0}")]
    Random(getrandom::Error),
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<getrandom::Error> for KeyError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

/// Creates a key. The returned text is the whole key; it cannot be recovered later.
///
/// # Errors
/// Returns [`KeyError::UnknownPartner`] if the scope names an unknown partner. Errors if the system provides no
/// randomness or the store fails.
pub fn make_key(calendar: &Calendar, scope: KeyScope) -> Result<(String, AccessKey), KeyError> {
    if let KeyScope::Partner(id) = &scope
        && calendar.snapshot().partner(id).is_none()
    {
        return Err(KeyError::UnknownPartner(id.clone()));
    }
    let secret = hex::encode(random_bytes::<SECRET>()?);
    let key = AccessKey {
        id: hex::encode(random_bytes::<ID>()?),
        hash: hash(&secret),
        scope,
        created: calendar.clock().now(),
        revoked: None,
    };
    let change = Change::create(key.clone().into());
    commit(calendar, "made a key", change)?;
    Ok((format!("{PREFIX}_{}_{secret}", key.id), key))
}

/// Revokes a key, given its id, its part up to the second `_`, or the whole key. A revoked key stays revoked.
///
/// # Errors
/// Returns [`KeyError::UnknownKey`] if there is no such key. Errors if the store fails.
pub fn revoke_key(calendar: &Calendar, key: &str) -> Result<AccessKey, KeyError> {
    let bare = key.strip_prefix("ec_").unwrap_or(key);
    let id = parts(key).map_or(bare, |(id, _)| id);
    let found = records::one::<AccessKey>(calendar, id)?;
    let unknown = || KeyError::UnknownKey(id.chars().take(40).collect());
    let (mut key, revision) = found.ok_or_else(unknown)?;
    if key.revoked.is_none() {
        key.revoked = Some(calendar.clock().now());
        let change = Change::update(key.clone().into(), revision);
        commit(calendar, "revoked a key", change)?;
    }
    Ok(key)
}

/// Returns all keys of a partner, including revoked ones, oldest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn keys_of(calendar: &Calendar, partner: &PartnerId) -> Result<Vec<AccessKey>, StoreError> {
    let scope = KeyScope::Partner(partner.clone());
    let all = records::every::<AccessKey>(calendar)?.into_iter();
    let own = all.filter(|(key, _)| key.scope == scope);
    let mut found: Vec<AccessKey> = own.map(|(key, _)| key).collect();
    found.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(found)
}

/// The result of verifying a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// The key is valid.
    Valid(AccessKey),
    /// The key was revoked.
    Revoked,
    /// The id is unknown or the secret is wrong.
    Unknown,
}

/// Verifies a key that a client sent.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn verify(calendar: &Calendar, key: &str) -> Result<Verified, StoreError> {
    let Some((id, secret)) = parts(key) else {
        return Ok(Verified::Unknown);
    };
    Ok(match records::one::<AccessKey>(calendar, id)? {
        Some((key, _)) if !same(&key.hash, &hash(secret)) => Verified::Unknown,
        Some((key, _)) if key.revoked.is_some() => Verified::Revoked,
        Some((key, _)) => Verified::Valid(key),
        None => Verified::Unknown,
    })
}

/// Returns the id and the secret of a well-formed key.
fn parts(key: &str) -> Option<(&str, &str)> {
    let (id, secret) = key
        .strip_prefix(PREFIX)?
        .strip_prefix('_')?
        .split_once('_')?;
    let is_hex = |text: &str, bytes: usize| {
        text.len() == 2 * bytes && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    (is_hex(id, ID) && is_hex(secret, SECRET)).then_some((id, secret))
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Compares two hashes in constant time.
fn same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes());
    let differs = differences.fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differs == 0
}

fn commit(calendar: &Calendar, note: &str, change: Change) -> Result<(), StoreError> {
    calendar.write(Author::Operator, note, vec![change])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_keys_are_looked_up() {
        let (id, secret) = ("a".repeat(12), "0".repeat(64));
        let key = format!("ec_{id}_{secret}");
        assert_eq!(parts(&key), Some((id.as_str(), secret.as_str())));
        for wrong in [
            "",
            "ec__",
            &key[1..],
            &key[..key.len() - 1],
            &format!("{key}0"),
            &key.replace('0', "/"),
            &key.to_uppercase(),
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hashes_are_compared_whole() {
        let one = hash("s");
        assert!(same(&one, &hash("s")));
        assert!(!same(&one, &hash("t")));
        assert!(!same(&one, &one[1..]) && !same(&one, ""));
    }
}
