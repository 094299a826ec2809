//! The public keys of a provider (RFC 7517), and the check of what they signed.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::RefusedToken;
use super::signatures::ALGORITHMS;

/// Maximum number of keys that are kept of a set.
const KEYS: usize = 100;

/// A set of keys.
#[derive(Debug, Clone, Default)]
pub(super) struct PublicKeys(Vec<PublicKey>);

#[derive(Debug, Clone)]
struct PublicKey {
    id: Option<String>,
    /// The one algorithm that it is for, if it says so.
    algorithm: Option<String>,
    curve: Option<String>,
    key: DecodingKey,
}

/// A key, as sent.
#[derive(Debug, Deserialize)]
struct SentKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl PublicKeys {
    /// Parses a set. Keys of other kinds are left out, since one that this program does not know must not hide the others.
    ///
    /// # Errors
    /// Returns what is wrong if it is no set, or has no usable key.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct SentKeys {
            keys: Vec<Value>,
        }
        let sent: SentKeys = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let keys = sent.keys.into_iter().filter_map(|key| {
            let key: SentKey = serde_json::from_value(key).ok()?;
            PublicKey::new(key)
        });
        let keys: Vec<_> = keys.take(KEYS).collect();
        if keys.is_empty() {
            return Err("it has no RSA or EC key for signatures".to_owned());
        }
        Ok(Self(keys))
    }

    /// Returns the key that signed a token with this header.
    fn find(&self, header: &Header) -> Option<&PublicKey> {
        let mut suitable = self.0.iter().filter(|key| key.is_for(header.alg));
        match &header.kid {
            Some(id) => suitable.find(|key| key.id.as_ref() == Some(id)),
            // A token may leave the id out if there is one key (OpenID Connect Core 1.0, 10.1).
            None => {
                let first = suitable.next();
                first.filter(|_| suitable.next().is_none())
            }
        }
    }

    /// Returns the header of a token, whose signature is not checked.
    ///
    /// # Errors
    /// Errors if it is no token, or signed with an algorithm that is not accepted.
    pub(super) fn header(token: &str) -> Result<Header, RefusedToken> {
        let header = decode_header(token)?;
        if ALGORITHMS.contains(&header.alg) {
            Ok(header)
        } else {
            Err(RefusedToken::Claim("its algorithm is not accepted"))
        }
    }

    /// Returns header and claims of a token after checking its signature, issuer and audience. Times are left to the
    /// caller, who has the clock.
    ///
    /// # Errors
    /// Returns [`RefusedToken::UnknownKey`] if these keys are not those that signed it. Errors if anything is wrong.
    pub(super) fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        issuer: &str,
        client_id: &str,
    ) -> Result<(Header, T), RefusedToken> {
        let header = Self::header(token)?;
        let key = self.find(&header).ok_or(RefusedToken::UnknownKey)?;
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[client_id]);
        let found = decode::<T>(token, &key.key, &validation)?;
        Ok((found.header, found.claims))
    }
}

impl PublicKey {
    fn new(sent: SentKey) -> Option<Self> {
        if sent
            .purpose
            .as_deref()
            .is_some_and(|purpose| purpose != "sig")
        {
            return None;
        }
        let key = match sent.kty.as_str() {
            "RSA" => DecodingKey::from_rsa_components(sent.n.as_deref()?, sent.e.as_deref()?),
            "EC" if matches!(sent.crv.as_deref(), Some("P-256" | "P-384")) => {
                DecodingKey::from_ec_components(sent.x.as_deref()?, sent.y.as_deref()?)
            }
            _ => return None,
        };
        Some(Self {
            id: sent.kid,
            algorithm: sent.alg,
            curve: sent.crv,
            key: key.ok()?,
        })
    }

    fn is_for(&self, algorithm: Algorithm) -> bool {
        let is_named = |name: &str| name.parse::<Algorithm>().ok() == Some(algorithm);
        let is_curve = match algorithm {
            Algorithm::ES256 => self.curve.as_deref() == Some("P-256"),
            Algorithm::ES384 => self.curve.as_deref() == Some("P-384"),
            _ => algorithm.family() == AlgorithmFamily::Rsa,
        };
        is_curve
            && self.key.family() == algorithm.family()
            && self.algorithm.as_deref().is_none_or(is_named)
    }
}
