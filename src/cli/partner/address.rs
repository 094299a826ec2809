//! Checks of a new partner's settings.

use url::Url;

use crate::catalog::Snapshot;
use crate::cli::Failure;
use calendar_connectors::INTERFACE;
use calendar_connectors::connector::Connector;
use calendar_domain::redaction::without_secrets;
use calendar_domain::{Connection, SecretName};

use super::Addition;

/// Parses an address. The host is required: `https:///k.ics` would otherwise be read as the host `k.ics`.
pub(super) fn parse(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let rest = text.trim().split_once(':').map_or("", |(_, rest)| rest);
    let has_host = rest
        .strip_prefix("//")
        .is_some_and(|rest| !rest.starts_with(['/', '\\']));
    if matches!(url.scheme(), "http" | "https" | "webcal" | "webcals") && !has_host {
        return Err(
            "the address has no host, such as example.org, between «//» and the path".into(),
        );
    }
    Ok(url)
}

/// Errors if a name is given that is empty: visitors see it.
pub(super) fn check_name(name: Option<&str>) -> Result<(), Failure> {
    if name.is_some_and(|name| name.trim().is_empty()) {
        return Err("the name is empty; give another --name, or omit it".into());
    }
    Ok(())
}

/// Errors if a user name is empty or has no password.
pub(super) fn check_user(user: Option<&str>, secret: Option<&SecretName>) -> Result<(), Failure> {
    match user {
        Some(user) if user.trim().is_empty() => {
            Err("the user name is empty; omit --user, or give the name to log in with".into())
        }
        Some(_) if secret.is_none() => {
            Err("a user name needs a password; name its environment variable with --secret".into())
        }
        _ => Ok(()),
    }
}

/// Replaces `webcal` by `https`.
pub(super) fn over_tls(url: &Url) -> Result<Url, Failure> {
    match url.as_str().split_once("://") {
        Some(("webcal" | "webcals", rest)) => Ok(format!("https://{rest}").parse()?),
        _ => Ok(url.clone()),
    }
}

/// Completes the address of a site to that of its interface. Returns a note about the change.
///
/// # Errors
/// Errors if the connector can read nothing at the address.
pub(super) fn complete(
    connection: &mut Connection,
    connector: Option<&'static dyn Connector>,
) -> Result<String, Failure> {
    let (Some(connector), Some(url)) = (connector, &connection.url) else {
        return Ok(String::new());
    };
    let completed = connector.address(url)?;
    let said = match completed == *url {
        true => String::new(),
        false => format!(
            "its interface is at {}; ",
            without_secrets(completed.as_str())
        ),
    };
    connection.url = Some(completed);
    Ok(said)
}

/// Errors if a municipality is not in the region.
pub(super) fn check_municipalities(
    addition: &Addition,
    snapshot: &Snapshot,
) -> Result<(), Failure> {
    let all = &snapshot.region().municipalities;
    let mut wanted = addition.municipalities.iter();
    let Some(unknown) = wanted.find(|wanted| all.iter().all(|one| one.number != **wanted)) else {
        return Ok(());
    };
    let known: Vec<String> = all
        .iter()
        .map(|one| format!("{} {}", one.number, one.name))
        .collect();
    let known = known.join(", ");
    Err(
        format!("the region has no municipality «{unknown}»; its municipalities are {known}")
            .into(),
    )
}

/// Errors if the address is missing, not HTTP or contains a password, as for `partners.toml`.
pub(super) fn check_address(connection: &Connection, sends: bool) -> Result<(), Failure> {
    let kind = &connection.connector;
    let Some(url) = &connection.url else {
        if sends {
            return Ok(());
        }
        return Err(format!(
            "a partner of kind «{kind}» needs an address; give it with --url, or use kind «{INTERFACE}» for a \
             partner that sends its events or whose files are imported"
        )
        .into());
    };
    if sends {
        return Err(format!(
            "a partner of kind «{kind}» sends its events and has no address; omit --url, or give another --kind"
        )
        .into());
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        let url = without_secrets(url.as_str());
        return Err(format!("«{url}» is not an http or https address with a host").into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address contains a user or password, which would be visible; use --user, and --secret \
                    with the environment variable that contains the password"
            .into());
    }
    Ok(())
}
