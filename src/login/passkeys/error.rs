//! Why a passkey is refused.

use calendar_store::StoreError;

use crate::login::LoginError;

/// Why a passkey is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRefusal {
    /// Something in the request can't be read.
    #[error("the request cannot be read")]
    Malformed,
    /// No challenge waits in this browser: it was used, or is too old.
    #[error("no challenge waits in this browser")]
    Ended,
    /// It answers another challenge.
    #[error("it answers another challenge")]
    Challenge,
    /// It was made on a page of another site, or in a frame of one.
    #[error("it was made on a page of another site")]
    Origin,
    /// It belongs to another host.
    #[error("it belongs to another host")]
    Host,
    /// The device did not check who holds it.
    #[error("the device did not check who holds it")]
    Unverified,
    /// No account has the passkey.
    #[error("no account has the passkey")]
    Unknown,
    /// The device says that it belongs to another account.
    #[error("it belongs to another account")]
    Owner,
    /// The signature is not one of the passkey.
    #[error("the signature is wrong")]
    Signature,
    /// The signature counter did not grow, so there may be a copy of the passkey.
    #[error("the signature counter did not grow")]
    Counter,
    /// It was backed up, or can be, against what was known of it.
    #[error("its backup flags contradict each other or what is known")]
    Backup,
    /// The key is of a kind that is not supported.
    #[error("the key is of an unsupported kind")]
    Unsupported,
    /// An account has the passkey already.
    #[error("an account has the passkey already")]
    Exists,
    /// The account has as many passkeys as it may have.
    #[error("the account has the maximum number of passkeys")]
    Full,
    /// The person signed in too long ago to add a passkey.
    #[error("the person signed in too long ago")]
    NotRecent,
}

impl PasskeyRefusal {
    /// All refusals.
    pub const ALL: [Self; 15] = [
        Self::Malformed,
        Self::Ended,
        Self::Challenge,
        Self::Origin,
        Self::Host,
        Self::Unverified,
        Self::Unknown,
        Self::Owner,
        Self::Signature,
        Self::Counter,
        Self::Backup,
        Self::Unsupported,
        Self::Exists,
        Self::Full,
        Self::NotRecent,
    ];
}

/// Why a request with a passkey failed.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The passkey is refused.
    #[error(transparent)]
    Refused(#[from] PasskeyRefusal),
    /// The client tries too often; a retry can succeed after so many seconds.
    #[error("too many attempts")]
    TooMany(i64),
    /// The store failed, or the system has no random source.
    #[error(transparent)]
    Failed(#[from] LoginError),
}

impl From<StoreError> for PasskeyError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}
