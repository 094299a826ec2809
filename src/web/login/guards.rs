//! Request guards: who is signed in.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::login::{FormToken, Login, SessionId};
use crate::web::blocking::blocking;
use crate::web::guards::service;
use crate::web::problem::{Problem, ProblemKind, Refusal};
use calendar_domain::{Account, EditorScope};

use super::SafeConnection;
use super::cookies::OwnCookie;

/// Request guard: a person who is signed in.
///
/// Others are led to the page for signing in if they open a page, and refused otherwise.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who is signed in.
    pub account: Account,
    /// The session.
    pub session: SessionId,
    /// Token of the session's forms: the hidden field `token`.
    pub token: FormToken,
}

/// Request guard: an editor who is signed in.
#[derive(Debug, Clone)]
pub struct SignedInEditor {
    /// Who is signed in.
    pub person: SignedIn,
    /// The events that they decide on.
    pub scope: EditorScope,
}

/// The outcome for a request, so that several guards look once.
struct Looked(Result<SignedIn, Problem>);

impl SignedIn {
    /// Returns the person of a request.
    pub(super) async fn of_request(request: &Request<'_>) -> Result<Self, Problem> {
        let looked = request.local_cache_async(async { Looked(Self::look(request).await) });
        looked.await.0.clone()
    }

    /// Looks up the person of a request again.
    pub(super) async fn look(request: &Request<'_>) -> Result<Self, Problem> {
        let connection = SafeConnection::new(request);
        let connection = connection.ok_or_else(|| Problem::new(ProblemKind::HttpsNeeded))?;
        let needed = || Problem::new(ProblemKind::SignInNeeded);
        let secret = OwnCookie::Session.read(request.cookies(), &connection);
        let secret = secret.ok_or_else(needed)?;
        let login = Arc::clone(service::<Arc<Login>>(request)?);
        let found = blocking(move || login.session(&secret)).await?;
        let found = found.ok_or_else(needed)?;
        Ok(Self {
            account: found.account,
            session: found.id,
            token: found.token,
        })
    }

    /// Returns the person after the body of a form with this token was read. That may take minutes: what the person may
    /// do now counts, not what they might when it began.
    pub(super) async fn still(&self, request: &Request<'_>, token: &str) -> Result<Self, Problem> {
        let now = Self::look(request).await?;
        if now.account.editor == self.account.editor && now.token.is(token) {
            Ok(now)
        } else {
            Err(Problem::new(ProblemKind::FormExpired))
        }
    }
}

fn outcome<T>(request: &Request<'_>, found: Result<T, Problem>) -> Outcome<T, Problem> {
    match found {
        Ok(found) => Outcome::Success(found),
        Err(problem) => Outcome::Error(Refusal::keep(request, problem)),
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        outcome(request, Self::of_request(request).await)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedInEditor {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let found = SignedIn::of_request(request).await.and_then(|person| {
            let scope = person.account.editor.clone();
            let scope = scope.ok_or_else(|| Problem::new(ProblemKind::EditorsOnly))?;
            Ok(Self { person, scope })
        });
        outcome(request, found)
    }
}
