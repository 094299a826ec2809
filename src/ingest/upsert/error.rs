//! Errors of an upsert.

use calendar_domain::PartnerId;

use calendar_store::StoreError;

use crate::ingest::reconcile::NotPart;

/// An error of an upsert.
#[derive(Debug, thiserror::Error)]
pub enum UpsertError {
    /// The partner does not exist.
    #[error("there is no partner «{0}»")]
    UnknownPartner(PartnerId),
    /// The event is refused, with the reason.
    #[error("{0}")]
    Refused(String),
    /// The event cannot be part of the one that it names.
    #[error(transparent)]
    NotPart(#[from] NotPart),
    /// The `UID` is that of an event that the partner sends under another id.
    #[error("your event «{0}» has the uid")]
    OtherId(String),
    /// The stored event does not match the sender's precondition.
    #[error("the event has changed meanwhile")]
    Changed,
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}
