//! What can go wrong with a request.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use crate::http::credential::Credential;
use calendar_domain::redaction::without_secrets;

/// Why nothing came back. No text of it shows a password or key that stands in an address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Another scheme than http and https.
    #[error("{} is no http or https address", without_secrets(.0))]
    Scheme(String),
    /// The name resolves to an address that is not public.
    #[error(
        "{host} is at {address}, which is not a public address; where it is meant to be \
         reached, put {host}:{port} into sync.allow_private"
    )]
    Private {
        /// The host as asked for.
        host: String,
        /// What it resolves to.
        address: std::net::IpAddr,
        /// The port.
        port: u16,
    },
    /// The name does not resolve.
    #[error("{host} cannot be found: {cause}")]
    Name {
        /// The host as asked for.
        host: String,
        /// What the resolver says.
        cause: String,
    },
    /// A redirect to nowhere, in circles, or from https to http.
    #[error("the redirect to «{}» is not followed: {why}", without_secrets(.to))]
    Redirect {
        /// Where it leads.
        to: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The answer is an error.
    #[error("{} answered {status}", without_secrets(.url.as_str()))]
    Status {
        /// Where it came from.
        url: Url,
        /// The status.
        status: StatusCode,
        /// For how long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The body is larger than allowed.
    #[error(
        "{} has more than {limit} bytes (decompressed); limits.import_bytes sets the bound",
        without_secrets(.url.as_str())
    )]
    TooLarge {
        /// Where it came from.
        url: Url,
        /// The bound.
        limit: u64,
    },
    /// The connection failed.
    #[error("{} cannot be read: {cause}", without_secrets(.url.as_str()))]
    Transport {
        /// Where it was asked.
        url: Url,
        /// What went wrong, its causes included.
        cause: String,
    },
}

impl FetchError {
    /// The same without a secret that a server has repeated.
    pub(super) fn without(self, credential: Option<&Credential>) -> Self {
        match (self, credential) {
            (Self::Redirect { to, why }, Some(credential)) => Self::Redirect {
                to: credential.hidden_in(&to),
                why,
            },
            (other, _) => other,
        }
    }
}
