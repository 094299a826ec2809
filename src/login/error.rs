//! Errors of signing in.

use calendar_domain::EmailAddress;
use calendar_store::StoreError;

/// Why signing in, or a change of accounts, failed.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system has no random source.
    #[error("the operating system returned no random bytes: {0}")]
    Random(getrandom::Error),
    /// The store keeps no short-lived data.
    #[error("this store keeps no sessions")]
    NoSessions,
    /// A stored entry can't be read or written as JSON.
    #[error("cannot read short-lived data: {0}")]
    Entry(#[from] serde_json::Error),
    /// No account has the address.
    #[error("there is no account with the address {0}")]
    NoAccount(EmailAddress),
}

impl From<getrandom::Error> for LoginError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}
