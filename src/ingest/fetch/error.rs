//! Why asking a partner came to nothing.

use url::Url;

use crate::http::FetchError;
use crate::http::credential::Credential;
use calendar_connectors::connector::Unreadable;
use calendar_domain::redaction::without_secrets;

/// Why asking came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There was no answer, or one that is an error.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The answer is none that the connector knows.
    #[error("what {} answered cannot be read as {connector}: {why}", without_secrets(.url.as_str()))]
    Unreadable {
        /// Where it came from.
        url: Box<Url>,
        /// The connector.
        connector: &'static str,
        /// What is wrong with it.
        why: Unreadable,
    },
    /// There is no end to it.
    #[error("the partner has more than {limit} {what}; nothing was taken")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
}

impl AskError {
    /// The error without the partner's secret, which an answer may repeat.
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
