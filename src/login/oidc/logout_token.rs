//! The claims of logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4), and their checks.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Header;
use serde::Deserialize;
use serde_json::Value;

use crate::config::OidcConfig;

use super::claims::{
    Audiences, LEEWAY, LONGEST_AGE, NumericDate, check_issuer_and_audience, check_times,
    is_identifier,
};
use super::error::RefusedToken;

/// The event of a logout token.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LogoutClaims {
    iss: String,
    aud: Audiences,
    iat: NumericDate,
    exp: NumericDate,
    nbf: Option<NumericDate>,
    jti: String,
    events: Value,
    sub: Option<String>,
    sid: Option<String>,
    /// Present only in tokens that are none of logging out.
    #[serde(default)]
    nonce: Option<Value>,
}

/// Which sessions a provider ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutOrder {
    /// The token's own id.
    pub(super) jti: String,
    pub(super) sub: Option<String>,
    pub(super) sid: Option<String>,
    /// From then on the token is refused for its age, so it need not be remembered.
    pub(super) ends: DateTime<Utc>,
}

impl LogoutClaims {
    /// Checks the claims of a token whose signature is right (Back-Channel Logout 1.0, 2.6).
    ///
    /// # Errors
    /// Returns what is wrong.
    pub(super) fn check(
        self,
        header: &Header,
        config: &OidcConfig,
        now: DateTime<Utc>,
    ) -> Result<LogoutOrder, RefusedToken> {
        let wrong = |why| Err(RefusedToken::Claim(why));
        // Providers that are older than the specification write JWT, or nothing.
        let kind = header.typ.as_deref().map(str::to_ascii_lowercase);
        let kind = kind
            .as_deref()
            .map(|kind| kind.trim_start_matches("application/"));
        if !matches!(kind, None | Some("jwt" | "logout+jwt")) {
            return wrong("it is not a logout token (typ)");
        }
        check_issuer_and_audience(&self.iss, &self.aud, config)?;
        check_times(self.exp, self.iat, self.nbf, now)?;
        if !self.events.get(LOGOUT).is_some_and(Value::is_object) {
            return wrong("it is about no logout (events)");
        }
        if self.nonce.is_some() {
            return wrong("it has a nonce, as only ID tokens have");
        }
        let identifiers = [Some(&self.jti), self.sub.as_ref(), self.sid.as_ref()];
        if !identifiers
            .into_iter()
            .flatten()
            .all(|text| is_identifier(text))
        {
            return wrong("its jti, sub or sid is empty, too long or has control characters");
        }
        if self.sub.is_none() && self.sid.is_none() {
            return wrong("it names neither sub nor sid");
        }
        Ok(LogoutOrder {
            jti: self.jti,
            sub: self.sub,
            sid: self.sid,
            ends: now + TimeDelta::seconds(LONGEST_AGE + 2 * LEEWAY),
        })
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Algorithm;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_logout_token_is_for_logging_out_alone() {
        let config: OidcConfig = serde_json::from_value(json!({
            "id": "a", "name": "A", "issuer": "https://id.example.no", "client_id": "calendar",
        }))
        .unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = now.timestamp();
        let check = |kind: Option<&str>, changed: Value| {
            let mut claims = json!({
                "iss": "https://id.example.no", "aud": "calendar", "iat": at, "exp": at + 120, "jti": "j",
                "events": {LOGOUT: {}}, "sid": "s",
            });
            let changed = changed.as_object().unwrap().clone();
            claims.as_object_mut().unwrap().extend(changed);
            let claims: LogoutClaims = serde_json::from_value(claims).map_err(|e| e.to_string())?;
            let header = Header {
                typ: kind.map(str::to_owned),
                ..Header::new(Algorithm::RS256)
            };
            claims
                .check(&header, &config, now)
                .map_err(|e| e.to_string())
        };
        assert_eq!(
            check(Some("logout+jwt"), json!({})).unwrap().sid,
            Some("s".into())
        );
        assert!(check(Some("JWT"), json!({"sid": null, "sub": "k"})).is_ok());
        for wrong in [
            json!({"events": {}}),
            json!({"events": {LOGOUT: "yes"}}),
            json!({"events": null}),
            json!({"nonce": "n"}),
            json!({"sid": null}),
            json!({"jti": null}),
            json!({"exp": at - 61}),
            json!({"iat": at - 601}),
            json!({"iat": at + 61}),
            json!({"aud": "other"}),
            json!({"iss": "https://evil.example.no"}),
        ] {
            assert!(check(Some("logout+jwt"), wrong.clone()).is_err(), "{wrong}");
        }
        assert!(check(Some("at+jwt"), json!({})).is_err());
    }
}
