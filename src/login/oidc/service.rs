//! What the pages call.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use crate::catalog::Calendar;
use crate::config::{LoginConfig, OidcConfig};
use crate::http::{Fetcher, Patience};
use crate::login::pending_links::{self, PendingLink};
use crate::login::provider_login::{self, LinkOutcome, ProviderLogin};
use crate::login::{Login, LoginClient, LoginError, Secret, SessionId, ended_logins, sessions};
use crate::rate_limit::RateLimiter;
use calendar_domain::{Account, AccountId, LinkedLogin};

use super::authorization::{
    self, AuthorizationRequest, AuthorizationResponse, PendingAuthorization,
};
use super::error::{OidcError, OidcSettingError};
use super::id_token::{ExpectedIdToken, IdTokenClaims};
use super::logout_token::{LogoutClaims, LogoutOrder};
use super::provider::Provider;
use super::{logout, signatures};

/// Time limit of a request to a provider. ID-porten waits five seconds for the answer to a logout token.
const TOTAL: Duration = Duration::from_secs(4);
/// Maximum size of a response in bytes.
const MAX_BYTES: u64 = 256 << 10;
/// Maximum length of a code in bytes.
const CODE: usize = 4 << 10;

/// Signs people in with OpenID Connect.
pub struct OidcLogin {
    calendar: Arc<Calendar>,
    login: Arc<Login>,
    providers: Vec<Provider>,
    /// Logout tokens, per client.
    logouts: RateLimiter<std::net::IpAddr>,
}

/// A request whose browser is about to be sent to the provider.
#[derive(Debug)]
pub struct NewAuthorization {
    /// The address at the provider.
    pub url: Url,
    /// The secret that the browser keeps.
    pub secret: Secret,
    pending: PendingAuthorization,
}

/// Result of signing in with an identity.
#[derive(Debug)]
pub enum IdentityOutcome {
    /// An account has the identity. The browser keeps the session's secret.
    SignedIn {
        /// The session's secret.
        secret: Secret,
        /// Who signed in.
        account: Box<Account>,
    },
    /// No account has it. The browser keeps the secret until the person has proved a mail address.
    Unknown(Secret),
    /// The provider has ended it meanwhile.
    Ended,
}

impl OidcLogin {
    /// Returns the service for the configured providers. `variable` reads the environment.
    ///
    /// # Errors
    /// Errors if the environment has no secret for a provider, or an unusable one.
    pub fn new(
        config: &LoginConfig,
        fetcher: &Fetcher,
        variable: impl Fn(&str) -> Option<String>,
        calendar: Arc<Calendar>,
        login: Arc<Login>,
    ) -> Result<Self, OidcSettingError> {
        signatures::install();
        let patience = Patience {
            connect: TOTAL,
            silence: TOTAL,
            total: TOTAL,
        };
        let fetcher = fetcher.apart(MAX_BYTES).with_patience(patience);
        let all = config.oidc.iter();
        let providers = all.map(|config| Provider::new(config, fetcher.clone(), &variable));
        Ok(Self {
            providers: providers.collect::<Result<_, _>>()?,
            calendar,
            login,
            logouts: RateLimiter::new(300.0, 5.0),
        })
    }

    fn now(&self) -> DateTime<Utc> {
        self.calendar.clock().now()
    }

    fn provider(&self, id: &str) -> Option<&Provider> {
        let mut all = self.providers.iter();
        all.find(|provider| provider.config.id.as_str() == id)
    }

    /// Returns the settings of the providers, in their order.
    pub fn providers(&self) -> impl Iterator<Item = &OidcConfig> {
        self.providers.iter().map(|provider| &provider.config)
    }

    /// Returns the settings of a provider.
    #[must_use]
    pub fn config(&self, id: &str) -> Option<&OidcConfig> {
        self.provider(id).map(|provider| &provider.config)
    }

    /// Returns the name of the provider with an issuer. One that is no longer set up has that of its host.
    #[must_use]
    pub fn name_of(&self, issuer: &str) -> String {
        let mut all = self.providers();
        match all.find(|config| config.issuer.as_str() == issuer) {
            Some(config) => config.name.clone(),
            None => Url::parse(issuer)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_default(),
        }
    }

    /// Counts a request to sign in. It sends no mail.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub fn count_request(&self, client: LoginClient) -> Result<(), i64> {
        self.login.limits.start(client, self.now())
    }

    /// Counts a response of a provider, as attempts to type a code are counted.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub fn count_response(&self, client: LoginClient) -> Result<(), i64> {
        self.login.limits.attempt(client, self.now())
    }

    /// Counts a logout token.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub fn count_logout(&self, client: LoginClient) -> Result<(), i64> {
        self.logouts.take(client.prefix, self.now())
    }

    /// Makes a request to sign in at a provider, or returns `None` if there is no such provider.
    ///
    /// # Errors
    /// Errors if the provider can't be reached or refuses the request.
    pub async fn authorize(
        &self,
        id: &str,
        request: AuthorizationRequest,
    ) -> Result<Option<NewAuthorization>, OidcError> {
        let Some(provider) = self.provider(id) else {
            return Ok(None);
        };
        let pending = PendingAuthorization::new(&provider.config, request, self.now())?;
        let fields = pending.fields(&provider.config);
        let url = provider.authorization_url(fields, self.now()).await?;
        Ok(Some(NewAuthorization {
            url,
            secret: Secret::new()?,
            pending,
        }))
    }

    /// Keeps a request until the browser is back.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn keep(&self, new: &NewAuthorization) -> Result<(), LoginError> {
        authorization::keep(&self.calendar, &new.secret, &new.pending)
    }

    /// Returns the request that a browser's response belongs to, and uses it up; `None` if there is none.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn take(
        &self,
        secret: &Secret,
        provider: &str,
        state: &str,
    ) -> Result<Option<PendingAuthorization>, LoginError> {
        authorization::take(&self.calendar, secret, provider, state)
    }

    /// Exchanges the code of a response, and checks the ID token.
    ///
    /// # Errors
    /// Errors if the provider says that the person did not sign in, can't be reached, or sends a token that is wrong in any way.
    pub async fn prove(
        &self,
        pending: &PendingAuthorization,
        response: &AuthorizationResponse,
    ) -> Result<ProviderLogin, OidcError> {
        let provider = self.provider(&pending.provider);
        let provider = provider.ok_or(OidcError::Response("the provider is no longer set up"))?;
        let (config, now) = (&provider.config, self.now());
        let metadata = provider.metadata(now).await?;
        let is_named = metadata.authorization_response_iss_parameter_supported;
        match response.iss.as_deref() {
            Some(issuer) if issuer == config.issuer.as_str() => {}
            None if !is_named => {}
            _ => {
                return Err(OidcError::Response(
                    "it names no issuer or another one (iss)",
                ));
            }
        }
        if let Some(error) = &response.error {
            return Err(OidcError::declined(error));
        }
        let is_code = |code: &&String| !code.is_empty() && code.len() <= CODE;
        let code = response.code.as_ref().filter(is_code);
        let code = code.ok_or(OidcError::Response("it has no code"))?;
        let tokens = provider
            .exchange(pending.exchange_fields(code), now)
            .await?;
        let (header, claims) = provider
            .verify::<IdTokenClaims>(&tokens.id_token, now)
            .await?;
        let expected = ExpectedIdToken {
            config,
            nonce: pending.nonce(),
            access_token: tokens.access_token.as_deref(),
            now,
        };
        let proven = claims.check(&header, &expected)?;
        Ok(ProviderLogin {
            provider: config.id.to_string(),
            name: config.name.clone(),
            issuer: config.issuer.as_str().to_owned(),
            subject: proven.subject,
            sub: proven.sub,
            sid: proven.sid,
            asked: pending.asked,
            proven: proven.at,
        })
    }

    /// Signs in to the account that has an identity. `agent` is the browser's own name, `before` the secret of the session that
    /// it ends.
    ///
    /// # Errors
    /// Errors if the store fails or the system has no random source.
    pub fn sign_in(
        &self,
        login: ProviderLogin,
        pending: &PendingAuthorization,
        agent: &str,
        before: Option<&Secret>,
    ) -> Result<IdentityOutcome, LoginError> {
        let (language, next) = (pending.language, pending.next.clone());
        let known = provider_login::account(&self.calendar, &login)?;
        let signed_in = match known {
            Some(known) => self
                .login
                .begin_with_identity(&known.id, language, &login, agent, before)?,
            None => None,
        };
        if let Some((secret, account)) = signed_in {
            return Ok(IdentityOutcome::SignedIn {
                secret,
                account: Box::new(account),
            });
        }
        let link = PendingLink { login, next };
        let secret = pending_links::create(&self.calendar, &link)?;
        if ended_logins::is_ended(&self.calendar, &link.login)? {
            pending_links::take(&self.calendar, &pending_links::key(&secret))?;
            return Ok(IdentityOutcome::Ended);
        }
        Ok(IdentityOutcome::Unknown(secret))
    }

    /// Returns the identity that waits in a browser for a mail address.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn pending_link(&self, secret: &Secret) -> Result<Option<PendingLink>, LoginError> {
        pending_links::find(&self.calendar, secret)
    }

    /// Links an identity to an account.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn link(&self, id: &AccountId, login: &ProviderLogin) -> Result<LinkOutcome, LoginError> {
        self.login.link_identity(id, login, false)
    }

    /// Removes the identities of an account for which `goes` returns true. The sessions that began with them end, and the person
    /// is told by mail; `current`, the session of the person, goes on if it began with a code.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn unlink(
        &self,
        id: &AccountId,
        current: &SessionId,
        goes: impl Fn(&LinkedLogin) -> bool,
    ) -> Result<(), LoginError> {
        self.login
            .unlink_identities((id, current), goes, |issuer| self.name_of(issuer))
    }

    /// Checks a logout token, or returns `None` if there is no such provider.
    ///
    /// # Errors
    /// Errors if the token is wrong in any way, or the provider's keys can't be fetched.
    pub async fn verify_logout(
        &self,
        id: &str,
        token: &str,
    ) -> Result<Option<LogoutOrder>, OidcError> {
        let Some(provider) = self.provider(id) else {
            return Ok(None);
        };
        let now = self.now();
        let (header, claims) = provider.verify::<LogoutClaims>(token, now).await?;
        Ok(Some(claims.check(&header, &provider.config, now)?))
    }

    /// Ends the sessions that a provider ends. Returns their number, or `None` if the same token was used before.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn end_sessions(&self, id: &str, order: &LogoutOrder) -> Result<Option<usize>, LoginError> {
        if !logout::is_first(&self.calendar, id, order)? {
            return Ok(None);
        }
        let (sub, sid) = (order.sub.as_deref(), order.sid.as_deref());
        // Noted first: a sign-in that is under way begins its session and then looks here.
        ended_logins::note(&self.calendar, id, sub, sid)?;
        let ended = sessions::end_of_provider(&self.calendar, id, sub, sid)?;
        pending_links::end_of_provider(&self.calendar, id, sub, sid)?;
        tracing::info!(provider = id, ended, "a provider ended sessions");
        Ok(Some(ended))
    }

    /// Returns the id of the provider at which a session began.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn provider_of_session(&self, secret: &Secret) -> Result<Option<String>, LoginError> {
        sessions::provider(&self.calendar, secret)
    }

    /// Returns the address at a provider that ends the session there (RP-Initiated Logout 1.0), or `None` if it has none or
    /// does not respond. `back` is the page to which it leads afterwards.
    pub async fn logout_url(&self, id: &str, back: &str) -> Option<Url> {
        let provider = self.provider(id)?;
        let metadata = provider.metadata(self.now()).await.ok()?;
        let mut url = metadata.end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &provider.config.client_id)
            .append_pair("post_logout_redirect_uri", back);
        Some(url)
    }
}
