//! `partner push`: pushes published events to a partner's own calendar.

use clap::Args;
use serde_json::{Value, json};
use url::Url;

use crate::catalog::Calendar;
use crate::delivery::push::{self, record};
use calendar_domain::{Connection, ConnectorId, Partner, PartnerField, PartnerId, SecretName};
use calendar_store::StoreError;

use super::super::open::OpenCalendar;
use super::super::session::Session;
use super::super::{Ending, Failure, Output};
use super::{address, operator, put};

#[derive(Debug, Args)]
pub(crate) struct Sending {
    /// The partner
    id: PartnerId,
    /// Kind of the calendar, from `partner kinds`
    #[arg(long, value_name = "KIND", required_unless_present = "stop")]
    kind: Option<ConnectorId>,
    /// Address of its interface
    #[arg(
        long,
        value_name = "URL",
        value_parser = address::parse,
        required_unless_present = "stop"
    )]
    url: Option<Url>,
    /// User name to log in with
    #[arg(long)]
    user: Option<String>,
    /// Environment variable that contains its password, token or key
    #[arg(long, value_name = "VARIABLE")]
    secret: Option<SecretName>,
    /// Stop sending; the partner's calendar keeps the events sent so far
    #[arg(long, conflicts_with_all = ["kind", "url", "user", "secret"])]
    stop: bool,
}

pub fn run(
    opened: &OpenCalendar,
    sending: &Sending,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let calendar = &opened.calendar;
    let old = calendar.snapshot().partner(&sending.id).cloned();
    let Some(old) = old else {
        return Err(format!("there is no partner «{}»", sending.id).into());
    };
    let connection = match (&sending.kind, &sending.url) {
        (Some(kind), Some(url)) => Some(connection(sending, kind, url, &old)?),
        _ => None,
    };
    let partner = Partner {
        push: connection.clone(),
        owners: old
            .owned()
            .chain([PartnerField::Push])
            .map(|field| (field, operator()))
            .collect(),
        ..Partner::clone(&old)
    };
    // Before the worker starts, so that it continues where it stopped.
    if let Some(connection) = &connection {
        record::resume(calendar, &record::key(&sending.id, connection))?;
    }
    put(calendar, partner)?;
    let id = &sending.id;
    session.print(&match (session.output, &connection) {
        (Output::Json, _) => format!(
            "{}\n",
            json!({"partner": id, "push": super::shown(connection.as_ref())})
        ),
        (Output::Text, Some(_)) => format!("published events are sent to {id}\n"),
        (Output::Text, None) => {
            format!("stopped sending to {id}; its calendar keeps the events sent so far\n")
        }
    })?;
    Ok(Ending::Done)
}

fn connection(
    sending: &Sending,
    kind: &ConnectorId,
    url: &Url,
    old: &Partner,
) -> Result<Connection, Failure> {
    let push = push::find(kind).map_err(|error| error.to_string())?;
    let plain = url.password().is_none() && url.username().is_empty() && url.has_host();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err("the address must be an http or https address without a password".into());
    }
    let before = old.push.clone().filter(|push| push.connector == *kind);
    // Mapping, zone and language come from the data file.
    let before = before.unwrap_or_else(|| Connection::new(kind.clone(), None));
    let connection = Connection {
        url: Some(url.clone()),
        user: sending.user.clone(),
        secret: sending.secret.clone(),
        ..before
    };
    push.check(&connection)?;
    address::check_user(sending.user.as_deref(), sending.secret.as_ref())?;
    Ok(connection)
}

/// Returns the state of pushing to a partner, or `None` without a push connection.
pub fn push_state(calendar: &Calendar, partner: &Partner) -> Result<Option<Value>, StoreError> {
    let Some(connection) = &partner.push else {
        return Ok(None);
    };
    let key = record::key(&partner.id, connection);
    let standing = record::standing(calendar, &key)?.map(|(value, _)| value.progress);
    let waiting = standing.iter().flat_map(|standing| &standing.waiting);
    let (waits, given_up): (Vec<_>, Vec<_>) = waiting.partition(|waiting| waiting.next.is_some());
    let error = waits.last().or(given_up.last()).map(|wait| &wait.error);
    Ok(Some(json!({
        "connection": super::shown(Some(connection)),
        "events": record::count(calendar, &key)?,
        "waiting": waits.len(),
        "given_up": given_up.len(),
        "error": error,
        "left_out": record::left_out(calendar, &key)?,
        "disabled": standing.as_ref().and_then(|standing| standing.disabled.as_ref()),
    })))
}

/// Formats the state for people.
pub fn line(state: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut line = format!(
        "{:22} sends to {} {}; {} events there",
        "",
        text(&state["connection"]["connector"]),
        text(&state["connection"]["url"]),
        state["events"]
    );
    for (name, called) in [("waiting", "wait"), ("given_up", "GIVEN UP")] {
        if state[name] != 0 {
            line.push_str(&format!("; {} {called}", state[name]));
        }
    }
    for (name, called) in [("error", "last error"), ("disabled", "STOPPED")] {
        if let Some(why) = state[name].as_str() {
            line.push_str(&format!("; {called}: {why}"));
        }
    }
    line.push('\n');
    for (why, number) in state["left_out"].as_object().into_iter().flatten() {
        line.push_str(&format!("{:22} {number} not sent: {why}\n", ""));
    }
    line
}
