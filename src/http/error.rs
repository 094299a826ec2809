//! Errors of outgoing requests.

use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use crate::http::credential::Credential;
use calendar_domain::redaction::without_secrets;

/// Why a request failed. Messages don't show passwords or keys in addresses.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The scheme is not http or https.
    #[error("{} is not an http or https address", without_secrets(.0))]
    Scheme(String),
    /// The name resolves to a non-public address.
    #[error(
        "{host} is at {address}, which is not a public address; to allow it, add {host}:{port} to \
         sync.allow_private"
    )]
    Private {
        /// The host, as requested.
        host: String,
        /// The address of the host.
        address: std::net::IpAddr,
        /// The port.
        port: u16,
    },
    /// The name does not resolve.
    #[error("cannot resolve {host}: {cause}")]
    Name {
        /// The host, as requested.
        host: String,
        /// The resolver's error.
        cause: String,
    },
    /// An invalid redirect, a redirect loop, or a redirect from https to http.
    #[error("refused the redirect to «{}»: {why}", without_secrets(.to))]
    Redirect {
        /// The target.
        to: String,
        /// The problem with it.
        why: &'static str,
    },
    /// The response has an error status.
    #[error("{} responded {status}", without_secrets(.url.as_str()))]
    Status {
        /// The final address.
        url: Url,
        /// The status.
        status: StatusCode,
        /// The time to wait before the next request, if the server states it.
        retry_after: Option<Duration>,
    },
    /// The decompressed body exceeds the limit.
    #[error(
        "{} has more than {limit} bytes after decompression, the maximum of limits.import_bytes",
        without_secrets(.url.as_str())
    )]
    TooLarge {
        /// The final address.
        url: Url,
        /// The limit in bytes.
        limit: u64,
    },
    /// The connection failed.
    #[error("{} cannot be read: {}", without_secrets(.url.as_str()), without_secrets(.cause))]
    Transport {
        /// The requested address.
        url: Url,
        /// The error with its causes.
        cause: String,
    },
}

impl FetchError {
    /// Removes a secret that a server has repeated.
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
