//! The report of `serve --check` on a valid configuration.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::backup_encryption::{configured, in_words, is_encrypted};
use crate::cli::open::region_files;
use crate::config::{self, CalendarConfig};
use crate::web::connection_limits;

use super::preflight::Preflight;

/// Last segments of keys whose values are secret.
const SECRET: [&str; 4] = ["token", "secret", "password", "key"];
/// Rocket's settings that are reported.
const SERVERS: [&str; 7] = [
    "workers",
    "max_blocking",
    "keep_alive",
    "ip_header",
    "limits.",
    "shutdown.",
    "temp_dir",
];

/// A setting that differs from its default.
struct Setting {
    value: Value,
    from: String,
}

impl Preflight {
    /// Returns the report as JSON.
    pub fn as_json(&self) -> Value {
        let Self { config, server, .. } = self;
        let settings: serde_json::Map<String, Value> = self
            .settings()
            .into_iter()
            .map(|(key, value)| (key, json!({"value": value.value, "from": value.from})))
            .collect();
        let certificate = self.certificate.as_ref().map(|certificate| {
            json!({"subject": certificate.subject, "hosts": certificate.hosts, "from": certificate.from, "until": certificate.until, "file": certificate.place})
        });
        let encryption = configured(&config.backup).unwrap_or_default();
        let backup = config.backup.to.as_ref().map(|to| {
            json!({"to": to, "every_hours": config.backup.every_hours, "keep": config.backup.keep,
                "encrypted": is_encrypted(&encryption)})
        });
        json!({
            "base_url": config.base_url,
            "address": server.address.to_string(), "port": server.port,
            "store": config.store.display().to_string(), "data": config.data, "backup": backup,
            "tls": server.tls_enabled(), "certificate": certificate,
            "profile": self.figment.profile().to_string(),
            "connections": self.connections(),
            "settings": settings, "warnings": self.warnings,
        })
    }

    /// Returns the report for people: the effective settings with their origin, the public address first.
    pub fn as_text(&self) -> String {
        let Self { config, .. } = self;
        let base_url = match &config.base_url {
            Some(url) => url.to_string(),
            None => format!("not set; feeds and links contain {}", self.listening()),
        };
        let encryption = configured(&config.backup).unwrap_or_default();
        let backups = match &config.backup.to {
            Some(to) => format!(
                "{to}, every {} hours, keeping the last {}{}",
                config.backup.every_hours,
                config.backup.keep,
                in_words(&encryption)
            ),
            None => "not scheduled".to_owned(),
        };
        let tls = self.certificate.as_ref();
        let tls = tls.map_or_else(|| "none".to_owned(), |tls| tls.line());
        let shown = [
            ("base_url", base_url, "calendar.base_url"),
            ("address", self.listening(), "address"),
            (
                "store",
                config.store.display().to_string(),
                "calendar.store",
            ),
            ("data", region_files(config).to_string(), "calendar.data"),
            ("backups", backups, "calendar.backup.to"),
            ("tls", tls, "tls.certs"),
            ("profile", self.figment.profile().to_string(), ""),
        ];
        let mut out = "the configuration is valid; the effective settings are:\n".to_owned();
        let mut line = |name: &str, value: &str, from: &str| {
            let from = match from {
                "" => String::new(),
                from => format!("  ({from})"),
            };
            out.push_str(&format!("  {:12} {value}{from}\n", format!("{name}:")));
        };
        for (name, value, key) in &shown {
            line(name, value, &self.origin(key).unwrap_or_default());
        }
        line("connections", &self.connections(), "");
        let shown_keys: Vec<&str> = shown.iter().map(|shown| shown.2).collect();
        for (key, setting) in self.settings() {
            if !shown_keys.contains(&key.as_str()) {
                line(&key, &text(&setting.value), &setting.from);
            }
        }
        for warning in &self.warnings {
            out.push_str(&format!("warning: {warning}\n"));
        }
        out
    }

    fn connections(&self) -> String {
        connection_limits::ConnectionLimits::new(
            &self.config.limits,
            connection_limits::most_open_files(),
        )
        .to_string()
    }

    /// Returns the origin of a key, unless it is a default.
    fn origin(&self, key: &str) -> Option<String> {
        let found = self.figment.find_metadata(key).map(config::origin);
        found.filter(|origin| origin != config::DEFAULT)
    }

    /// Returns all settings that differ from their defaults.
    fn settings(&self) -> BTreeMap<String, Setting> {
        let mut all = BTreeMap::new();
        let ours = [
            serde_json::to_value(&self.config),
            serde_json::to_value(CalendarConfig::default()),
        ];
        self.differences("calendar.", ours, &mut all);
        let servers = [
            serde_json::to_value(&self.server),
            serde_json::to_value(rocket::Config::default()),
        ];
        let mut rockets = BTreeMap::new();
        self.differences("", servers, &mut rockets);
        rockets.retain(|key, _| SERVERS.iter().any(|server| key.starts_with(server)));
        all.append(&mut rockets);
        all
    }

    fn differences(
        &self,
        prefix: &str,
        values: [serde_json::Result<Value>; 2],
        into: &mut BTreeMap<String, Setting>,
    ) {
        let [Ok(now), Ok(default)] = values else {
            return;
        };
        let (mut present, mut before) = (BTreeMap::new(), BTreeMap::new());
        flatten(prefix.trim_end_matches('.'), &now, &mut present);
        flatten(prefix.trim_end_matches('.'), &default, &mut before);
        for (key, value) in present {
            if before.get(&key) == Some(&value) {
                continue;
            }
            let last = key.rsplit(['.', '_']).next().unwrap_or(&key);
            let value = if SECRET.contains(&last) {
                json!("…")
            } else {
                value
            };
            let from = self
                .origin(&key)
                .unwrap_or_else(|| config::DEFAULT.to_owned());
            into.insert(key, Setting { value, from });
        }
    }
}

/// Collects every value under its full key.
fn flatten(key: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(table) => {
            for (name, value) in table {
                let key = if key.is_empty() {
                    name.clone()
                } else {
                    format!("{key}.{name}")
                };
                flatten(&key, value, into);
            }
        }
        other => {
            into.insert(key.to_owned(), other.clone());
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
