//! Requests to sign in at a provider, from leaving this site to coming back.
//!
//! A request belongs to the browser that made it, whose cookie holds the request's secret: a response that another browser
//! brings is refused, so that nobody is signed in as somebody else (RFC 6749 10.12).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalog::Calendar;
use crate::config::OidcConfig;
use crate::login::codes::ephemeral;
use crate::login::secret::digest;
use crate::login::{LoginError, Secret};
use calendar_domain::{AccountId, Lang};
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::provider::Fields;

const TABLE: EphemeralTable = EphemeralTable::SignIns;
/// Minutes that a person has at the provider.
pub const AUTHORIZATION_MINUTES: i64 = 15;

/// A request, as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PendingAuthorization {
    /// Id of the provider.
    pub provider: String,
    /// Language of the pages.
    pub language: Lang,
    /// The page to show after signing in.
    pub next: Option<String>,
    /// The account that the identity is to be linked to, instead of signing in.
    pub link_to: Option<AccountId>,
    /// When the browser left.
    #[serde(default)]
    pub(super) asked: Option<DateTime<Utc>>,
    redirect_uri: String,
    state: String,
    nonce: String,
    verifier: String,
}

/// What a page asks for.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// Address of this site as the browser uses it, without a trailing slash.
    pub base: String,
    /// Language of the pages.
    pub language: Lang,
    /// The page to show after signing in.
    pub next: Option<String>,
    /// The account that the identity is to be linked to, instead of signing in.
    pub link_to: Option<AccountId>,
}

/// The parameters with which a provider sends the browser back.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationResponse {
    /// The code.
    pub code: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The issuer (RFC 9207).
    pub iss: Option<String>,
    /// The error.
    pub error: Option<String>,
}

/// Returns the path to which a provider sends the browser back.
#[must_use]
pub fn callback_path(provider: &str) -> String {
    format!("/login/oidc/{provider}/callback")
}

fn random_text() -> Result<String, getrandom::Error> {
    Secret::new().map(|secret| secret.text())
}

impl PendingAuthorization {
    pub(super) fn new(
        config: &OidcConfig,
        request: AuthorizationRequest,
        now: DateTime<Utc>,
    ) -> Result<Self, getrandom::Error> {
        let path = callback_path(config.id.as_str());
        Ok(Self {
            provider: config.id.to_string(),
            language: request.language,
            next: request.next,
            link_to: request.link_to,
            asked: Some(now),
            redirect_uri: format!("{}{path}", request.base),
            state: random_text()?,
            nonce: random_text()?,
            verifier: random_text()?,
        })
    }

    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Returns the parameters of the authorization request.
    pub(super) fn fields(&self, config: &OidcConfig) -> Fields {
        let scopes = match (config.scopes.is_empty(), config.issuer.is_entra()) {
            (false, _) => config.scopes.join(" "),
            // The object id is in tokens with this scope alone.
            (true, true) => "openid profile".to_owned(),
            (true, false) => "openid".to_owned(),
        };
        // RFC 7636 4.2.
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        let mut fields = vec![
            ("response_type", "code".to_owned()),
            ("client_id", config.client_id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("scope", scopes),
            ("state", self.state.clone()),
            ("nonce", self.nonce.clone()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
            ("ui_locales", self.language.tag().to_owned()),
        ];
        if !config.acr_values.is_empty() {
            fields.push(("acr_values", config.acr_values.join(" ")));
        }
        fields
    }

    /// Returns the parameters that exchange a code for tokens.
    pub(super) fn exchange_fields(&self, code: &str) -> Fields {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("code_verifier", self.verifier.clone()),
        ]
    }
}

fn key(secret: &Secret) -> String {
    format!("oidc/{}", secret.key())
}

/// Keeps a request for the browser that has the secret.
pub(super) fn keep(
    calendar: &Calendar,
    secret: &Secret,
    pending: &PendingAuthorization,
) -> Result<(), LoginError> {
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: serde_json::to_vec(pending)?,
        expires: now + TimeDelta::minutes(AUTHORIZATION_MINUTES),
    };
    Ok(ephemeral(calendar)?.put(TABLE, &key(secret), now, &entry)?)
}

/// Uses the request of a browser up, if the response is one to it: it has its state, and comes by the provider's address. A
/// response that any page can send the browser to leaves the request as it is.
pub(super) fn take(
    calendar: &Calendar,
    secret: &Secret,
    provider: &str,
    state: &str,
) -> Result<Option<PendingAuthorization>, LoginError> {
    let now = calendar.clock().now();
    let mut outcome = Ok(None);
    let mut next = |entry: Option<EphemeralEntry>| {
        let entry = entry?;
        match serde_json::from_slice::<PendingAuthorization>(&entry.value) {
            Ok(pending) => {
                // Comparing digests leaks nothing through timing.
                let same = digest(&[pending.state.as_bytes()]) == digest(&[state.as_bytes()]);
                if !same || pending.provider != provider {
                    outcome = Ok(None);
                    return Some(entry);
                }
                outcome = Ok(Some(pending));
            }
            Err(error) => outcome = Err(error),
        }
        None
    };
    ephemeral(calendar)?.update(TABLE, &key(secret), now, &mut next)?;
    Ok(outcome?)
}
