//! What a provider says about itself (OpenID Connect Discovery 1.0, 4).

use serde::Deserialize;
use url::Url;

use crate::config::is_provider_url;

/// What is used of a provider's metadata.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ProviderMetadata {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    /// RFC 9126: the request goes from server to server, and the browser carries a reference.
    #[serde(default)]
    pub(super) pushed_authorization_request_endpoint: Option<Url>,
    /// OpenID Connect RP-Initiated Logout 1.0.
    #[serde(default)]
    pub(super) end_session_endpoint: Option<Url>,
    /// RFC 9207: responses name their issuer.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl ProviderMetadata {
    /// Parses a discovery document of an issuer.
    ///
    /// # Errors
    /// Returns what is wrong with it.
    pub(super) fn parse(bytes: &[u8], issuer: &str) -> Result<Self, String> {
        let found: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if found.issuer != issuer {
            // Another issuer's tokens would pass as this one's.
            let theirs: String = found.issuer.chars().take(200).collect();
            return Err(format!(
                "its issuer is «{theirs}», not «{issuer}»; write calendar.login.oidc.issuer exactly like that"
            ));
        }
        if let Some(name) = found.first_plain() {
            return Err(format!("its {name} is not https"));
        }
        let methods = found.code_challenge_methods_supported.as_ref();
        if methods.is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
            return Err("it does not offer PKCE with S256".to_owned());
        }
        Ok(found)
    }

    /// Returns the name of the first address that is not one of a provider.
    fn first_plain(&self) -> Option<&'static str> {
        let pushed = self.pushed_authorization_request_endpoint.as_ref();
        let all = [
            ("authorization_endpoint", Some(&self.authorization_endpoint)),
            ("token_endpoint", Some(&self.token_endpoint)),
            ("jwks_uri", Some(&self.jwks_uri)),
            ("pushed_authorization_request_endpoint", pushed),
            ("end_session_endpoint", self.end_session_endpoint.as_ref()),
        ];
        let is_plain = |url: &Url| !is_provider_url(url);
        let mut plain = all.into_iter().filter(|(_, url)| url.is_some_and(is_plain));
        plain.next().map(|(name, _)| name)
    }
}

/// Returns the address of an issuer's discovery document.
pub(super) fn discovery_url(issuer: &str) -> Result<Url, url::ParseError> {
    let issuer = issuer.trim_end_matches('/');
    Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example.no";

    fn parse(changed: Value) -> Result<ProviderMetadata, String> {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.no/authorize",
            "token_endpoint": "https://id.example.no/token",
            "jwks_uri": "https://id.example.no/jwks",
        });
        let changed = changed.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(changed);
        ProviderMetadata::parse(document.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_document_of_another_issuer_or_with_plain_addresses_is_refused() {
        assert!(parse(json!({})).is_ok());
        for wrong in [
            json!({"issuer": "https://evil.example.no"}),
            json!({"issuer": "https://id.example.no/"}),
            json!({"token_endpoint": "http://id.example.no/token"}),
            json!({"jwks_uri": "ftp://id.example.no/jwks"}),
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            json!({"end_session_endpoint": "http://id.example.no/logout"}),
            json!({"pushed_authorization_request_endpoint": "http://id.example.no/par"}),
            json!({"code_challenge_methods_supported": ["plain"]}),
            json!({"token_endpoint": null}),
        ] {
            assert!(parse(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_document_is_below_the_issuer() {
        let url = |issuer: &str| discovery_url(issuer).unwrap().to_string();
        let expected = "https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration";
        assert_eq!(url("https://login.microsoftonline.com/t/v2.0"), expected);
        assert_eq!(
            url("https://a.no/"),
            "https://a.no/.well-known/openid-configuration"
        );
    }
}
