//! The configuration, read once at the start from `Rocket.toml`, `ROCKET_*` and the command line.
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
mod server;
mod sources;

use std::ffi::OsString;
use std::path::PathBuf;

use rocket::figment::Figment;
use serde::{Deserialize, Serialize};
use url::Url;

use calendar_domain::FilterLimits;

pub use error::ConfigError;
pub use server::server;
pub use sources::{DEFAULT, origin};

/// The settings under `[default.calendar]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarConfig {
    /// The store: `sled:PATH`. May be non-UTF-8 if given on the command line.
    #[serde(with = "text")]
    pub store: OsString,
    /// Whether the store has to exist. An empty one is created only with `--new`.
    pub require_store: bool,
    /// The folder of the region's data files.
    pub data: PathBuf,
    /// The public address of the service, `https://kalender.example.no`, used in feeds and links.
    /// Defaults to the address that the server listens on.
    pub base_url: Option<Url>,
    /// Number of years, including the current one, for which series get tentative editions. Unless
    /// this is 0, the years that feeds cover always get them.
    pub tentative_years: u32,
    /// Format of log lines.
    pub log: LogFormat,
    /// Scheduled backups.
    pub backup: BackupConfig,
    /// Exchange with partners and receivers.
    pub sync: SyncConfig,
    /// Limits on input and resources.
    pub limits: LimitsConfig,
}

/// Scheduled backups.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupConfig {
    /// Destination: a folder or `s3://bucket/prefix`. Without it, no backups are made.
    pub to: Option<String>,
    /// Hours between backups.
    pub every_hours: u32,
    /// Number of backups to keep; a new one replaces the oldest.
    pub keep: u32,
}

impl Default for BackupConfig {
    fn default() -> Self {
        Self {
            to: None,
            every_hours: 24,
            keep: 14,
        }
    }
}

/// Format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Plain text.
    Text,
    /// One JSON object per line.
    Json,
}

/// Exchange with partners and receivers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncConfig {
    /// Hosts and ports, as `host:port`, that outgoing requests may reach although their address is
    /// private.
    pub allow_private: Vec<String>,
    /// Number of concurrent deliveries of webhook messages or pushed events to one receiver. The
    /// next message waits for the response to one of these.
    pub deliveries_at_once: u32,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            deliveries_at_once: 4,
        }
    }
}

/// Limits on input and resources.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Maximum size of an imported calendar file, in bytes, after decompression.
    pub import_bytes: u64,
    /// Size of the cache of rendered feeds, in bytes.
    pub feed_cache_bytes: u64,
    /// Maximum number of stored filters.
    pub stored_filters: usize,
    /// Maximum number of new stored filters per hour.
    pub stored_filters_an_hour: usize,
    /// Maximum number of new stored filters per hour and client.
    pub stored_filters_per_client_an_hour: u32,
    /// Days after which an unused stored filter is deleted; 0 for never.
    pub stored_filter_days: u32,
    /// Maximum number of subscriptions at the WebSub hub.
    pub subscriptions: usize,
    /// Maximum number of subscriptions per client and per callback host.
    pub subscriptions_per_client: usize,
    /// Maximum number of connections; 0 for no limit.
    pub connections: usize,
    /// Maximum number of connections per address except local ones; 0 for no limit.
    pub connections_per_address: usize,
    /// Seconds after which an idle connection is closed; 0 for never.
    pub idle_seconds: u32,
    /// Seconds without progress in a request or response after which its connection is closed; 0
    /// for never.
    pub slow_seconds: u32,
    /// Bytes per second that count as progress.
    pub slow_bytes_a_second: u32,
}

impl LimitsConfig {
    /// Returns the limits on stored filters.
    #[must_use]
    pub fn filters(&self) -> FilterLimits {
        FilterLimits {
            in_all: self.stored_filters,
            an_hour: self.stored_filters_an_hour,
        }
    }
}

impl Default for CalendarConfig {
    fn default() -> Self {
        Self {
            store: "sled:var/store".into(),
            require_store: false,
            data: "data".into(),
            base_url: None,
            tentative_years: 2,
            log: LogFormat::Text,
            backup: BackupConfig::default(),
            sync: SyncConfig::default(),
            limits: LimitsConfig::default(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            import_bytes: 256 << 20,
            feed_cache_bytes: 64 << 20,
            stored_filters: 10_000,
            stored_filters_an_hour: 600,
            stored_filters_per_client_an_hour: 20,
            stored_filter_days: 400,
            subscriptions: 5_000,
            subscriptions_per_client: 100,
            connections: 8192,
            connections_per_address: 0,
            idle_seconds: 75,
            slow_seconds: 60,
            slow_bytes_a_second: 500,
        }
    }
}

/// Options of the command line, which override the files and the environment.
#[derive(Debug, Clone, Default)]
pub struct ConfigOverrides {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    /// `--store URL`.
    pub store: Option<OsString>,
    /// `--data DIR`.
    pub data: Option<PathBuf>,
    /// `--address A`.
    pub address: Option<String>,
    /// `--port N`.
    pub port: Option<u16>,
}

/// Rocket's own keys (`rocket::Config` of 0.5), and the calendar's table.
const KNOWN_KEYS: [&str; 17] = [
    "address",
    "port",
    "workers",
    "max_blocking",
    "ident",
    "ip_header",
    "proxy_proto_header",
    "limits",
    "tls",
    "temp_dir",
    "keep_alive",
    "shutdown",
    "log_level",
    "cli_colors",
    "secret_key",
    "profile",
    "calendar",
];

/// Returns the format of log lines, even if the rest of the configuration is wrong.
#[must_use]
pub fn log_format(overrides: &ConfigOverrides) -> LogFormat {
    let figment = sources::all(overrides)
        .or_else(|_| sources::in_files(overrides))
        .ok();
    let format = figment.and_then(|it| it.extract_inner("calendar.log").ok());
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
    check(&calendar)?;
    calendar::check(&calendar)?;
    Ok((figment, calendar))
}

/// Serialization of an `OsString` as text.
mod text {
    use std::ffi::{OsStr, OsString};

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &OsStr, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text.to_string_lossy())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OsString, D::Error> {
        Ok(String::deserialize(from)?.into())
    }
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
        hint: meant.map_or_else(String::new, |it| format!("; did you mean {it}?")),
        key: key.clone(),
    })
}

/// Returns the origin of a key in parentheses; empty if unknown.
fn from(figment: &Figment, key: &str) -> String {
    let found = figment.find_metadata(key);
    found.map_or_else(String::new, |it| format!(" (from {})", origin(it)))
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
        let allowed = "0 to 10 years, the present one included";
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
