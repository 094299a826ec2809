//! Checks of a new partner's settings.

use url::Url;

use crate::catalog::Snapshot;
use crate::cli::Failure;
use calendar_connectors::INTERFACE;
use calendar_connectors::connector::Connector;
use calendar_domain::Connection;
use calendar_domain::redaction::without_secrets;

use super::Addition;

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
        false => format!("it is asked at {}; ", without_secrets(completed.as_str())),
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
    let Some(unknown) = wanted.find(|it| all.iter().all(|one| one.number != **it)) else {
        return Ok(());
    };
    let known: Vec<String> = all
        .iter()
        .map(|one| format!("{} {}", one.number, one.name))
        .collect();
    let known = known.join(", ");
    Err(format!("there is no municipality «{unknown}» in the region; there are {known}").into())
}

/// Errors if the address is missing, not HTTP or contains a password, as for `partners.toml`.
pub(super) fn check_address(connection: &Connection, sends: bool) -> Result<(), Failure> {
    let kind = &connection.connector;
    let Some(url) = &connection.url else {
        if sends {
            return Ok(());
        }
        return Err(format!(
            "a partner of kind «{kind}» is asked at an address: say it with --url; one that sends its events by \
             itself, or whose files are imported, is of kind «{INTERFACE}»"
        )
        .into());
    };
    if sends {
        return Err(format!(
            "a partner of kind «{kind}» sends its events by itself and is not asked: leave --url out, or say \
             another --kind"
        )
        .into());
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        let url = without_secrets(url.as_str());
        return Err(format!("«{url}» is no http or https address with a host").into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address has a user or password in it, which would be shown: say --user, and with --secret \
                    the environment variable that has the password"
            .into());
    }
    Ok(())
}
