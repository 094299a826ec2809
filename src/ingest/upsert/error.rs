//! Why an event that was sent is not taken.

use calendar_domain::PartnerId;
use calendar_store::StoreError;

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UpsertError {
    /// No such partner.
    #[error("there is no partner «{0}»")]
    UnknownPartner(PartnerId),
    /// It cannot be kept, for this reason.
    #[error("{0}")]
    Refused(String),
    /// It is not what the sender takes it for.
    #[error("the event has changed meanwhile")]
    Changed,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
