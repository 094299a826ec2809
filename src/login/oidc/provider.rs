//! A provider: its settings, what it says about itself, and the requests to it.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Header;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::config::OidcConfig;
use crate::http::{Fetched, Fetcher, Outgoing};

use super::client_key::ClientKey;
use super::discovery::{ProviderMetadata, discovery_url};
use super::error::{OidcError, OidcSettingError, RefusedToken};
use super::public_keys::PublicKeys;
use super::published::Published;

/// Time for which a provider's metadata are used.
const METADATA_KEPT: TimeDelta = TimeDelta::hours(24);
/// Time for which its keys are used. A new key is looked for at once, but a withdrawn one has to go.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(1);
/// Minimum age of the keys before an unknown one is looked for.
const NEXT_LOOK: TimeDelta = TimeDelta::minutes(1);
/// Maximum length of a token in bytes.
const TOKEN: usize = 32 << 10;

/// A provider.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) config: OidcConfig,
    key: ClientKey,
    fetcher: Fetcher,
    metadata: Published<ProviderMetadata>,
    keys: Published<PublicKeys>,
}

/// The response of a token endpoint. Refresh tokens and others are never read.
#[derive(Deserialize)]
pub(super) struct TokenResponse {
    pub(super) id_token: String,
    #[serde(default)]
    pub(super) access_token: Option<String>,
}

/// Form fields of a request.
pub(super) type Fields = Vec<(&'static str, String)>;

impl Provider {
    /// Returns the provider as configured.
    ///
    /// # Errors
    /// Errors if the environment has no secret for it, or an unusable one.
    pub(super) fn new(
        config: &OidcConfig,
        fetcher: Fetcher,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, OidcSettingError> {
        Ok(Self {
            key: ClientKey::from_environment(config, variable)?,
            config: config.clone(),
            fetcher,
            metadata: Published::default(),
            keys: Published::default(),
        })
    }

    /// Returns what the provider says about itself.
    pub(super) async fn metadata(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Arc<ProviderMetadata>, OidcError> {
        if let Some(known) = self.metadata.known(METADATA_KEPT, now) {
            return Ok(known);
        }
        if let Some(known) = self
            .metadata
            .usable(now)
            .filter(|_| self.metadata.is_asking())
        {
            return Ok(known);
        }
        let is_enough = |at: DateTime<Utc>| (now - at).abs() < METADATA_KEPT;
        let (issuer, fetch) = (self.config.issuer.as_str(), self.fetch_metadata());
        self.metadata.ask(now, issuer, is_enough, fetch).await
    }

    async fn fetch_metadata(&self) -> Result<ProviderMetadata, OidcError> {
        let issuer = self.config.issuer.as_str();
        let unusable = |why| OidcError::Unusable {
            url: issuer.to_owned(),
            why,
        };
        let url = discovery_url(issuer).map_err(|error| unusable(error.to_string()))?;
        let fetched = self
            .fetcher
            .send(&Outgoing::get(&url, "application/json"))
            .await?;
        successful(&fetched)?;
        ProviderMetadata::parse(&fetched.bytes, issuer).map_err(|why| OidcError::Unusable {
            url: url.to_string(),
            why,
        })
    }

    async fn fetch_keys(&self, now: DateTime<Utc>) -> Result<PublicKeys, OidcError> {
        let url = self.metadata(now).await?.jwks_uri.clone();
        let fetched = self
            .fetcher
            .send(&Outgoing::get(&url, "application/json"))
            .await?;
        successful(&fetched)?;
        PublicKeys::parse(&fetched.bytes).map_err(|why| OidcError::Unusable {
            url: url.to_string(),
            why,
        })
    }

    /// Returns header and claims of a token after checking its signature, issuer and audience. An unknown key is looked for,
    /// at most once a minute. What a known key signed is checked without waiting for that.
    pub(super) async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(Header, T), OidcError> {
        if token.len() > TOKEN {
            return Err(RefusedToken::Claim("it is too long").into());
        }
        // Nobody is asked for the key of what is no token.
        PublicKeys::header(token)?;
        let is_asking = self.keys.is_asking();
        let known = self.keys.known(KEYS_KEPT, now);
        let is_fresh = known.is_some();
        let known = known.or_else(|| self.keys.usable(now).filter(|_| is_asking));
        if let Some(known) = &known {
            let verified = self.verify_with(known, token);
            if !matches!(verified, Err(RefusedToken::UnknownKey)) {
                return Ok(verified?);
            }
        }
        let before = known.filter(|_| is_fresh);
        // Keys that came while this one waited are new enough, and so are those of the last minute.
        let is_enough = |at: DateTime<Utc>| {
            let age = if before.is_some() {
                NEXT_LOOK
            } else {
                KEYS_KEPT
            };
            (now - at).abs() < age
        };
        let (issuer, fetch) = (self.config.issuer.as_str(), self.fetch_keys(now));
        let keys = self.keys.ask(now, issuer, is_enough, fetch).await?;
        Ok(self.verify_with(&keys, token)?)
    }

    fn verify_with<T: DeserializeOwned>(
        &self,
        keys: &PublicKeys,
        token: &str,
    ) -> Result<(Header, T), RefusedToken> {
        keys.verify(token, self.config.issuer.as_str(), &self.config.client_id)
    }

    /// Returns the address to which the browser is sent to sign in. Where the provider offers it, the request itself goes from
    /// server to server (RFC 9126).
    pub(super) async fn authorization_url(
        &self,
        fields: Fields,
        now: DateTime<Utc>,
    ) -> Result<Url, OidcError> {
        #[derive(Deserialize)]
        struct Pushed {
            request_uri: String,
        }
        let metadata = self.metadata(now).await?;
        let mut url = metadata.authorization_endpoint.clone();
        let fields = match &metadata.pushed_authorization_request_endpoint {
            None => fields,
            Some(endpoint) => {
                let pushed: Pushed = self.post(endpoint, fields, now).await?;
                vec![
                    ("client_id", self.config.client_id.clone()),
                    ("request_uri", pushed.request_uri),
                ]
            }
        };
        url.query_pairs_mut().extend_pairs(fields);
        Ok(url)
    }

    /// Exchanges a code for tokens.
    pub(super) async fn exchange(
        &self,
        fields: Fields,
        now: DateTime<Utc>,
    ) -> Result<TokenResponse, OidcError> {
        let metadata = self.metadata(now).await?;
        self.post(&metadata.token_endpoint, fields, now).await
    }

    /// Sends a form as the calendar, and parses the response.
    async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        mut fields: Fields,
        now: DateTime<Utc>,
    ) -> Result<T, OidcError> {
        let (client_id, issuer) = (&self.config.client_id, self.config.issuer.as_str());
        fields.extend(self.key.fields(client_id, issuer, now)?);
        if !fields.iter().any(|(name, _)| *name == "client_id") {
            fields.push(("client_id", client_id.clone()));
        }
        let media_type = "application/x-www-form-urlencoded";
        let mut outgoing = Outgoing::carrying(Method::POST, url, media_type, form_body(&fields));
        let json = HeaderValue::from_static("application/json");
        outgoing.fields.insert(ACCEPT, json);
        let authorization = self.key.authorization().map(HeaderValue::from_str);
        if let Some(Ok(mut value)) = authorization {
            value.set_sensitive(true);
            outgoing.fields.insert(AUTHORIZATION, value);
        }
        let fetched = self.fetcher.send(&outgoing).await?;
        successful(&fetched)?;
        serde_json::from_slice(&fetched.bytes).map_err(|error| OidcError::Unusable {
            url: url.to_string(),
            // Without values of the response, which has tokens.
            why: format!("line {}, column {}", error.line(), error.column()),
        })
    }
}

fn form_body(fields: &Fields) -> Bytes {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    body.finish().into_bytes().into()
}

/// Errors if a response is none of success.
fn successful(fetched: &Fetched) -> Result<(), OidcError> {
    if fetched.status.is_success() {
        return Ok(());
    }
    #[derive(Deserialize)]
    struct Sent {
        error: String,
    }
    let sent: Option<Sent> = serde_json::from_slice(&fetched.bytes).ok();
    let is_code = |code: &String| code.len() <= 60 && code.bytes().all(|b| b.is_ascii_graphic());
    let code = sent.map(|sent| sent.error).filter(is_code);
    Err(OidcError::Status {
        url: fetched.url.to_string(),
        status: fetched.status.as_u16(),
        detail: code.map_or_else(String::new, |code| format!(" ({code})")),
    })
}
