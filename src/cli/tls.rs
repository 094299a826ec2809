//! Checks the certificate and key of a server with TLS.

mod certificate;
mod error;

use std::path::PathBuf;
use std::sync::Arc;

use rocket::config::TlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

pub use certificate::Certificate;
pub use error::TlsError;

/// Content of the certificate or key setting, with its origin for messages.
struct Given {
    place: String,
    bytes: Vec<u8>,
}

/// Reads and combines certificate and key, as Rocket will, and returns the server's certificate.
///
/// # Errors
/// Returns [`TlsError`] if they cannot be read or used.
pub fn check(tls: &TlsConfig) -> Result<Certificate, TlsError> {
    let certs = given(
        "certs",
        tls.certs().map_right(<[u8]>::to_vec).either(Ok, Err),
    )?;
    let key = given("key", tls.key().map_right(<[u8]>::to_vec).either(Ok, Err))?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certs.bytes).collect();
    let chain = chain.map_err(|cause| TlsError::Pem {
        key: "certs",
        place: certs.place.clone(),
        cause,
    })?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certs.place));
    }
    let private = match PrivateKeyDer::from_pem_slice(&key.bytes) {
        Ok(private) => private,
        Err(PemError::NoItemsFound) => return Err(TlsError::NoKey(key.place)),
        Err(cause) => {
            return Err(TlsError::Pem {
                key: "key",
                place: key.place,
                cause,
            });
        }
    };
    let unusable = |cause| TlsError::Unusable {
        certs: certs.place.clone(),
        key: key.place.clone(),
        cause,
    };
    let own = chain[0].clone();
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unusable)?;
    Certificate::read(&own, certs.place)
}

/// Identifies a certificate and key: the SHA-256 digest of both.
pub type Fingerprint = [u8; 32];

/// Returns the fingerprint of the current certificate and key.
pub fn fingerprint(tls: &TlsConfig) -> Result<Fingerprint, TlsError> {
    let certs = tls.certs().map_right(<[u8]>::to_vec).either(Ok, Err);
    let key = tls.key().map_right(<[u8]>::to_vec).either(Ok, Err);
    let digest = Sha256::new_with_prefix(given("certs", certs)?.bytes);
    Ok(digest
        .chain_update(given("key", key)?.bytes)
        .finalize()
        .into())
}

/// Reads a setting, which is a path or the content itself.
fn given(key: &'static str, what: Result<PathBuf, Vec<u8>>) -> Result<Given, TlsError> {
    let path = match what {
        Ok(path) => path,
        Err(bytes) => {
            let place = "the configuration itself".to_owned();
            return Ok(Given { place, bytes });
        }
    };
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Given {
            place: path.display().to_string(),
            bytes,
        }),
        Err(cause) => Err(TlsError::File { key, path, cause }),
    }
}
