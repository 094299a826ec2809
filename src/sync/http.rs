//! The only HTTP client: asks for other people's calendars, carefully.
//!
//! Each hop is resolved here, its addresses are checked, and the connection goes to a checked
//! address, so that a name that changes its answer between check and use gains nothing (DNS
//! rebinding). Redirects are followed by hand, at most five, never from https to http.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Client, Response, StatusCode, redirect};
use rocket::tokio;
use url::{Host, Url};

use super::address::{AllowedHost, is_public};

/// Redirects that are followed.
const MAX_HOPS: usize = 5;
/// Time to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// Time in which something has to arrive.
const SILENCE: Duration = Duration::from_secs(20);
/// Time for the whole answer.
const TOTAL: Duration = Duration::from_secs(120);

/// Fetches.
#[derive(Debug, Clone)]
pub struct Fetcher {
    allowed: Vec<AllowedHost>,
    max_bytes: u64,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The body, decompressed.
    pub bytes: Vec<u8>,
    /// `Content-Type`.
    pub media_type: Option<String>,
    /// Where it came from in the end.
    pub url: Url,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Another scheme than http and https.
    #[error("{0} is no http or https address")]
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
    #[error("the redirect to «{to}» is not followed: {why}")]
    Redirect {
        /// Where it leads.
        to: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The answer is an error.
    #[error("{url} answered {status}")]
    Status {
        /// Where it came from.
        url: Url,
        /// The status.
        status: StatusCode,
    },
    /// The body is larger than allowed.
    #[error("{url} has more than {limit} bytes (decompressed); limits.import_bytes sets the bound")]
    TooLarge {
        /// Where it came from.
        url: Url,
        /// The bound.
        limit: u64,
    },
    /// The connection failed.
    #[error("{url} cannot be read: {cause}")]
    Transport {
        /// Where it was asked.
        url: Url,
        /// What went wrong, its causes included.
        cause: String,
    },
}

impl Fetcher {
    /// A fetcher that takes at most `max_bytes` and reaches public addresses and the allowed ones.
    #[must_use]
    pub fn new(allowed: Vec<AllowedHost>, max_bytes: u64) -> Self {
        Self { allowed, max_bytes }
    }

    /// Gets what is at an address.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        let mut url = url.clone();
        for _ in 0..=MAX_HOPS {
            let response = self.hop(&url).await?;
            if let Some(next) = redirect_target(&url, &response)? {
                url = next;
                continue;
            }
            if !response.status().is_success() {
                return Err(FetchError::Status {
                    url,
                    status: response.status(),
                });
            }
            return self.body(url, response).await;
        }
        Err(FetchError::Redirect {
            to: url.to_string(),
            why: "there were more than five",
        })
    }

    async fn hop(&self, url: &Url) -> Result<Response, FetchError> {
        let (host, addresses) = self.vetted(url).await?;
        let failed = |error: reqwest::Error| transport(url, &error);
        let client = Client::builder()
            .user_agent(concat!("elverum-calendar/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(TOTAL)
            .build()
            .map_err(failed)?;
        let mut accept = HeaderMap::new();
        let wanted = "text/calendar, application/json;q=0.9, */*;q=0.1";
        accept.insert(header::ACCEPT, header::HeaderValue::from_static(wanted));
        client
            .get(url.clone())
            .headers(accept)
            .send()
            .await
            .map_err(failed)
    }

    /// The addresses of an address's host, each checked.
    async fn vetted(&self, url: &Url) -> Result<(String, Vec<SocketAddr>), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.to_string()));
        }
        let port = url.port_or_known_default().unwrap_or(443);
        let no_host = || FetchError::Scheme(url.to_string());
        let host = url.host().ok_or_else(no_host)?;
        let name = host.to_string();
        let addresses: Vec<SocketAddr> = match host {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(domain) => {
                let found = tokio::net::lookup_host((domain, port)).await;
                let failed = |e: std::io::Error| FetchError::Name {
                    host: name.clone(),
                    cause: e.to_string(),
                };
                found.map_err(failed)?.collect()
            }
        };
        if !self
            .allowed
            .iter()
            .any(|allowed| allowed.covers(&name, port))
            && let Some(private) = addresses.iter().find(|address| !is_public(address.ip()))
        {
            return Err(FetchError::Private {
                host: name,
                address: private.ip(),
                port,
            });
        }
        Ok((name, addresses))
    }

    async fn body(&self, url: Url, mut response: Response) -> Result<Fetched, FetchError> {
        let media_type = response.headers().get(header::CONTENT_TYPE);
        let media_type = media_type
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| transport(&url, &e))? {
            if bytes.len() as u64 + chunk.len() as u64 > self.max_bytes {
                return Err(FetchError::TooLarge {
                    url,
                    limit: self.max_bytes,
                });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched {
            bytes,
            media_type,
            url,
        })
    }
}

fn redirect_target(from: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(header::LOCATION);
    let to = location
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let wrong = |why| FetchError::Redirect {
        to: to.to_owned(),
        why,
    };
    let next = from.join(to).map_err(|_| wrong("it is no address"))?;
    if from.scheme() == "https" && next.scheme() != "https" {
        return Err(wrong("it leads from https to an unprotected connection"));
    }
    Ok(Some(next))
}

fn transport(url: &Url, error: &reqwest::Error) -> FetchError {
    let mut cause = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        cause = format!("{cause}: {error}");
        inner = error.source();
    }
    FetchError::Transport {
        url: url.clone(),
        cause,
    }
}
