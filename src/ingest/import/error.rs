//! Errors that end an import.

use std::path::PathBuf;

use calendar_domain::PartnerId;
use calendar_store::StoreError;

use crate::http::FetchError;

/// An error that ends an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        cause: std::io::Error,
    },
    /// The file is too large.
    #[error("{path} has {size} bytes; limits.import_bytes allows {limit}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, in bytes.
        size: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A source of unknown size, such as a pipe, is too large.
    #[error("{path} has more than {limit} bytes, which is what limits.import_bytes allows")]
    TooLong {
        /// The source.
        path: PathBuf,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The address cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The JSON is malformed.
    #[error("{source_name} is no JSON of events: {cause}")]
    Json {
        /// The file or address.
        source_name: String,
        /// Line, column and reason.
        cause: serde_json::Error,
    },
    /// It is nothing that events are read from.
    #[error("{source_name} is not imported: {why}")]
    Unrecognised {
        /// The file or address.
        source_name: String,
        /// What it is, and what to do.
        why: String,
    },
    /// The partner does not exist.
    #[error("there is no partner «{0}»; add it to partners.toml")]
    UnknownPartner(PartnerId),
    /// A thread panicked.
    #[error("the import stopped unexpectedly")]
    Stopped,
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}
