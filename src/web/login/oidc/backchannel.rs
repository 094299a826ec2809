//! `/login/oidc/<id>/backchannel-logout`: a provider ends sessions (OpenID Connect Back-Channel Logout 1.0). It is called from
//! server to server: what the token says counts, and no cookie.

use std::io::Cursor;
use std::sync::Arc;

use rocket::data::{Data, FromData, ToByteUnit};
use rocket::http::{ContentType, Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::{Request, Route, State, data, post, routes};
use serde_json::json;

use crate::login::oidc::{OidcError, OidcLogin};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::problem::Problem;

/// Maximum size of the form in bytes.
const FORM_LIMIT: u64 = 64 << 10;

/// Data guard: the token of the form; empty if there is none.
struct LogoutToken(String);

#[rocket::async_trait]
impl<'r> FromData<'r> for LogoutToken {
    type Error = std::convert::Infallible;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let is_form = request.content_type() == Some(&ContentType::Form);
        let body = data.open(FORM_LIMIT.bytes()).into_bytes().await;
        let body = body.ok().filter(|body| is_form && body.is_complete());
        let body = body.map(|body| body.into_inner()).unwrap_or_default();
        let mut fields = url::form_urlencoded::parse(&body);
        let token = fields.find(|(name, _)| name == "logout_token");
        let token = token.map(|(_, value)| value.into_owned());
        data::Outcome::Success(Self(token.unwrap_or_default()))
    }
}

/// The response: 200, or an error with its reason (Back-Channel Logout 1.0, 2.8).
struct LogoutAnswer {
    status: Status,
    error: Option<(&'static str, String)>,
}

impl LogoutAnswer {
    fn refused(why: impl ToString) -> Self {
        Self {
            status: Status::BadRequest,
            error: Some(("invalid_request", why.to_string())),
        }
    }
}

impl<'r> Responder<'r, 'static> for LogoutAnswer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let body = match self.error {
            Some((error, why)) => json!({ "error": error, "error_description": why }),
            None => json!({}),
        };
        let body = body.to_string();
        Response::build()
            .status(self.status)
            .header(ContentType::JSON)
            .header(Header::new("Cache-Control", "no-store"))
            .sized_body(body.len(), Cursor::new(body))
            .ok()
    }
}

#[post("/login/oidc/<id>/backchannel-logout", data = "<token>")]
async fn end_sessions(
    id: &str,
    token: LogoutToken,
    client: Client,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<LogoutAnswer, Problem> {
    let counted = oidc.count_logout(client.into());
    counted.map_err(Problem::too_many_requests)?;
    if token.0.is_empty() {
        return Ok(LogoutAnswer::refused("there is no logout_token"));
    }
    let order = match oidc.verify_logout(id, &token.0).await {
        Ok(order) => order.ok_or_else(Problem::not_found)?,
        Err(OidcError::Token(error)) => {
            tracing::warn!(provider = id, %error, "refused a logout token");
            return Ok(LogoutAnswer::refused(error));
        }
        Err(OidcError::Login(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(provider = id, %error, "cannot check a logout token");
            return Ok(LogoutAnswer {
                status: Status::ServiceUnavailable,
                error: Some((
                    "temporarily_unavailable",
                    "the keys cannot be fetched".to_owned(),
                )),
            });
        }
    };
    let (ending, name) = (Arc::clone(oidc), id.to_owned());
    let ended = blocking(move || ending.end_sessions(&name, &order)).await?;
    Ok(match ended {
        Some(_) => LogoutAnswer {
            status: Status::Ok,
            error: None,
        },
        None => LogoutAnswer::refused("the token was used before (jti)"),
    })
}

/// Returns the routes, to be mounted once.
pub(super) fn routes() -> Vec<Route> {
    routes![end_sessions]
}
