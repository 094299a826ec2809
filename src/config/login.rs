//! Settings of signing in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Signing in, under `[default.calendar.login]`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoginConfig {
    /// The OpenID providers that people may sign in with, besides a code by mail.
    pub oidc: Vec<OidcConfig>,
}

/// An OpenID provider, `[[default.calendar.login.oidc]]`. The secret or the private key is in the environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// Its name in addresses and environment variables.
    pub id: ProviderId,
    /// Its name on the button.
    pub name: String,
    /// Its issuer, exactly as its tokens have it.
    pub issuer: IssuerUrl,
    /// The id under which the calendar is registered there.
    pub client_id: String,
    /// What is asked for; `openid` if it is empty, and for Entra ID `openid` and `profile`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The levels of assurance of which a token must have one; any if it is empty.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The id under which the provider knows the calendar's key (`kid`).
    #[serde(default)]
    pub signing_key_id: Option<String>,
    /// A sentence above the button.
    #[serde(default)]
    pub hint: Option<String>,
}

impl OidcConfig {
    /// Returns the environment variable with the client secret.
    #[must_use]
    pub fn secret_variable(&self) -> String {
        self.variable("SECRET")
    }

    /// Returns the environment variable with the private key.
    #[must_use]
    pub fn key_variable(&self) -> String {
        self.variable("KEY")
    }

    fn variable(&self, what: &str) -> String {
        let id = self.id.as_str().to_ascii_uppercase().replace('-', "_");
        format!("CALENDAR_OIDC_{id}_{what}")
    }
}

/// The id of a provider: up to 40 lower-case letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderId(String);

/// Error for a text that is not the id of a provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the id of a provider: write up to 40 letters a-z, digits and hyphens, such as id-porten"
)]
pub struct ProviderIdError;

impl ProviderId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderId {
    type Err = ProviderIdError;

    fn from_str(text: &str) -> Result<Self, ProviderIdError> {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && text.len() <= 40 && text.bytes().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProviderIdError)
        }
    }
}

impl TryFrom<String> for ProviderId {
    type Error = ProviderIdError;
    fn try_from(text: String) -> Result<Self, ProviderIdError> {
        text.parse()
    }
}

impl From<ProviderId> for String {
    fn from(id: ProviderId) -> Self {
        id.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The issuer of a provider (OpenID Connect Discovery 1.0, 3): an `https` address without query and fragment. `http` is
/// accepted on this machine alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IssuerUrl(String);

/// Error for a text that is not an issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the issuer of an OpenID provider: {0}")]
pub struct IssuerUrlError(&'static str);

impl IssuerUrl {
    /// Returns the issuer, exactly as it was written: tokens must have the same.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true for an issuer of Microsoft Entra ID.
    #[must_use]
    pub fn is_entra(&self) -> bool {
        let url = Url::parse(&self.0).ok();
        url.is_some_and(|url| url.host_str() == Some("login.microsoftonline.com"))
    }
}

/// Returns true for an address that a provider may have: `https`, or `http` on this machine.
#[must_use]
pub fn is_provider_url(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_plain && (url.scheme() == "https" || (url.scheme() == "http" && is_local))
}

impl FromStr for IssuerUrl {
    type Err = IssuerUrlError;

    fn from_str(text: &str) -> Result<Self, IssuerUrlError> {
        if text.contains(['{', '}']) || has_shared_tenant(text) {
            let why = "name one tenant: https://login.microsoftonline.com/TENANT-ID/v2.0, in an entry of its own";
            return Err(IssuerUrlError(why));
        }
        let url = Url::parse(text).map_err(|_| IssuerUrlError(FORM))?;
        let is_bare = url.query().is_none() && url.fragment().is_none();
        let is_graphic = text.chars().all(|c| c.is_ascii_graphic());
        if is_provider_url(&url) && is_bare && is_graphic && text.len() <= 300 {
            Ok(Self(text.to_owned()))
        } else {
            Err(IssuerUrlError(FORM))
        }
    }
}

const FORM: &str = "write it as the provider's documentation does, such as https://idporten.no, without ? and #; \
                    http is for this machine alone";

/// Returns true for the issuers of Entra ID that stand for accounts of any tenant.
fn has_shared_tenant(text: &str) -> bool {
    let rest = text.strip_prefix("https://login.microsoftonline.com/");
    let tenant = rest.and_then(|rest| rest.split('/').next());
    tenant.is_some_and(|tenant| ["common", "organizations", "consumers"].contains(&tenant))
}

impl TryFrom<String> for IssuerUrl {
    type Error = IssuerUrlError;
    fn try_from(text: String) -> Result<Self, IssuerUrlError> {
        text.parse()
    }
}

impl From<IssuerUrl> for String {
    fn from(issuer: IssuerUrl) -> Self {
        issuer.0
    }
}

/// Returns the first error in the settings beyond their types: the key, the value, and what is allowed.
pub(super) fn error(config: &LoginConfig) -> Option<(&'static str, String, &'static str)> {
    for (n, provider) in config.oidc.iter().enumerate() {
        let id = provider.id.to_string();
        if config.oidc[..n].iter().any(|other| other.id == provider.id) {
            return Some(("login.oidc.id", id, "an id that no other provider has"));
        }
        // Two entries for one issuer would be two buttons for one identity.
        let same = |other: &OidcConfig| other.issuer == provider.issuer;
        if config.oidc[..n].iter().any(same) {
            let allowed = "an issuer that no other provider has";
            return Some(("login.oidc.issuer", provider.issuer.0.clone(), allowed));
        }
        if !is_line(&provider.name, 60) {
            let allowed = "the name on the button, such as ID-porten, of 1 to 60 characters";
            return Some(("login.oidc.name", provider.name.clone(), allowed));
        }
        if !is_line(&provider.client_id, 200) {
            let allowed = "the id under which the calendar is registered at the provider";
            return Some(("login.oidc.client_id", provider.client_id.clone(), allowed));
        }
        if provider
            .hint
            .as_ref()
            .is_some_and(|hint| !is_line(hint, 200))
        {
            return Some(("login.oidc.hint", id, "a sentence of 1 to 200 characters"));
        }
        let is_token =
            |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        let scopes = &provider.scopes;
        if !scopes.iter().all(is_token)
            || (!scopes.is_empty() && !scopes.iter().any(|s| s == "openid"))
        {
            let allowed = "a list of scopes with \"openid\" in it";
            return Some(("login.oidc.scopes", scopes.join(" "), allowed));
        }
        if !provider.acr_values.iter().all(is_token) {
            let allowed = "a list of values without spaces, such as [\"idporten-loa-high\"]";
            return Some((
                "login.oidc.acr_values",
                provider.acr_values.join(" "),
                allowed,
            ));
        }
    }
    None
}

/// Returns true for one line of at most `longest` characters with something in it.
fn is_line(text: &str, longest: usize) -> bool {
    let is_filled = !text.trim().is_empty() && text.chars().count() <= longest;
    is_filled && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine_and_of_one_tenant() {
        for text in [
            "https://idporten.no",
            "https://login.microsoftonline.com/2f7d0a5e-0000-4000-8000-000000000000/v2.0",
            "http://127.0.0.1:4000",
            "http://localhost:4000/realms/x",
            "http://[::1]:4000",
        ] {
            assert_eq!(text.parse::<IssuerUrl>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "idporten.no",
            "http://idporten.no",
            "http://127.0.0.1.example.org",
            "https://user:secret@idporten.no",
            "https://idporten.no/?a=b",
            "https://idporten.no/#a",
            "https://login.microsoftonline.com/{tenantid}/v2.0",
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/organizations/v2.0",
        ] {
            assert!(text.parse::<IssuerUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_variables_of_a_provider_carry_its_id() {
        let config: OidcConfig = toml::from_str(
            "id = \"id-porten\"\nname = \"ID-porten\"\nissuer = \"https://idporten.no\"\nclient_id = \"a\"",
        )
        .unwrap();
        assert_eq!(config.secret_variable(), "CALENDAR_OIDC_ID_PORTEN_SECRET");
        assert_eq!(config.key_variable(), "CALENDAR_OIDC_ID_PORTEN_KEY");
        for id in ["", "-a", "A", "a/b", "æ", "1a", &"a".repeat(41)] {
            assert!(id.parse::<ProviderId>().is_err(), "{id}");
        }
        let mut login = LoginConfig {
            oidc: vec![config.clone()],
        };
        assert_eq!(error(&login), None);
        login.oidc.push(config);
        assert_eq!(error(&login).unwrap().0, "login.oidc.id");
    }
}
