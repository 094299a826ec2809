//! Keys for programs that write here: made, verified, revoked.
//!
//! A key is `ec_<id>_<secret>`. The id finds the record; of the secret, 32 random bytes, the store
//! has a hash alone, so a copy of the store opens nothing. The whole key is shown once, when it is made.

use sha2::{Digest, Sha256};

use crate::catalog::Calendar;
use crate::random::random_bytes;
use calendar_domain::{AccessKey, KeyScope, PartnerId};
use calendar_store::{Author, Change, StoreError, records};

/// What every key begins with, so that a key that lies about is known for what it is.
const PREFIX: &str = "ec";
/// The length of a secret, in bytes.
const SECRET: usize = 32;
/// The length of an id, in bytes.
const ID: usize = 6;

/// Why a key was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No such partner.
    #[error("there is no partner «{0}»")]
    UnknownPartner(PartnerId),
    /// No such key.
    #[error("there is no key «{0}»")]
    UnknownKey(String),
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Random(getrandom::Error),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<getrandom::Error> for KeyError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

/// Makes a key. The text is the key itself, to be shown now and never again.
///
/// # Errors
/// Where the partner is unknown, or the store refuses.
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
    commit(calendar, "a key was made", change)?;
    Ok((format!("{PREFIX}_{}_{secret}", key.id), key))
}

/// Revokes a key, by its id, its first part up to the second `_`, or as a whole. One that is revoked already stays so.
///
/// # Errors
/// Where there is no such key, or the store refuses.
pub fn revoke_key(calendar: &Calendar, key: &str) -> Result<AccessKey, KeyError> {
    let bare = key.strip_prefix("ec_").unwrap_or(key);
    let id = parts(key).map_or(bare, |(id, _)| id);
    let found = records::one::<AccessKey>(calendar, id)?;
    let unknown = || KeyError::UnknownKey(id.chars().take(40).collect());
    let (mut key, revision) = found.ok_or_else(unknown)?;
    if key.revoked.is_none() {
        key.revoked = Some(calendar.clock().now());
        let change = Change::update(key.clone().into(), revision);
        commit(calendar, "a key was revoked", change)?;
    }
    Ok(key)
}

/// Every key of a partner, the oldest first, the revoked ones too.
///
/// # Errors
/// Where the store cannot be read.
pub fn keys_of(calendar: &Calendar, partner: &PartnerId) -> Result<Vec<AccessKey>, StoreError> {
    let scope = KeyScope::Partner(partner.clone());
    let all = records::every::<AccessKey>(calendar)?.into_iter();
    let own = all.filter(|(key, _)| key.scope == scope);
    let mut found: Vec<AccessKey> = own.map(|(key, _)| key).collect();
    found.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(found)
}

/// What a key that somebody shows turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// A key of ours.
    Valid(AccessKey),
    /// A key of ours that was taken back.
    Revoked,
    /// None of ours, or its secret is wrong.
    Unknown,
}

/// Looks up a key that somebody shows.
///
/// # Errors
/// Where the store cannot be read.
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

/// The id and the secret of a text that looks like a key.
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

/// Whether two hashes are equal, in a time that does not tell where they differ.
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
