//! The client: checks addresses, follows redirects, and limits responses.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::Utc;
use reqwest::{Client, Response, header};
use rocket::tokio::sync::Semaphore;
use url::{Host, Url};

use super::address::{AllowedHost, is_public};
use super::cryptography::choose_cryptography;
use super::error::FetchError;
use super::fetched::Fetched;
use super::location::{location, redirect_target};
use super::request::Outgoing;
use super::resolver::{ResolveError, Resolver};

/// Maximum number of redirects.
const MAX_HOPS: usize = 5;
/// Default number of concurrent requests to one receiver.
pub const DELIVERIES: usize = 4;

/// An HTTP client.
#[derive(Debug, Clone)]
pub struct Fetcher {
    allowed: Vec<AllowedHost>,
    max_bytes: u64,
    user_agent: String,
    patience: Patience,
    /// Maximum number of concurrent deliveries to a host and port.
    at_once: usize,
    /// A semaphore per host and port, with `turns` permits: one, or `at_once` for deliveries.
    busy: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    turns: usize,
    clients: Arc<Clients>,
}

/// The clients by resolver, with the same settings otherwise.
#[derive(Debug, Default)]
struct Clients {
    public_only: OnceLock<Client>,
    any: OnceLock<Client>,
}

/// Timeouts of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Timeout for connecting.
    pub connect: Duration,
    /// Timeout between two reads.
    pub silence: Duration,
    /// Timeout for the whole response.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(20),
            total: Duration::from_secs(120),
        }
    }
}

impl Fetcher {
    /// Creates a client with a limit of `max_bytes` per response, which reaches public addresses and the
    /// allowed ones. `site` is the calendar's own address for the `User-Agent` header.
    #[must_use]
    pub fn new(allowed: Vec<AllowedHost>, max_bytes: u64, site: Option<&Url>) -> Self {
        // Some servers, such as Office 365, reject unknown clients unless the field begins like a browser's.
        let version = env!("CARGO_PKG_VERSION");
        let site = site.map(|url| format!("; +{url}")).unwrap_or_default();
        Self {
            allowed,
            max_bytes,
            user_agent: format!("Mozilla/5.0 (compatible; elverum-calendar/{version}{site})"),
            patience: Patience::default(),
            at_once: DELIVERIES,
            busy: Arc::default(),
            turns: 1,
            clients: Arc::default(),
        }
    }

    /// Sets the number of concurrent requests to one receiver, at least 1.
    #[must_use]
    pub fn delivering(self, at_once: usize) -> Self {
        Self {
            at_once: at_once.max(1),
            ..self
        }
    }

    /// Returns the number of concurrent requests to one receiver.
    #[must_use]
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// Sets the timeouts.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self {
            patience,
            clients: Arc::default(),
            ..self
        }
    }

    /// Returns a copy for deliveries, with separate semaphores and its own limit of bytes. A slow receiver
    /// therefore doesn't delay other requests to the same host.
    #[must_use]
    pub fn apart(&self, max_bytes: u64) -> Self {
        Self {
            max_bytes,
            busy: Arc::default(),
            turns: self.at_once,
            ..self.clone()
        }
    }

    /// Returns the maximum size of a response in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Requests an address with `GET`.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        let wanted = "text/calendar, application/json;q=0.9, */*;q=0.1";
        let fetched = self.send(&Outgoing::get(url, wanted)).await?;
        if fetched.status.is_success() {
            return Ok(fetched);
        }
        Err(FetchError::Status {
            status: fetched.status,
            retry_after: fetched.retry_after(Utc::now()),
            url: fetched.url,
        })
    }

    /// Sends a request and returns the response, whatever its status.
    ///
    /// # Errors
    /// Errors if there is no response or it is too large; see [`FetchError`].
    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Fetched, FetchError> {
        let bare = |url: Url| match outgoing.credential {
            Some(credential) => credential.without_parameter(&url),
            None => url,
        };
        let mut url = bare(outgoing.url.clone());
        for _ in 0..=MAX_HOPS {
            let turn = self.turn(&url);
            // Infallible: the semaphore is never closed.
            let _turn = turn.acquire().await;
            let response = self.hop(&url, outgoing).await?;
            if outgoing.follow {
                let next = redirect_target(&url, response.status(), location(&response));
                let next = next.map_err(|error| error.without(outgoing.credential))?;
                if let Some(next) = next {
                    url = bare(next);
                    continue;
                }
            }
            if !outgoing.reads {
                return Ok(without_body(url, &response));
            }
            return self.body(url, response).await;
        }
        Err(FetchError::Redirect {
            to: url.to_string(),
            why: "there were more than five redirects",
        })
    }

    /// Returns the semaphore of an address's host and port.
    fn turn(&self, url: &Url) -> Arc<Semaphore> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Remove semaphores that are not in use.
        busy.retain(|_, turn| Arc::strong_count(turn) > 1);
        let port = url.port_or_known_default().unwrap_or_default();
        let host = format!("{}:{port}", url.host_str().unwrap_or_default());
        let turns = || Arc::new(Semaphore::new(self.turns));
        Arc::clone(busy.entry(host).or_insert_with(turns))
    }

    async fn hop(&self, url: &Url, outgoing: &Outgoing<'_>) -> Result<Response, FetchError> {
        let client = self.client(self.resolver_for(url)?);
        let client = client.map_err(|error| transport(url, &error))?;
        let credential = outgoing.credential;
        let to =
            credential.map_or_else(|| url.clone(), |credential| credential.with_parameter(url));
        let mut request = client
            .request(outgoing.method.clone(), to)
            .headers(outgoing.fields.clone());
        if let Some((name, value)) = credential.and_then(|credential| credential.field(url)) {
            request = request.header(name, value);
        }
        if let Some(body) = &outgoing.body {
            request = request.body(body.clone());
        }
        // The address in reqwest's error may contain a secret.
        let sent = request.send().await.map_err(reqwest::Error::without_url);
        sent.map_err(|error| match ResolveError::among(&error) {
            Some(ResolveError::Private(address)) => private(url, *address),
            Some(ResolveError::Unresolved(cause)) => FetchError::Name {
                host: url.host_str().unwrap_or_default().to_owned(),
                cause: cause.clone(),
            },
            None => transport(url, &error),
        })
    }

    /// Checks an address as far as its text tells, and returns the resolver for its host.
    fn resolver_for(&self, url: &Url) -> Result<Resolver, FetchError> {
        let host = url
            .host()
            .filter(|_| matches!(url.scheme(), "http" | "https"));
        let host = host.ok_or_else(|| FetchError::Scheme(url.to_string()))?;
        let (name, port) = (host.to_string(), url.port_or_known_default().unwrap_or(443));
        if self
            .allowed
            .iter()
            .any(|allowed| allowed.covers(&name, port))
        {
            return Ok(Resolver::Any);
        }
        // The client connects to an IP address without a resolver.
        let address = match host {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        };
        match address.filter(|address| !is_public(*address)) {
            Some(address) => Err(private(url, address)),
            None => Ok(Resolver::PublicOnly),
        }
    }

    /// Returns the client for a resolver, which is built once.
    fn client(&self, resolver: Resolver) -> Result<&Client, reqwest::Error> {
        let known = match resolver {
            Resolver::PublicOnly => &self.clients.public_only,
            Resolver::Any => &self.clients.any,
        };
        if let Some(client) = known.get() {
            return Ok(client);
        }
        choose_cryptography();
        let built = Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            // Each request has a new connection, to an address that was resolved and checked for it.
            .pool_max_idle_per_host(0)
            .connect_timeout(self.patience.connect)
            .read_timeout(self.patience.silence)
            .timeout(self.patience.total)
            .build()?;
        Ok(known.get_or_init(|| built))
    }

    async fn body(&self, url: Url, mut response: Response) -> Result<Fetched, FetchError> {
        let (status, fields) = (response.status(), response.headers().clone());
        let media_type = fields.get(header::CONTENT_TYPE);
        let media_type = media_type
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|e| transport(&url, &e.without_url()))?
        {
            if bytes.len() as u64 + chunk.len() as u64 > self.max_bytes {
                return Err(FetchError::TooLarge {
                    url,
                    limit: self.max_bytes,
                });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Fetched {
            status,
            fields,
            bytes,
            media_type,
            url,
        })
    }
}

fn private(url: &Url, address: IpAddr) -> FetchError {
    FetchError::Private {
        host: url.host_str().unwrap_or_default().to_owned(),
        address,
        port: url.port_or_known_default().unwrap_or(443),
    }
}

fn without_body(url: Url, response: &Response) -> Fetched {
    Fetched {
        status: response.status(),
        fields: response.headers().clone(),
        bytes: Vec::new(),
        media_type: None,
        url,
    }
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
