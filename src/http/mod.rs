//! The only HTTP client: asks for other people's calendars and tells others of ours, carefully.
//!
//! Each hop is resolved here, its addresses are checked, and the connection goes to a checked
//! address, so that a name that changes its answer between check and use gains nothing (DNS
//! rebinding). Redirects are followed by hand, at most five, never from https to http.

pub mod address;
pub mod credential;
mod cryptography;
mod error;
mod location;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Response, StatusCode};
use rocket::tokio;
use rocket::tokio::sync::Semaphore;
use url::{Host, Url};

use calendar_connectors::connector::Answer;

use address::{AllowedHost, is_public};
use credential::Credential;
pub use cryptography::choose_cryptography;
pub use error::FetchError;
use location::{location, redirect_target};

/// Redirects that are followed.
const MAX_HOPS: usize = 5;
/// How many messages go to one receiver at once where nothing else is configured.
pub const DELIVERIES: usize = 4;

/// Sends requests.
#[derive(Debug, Clone)]
pub struct Fetcher {
    allowed: Vec<AllowedHost>,
    max_bytes: u64,
    user_agent: String,
    patience: Patience,
    /// How many requests of a delivery go to one host and port at once.
    at_once: usize,
    /// Who is asked already: one request at a time for each host and port, or as many as a delivery may.
    busy: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    turns: usize,
}

/// How long is waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// To connect.
    pub connect: Duration,
    /// For something to arrive.
    pub silence: Duration,
    /// For the whole answer.
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

/// A request.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// What is done.
    pub method: Method,
    /// Where.
    pub url: &'a Url,
    /// Header fields beside those that every request has.
    pub fields: HeaderMap,
    /// What is sent.
    pub body: Option<Bytes>,
    /// Who we are to the partner.
    pub credential: Option<&'a Credential>,
    /// Whether redirects are followed; only a `GET` should.
    pub follow: bool,
    /// Whether somebody looks at the body of the answer; otherwise it is not read, however long it is.
    pub reads: bool,
}

impl<'a> Outgoing<'a> {
    /// A request for what is at an address.
    #[must_use]
    pub fn get(url: &'a Url, accept: &'static str) -> Self {
        let mut fields = HeaderMap::new();
        fields.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Self {
            method: Method::GET,
            url,
            fields,
            body: None,
            credential: None,
            follow: true,
            reads: true,
        }
    }

    /// A request that carries something. No redirect is followed.
    #[must_use]
    pub fn carrying(method: Method, url: &'a Url, media_type: &'static str, body: Bytes) -> Self {
        let mut fields = HeaderMap::new();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self {
            method,
            url,
            fields,
            body: Some(body),
            credential: None,
            follow: false,
            reads: true,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub fields: HeaderMap,
    /// The body, decompressed.
    pub bytes: Vec<u8>,
    /// `Content-Type`.
    pub media_type: Option<String>,
    /// Where it came from in the end.
    pub url: Url,
}

impl Fetched {
    /// Returns the response as a connector reads it, to a request for this purpose.
    #[must_use]
    pub fn answer<'a>(&'a self, purpose: &'a str) -> Answer<'a> {
        Answer {
            url: &self.url,
            media_type: self.media_type.as_deref(),
            bytes: &self.bytes,
            purpose,
        }
    }

    /// A header field as text, if it is there and is text.
    #[must_use]
    pub fn field(&self, name: header::HeaderName) -> Option<&str> {
        self.fields.get(name).and_then(|it| it.to_str().ok())
    }

    /// For how long the server wants to be left alone (`Retry-After` in seconds or as a date, RFC 9110
    /// 10.2.3).
    #[must_use]
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        let text = self.field(header::RETRY_AFTER)?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = DateTime::parse_from_rfc2822(text).ok()?;
        (date.to_utc() - now).to_std().ok()
    }
}

impl Fetcher {
    /// A fetcher that takes at most `max_bytes` and reaches public addresses and the allowed ones.
    /// `site` is our own address, which stands in `User-Agent`, so that a partner knows who asks.
    #[must_use]
    pub fn new(allowed: Vec<AllowedHost>, max_bytes: u64, site: Option<&Url>) -> Self {
        // Some calendars (Office 365 among them) answer an error to names that they do not know, unless
        // the field begins as every browser's does.
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
        }
    }

    /// The same where so many messages go to one receiver at once.
    #[must_use]
    pub fn delivering(self, at_once: usize) -> Self {
        Self {
            at_once: at_once.max(1),
            ..self
        }
    }

    /// How many messages go to one receiver at once.
    #[must_use]
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// One like this for delivery to a receiver, with turns of its own and a bound of its own: whoever waits for
    /// a slow host with it keeps nobody else from that host.
    #[must_use]
    pub fn apart(&self, max_bytes: u64) -> Self {
        Self {
            max_bytes,
            busy: Arc::default(),
            turns: self.at_once,
            ..self.clone()
        }
    }

    /// The most bytes of one answer.
    #[must_use]
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Gets what is at an address.
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

    /// Sends a request and gives the answer, whatever its status.
    ///
    /// # Errors
    /// Where there is no answer, or it is too large; see [`FetchError`].
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
            why: "there were more than five",
        })
    }

    /// Whoever holds this may ask the host of an address.
    fn turn(&self, url: &Url) -> Arc<Semaphore> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody holds any more need not be remembered.
        busy.retain(|_, turn| Arc::strong_count(turn) > 1);
        let port = url.port_or_known_default().unwrap_or_default();
        let host = format!("{}:{port}", url.host_str().unwrap_or_default());
        let turns = || Arc::new(Semaphore::new(self.turns));
        Arc::clone(busy.entry(host).or_insert_with(turns))
    }

    async fn hop(&self, url: &Url, outgoing: &Outgoing<'_>) -> Result<Response, FetchError> {
        let (host, addresses) = self.vetted(url).await?;
        let failed = |error: reqwest::Error| transport(url, &error);
        choose_cryptography();
        let client = Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .connect_timeout(self.patience.connect)
            .read_timeout(self.patience.silence)
            .timeout(self.patience.total)
            .build()
            .map_err(failed)?;
        let credential = outgoing.credential;
        let to = credential.map_or_else(|| url.clone(), |it| it.with_parameter(url));
        let mut request = client
            .request(outgoing.method.clone(), to)
            .headers(outgoing.fields.clone());
        if let Some((name, value)) = credential.and_then(|it| it.field(url)) {
            request = request.header(name, value);
        }
        if let Some(body) = &outgoing.body {
            request = request.body(body.clone());
        }
        // The address in reqwest's words may hold a secret.
        request
            .send()
            .await
            .map_err(|error| failed(error.without_url()))
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
