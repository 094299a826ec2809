//! Errors of OpenID Connect.

use jsonwebtoken::errors::Error as TokenError;

use crate::config::ProviderId;
use crate::http::FetchError;
use crate::login::LoginError;

/// Why the settings of a provider can't be used. No message shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcSettingError {
    /// There is neither a secret nor a key.
    #[error(
        "calendar.login.oidc: the provider «{id}» has no secret: set {secret} to the client secret, or {key} to the \
         private key as PEM, in the environment"
    )]
    NoSecret {
        /// The provider.
        id: ProviderId,
        /// The variable for a secret.
        secret: String,
        /// The variable for a key.
        key: String,
    },
    /// There is a secret and a key.
    #[error(
        "both {secret} and {key} are set in the environment; unset the one that the provider does not know"
    )]
    TwoSecrets {
        /// The variable with a secret.
        secret: String,
        /// The variable with a key.
        key: String,
    },
    /// Entra ID identifies a key by its certificate.
    #[error(
        "calendar.login.oidc: Entra ID takes keys only with a certificate, which «{id}» does not send; unset {key}, and \
         set {secret} to a client secret"
    )]
    EntraKey {
        /// The provider.
        id: ProviderId,
        /// The variable with the key.
        key: String,
        /// The variable for a secret.
        secret: String,
    },
    /// The key is not one.
    #[error(
        "the key in {variable} cannot be used: {why}; make one with: openssl genpkey -algorithm RSA -pkeyopt \
         rsa_keygen_bits:3072"
    )]
    WrongKey {
        /// The variable.
        variable: String,
        /// The problem.
        why: &'static str,
    },
}

/// Why a token is refused. No message shows the token or a claim about a person.
#[derive(Debug, thiserror::Error)]
pub enum RefusedToken {
    /// The token is no JWT, its signature is wrong, or issuer or audience are.
    #[error("the token is refused: {0}")]
    Jwt(#[from] TokenError),
    /// The token names no key that the provider has.
    #[error("the token is signed with a key that the provider does not publish")]
    UnknownKey,
    /// A claim is wrong.
    #[error("the token is refused: {0}")]
    Claim(&'static str),
    /// The level of assurance is too low.
    #[error("the token has the level of assurance «{0}», which acr_values does not have")]
    Level(String),
}

/// Why signing in with a provider failed. No message shows a token, a code or a subject.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The store failed.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The provider did not respond.
    #[error("the provider cannot be reached: {0}")]
    Fetch(#[from] FetchError),
    /// The provider responded with an error.
    #[error("{url} responded {status}{detail}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// The provider's error code, or empty.
        detail: String,
    },
    /// A response of the provider can't be used.
    #[error("{url} responded with something unusable: {why}")]
    Unusable {
        /// The address.
        url: String,
        /// The problem.
        why: String,
    },
    /// The person did not sign in, or the provider did not let them.
    #[error("the provider did not sign the person in: {0}")]
    Declined(String),
    /// The response that the browser brings is refused.
    #[error("the response is refused: {0}")]
    Response(&'static str),
    /// A client assertion can't be signed.
    #[error("cannot sign for the provider: {0}")]
    Signing(TokenError),
    /// A token is refused.
    #[error(transparent)]
    Token(#[from] RefusedToken),
}

impl OidcError {
    /// Returns the error that a provider names, as far as it is a code (RFC 6749 4.1.2.1).
    pub(super) fn declined(error: &str) -> Self {
        let is_code = |c: &char| c.is_ascii_lowercase() || *c == '_';
        Self::Declined(error.chars().filter(is_code).take(60).collect())
    }
}

impl From<getrandom::Error> for OidcError {
    fn from(error: getrandom::Error) -> Self {
        Self::Login(LoginError::Random(error))
    }
}
