//! Signatures of tokens with ring, for `jsonwebtoken`: RSA and ECDSA on P-256 and P-384. Others are refused, above all
//! HMAC, whose key would be a public one.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, new_error};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaKeyPair, RsaPublicKeyComponents, UnparsedPublicKey};

/// The algorithms of tokens that are accepted.
pub(super) const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

static RING: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // For JWKs made of keys, which nothing here does.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes `jsonwebtoken` use ring. Must be called before the first token; repeated calls do nothing.
pub(super) fn install() {
    // An error means that it is installed.
    let _ = RING.install_default();
}

/// Signs with a private key.
enum PrivateKeySigner {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

/// Verifies with a public key.
struct PublicKeyVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    let der = key.as_bytes();
    let refused =
        |error: ring::error::KeyRejected| new_error(ErrorKind::Provider(error.to_string()));
    match algorithm {
        Algorithm::RS256 => {
            let pair = RsaKeyPair::from_pkcs8(der).map_err(refused)?;
            Ok(Box::new(PrivateKeySigner::Rsa(Box::new(pair))))
        }
        Algorithm::ES256 => {
            let scheme = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            let pair = EcdsaKeyPair::from_pkcs8(scheme, der, &SystemRandom::new());
            Ok(Box::new(PrivateKeySigner::Ec(Box::new(
                pair.map_err(refused)?,
            ))))
        }
        _ => Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    }
}

impl Signer<Vec<u8>> for PrivateKeySigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut made = vec![0; pair.public().modulus_len()];
                let scheme = &signature::RSA_PKCS1_SHA256;
                pair.sign(scheme, &random, message, &mut made)
                    .map_err(|_| SignatureError::new())?;
                Ok(made)
            }
            Self::Ec(pair) => {
                let made = pair.sign(&random, message);
                Ok(made.map_err(|_| SignatureError::new())?.as_ref().to_vec())
            }
        }
    }
}

impl JwtSigner for PrivateKeySigner {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::RS256,
            Self::Ec(_) => Algorithm::ES256,
        }
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    if !ALGORITHMS.contains(algorithm) || key.family() != algorithm.family() {
        return Err(new_error(ErrorKind::InvalidAlgorithm));
    }
    Ok(Box::new(PublicKeyVerifier {
        algorithm: *algorithm,
        key: key.clone(),
    }))
}

impl Verifier<Vec<u8>> for PublicKeyVerifier {
    fn verify(&self, message: &[u8], sent: &Vec<u8>) -> Result<(), SignatureError> {
        let is_right = match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                let scheme = match self.algorithm {
                    Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Algorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Algorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => return Err(SignatureError::new()),
                };
                key.verify(scheme, message, sent)
            }
            DecodingKeyKind::SecretOrDer(point) => match self.algorithm {
                Algorithm::ES256 => {
                    let scheme = &signature::ECDSA_P256_SHA256_FIXED;
                    UnparsedPublicKey::new(scheme, point).verify(message, sent)
                }
                Algorithm::ES384 => {
                    let scheme = &signature::ECDSA_P384_SHA384_FIXED;
                    UnparsedPublicKey::new(scheme, point).verify(message, sent)
                }
                _ => return Err(SignatureError::new()),
            },
        };
        is_right.map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for PublicKeyVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
