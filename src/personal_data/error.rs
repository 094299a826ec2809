//! Why a person's data can't be shown or deleted.

use calendar_store::StoreError;

use crate::login::LoginError;
use crate::notify::visitor_addresses::VisitorAddressError;

/// Why a person's data can't be shown or deleted.
#[derive(Debug, thiserror::Error)]
pub enum PersonalDataError {
    /// The account no longer exists.
    #[error("there is no such account")]
    NoAccount,
    /// Nobody would be left who decides on events.
    #[error("this is the only editor; make somebody else an editor first")]
    LastEditor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The short-lived data can't be read or changed.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The address for the receipt can't be kept or forgotten.
    #[error(transparent)]
    Address(#[from] VisitorAddressError),
    /// A record can't be written as JSON.
    #[error("cannot write a record as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
