//! Errors of what visitors write.

use crate::editorial::EditorialError;
use crate::notify::visitor_addresses::VisitorAddressError;
use calendar_store::StoreError;

/// Why a message of a visitor can't be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VisitorError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store keeps no short-lived data.
    #[error("this store keeps no messages of visitors")]
    NoStore,
    /// A stored message can't be read or written as JSON.
    #[error("cannot read a message of a visitor: {0}")]
    Entry(#[from] serde_json::Error),
    /// The system has no random source.
    #[error("the operating system returned no random bytes: {0}")]
    Random(getrandom::Error),
    /// The address can't be kept.
    #[error(transparent)]
    Address(#[from] VisitorAddressError),
    /// The message can't be put into the queue.
    #[error(transparent)]
    Editorial(#[from] EditorialError),
}

impl From<getrandom::Error> for VisitorError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}
