//! Operators, who may see internal state and metrics.
//!
//! If the environment sets a token in [`TOKEN_VARIABLE`], an operator's request carries it as
//! `Authorization: Bearer TOKEN` (RFC 6750). Without one, an operator is a process on this machine that connects
//! without a proxy.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use sha2::{Digest, Sha256};

use super::client::Client;
use super::problem::{Problem, ProblemKind};

/// Environment variable that holds the token.
pub const TOKEN_VARIABLE: &str = "CALENDAR_METRICS_TOKEN";
/// Minimum length of a token in bytes.
const MIN_TOKEN: usize = 16;

/// Error: the token is too short.
#[derive(Debug, thiserror::Error)]
#[error(
    "{TOKEN_VARIABLE} has fewer than {MIN_TOKEN} characters; create one with openssl rand -hex 32"
)]
pub struct TokenError;

/// How operators are recognized.
#[derive(Debug, Clone)]
pub struct OperatorAccess {
    /// SHA-256 digest of the token, if there is one.
    token: Option<[u8; 32]>,
}

impl OperatorAccess {
    /// Reads the token from the environment. An empty value means no token.
    ///
    /// # Errors
    /// Errors if the token is too short.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, TokenError> {
        let token = variable(TOKEN_VARIABLE).filter(|token| !token.is_empty());
        if token.as_ref().is_some_and(|token| token.len() < MIN_TOKEN) {
            return Err(TokenError);
        }
        let token = token.map(|token| Sha256::digest(token).into());
        Ok(Self { token })
    }

    fn admits(&self, client: Client, authorization: Option<&str>) -> bool {
        let Some(token) = &self.token else {
            return client.is_local;
        };
        let shown = authorization.and_then(|value| value.trim().split_once(' '));
        shown.is_some_and(|(scheme, shown)| {
            // Comparing digests leaks nothing about the token through timing.
            scheme.eq_ignore_ascii_case("bearer")
                && Sha256::digest(shown.trim()).as_slice() == token
        })
    }
}

/// Request guard: the client is an operator.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Operator {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let authorization = request.headers().get_one("Authorization");
        let access = request.rocket().state::<OperatorAccess>();
        if access.is_some_and(|access| access.admits(Client::new(request), authorization)) {
            return Outcome::Success(Self);
        }
        let why = format!(
            "without a token, only direct requests from this machine are allowed; set a token with \
             {TOKEN_VARIABLE}"
        );
        let problem = Problem::new(ProblemKind::KeyNeeded).because(why);
        Outcome::Error((problem.kind.status(), problem))
    }
}

/// Request guard: the path is exactly that of the route.
///
/// Rocket routes also match paths such as `/metrics/` and `/%6detrics`, which a proxy's access rule may miss.
#[derive(Debug, Clone, Copy)]
pub struct ExactPath;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ExactPath {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let route = request.route().map(|route| route.uri.path());
        if route == Some(request.uri().path().as_str()) {
            return Outcome::Success(Self);
        }
        let problem = Problem::not_found();
        Outcome::Error((problem.kind.status(), problem))
    }
}
