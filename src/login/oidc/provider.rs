//! A provider: its settings, what it says about itself, and the requests to it.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Header;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use rocket::tokio::sync::Mutex;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::config::OidcConfig;
use crate::http::{Fetched, Fetcher, Outgoing};

use super::client_key::ClientKey;
use super::discovery::{ProviderMetadata, discovery_url};
use super::error::{OidcError, OidcSettingError, RefusedToken};
use super::public_keys::PublicKeys;

/// Time for which a provider's metadata are used.
const METADATA_KEPT: TimeDelta = TimeDelta::hours(24);
/// Time for which its keys are used. A new key is looked for at once, but a withdrawn one has to go.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(1);
/// Time for which both are used if the provider does not respond.
const KEPT_WITHOUT_RESPONSE: TimeDelta = TimeDelta::hours(48);
/// Minimum time between two looks for a key that is unknown.
const NEXT_LOOK: TimeDelta = TimeDelta::minutes(1);
/// Maximum length of a token in bytes.
const TOKEN: usize = 32 << 10;

/// A response of a provider, with the time of asking.
#[derive(Debug, Clone)]
struct Kept<T> {
    at: DateTime<Utc>,
    value: T,
}

impl<T> Kept<T> {
    fn is_within(&self, time: TimeDelta, now: DateTime<Utc>) -> bool {
        let age = now - self.at;
        age < time && age >= TimeDelta::zero()
    }
}

/// A provider.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) config: OidcConfig,
    key: ClientKey,
    fetcher: Fetcher,
    // Held while asking, so that those who come at once ask once.
    metadata: Mutex<Option<Kept<ProviderMetadata>>>,
    keys: Mutex<Option<Kept<PublicKeys>>>,
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
            metadata: Mutex::default(),
            keys: Mutex::default(),
        })
    }

    /// Returns what the provider says about itself.
    pub(super) async fn metadata(&self, now: DateTime<Utc>) -> Result<ProviderMetadata, OidcError> {
        let mut kept = self.metadata.lock().await;
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.is_within(METADATA_KEPT, now))
        {
            return Ok(kept.value.clone());
        }
        match self.fetch_metadata().await {
            Ok(value) => {
                *kept = Some(Kept {
                    at: now,
                    value: value.clone(),
                });
                Ok(value)
            }
            Err(error) => still_usable(kept.as_ref(), now, error),
        }
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
        let url = self.metadata(now).await?.jwks_uri;
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
    /// at most once a minute.
    pub(super) async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(Header, T), OidcError> {
        if token.len() > TOKEN {
            return Err(RefusedToken::Claim("it is too long").into());
        }
        let mut kept = self.keys.lock().await;
        let known = kept.as_ref().filter(|kept| kept.is_within(KEYS_KEPT, now));
        if let Some(known) = known {
            let verified = self.verify_with(&known.value, token);
            let is_unknown = matches!(verified, Err(RefusedToken::UnknownKey));
            if !is_unknown || known.is_within(NEXT_LOOK, now) {
                return Ok(verified?);
            }
        }
        let keys = match self.fetch_keys(now).await {
            Ok(value) => {
                *kept = Some(Kept {
                    at: now,
                    value: value.clone(),
                });
                value
            }
            Err(error) => still_usable(kept.as_ref(), now, error)?,
        };
        drop(kept);
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
        let mut url = metadata.authorization_endpoint;
        let fields = match metadata.pushed_authorization_request_endpoint {
            None => fields,
            Some(endpoint) => {
                let pushed: Pushed = self.post(&endpoint, fields, now).await?;
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
        let endpoint = self.metadata(now).await?.token_endpoint;
        self.post(&endpoint, fields, now).await
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

/// Returns what is known from before, if it is not too old; otherwise the error.
fn still_usable<T: Clone>(
    kept: Option<&Kept<T>>,
    now: DateTime<Utc>,
    error: OidcError,
) -> Result<T, OidcError> {
    match kept.filter(|kept| kept.is_within(KEPT_WITHOUT_RESPONSE, now)) {
        Some(kept) => {
            tracing::warn!(%error, "an OpenID provider cannot be asked anew; using what it said before");
            Ok(kept.value.clone())
        }
        None => Err(error),
    }
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
