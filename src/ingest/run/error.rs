//! Errors of a run.

use std::time::Duration;

use crate::http::credential::CredentialError;
use crate::ingest::fetch::FetchAllError;
use calendar_connectors::UnknownConnector;
use calendar_domain::PartnerId;
use calendar_store::StoreError;

/// Time limit of a run.
pub(super) const LONGEST: Duration = Duration::from_secs(15 * 60);

/// An error that ends a run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The partner does not exist.
    #[error("there is no partner «{0}»; `partner list` shows those that there are")]
    UnknownPartner(PartnerId),
    /// The partner has no address.
    #[error(
        "«{0}» has no address to be asked at; `partner add {0} --kind KIND --url URL` sets one"
    )]
    NoAddress(PartnerId),
    /// The connector does not exist.
    #[error(transparent)]
    Connector(#[from] UnknownConnector),
    /// The partner's secret is missing or malformed.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The fetch failed.
    #[error(transparent)]
    Ask(#[from] FetchAllError),
    /// The run exceeded its time limit.
    #[error("the run took longer than {} minutes and was given up", LONGEST.as_secs() / 60)]
    TooLong,
    /// A run was rolled back, and the partner has not been released.
    #[error("nothing is written since run {run} was taken back; `sync release {partner}` goes on")]
    Held {
        /// The partner.
        partner: PartnerId,
        /// The run that was rolled back.
        run: String,
    },
    /// The partner was changed or removed during the run.
    #[error("«{0}» was changed or removed while it was asked; nothing of the answer was written")]
    Changed(PartnerId),
    /// Concurrent writes to the same events prevented the commit.
    #[error("the events were changed by others again and again meanwhile; try later")]
    Contended,
    /// A thread panicked.
    #[error("the run stopped unexpectedly")]
    Stopped,
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}
