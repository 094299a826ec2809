//! `webhook`: manages webhooks.

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::json;
use url::Url;

use crate::delivery::webhooks;
use calendar_domain::Webhook;
use calendar_domain::redaction::without_secrets;

use super::open::OpenCalendar;
use super::session::Session;
use super::{Ending, Failure, Output, examples, restored};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Send each change of an event to an address, and print the secret that signs the messages
    #[command(after_help = examples::WEBHOOK_ADD)]
    Add {
        /// Address that receives messages by the Standard Webhooks specification
        url: Url,
    },
    /// List webhooks with their state and failed messages
    #[command(after_help = examples::WEBHOOK_LIST)]
    List,
    /// Remove a webhook
    #[command(after_help = examples::WEBHOOK_REMOVE)]
    Remove {
        /// The id of the webhook, from `webhook list`
        id: String,
    },
    /// Resume delivery from a restored store, from the next start of the server
    ///
    /// A restored store may be a copy, so its server suspends all delivery until this command: webhooks, WebSub,
    /// pushes to partners' calendars, scheduled syncs and scheduled backups.
    #[command(after_help = examples::WEBHOOK_RESUME)]
    Resume,
    /// Send pending and failed messages again; also enables a disabled webhook
    #[command(after_help = examples::WEBHOOK_REPLAY)]
    Replay {
        /// The id of the webhook, from `webhook list`
        id: String,
    },
}

pub fn run(
    opened: &OpenCalendar,
    command: &WebhookCommand,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let calendar = &opened.calendar;
    match command {
        WebhookCommand::Add { url } => {
            let made = webhooks::add(calendar, url.clone())?;
            let (id, url, secret) = (&made.id, shown(&made.url), &made.secret.0);
            session.print(&match session.output {
                Output::Json => format!("{}\n", json!({"id": id, "url": url, "secret": secret})),
                Output::Text => {
                    format!("added webhook {id} to {url}; its messages are signed with {secret}\n")
                }
            })?;
        }
        WebhookCommand::List => {
            let all = webhooks::list(calendar)?;
            session.print(&match session.output {
                Output::Json => {
                    let all: Vec<_> = all.iter().map(as_json).collect();
                    format!("{}\n", json!({ "items": all }))
                }
                Output::Text => all.iter().map(told).collect(),
            })?;
        }
        WebhookCommand::Remove { id } => {
            webhooks::remove(calendar, id)?;
            session.print(&match session.output {
                Output::Json => format!("{}\n", json!({"removed": id})),
                Output::Text => format!("removed webhook {id}\n"),
            })?;
        }
        WebhookCommand::Resume => {
            let was_quiet = restored::is_quiet_since(calendar).is_some();
            restored::resume(calendar)?;
            let said = if was_quiet {
                "delivery resumes at the next start of the server"
            } else {
                "delivery was not suspended"
            };
            session.print(&match session.output {
                Output::Json => format!("{}\n", json!({"resumed": was_quiet})),
                Output::Text => format!("{said}\n"),
            })?;
        }
        WebhookCommand::Replay { id } => {
            webhooks::replay(calendar, id)?;
            session.print(&match session.output {
                Output::Json => format!("{}\n", json!({"replayed": id})),
                Output::Text => {
                    format!("queued all pending and failed messages of webhook {id}\n")
                }
            })?;
        }
    }
    Ok(Ending::Done)
}

/// Returns a URL without its secrets.
fn shown(url: &Url) -> String {
    without_secrets(url.as_str())
}

/// Returns a webhook as JSON, without its secret.
fn as_json(webhook: &Webhook) -> serde_json::Value {
    let progress = &webhook.progress;
    json!({
        "id": webhook.id, "url": shown(&webhook.url), "created": webhook.created,
        "commit": progress.commit, "disabled": progress.disabled, "waiting": progress.waiting,
    })
}

fn told(webhook: &Webhook) -> String {
    let progress = &webhook.progress;
    let given_up = progress
        .waiting
        .iter()
        .filter(|waiting| waiting.next.is_none());
    let given_up = given_up.count();
    let waiting = progress.waiting.len() - given_up;
    let mut out = format!(
        "{}  {}  up to commit {}, {waiting} pending, {given_up} failed",
        webhook.id,
        shown(&webhook.url),
        progress.commit
    );
    // Writing to a string cannot fail.
    if let Some(why) = &progress.disabled {
        let _ = write!(out, "; disabled: {why}");
    }
    out.push('\n');
    for delivery in &progress.waiting {
        let next = match delivery.next {
            Some(next) => format!("again {}", next.format("%Y-%m-%d %H:%M:%S UTC")),
            None => "given up".to_owned(),
        };
        let (event, attempts, error) = (&delivery.event, delivery.attempts, &delivery.error);
        let _ = writeln!(out, "  {event}  {attempts} attempts, {next}: {error}");
    }
    out
}
