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
    #[error("there is no partner «{0}»; `partner list` shows all")]
    UnknownPartner(PartnerId),
    /// The partner has no address.
    #[error("«{0}» has no address to fetch; `partner add {0} --kind KIND --url URL` sets one")]
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
    #[error("the run was aborted after {} minutes", LONGEST.as_secs() / 60)]
    TooLong,
    /// A run was rolled back, and the partner has not been released.
    #[error(
        "the partner is on hold since run {run} was rolled back; `sync release {partner}` resumes"
    )]
    Held {
        /// The partner.
        partner: PartnerId,
        /// The run that was rolled back.
        run: String,
    },
    /// The partner was changed or removed during the run.
    #[error("«{0}» was changed or removed during the run; nothing was written")]
    Changed(PartnerId),
    /// Concurrent writes to the same events prevented the commit.
    #[error("the events kept changing during the run; try again later")]
    Contended,
    /// A thread panicked.
    #[error("the run stopped unexpectedly")]
    Stopped,
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}
