//! Certificate and key of a server that speaks TLS by itself, looked at before anyone connects.

mod certificate;

use std::path::PathBuf;
use std::sync::Arc;

use rocket::config::TlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

pub use certificate::Certificate;

/// Why TLS would not work as configured.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is not there or not ours to read.
    #[error("tls.{key}: {} cannot be read: {cause}", path.display())]
    File {
        /// Which of the two.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A file is no PEM.
    #[error("tls.{key}: {place} is no PEM file: {cause}")]
    Pem {
        /// Which of the two.
        key: &'static str,
        /// The file.
        place: String,
        /// What is wrong with it.
        cause: PemError,
    },
    /// A PEM file without a certificate.
    #[error(
        "tls.certs: there is no certificate in {0}; it has to have the server's own first, then \
         those of the authorities between it and the root"
    )]
    NoCertificate(String),
    /// A PEM file without a key.
    #[error(
        "tls.key: there is no private key in {0}; it has to have one, unencrypted, of the form \
         PKCS #8, PKCS #1 or SEC1"
    )]
    NoKey(String),
    /// The two do not belong together, or are of a kind that is not supported.
    #[error("tls: the certificate in {certs} and the key in {key} can't be used: {cause}")]
    Unusable {
        /// The certificate's file.
        certs: String,
        /// The key's file.
        key: String,
        /// What is wrong.
        cause: rustls::Error,
    },
    /// What the certificate says cannot be read.
    #[error("tls.certs: the first certificate in {certs} can't be read: {cause}")]
    Unreadable {
        /// The certificate's file.
        certs: String,
        /// What is wrong with it.
        cause: String,
    },
}

/// The two as bytes, with the words for where they came from.
struct Given {
    place: String,
    bytes: Vec<u8>,
}

/// Reads certificate and key and puts them together, as Rocket will. Returns what the certificate says.
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

/// Tells one pair of certificate and key from another: the SHA-256 digest of both.
pub type Fingerprint = [u8; 32];

/// Returns the fingerprint of certificate and key as they are now.
pub fn fingerprint(tls: &TlsConfig) -> Result<Fingerprint, TlsError> {
    let certs = tls.certs().map_right(<[u8]>::to_vec).either(Ok, Err);
    let key = tls.key().map_right(<[u8]>::to_vec).either(Ok, Err);
    let digest = Sha256::new_with_prefix(given("certs", certs)?.bytes);
    Ok(digest
        .chain_update(given("key", key)?.bytes)
        .finalize()
        .into())
}

/// What stands in the configuration: a file, or its content.
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
