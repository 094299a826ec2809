//! Checks of Rocket's own settings, stricter than Rocket's.

use std::net::{IpAddr, ToSocketAddrs};

use rocket::figment::Figment;
use rocket::figment::value::Value;

use super::ConfigError;
use super::origin::origin;
use super::sources::Given;
use calendar_domain::redaction::without_secrets;

/// The keys of Rocket's tables in this build.
const KEYS: [(&str, &[&str]); 3] = [
    (
        "limits",
        &[
            "bytes",
            "data-form",
            "file",
            "form",
            "json",
            "msgpack",
            "string",
        ],
    ),
    ("shutdown", &["ctrlc", "signals", "grace", "mercy", "force"]),
    (
        "tls",
        &["certs", "key", "ciphers", "prefer_server_cipher_order"],
    ),
];

/// Keys of other builds or versions of Rocket, which it would ignore here.
const UNUSED: [&str; 2] = ["secret_key", "proxy_proto_header"];

/// Integer settings with their minimum and maximum.
const RANGES: [(&str, i128, i128); 5] = [
    ("workers", 1, 1_024),
    ("max_blocking", 1, 10_000),
    ("keep_alive", 0, 3_600),
    ("shutdown.grace", 0, 300),
    ("shutdown.mercy", 0, 300),
];

/// Returns Rocket's checked configuration, with a host name as the address replaced by its IP
/// address.
///
/// # Errors
/// Returns the first error with its key and what is allowed.
pub fn server(figment: Figment) -> Result<(Figment, rocket::Config), ConfigError> {
    let figment = with_ip_address(figment)?;
    if let Some(key) = UNUSED.into_iter().find(|key| figment.contains(key)) {
        let allowed = "no value, since it is not used; remove it";
        return Err(wrong(key, "…", allowed));
    }
    for (table, known) in KEYS {
        refuse_unknown(&figment, table, known)?;
    }
    for (key, least, most) in RANGES {
        let value = figment.find_value(key).ok();
        let value = value.and_then(|value| whole(&value));
        if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
            let allowed = format!("{least} to {most}");
            return Err(wrong(key, &value.to_string(), &allowed));
        }
    }
    let server: rocket::Config = figment
        .extract()
        .map_err(|error| ConfigError::Figment(Box::new(error)))?;
    if let Some(name) = &server.ip_header {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.as_str().bytes().all(token) {
            let allowed = "the name of a header, such as X-Real-IP, or false";
            return Err(wrong("ip_header", name.as_str(), allowed));
        }
    }
    let folder = server.temp_dir.relative();
    if !folder.is_dir() {
        let folder = folder.display().to_string();
        return Err(wrong("temp_dir", &folder, "an existing folder"));
    }
    Ok((figment, server))
}

fn wrong(key: &str, value: &str, allowed: &str) -> ConfigError {
    ConfigError::Server {
        key: key.to_owned(),
        value: without_secrets(value),
        allowed: allowed.to_owned(),
    }
}

/// Returns an integer, signed if from a file or unsigned if from the environment. One out of range
/// becomes the maximum.
fn whole(value: &Value) -> Option<i128> {
    let unsigned = || {
        value
            .to_u128()
            .map(|number| i128::try_from(number).unwrap_or(i128::MAX))
    };
    value.to_i128().or_else(unsigned)
}

fn refuse_unknown(figment: &Figment, table: &str, known: &[&str]) -> Result<(), ConfigError> {
    let Ok(value) = figment.find_value(table) else {
        return Ok(());
    };
    let mut keys = value.as_dict().into_iter().flat_map(|dict| dict.keys());
    // A limit may be for one file type: `file/jpg`.
    let is_known = |key: &str| known.contains(&key.split('/').next().unwrap_or(key));
    let Some(key) = keys.find(|key| !is_known(key)) else {
        return Ok(());
    };
    let key = format!("{table}.{key}");
    Err(ConfigError::UnknownKey {
        from: super::from(figment, &key),
        key,
        known: known.join(", "),
        hint: String::new(),
    })
}

/// Replaces a host name as the address to listen on by its IP address.
fn with_ip_address(figment: Figment) -> Result<Figment, ConfigError> {
    let Ok(value) = figment.find_value("address") else {
        return Ok(figment);
    };
    let Some(text) = value.as_str() else {
        return Ok(figment);
    };
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let found = match bare.parse::<IpAddr>() {
        Ok(address) => Some(address),
        Err(_) => resolved(text),
    };
    let from = figment.find_metadata("address").map(origin);
    let from = from.unwrap_or_default();
    let Some(address) = found else {
        return Err(ConfigError::NoAddress {
            given: text.to_owned(),
            from,
        });
    };
    Ok(figment.merge(Given {
        key: "address".to_owned(),
        value: Value::from(address.to_string()),
        from,
    }))
}

/// Returns the first address of a name, preferring IPv4: `127.0.0.1` for `localhost`.
fn resolved(name: &str) -> Option<IpAddr> {
    let mut all: Vec<IpAddr> = (name, 0)
        .to_socket_addrs()
        .ok()?
        .map(|socket_addrs| socket_addrs.ip())
        .collect();
    all.sort_by_key(IpAddr::is_ipv6);
    all.first().copied()
}
