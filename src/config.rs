//! The configuration: `Rocket.toml`, `ROCKET_*` and the command line, read once at the start.
//!
//! **May import:** nothing of ours but `domain`. Rocket's own keys stand at the top of a profile,
//! ours under `[default.calendar]`. A key that nobody knows stops the start: a misspelt setting
//! that is silently ignored is found out on the worst of days.
//!
//! `sources` reads files, environment and options, `server` checks what is Rocket's, `calendar` what is ours,
//! and `explain` and `error` say what is wrong.

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

/// Everything under `[default.calendar]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarConfig {
    /// Where the records are kept: `sled:PATH`. Need not be UTF-8 when it comes from the command line.
    #[serde(with = "text")]
    pub store: OsString,
    /// Whether a store has to be there: an empty one is created only when told so (`--new`).
    pub require_store: bool,
    /// The folder with the region's files.
    pub data: PathBuf,
    /// How the world reaches this service, `https://kalender.example.no`. Stands in feeds and
    /// links; without it, the address that the server listens on.
    pub base_url: Option<Url>,
    /// For how many years, beginning with the present one, series get tentative editions. Those that
    /// feeds look ahead to always do, unless this is 0.
    pub tentative_years: u32,
    /// How log lines are written.
    pub log: LogFormat,
    /// Backups on schedule.
    pub backup: BackupConfig,
    /// Exchange with others.
    pub sync: SyncConfig,
    /// Bounds on what comes in.
    pub limits: LimitsConfig,
}

/// Backups on schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackupConfig {
    /// Where they go: a folder, or `s3://bucket/prefix`; without it, none are made.
    pub to: Option<String>,
    /// Hours from one to the next.
    pub every_hours: u32,
    /// How many are kept; the oldest goes when a new one is made.
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

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Exchange with others.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncConfig {
    /// Hosts and ports, as `host:port`, that outgoing requests may reach although their address
    /// is private.
    pub allow_private: Vec<String>,
    /// How many webhook messages, or events that are sent to a partner's calendar, go to one receiver at once.
    /// A receiver's next message waits for the answer to one of these.
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

/// Bounds on what comes in and what is kept ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// The largest calendar file that is read, in bytes, after decompression.
    pub import_bytes: u64,
    /// How many bytes of finished feeds are kept in memory.
    pub feed_cache_bytes: u64,
    /// How many filters are kept under short names.
    pub stored_filters: usize,
    /// How many of them may be new within an hour.
    pub stored_filters_an_hour: usize,
    /// How many of them one client may make new within an hour.
    pub stored_filters_per_client_an_hour: u32,
    /// Days after which a filter that nobody has used is forgotten; 0 is never.
    pub stored_filter_days: u32,
    /// How many subscriptions the WebSub hub keeps.
    pub subscriptions: usize,
    /// How many of them one client, and one callback host, may have.
    pub subscriptions_per_client: usize,
    /// How many connections there may be at once; 0 is any number.
    pub connections: usize,
    /// How many of them one address may have, this machine's own excepted; 0 is any number.
    pub connections_per_address: usize,
    /// Seconds after which a connection is closed on which nothing moves; 0 is never.
    pub idle_seconds: u32,
    /// Seconds after which a connection is closed whose request or answer makes no progress; 0 is never.
    pub slow_seconds: u32,
    /// Bytes a second that are progress enough to go on for ever.
    pub slow_bytes_a_second: u32,
}

impl LimitsConfig {
    /// The bounds of stored filters, in the domain's words.
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

/// What the command line says over the files and the environment.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
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

/// Rocket's own keys (`rocket::Config` of 0.5), beside ours.
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

/// Returns how log lines are to be written, also where the rest of the configuration is wrong.
#[must_use]
pub fn log_format(overrides: &Overrides) -> LogFormat {
    let figment = sources::all(overrides)
        .or_else(|_| sources::in_files(overrides))
        .ok();
    let format = figment.and_then(|it| it.extract_inner("calendar.log").ok());
    format.unwrap_or(LogFormat::Text)
}

/// Reads the configuration.
///
/// # Errors
/// Names the key and what is allowed.
pub fn read(overrides: &Overrides) -> Result<(Figment, CalendarConfig), ConfigError> {
    let figment = sources::all(overrides)?;
    refuse_unknown_keys(&figment)?;
    // All of it, so that an error has the whole key.
    #[derive(Deserialize)]
    struct All {
        #[serde(default)]
        calendar: CalendarConfig,
    }
    let All { mut calendar } = figment
        .extract()
        .map_err(|error| ConfigError::Figment(Box::new(error)))?;
    // Figment knows text alone, and a path may be something else.
    if let Some(store) = &overrides.store {
        calendar.store.clone_from(store);
    }
    check(&calendar)?;
    calendar::check(&calendar)?;
    Ok((figment, calendar))
}

/// An address in a file, which is text.
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
    // As if `__` were one `_`.
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

/// Where a key is from, in brackets; nothing where that is not known.
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
