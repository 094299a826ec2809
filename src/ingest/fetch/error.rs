//! Errors of a fetch.

use url::Url;

use crate::http::FetchError;
use crate::http::credential::Credential;
use calendar_connectors::connector::Unreadable;
use calendar_domain::redaction::without_secrets;

/// An error that ends a fetch.
#[derive(Debug, thiserror::Error)]
pub enum FetchAllError {
    /// The request failed, or the response has an error status.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The answer is none that the connector knows.
    #[error(
        "cannot read the response of {} as {connector}: {}",
        without_secrets(.url.as_str()), without_secrets(&.why.0)
    )]
    Unreadable {
        /// URL of the response.
        url: Box<Url>,
        /// Id of the connector.
        connector: &'static str,
        /// Reason given by the connector.
        why: Unreadable,
    },
    /// The partner exceeds a limit of the run.
    #[error("the partner has more than {limit} {what}; nothing was imported")]
    TooMuch {
        /// What exceeds it: pages or events.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl FetchAllError {
    /// Returns the error without the partner's secret, which a response may repeat.
    pub(super) fn without(self, credential: Option<&Credential>) -> Self {
        match (self, credential) {
            (
                Self::Unreadable {
                    url,
                    connector,
                    why,
                },
                Some(credential),
            ) => Self::Unreadable {
                url,
                connector,
                why: Unreadable(credential.hidden_in(&why.0)),
            },
            (error, _) => error,
        }
    }
}
