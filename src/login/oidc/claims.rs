//! What the claims of ID tokens and logout tokens have in common, and its checks.
//!
//! Only the claims that are checked are read. What else a token says about a person, such as a name, a mail address or a
//! national identity number, is never parsed.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::config::OidcConfig;

use super::error::RefusedToken;

/// Seconds by which the clocks of provider and calendar may differ.
pub(super) const LEEWAY: i64 = 60;
/// Maximum age of a token in seconds, since it is used as soon as it is made.
pub(super) const LONGEST_AGE: i64 = 600;
/// Maximum length of an identifier in bytes (OpenID Connect Core 1.0, 2, for `sub`).
const IDENTIFIER: usize = 255;

/// One audience or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Audiences {
    /// Returns true if there is more than one.
    pub(super) fn are_several(&self) -> bool {
        matches!(self, Self::Many(all) if all.len() > 1)
    }
}

/// Seconds since 1970, which may have a fraction.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct NumericDate(f64);

impl NumericDate {
    /// Returns how many seconds this is after a time.
    fn after(self, now: DateTime<Utc>) -> f64 {
        self.0 - now.timestamp() as f64
    }
}

/// Checks `iss` and `aud`.
pub(super) fn check_issuer_and_audience(
    issuer: &str,
    audiences: &Audiences,
    config: &OidcConfig,
) -> Result<(), RefusedToken> {
    if issuer != config.issuer.as_str() {
        return Err(RefusedToken::Claim("its issuer is another one"));
    }
    let is_own = match audiences {
        Audiences::One(audience) => *audience == config.client_id,
        Audiences::Many(all) => all.contains(&config.client_id),
    };
    if is_own {
        Ok(())
    } else {
        Err(RefusedToken::Claim("it is for another audience"))
    }
}

/// Checks `exp`, `iat` and `nbf`.
pub(super) fn check_times(
    expires: NumericDate,
    issued: NumericDate,
    not_before: Option<NumericDate>,
    now: DateTime<Utc>,
) -> Result<(), RefusedToken> {
    let leeway = LEEWAY as f64;
    let wrong = |why| Err(RefusedToken::Claim(why));
    if expires.after(now) <= -leeway {
        return wrong("it has expired (exp)");
    }
    if issued.after(now) > leeway {
        return wrong("it was issued in the future (iat); compare the clocks");
    }
    if issued.after(now) < -(LONGEST_AGE as f64) {
        return wrong("it was issued too long ago (iat)");
    }
    if not_before.is_some_and(|from| from.after(now) > leeway) {
        return wrong("it is not valid yet (nbf)");
    }
    Ok(())
}

/// Returns true for an identifier of usual length, without control characters.
pub(super) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.len() <= IDENTIFIER && !text.contains(char::is_control)
}
