//! The configuration, read once at the start from the shipped settings, `Rocket.toml`, `ROCKET_*` and the command line.
//!
//! **May import:** nothing of ours. Rocket's own keys are at the top of a profile, the
//! calendar's under `[default.calendar]`. An unknown key stops the start, since a misspelt setting
//! would otherwise be ignored silently.
//!
//! `sources` reads files, environment and options, `server` checks Rocket's settings, `calendar`
//! the calendar's, and `explain` and `error` describe errors.

mod calendar;
mod error;
mod explain;
mod login;
mod mail;
mod origin;
mod retention;
mod server;
mod settings;
mod sources;

use std::path::Path;

use rocket::figment::{Figment, Source};
use serde::Deserialize;

pub use error::ConfigError;
pub use login::{
    IssuerUrl, IssuerUrlError, LoginConfig, OidcConfig, ProviderId, ProviderIdError,
    is_provider_url,
};
pub use mail::{MailConfig, PASSWORD_VARIABLE, Sender, SmtpAddress, SmtpEncryption};
pub use origin::{DEFAULT, origin};
pub use retention::{RetentionConfig, RetentionPeriods};
pub use server::server;
pub use settings::{
    BackupConfig, BusinessRegisterConfig, CalendarConfig, ConfigOverrides, LimitsConfig, LogFormat,
    SuggestionsConfig, SyncConfig,
};
pub use sources::SHIPPED_SETTINGS;
use sources::{KNOWN_KEYS, from};

/// Returns the format of log lines, even if the rest of the configuration is wrong.
#[must_use]
pub fn log_format(overrides: &ConfigOverrides) -> LogFormat {
    let figment = sources::all(overrides)
        .or_else(|_| sources::in_files(overrides))
        .ok();
    let format = figment.and_then(|figment| figment.extract_inner("calendar.log").ok());
    format.unwrap_or(LogFormat::Text)
}

/// Reads the configuration.
///
/// # Errors
/// Returns the first error with its key and what is allowed.
pub fn read(overrides: &ConfigOverrides) -> Result<(Figment, CalendarConfig), ConfigError> {
    let figment = sources::all(overrides)?;
    refuse_unknown_keys(&figment)?;
    // Extract everything, so that errors contain the full key.
    #[derive(Deserialize)]
    struct All {
        #[serde(default)]
        calendar: CalendarConfig,
    }
    let All { mut calendar } = figment
        .extract()
        .map_err(|error| ConfigError::Figment(Box::new(error)))?;
    // Figment supports only text, but a path may be non-UTF-8.
    if let Some(store) = &overrides.store {
        calendar.store.clone_from(store);
    }
    if !is_set(&figment, "calendar.data") && calendar.data.as_deref().is_some_and(is_missing) {
        calendar.data = None;
    }
    check(&calendar)?;
    calendar.retention.check()?;
    calendar::check(&calendar)?;
    Ok((figment, calendar))
}

/// Returns true if a file, the environment or an option sets the key.
fn is_set(figment: &Figment, key: &str) -> bool {
    let found = figment.find_metadata(key);
    found.is_some_and(|metadata| origin(metadata) != DEFAULT)
}

/// Returns true if nothing has this path. A folder that cannot be accessed is not missing.
fn is_missing(path: &Path) -> bool {
    let found = std::fs::symlink_metadata(path);
    found.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Returns true if a configuration file was read.
#[must_use]
pub fn has_file(figment: &Figment) -> bool {
    let mut sources = figment
        .metadata()
        .filter_map(|metadata| metadata.source.as_ref());
    sources.any(|source| matches!(source, Source::File(_)))
}

fn refuse_unknown_keys(figment: &Figment) -> Result<(), ConfigError> {
    let all: rocket::figment::value::Dict = figment
        .extract()
        .map_err(|e| ConfigError::Figment(Box::new(e)))?;
    let Some(key) = all.keys().find(|key| !KNOWN_KEYS.contains(&key.as_str())) else {
        return Ok(());
    };
    // The key with `_` in the place of `__`.
    let meant = KNOWN_KEYS.iter().find_map(|table| {
        let rest = key.strip_prefix(table)?.strip_prefix('_')?;
        Some(format!("ROCKET_{table}__{rest}").to_ascii_uppercase())
    });
    Err(ConfigError::UnknownKey {
        from: from(figment, key),
        known: KNOWN_KEYS.join(", "),
        hint: meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?")),
        key: key.clone(),
    })
}

fn check(config: &CalendarConfig) -> Result<(), ConfigError> {
    let range = |key, value: String, allowed| {
        Err(ConfigError::Range {
            key,
            value,
            allowed,
        })
    };
    if config.tentative_years > 10 {
        let allowed = "0 to 10 years, including the current one";
        return range(
            "tentative_years",
            config.tentative_years.to_string(),
            allowed,
        );
    }
    for (key, value) in [
        ("backup.every_hours", config.backup.every_hours),
        ("backup.keep", config.backup.keep),
    ] {
        if !(1..=10_000).contains(&value) {
            return range(key, value.to_string(), "1 to 10000");
        }
    }
    if !(1..=64).contains(&config.sync.deliveries_at_once) {
        let value = config.sync.deliveries_at_once.to_string();
        return range("sync.deliveries_at_once", value, "1 to 64");
    }
    if config.mail.daily_hour > 23 {
        let value = config.mail.daily_hour.to_string();
        return range("mail.daily_hour", value, "0 to 23");
    }
    if !(1..=365).contains(&config.suggestions.address_days) {
        let value = config.suggestions.address_days.to_string();
        return range("suggestions.address_days", value, "1 to 365");
    }
    let limits = &config.limits;
    if (1..16).contains(&limits.connections) {
        let allowed = "16 or more, or 0 for any number";
        return range(
            "limits.connections",
            limits.connections.to_string(),
            allowed,
        );
    }
    if (1..30).contains(&limits.stored_filter_days) {
        let value = limits.stored_filter_days.to_string();
        let allowed = "30 days or more, or 0 for ever";
        return range("limits.stored_filter_days", value, allowed);
    }
    for (key, value) in [
        ("limits.idle_seconds", limits.idle_seconds),
        ("limits.slow_seconds", limits.slow_seconds),
    ] {
        if value > 86_400 {
            return range(key, value.to_string(), "1 to 86400, or 0 for never");
        }
    }
    if !(1..=1_000_000).contains(&limits.slow_bytes_a_second) {
        let value = limits.slow_bytes_a_second.to_string();
        return range("limits.slow_bytes_a_second", value, "1 to 1000000");
    }
    Ok(())
}
