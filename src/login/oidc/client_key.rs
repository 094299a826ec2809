//! How the calendar shows a provider who it is: a client secret (`client_secret_basic`), or assertions signed with a
//! private key (`private_key_jwt`; OpenID Connect Core 1.0, 9).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;

use crate::config::{LoginConfig, OidcConfig};
use crate::random::random_bytes;

use super::error::{OidcError, OidcSettingError};

/// Seconds for which an assertion is valid. ID-porten takes two minutes at most.
const ASSERTION_SECONDS: i64 = 110;
/// The kind of assertion (RFC 7523 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Checks the secrets and keys of all providers in the environment, which `variable` reads.
///
/// # Errors
/// Returns the first one that is missing or unusable.
pub fn check_secrets(
    config: &LoginConfig,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), OidcSettingError> {
    let mut all = config.oidc.iter();
    all.try_for_each(|config| ClientKey::from_environment(config, &variable).map(drop))
}

/// How the calendar shows a provider who it is.
pub(super) enum ClientKey {
    /// `client_secret_basic`: the value of `Authorization`.
    Basic(String),
    /// `private_key_jwt`.
    Assertion {
        algorithm: Algorithm,
        key: EncodingKey,
        key_id: Option<String>,
    },
}

/// Hides the secret.
impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic(_) => "Basic(…)",
            Self::Assertion { .. } => "Assertion(…)",
        })
    }
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl ClientKey {
    /// Returns the secret or key of a provider from the environment, which `variable` reads.
    ///
    /// # Errors
    /// Errors if there is none or there are both, or if the key is no private key that providers take.
    pub(super) fn from_environment(
        config: &OidcConfig,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, OidcSettingError> {
        let read = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let (secret, key) = (config.secret_variable(), config.key_variable());
        match (read(&secret), read(&key)) {
            (Some(text), None) => Ok(Self::Basic(basic(&config.client_id, text.trim()))),
            (None, Some(pem)) if config.issuer.is_entra() => {
                drop(pem);
                Err(OidcSettingError::EntraKey {
                    id: config.id.clone(),
                    key,
                    secret,
                })
            }
            (None, Some(pem)) => Self::from_pem(&pem, config, key),
            (None, None) => Err(OidcSettingError::NoSecret {
                id: config.id.clone(),
                secret,
                key,
            }),
            (Some(_), Some(_)) => Err(OidcSettingError::TwoSecrets { secret, key }),
        }
    }

    fn from_pem(
        pem: &str,
        config: &OidcConfig,
        variable: String,
    ) -> Result<Self, OidcSettingError> {
        // One line, as in files of systemd and container platforms.
        let pem = pem.replace("\\n", "\n");
        let wrong = |why| OidcSettingError::WrongKey {
            variable: variable.clone(),
            why,
        };
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes());
        let PrivateKeyDer::Pkcs8(der) = der.map_err(|_| wrong("it is not a private key as PEM"))?
        else {
            return Err(wrong(
                "it is not PKCS#8, whose first line is -----BEGIN PRIVATE KEY-----",
            ));
        };
        let der = der.secret_pkcs8_der();
        let key_id = config.signing_key_id.clone();
        if RsaKeyPair::from_pkcs8(der).is_ok() {
            return Ok(Self::Assertion {
                algorithm: Algorithm::RS256,
                key: EncodingKey::from_rsa_der(der),
                key_id,
            });
        }
        let scheme = &ECDSA_P256_SHA256_FIXED_SIGNING;
        if EcdsaKeyPair::from_pkcs8(scheme, der, &SystemRandom::new()).is_ok() {
            return Ok(Self::Assertion {
                algorithm: Algorithm::ES256,
                key: EncodingKey::from_ec_der(der),
                key_id,
            });
        }
        Err(wrong(
            "it is neither an RSA key of 2048 to 8192 bits nor one of the curve P-256",
        ))
    }

    /// Returns the value of `Authorization`, if this is a secret.
    pub(super) fn authorization(&self) -> Option<&str> {
        match self {
            Self::Basic(value) => Some(value),
            Self::Assertion { .. } => None,
        }
    }

    /// Returns the fields of a form that show the provider who sends it.
    ///
    /// # Errors
    /// Errors if the system has no random source or the key can't sign.
    pub(super) fn fields(
        &self,
        client_id: &str,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<(&'static str, String)>, OidcError> {
        let Self::Assertion {
            algorithm,
            key,
            key_id,
        } = self
        else {
            return Ok(Vec::new());
        };
        let header = Header {
            kid: key_id.clone(),
            ..Header::new(*algorithm)
        };
        let claims = Assertion {
            iss: client_id,
            sub: client_id,
            aud: issuer,
            iat: now.timestamp(),
            exp: now.timestamp() + ASSERTION_SECONDS,
            jti: URL_SAFE_NO_PAD.encode(random_bytes::<16>()?),
        };
        let signed = encode(&header, &claims, key).map_err(OidcError::Signing)?;
        Ok(vec![
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", signed),
        ])
    }
}

/// Returns the value of `Authorization` for a client (RFC 6749 2.3.1: both parts are form-encoded first).
fn basic(client_id: &str, secret: &str) -> String {
    let encoded =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(extra: &str) -> OidcConfig {
        let text = format!(
            "id = \"id-porten\"\nname = \"ID-porten\"\nissuer = \"https://idporten.no\"\nclient_id = \"a b\"\n{extra}"
        );
        toml::from_str(&text).unwrap()
    }

    fn read(secret: Option<&str>, key: Option<&str>) -> Result<ClientKey, OidcSettingError> {
        ClientKey::from_environment(&config(""), |name| {
            let value = match name {
                "CALENDAR_OIDC_ID_PORTEN_SECRET" => secret,
                "CALENDAR_OIDC_ID_PORTEN_KEY" => key,
                _ => None,
            };
            value.map(str::to_owned)
        })
    }

    #[test]
    fn a_secret_is_encoded_as_a_form_before_it_is_base64() {
        let found = read(Some("p:å"), None).unwrap();
        let value = found.authorization().unwrap().strip_prefix("Basic ");
        let value = STANDARD.decode(value.unwrap()).unwrap();
        assert_eq!(value, b"a+b:p%3A%C3%A5");
    }

    #[test]
    fn a_missing_or_wrong_secret_names_its_variables_and_never_its_value() {
        let error = read(None, None).unwrap_err().to_string();
        assert!(error.contains("CALENDAR_OIDC_ID_PORTEN_SECRET"), "{error}");
        assert!(error.contains("CALENDAR_OIDC_ID_PORTEN_KEY"), "{error}");
        assert!(read(Some(" "), None).is_err());
        assert!(read(Some("a"), Some("b")).is_err());
        let error = read(None, Some("hunter2")).unwrap_err().to_string();
        assert!(error.contains("CALENDAR_OIDC_ID_PORTEN_KEY"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
