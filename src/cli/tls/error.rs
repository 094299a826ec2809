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
    #[error("tls.{key}: {place} is not a PEM file: {cause}")]
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
        "tls.certs: there is no certificate in {0}; it must contain the server's certificate, followed by \
         those of the intermediate authorities"
    )]
    NoCertificate(String),
    /// A PEM file contains no private key.
    #[error(
        "tls.key: there is no private key in {0}; it must contain one, unencrypted, in PKCS #8, PKCS #1 or \
         SEC1 form"
    )]
    NoKey(String),
    /// Certificate and key do not match, or are of an unsupported kind.
    #[error("tls: cannot use the certificate in {certs} with the key in {key}: {cause}")]
    Unusable {
        /// The certificate's file.
        certs: String,
        /// The key's file.
        key: String,
        /// The error.
        cause: rustls::Error,
    },
    /// The certificate cannot be parsed.
    #[error("tls.certs: cannot read the first certificate in {certs}: {cause}")]
    Unreadable {
        /// The certificate's file.
        certs: String,
        /// The error in it.
        cause: String,
    },
}
