//! Errors of the TLS configuration.

use std::path::PathBuf;

use rustls::pki_types::pem::Error as PemError;

/// Why TLS cannot work as configured.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("tls.{key}: {} cannot be read: {cause}", path.display())]
    File {
        /// `certs` or `key`.
        key: &'static str,
        /// Path of the file.
        path: PathBuf,
        /// The operating system's error.
        cause: std::io::Error,
    },
    /// A file is not valid PEM.
    #[error("tls.{key}: {place} is no PEM file: {cause}")]
    Pem {
        /// `certs` or `key`.
        key: &'static str,
        /// The file.
        place: String,
        /// The error in it.
        cause: PemError,
    },
    /// A PEM file contains no certificate.
    #[error(
        "tls.certs: there is no certificate in {0}; it has to have the server's own first, then \
         those of the authorities between it and the root"
    )]
    NoCertificate(String),
    /// A PEM file contains no private key.
    #[error(
        "tls.key: there is no private key in {0}; it has to have one, unencrypted, of the form \
         PKCS #8, PKCS #1 or SEC1"
    )]
    NoKey(String),
    /// Certificate and key do not match, or are of an unsupported kind.
    #[error("tls: the certificate in {certs} and the key in {key} can't be used: {cause}")]
    Unusable {
        /// The certificate's file.
        certs: String,
        /// The key's file.
        key: String,
        /// The error.
        cause: rustls::Error,
    },
    /// The certificate cannot be parsed.
    #[error("tls.certs: the first certificate in {certs} can't be read: {cause}")]
    Unreadable {
        /// The certificate's file.
        certs: String,
        /// The error in it.
        cause: String,
    },
}
