//! The origins of settings in words.

use rocket::figment::{Metadata, Source};

/// Origin of a value that is not set anywhere.
pub const DEFAULT: &str = "default";

/// Returns the origin of a value in words; [`DEFAULT`] if it is not set.
#[must_use]
pub fn origin(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(source @ Source::File(_)) => source.to_string(),
        // Rocket's defaults and positions in source code mean nothing to operators.
        Some(Source::Code(_)) => DEFAULT.to_owned(),
        _ if metadata.name.starts_with("rocket::Config") => DEFAULT.to_owned(),
        _ => metadata.name.to_string(),
    }
}
