//! Errors that end an import.

use std::path::{Path, PathBuf};

use calendar_domain::PartnerId;
use calendar_domain::redaction::without_secrets;
use calendar_store::StoreError;

use crate::http::FetchError;

/// An error that ends an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{} cannot be read: {cause}", shown(path))]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        cause: std::io::Error,
    },
    /// The file is too large.
    #[error(
        "{} has {size} bytes, more than the {limit} of limits.import_bytes",
        shown(path)
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, in bytes.
        size: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A source of unknown size, such as a pipe, is too large.
    #[error(
        "{} has more than {limit} bytes, the maximum of limits.import_bytes",
        shown(path)
    )]
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
    #[error("{} is not JSON of events: {cause}", without_secrets(source_name))]
    Json {
        /// The file or address.
        source_name: String,
        /// Line, column and reason.
        cause: serde_json::Error,
    },
    /// It is nothing that events are read from.
    #[error("cannot import {}: {why}", without_secrets(source_name))]
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

/// Returns a path as text. What was meant as an address may be taken for one, and contain a secret.
fn shown(path: &Path) -> String {
    without_secrets(&path.display().to_string())
}
