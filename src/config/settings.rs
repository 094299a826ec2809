//! The settings, with their defaults.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{LoginConfig, MailConfig, RetentionConfig, RetentionPeriods};
use calendar_domain::FilterLimits;
use calendar_store::BackupRecipient;

/// The settings under `[default.calendar]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarConfig {
    /// The store: `sled:PATH`. May be non-UTF-8 if given on the command line.
    #[serde(with = "text")]
    pub store: OsString,
    /// Whether the store has to exist. An empty one is created only with `--new`.
    pub require_store: bool,
    /// The folder of the region's data files; `None` for those compiled into the program.
    pub data: Option<PathBuf>,
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
    /// Outgoing mail.
    pub mail: MailConfig,
    /// Signing in.
    pub login: LoginConfig,
    /// Suggestions and reports of visitors without an account.
    pub suggestions: SuggestionsConfig,
    /// How long personal data is kept.
    pub retention: RetentionConfig,
    /// The register in which organisation numbers are looked up.
    pub business_register: BusinessRegisterConfig,
    /// Limits on input and resources.
    pub limits: LimitsConfig,
}

impl CalendarConfig {
    /// Returns how long personal data is kept.
    #[must_use]
    pub fn retention_periods(&self) -> RetentionPeriods {
        RetentionPeriods::new(&self.retention, self.suggestions.address_days)
    }
}

/// The register in which organisation numbers are looked up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BusinessRegisterConfig {
    /// Whether the register is queried.
    pub enabled: bool,
    /// Address of its interface.
    pub url: Url,
}

impl Default for BusinessRegisterConfig {
    fn default() -> Self {
        let url = Url::parse("https://data.brreg.no/enhetsregisteret/api");
        Self {
            enabled: true,
            url: url.expect("a constant address parses"),
        }
    }
}

/// Suggestions and reports of visitors without an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SuggestionsConfig {
    /// Whether they are taken.
    pub enabled: bool,
    /// Days for which the address of a visitor is kept after its confirmation, and a report after it is closed.
    pub address_days: u32,
}

impl Default for SuggestionsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            address_days: 90,
        }
    }
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
    /// Public keys that backups are encrypted to.
    pub encrypt_to: Vec<BackupRecipient>,
    /// File with the passphrase that backups are encrypted with.
    pub passphrase_file: Option<PathBuf>,
}

impl Default for BackupConfig {
    fn default() -> Self {
        Self {
            to: None,
            every_hours: 24,
            keep: 14,
            encrypt_to: Vec::new(),
            passphrase_file: None,
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
    /// Size of the cache of responses of the API and of events as JSON, in bytes.
    pub api_cache_bytes: u64,
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
    /// Maximum number of API reads per minute and client except local ones; 0 for no limit.
    pub api_requests_a_minute: u32,
    /// Maximum number of API reads per minute and key; 0 for no limit.
    pub api_requests_a_minute_with_key: u32,
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
            data: None,
            base_url: None,
            tentative_years: 2,
            log: LogFormat::Text,
            backup: BackupConfig::default(),
            sync: SyncConfig::default(),
            mail: MailConfig::default(),
            login: LoginConfig::default(),
            suggestions: SuggestionsConfig::default(),
            retention: RetentionConfig::default(),
            business_register: BusinessRegisterConfig::default(),
            limits: LimitsConfig::default(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            import_bytes: 256 << 20,
            feed_cache_bytes: 64 << 20,
            api_cache_bytes: 64 << 20,
            stored_filters: 10_000,
            stored_filters_an_hour: 600,
            stored_filters_per_client_an_hour: 20,
            stored_filter_days: 400,
            subscriptions: 5_000,
            subscriptions_per_client: 100,
            api_requests_a_minute: 600,
            api_requests_a_minute_with_key: 6_000,
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
