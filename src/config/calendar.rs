//! Checks of the calendar's settings beyond their types.

use url::Url;

use super::{CalendarConfig, ConfigError};
use calendar_domain::redaction::without_secrets;

/// Checks the calendar's settings and returns the first error.
pub(super) fn check(config: &CalendarConfig) -> Result<(), ConfigError> {
    if let Some(url) = &config.base_url {
        base_url(url)?;
    }
    let register = &config.business_register.url;
    let is_bare = register.query().is_none() && register.fragment().is_none();
    if !matches!(register.scheme(), "http" | "https") || !is_bare {
        let allowed = "an address that begins with http:// or https://, without ? and #";
        return Err(wrong("business_register.url", register.scheme(), allowed));
    }
    if config
        .data
        .as_ref()
        .is_some_and(|data| data.as_os_str().is_empty())
    {
        return Err(wrong("data", "\"\"", "the folder with the region's files"));
    }
    if config.mail.smtp.is_some() && config.mail.from.is_none() {
        let allowed = "the sender of mails, such as Kalenderen <kalender@example.no>";
        return Err(wrong("mail.from", "", allowed));
    }
    if let Some((key, value, allowed)) = super::login::error(&config.login) {
        return Err(wrong(key, &value, allowed));
    }
    if config.limits.import_bytes < 1_024 {
        let value = config.limits.import_bytes.to_string();
        return Err(wrong("limits.import_bytes", &value, "1024 or more"));
    }
    Ok(())
}

fn wrong(key: &'static str, value: &str, allowed: &'static str) -> ConfigError {
    ConfigError::Range {
        key,
        value: without_secrets(value),
        allowed,
    }
}

/// Checks that the address consists of a scheme and a host only, since links append paths to it.
fn base_url(url: &Url) -> Result<(), ConfigError> {
    let unspecified = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_unspecified(),
        _ => false,
    };
    let is_pattern = url.host_str().is_some_and(|host| host.contains('*'));
    let allowed = if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        "an http or https address, such as https://kalender.example.no"
    } else if url.password().is_some() {
        "an address without a user and password, since every feed contains it"
    } else if !url.username().is_empty() {
        "an address without a user, since every feed contains it"
    } else if url.query().is_some() {
        "an address without a query (?…), such as https://kalender.example.no"
    } else if url.fragment().is_some() {
        "an address without a fragment (#…), such as https://kalender.example.no"
    } else if url.path() != "/" {
        "an address without a path, since the calendar needs its own host, such as https://kalender.example.no"
    } else if url.port() == Some(0) {
        "an address with its public port, or without a port; 0 is not a port"
    } else if is_pattern {
        "a single address, such as https://kalender.example.no, not a pattern with *"
    } else if unspecified {
        "the public address; 0.0.0.0 and :: are not public"
    } else {
        return Ok(());
    };
    // The part after the host may contain a secret.
    let shown = url.host_str().unwrap_or_default();
    let shown = format!("{}://{shown}…", url.scheme());
    Err(wrong("base_url", &shown, allowed))
}
