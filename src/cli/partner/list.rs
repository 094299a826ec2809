//! Lists partners with the state of exchange, and the kinds of interfaces.

use serde_json::Value;

use crate::cli::open::OpenCalendar;
use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output};
use crate::delivery::push::PUSHES;
use crate::ingest::access;
use crate::ingest::run::{Complaint, PartnerHealth};
use calendar_connectors::INTERFACE;
use calendar_domain::redaction::without_secrets;
use calendar_domain::{AccessKey, Connection, Partner};

use super::push;

/// Lists the kinds of interfaces.
pub(crate) fn kinds(session: &mut Session<'_>) -> Result<Ending, Failure> {
    let sends = "the partner sends its events, with a key";
    let kinds = calendar_connectors::CONNECTORS.iter();
    let kinds = kinds
        .map(|kind| (kind.id(), kind.about()))
        .chain([(INTERFACE, sends)]);
    let pushes = PUSHES.iter().map(|push| (push.id(), push.about()));
    session.print(&match session.output {
        Output::Json => {
            let json = |(kind, about)| serde_json::json!({"kind": kind, "about": about});
            let kinds: Vec<_> = kinds.map(json).collect();
            let pushes: Vec<_> = pushes.map(json).collect();
            format!("{}\n", serde_json::json!({"kinds": kinds, "push": pushes}))
        }
        Output::Text => {
            let line = |(kind, about): (&str, &str)| format!("{kind:18} {about}\n");
            let kinds: String = kinds.map(line).collect();
            let pushes: String = pushes.map(line).collect();
            format!("{kinds}\nFor `partner push`:\n{pushes}")
        }
    })?;
    Ok(Ending::Done)
}

/// Lists the partners.
pub(super) fn run(opened: &OpenCalendar, session: &mut Session<'_>) -> Result<Ending, Failure> {
    let snapshot = opened.calendar.snapshot();
    let health = opened.runner.health().all();
    let mut rows = Vec::new();
    for partner in snapshot.partners() {
        let health = health.get(&partner.id).cloned().unwrap_or_default();
        let keys = access::keys_of(&opened.calendar, &partner.id)?;
        let events = snapshot.events_from(&partner.id).count();
        let push = push::push_state(&opened.calendar, partner)?;
        rows.push((partner, health, keys, events, push));
    }
    session.print(&match session.output {
        Output::Json => {
            let rows: Vec<_> = rows
                .iter()
                .map(|(partner, health, keys, events, push)| {
                    serde_json::json!({
                        "partner": partner.id, "name": partner.name, "connection": shown(partner.connection.as_ref()),
                        "events": events, "health": health, "keys": keys.iter().map(|key| &key.id).collect::<Vec<_>>(),
                        "push": push,
                    })
                })
                .collect();
            format!("{}\n", serde_json::json!({"partners": rows}))
        }
        Output::Text => rows
            .iter()
            .map(|(partner, health, keys, events, push)| {
                let sent = push.as_ref().map(push::line).unwrap_or_default();
                line(partner, health, keys, *events) + &sent
            })
            .collect(),
    })?;
    Ok(Ending::Done)
}

/// Returns a connection as JSON, without secrets in its URL.
pub(super) fn shown(connection: Option<&Connection>) -> Value {
    let mut value = serde_json::json!(connection);
    if let Some(url) = value["url"].as_str().map(without_secrets) {
        value["url"] = url.into();
    }
    value
}

fn line(partner: &Partner, health: &PartnerHealth, keys: &[AccessKey], events: usize) -> String {
    let Some(connection) = &partner.connection else {
        return format!("{:22} not connected; {events} events\n", partner.id);
    };
    let url = connection
        .url
        .as_ref()
        .map(|url| without_secrets(url.as_str()));
    let url = url.unwrap_or_default();
    let paused = if connection.paused { "; PAUSED" } else { "" };
    let last = health.good_at.map_or("never updated".to_owned(), |at| {
        format!("updated {}", at.format("%Y-%m-%d %H:%M UTC"))
    });
    let wrong = match &health.complaint {
        None => String::new(),
        Some(Complaint::CredentialsRefused(why)) => format!("; CREDENTIALS REFUSED: {why}"),
        Some(Complaint::Failing(why)) => format!("; FAILING {} times: {why}", health.failures),
        Some(Complaint::Quarantined(why)) => format!("; QUARANTINED: {why}"),
        Some(Complaint::Held(why)) => format!("; HELD: {why}"),
        Some(Complaint::DroppedToZero) => "; DROPPED TO ZERO".to_owned(),
        Some(Complaint::Slow) => format!("; slow: {} s", health.took_ms / 1_000),
    };
    let valid = keys.iter().filter(|key| key.revoked.is_none()).count();
    format!(
        "{:22} {} {url}; {events} events; {valid} keys; {last}{paused}{wrong}\n",
        partner.id, connection.connector
    )
}
