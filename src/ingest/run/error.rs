//! What can go wrong with a run.

use crate::http::credential::CredentialError;
use crate::ingest::fetch::AskError;
use calendar_connectors::UnknownConnector;
use calendar_domain::PartnerId;
use calendar_store::StoreError;

use super::LONGEST;

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No such partner.
    #[error("there is no partner «{0}»; `partner list` shows those that there are")]
    UnknownPartner(PartnerId),
    /// Nothing is known of how it is asked.
    #[error(
        "«{0}» has no address to be asked at; `partner add {0} --kind KIND --url URL` sets one"
    )]
    NoAddress(PartnerId),
    /// Its connector is none of ours.
    #[error(transparent)]
    Connector(#[from] UnknownConnector),
    /// Its secret is not there.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// It could not be asked, or its answer is none.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// It took too long.
    #[error("the run took longer than {} minutes and was given up", LONGEST.as_secs() / 60)]
    TooLong,
    /// A run was taken back, and nobody has said to go on.
    #[error("nothing is written since run {run} was taken back; `sync release {partner}` goes on")]
    Held {
        /// Whose.
        partner: PartnerId,
        /// Which.
        run: String,
    },
    /// It was changed or removed while it was asked.
    #[error("«{0}» was changed or removed while it was asked; nothing of the answer was written")]
    Changed(PartnerId),
    /// Others wrote the same events all the time.
    #[error("the events were changed by others again and again meanwhile; try later")]
    Contended,
    /// A thread of it ended without a word.
    #[error("the run stopped unexpectedly")]
    Stopped,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
