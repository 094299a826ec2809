//! The claims of ID tokens (OpenID Connect Core 1.0, 2), and their checks.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header};
use ring::digest;
use serde::Deserialize;
use serde_json::Value;

use crate::config::OidcConfig;

use super::claims::{
    Audiences, NumericDate, check_issuer_and_audience, check_times, is_identifier,
};
use super::error::RefusedToken;

/// The claims of an ID token.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct IdTokenClaims {
    iss: String,
    sub: String,
    aud: Audiences,
    exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    nonce: Option<String>,
    azp: Option<String>,
    acr: Option<String>,
    at_hash: Option<String>,
    sid: Option<String>,
    /// Seconds since 1970. Some providers write it otherwise; it counts as unknown then.
    auth_time: Option<Value>,
    tid: Option<String>,
    oid: Option<String>,
}

/// What an ID token must say.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedIdToken<'a> {
    pub(super) config: &'a OidcConfig,
    pub(super) nonce: &'a str,
    pub(super) access_token: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

/// Who signed in at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProvenIdentity {
    /// What accounts are found by.
    pub(super) subject: String,
    /// `sub`, by which the provider ends sessions.
    pub(super) sub: String,
    /// `sid`, the session at the provider.
    pub(super) sid: Option<String>,
    /// When the person proved who they are (`auth_time`), if the token says so.
    pub(super) at: Option<DateTime<Utc>>,
}

impl IdTokenClaims {
    /// Checks the claims of a token whose signature is right (OpenID Connect Core 1.0, 3.1.3.7).
    ///
    /// # Errors
    /// Returns what is wrong.
    pub(super) fn check(
        self,
        header: &Header,
        expected: &ExpectedIdToken<'_>,
    ) -> Result<ProvenIdentity, RefusedToken> {
        let (config, now) = (expected.config, expected.now);
        let wrong = |why| Err(RefusedToken::Claim(why));
        check_issuer_and_audience(&self.iss, &self.aud, config)?;
        let is_several = self.aud.are_several();
        match &self.azp {
            Some(azp) if *azp != config.client_id => {
                return wrong("it is for another client (azp)");
            }
            None if is_several => return wrong("it has several audiences and no azp"),
            _ => {}
        }
        check_times(self.exp, self.iat, self.nbf, now)?;
        if self.nonce.as_deref() != Some(expected.nonce) {
            return wrong("its nonce is another one");
        }
        if !config.acr_values.is_empty() {
            match self.acr {
                Some(acr) if config.acr_values.contains(&acr) => {}
                Some(acr) => return Err(RefusedToken::Level(acr.chars().take(100).collect())),
                None => return wrong("it has no level of assurance (acr)"),
            }
        }
        if let Some((sent, access_token)) = self.at_hash.as_deref().zip(expected.access_token)
            && half_digest(header.alg, access_token).as_deref() != Some(sent)
        {
            return wrong("it belongs to another access token (at_hash)");
        }
        if !is_identifier(&self.sub) || self.sid.as_deref().is_some_and(|sid| !is_identifier(sid)) {
            return wrong("its sub or sid is empty, too long or has control characters");
        }
        let subject = if config.issuer.is_entra() {
            entra_subject(config, self.tid, self.oid)?
        } else {
            self.sub.clone()
        };
        let at = self.auth_time.as_ref().and_then(Value::as_i64);
        let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Ok(ProvenIdentity {
            subject,
            sub: self.sub,
            sid: self.sid,
            at,
        })
    }
}

/// Returns tenant and object id: `sub` of Entra ID changes when the calendar is registered anew.
fn entra_subject(
    config: &OidcConfig,
    tenant: Option<String>,
    object: Option<String>,
) -> Result<String, RefusedToken> {
    let (Some(tenant), Some(object)) = (tenant, object) else {
        return Err(RefusedToken::Claim(
            "it has no tid and oid, which the scope «profile» gives",
        ));
    };
    let is_own =
        config.issuer.as_str() == format!("https://login.microsoftonline.com/{tenant}/v2.0");
    if !is_own || !is_identifier(&object) {
        return Err(RefusedToken::Claim("it is of another tenant (tid)"));
    }
    Ok(format!("{tenant}/{object}"))
}

/// Returns the left half of a digest, as `at_hash` has it (OpenID Connect Core 1.0, 3.1.3.6).
fn half_digest(algorithm: Algorithm, text: &str) -> Option<String> {
    let with = match algorithm {
        Algorithm::RS256 | Algorithm::PS256 | Algorithm::ES256 => &digest::SHA256,
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => &digest::SHA384,
        Algorithm::RS512 | Algorithm::PS512 => &digest::SHA512,
        _ => return None,
    };
    let whole = digest::digest(with, text.as_bytes());
    let (half, _) = whole.as_ref().split_at(with.output_len() / 2);
    Some(URL_SAFE_NO_PAD.encode(half))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(issuer: &str, acr: &[&str]) -> OidcConfig {
        serde_json::from_value(json!({
            "id": "a", "name": "A", "issuer": issuer, "client_id": "calendar", "acr_values": acr,
        }))
        .unwrap()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// Checks a token that is right but for `changed`.
    fn check(config: &OidcConfig, changed: Value) -> Result<ProvenIdentity, String> {
        let at = now().timestamp();
        let mut claims = json!({
            "iss": config.issuer.as_str(), "sub": "s", "aud": "calendar", "nonce": "n",
            "iat": at, "exp": at + 300, "pid": "01010112345", "email": "kari@example.org",
        });
        let changed = changed.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changed);
        let claims: IdTokenClaims = serde_json::from_value(claims).map_err(|e| e.to_string())?;
        let expected = ExpectedIdToken {
            config,
            nonce: "n",
            access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            now: now(),
        };
        let header = Header::new(Algorithm::RS256);
        claims.check(&header, &expected).map_err(|e| e.to_string())
    }

    #[test]
    fn claims_are_checked_one_by_one() {
        let config = config("https://id.example.no", &[]);
        let at = now().timestamp();
        for right in [
            json!({}),
            json!({"aud": ["calendar"]}),
            json!({"aud": ["calendar", "b"], "azp": "calendar"}),
            json!({"exp": at - 59}),
            json!({"nbf": at + 59, "iat": at + 59}),
            json!({"exp": at as f64 + 0.5}),
            // The example of the specification (OpenID Connect Core 1.0, A.3).
            json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}),
        ] {
            let proven = check(&config, right.clone());
            assert_eq!(
                proven.map(|proven| proven.subject),
                Ok("s".into()),
                "{right}"
            );
        }
        for wrong in [
            json!({"iss": "https://evil.example.no"}),
            json!({"iss": ["https://id.example.no"]}),
            json!({"aud": "other"}),
            json!({"aud": []}),
            json!({"aud": ["calendar", "b"]}),
            json!({"azp": "other"}),
            json!({"exp": at - 60}),
            json!({"exp": null}),
            json!({"exp": "never"}),
            json!({"iat": at + 61}),
            json!({"iat": at - 601}),
            json!({"iat": null}),
            json!({"nbf": at + 61}),
            json!({"nbf": "soon"}),
            json!({"nonce": "other"}),
            json!({"nonce": null}),
            json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RA"}),
            json!({"sub": ""}),
            json!({"sub": 1}),
            json!({"sub": "a".repeat(256)}),
            json!({"sid": "a\nb"}),
        ] {
            assert!(check(&config, wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_level_that_was_not_asked_for_is_refused() {
        let config = config("https://id.example.no", &["high", "substantial"]);
        assert!(check(&config, json!({"acr": "high"})).is_ok());
        for wrong in [
            json!({"acr": "low"}),
            json!({}),
            json!({"acr": "high substantial"}),
        ] {
            assert!(check(&config, wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn people_of_entra_are_known_by_tenant_and_object_and_never_by_an_address() {
        let tenant = "2f7d0a5e-1111-4000-8000-000000000000";
        let config = config(
            &format!("https://login.microsoftonline.com/{tenant}/v2.0"),
            &[],
        );
        let proven = check(&config, json!({"tid": tenant, "oid": "o"})).unwrap();
        assert_eq!(
            (proven.subject, proven.sub),
            (format!("{tenant}/o"), "s".into())
        );
        for wrong in [
            json!({}),
            json!({"tid": tenant}),
            json!({"oid": "o"}),
            json!({"tid": "2f7d0a5e-2222-4000-8000-000000000000", "oid": "o"}),
            json!({"tid": "", "oid": "o"}),
        ] {
            assert!(check(&config, wrong.clone()).is_err(), "{wrong}");
        }
    }
}
