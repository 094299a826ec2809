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
    /// Tell an address of each change of an event from now on, and print the secret that messages are
    /// signed with
    #[command(after_help = examples::WEBHOOK_ADD)]
    Add {
        /// Where messages go, by the Standard Webhooks specification
        url: Url,
    },
    /// All webhooks, how it goes, and what was given up
    #[command(after_help = examples::WEBHOOK_LIST)]
    List,
    /// Tell an address of nothing more
    #[command(after_help = examples::WEBHOOK_REMOVE)]
    Remove {
        /// As `webhook list` shows it
        id: String,
    },
    /// Let things go out of a restored store again, from the server's next start on
    ///
    /// A restored store may be a copy. So a server on one sends nothing to anyone: no webhooks, WebSub or changes to
    /// partners' calendars, no exchange with partners and no backups on schedule, until this was said once.
    #[command(after_help = examples::WEBHOOK_RESUME)]
    Resume,
    /// Send again what waits or was given up; also brings a disabled webhook back
    #[command(after_help = examples::WEBHOOK_REPLAY)]
    Replay {
        /// As `webhook list` shows it
        id: String,
    },
}

pub fn act(
    opened: &OpenCalendar,
    command: &WebhookCommand,
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let calendar = &opened.calendar;
    match command {
        WebhookCommand::Add { url } => {
            let made = webhooks::add(calendar, url.clone())?;
            let (id, url, secret) = (&made.id, shown(&made.url), &made.secret.0);
            talk.print(&match talk.output {
                Output::Json => format!("{}\n", json!({"id": id, "url": url, "secret": secret})),
                Output::Text => {
                    format!("webhook {id} tells {url}; messages are signed with {secret}\n")
                }
            })?;
        }
        WebhookCommand::List => {
            let all = webhooks::list(calendar)?;
            talk.print(&match talk.output {
                Output::Json => {
                    let all: Vec<_> = all.iter().map(as_json).collect();
                    format!("{}\n", json!({ "items": all }))
                }
                Output::Text => all.iter().map(told).collect(),
            })?;
        }
        WebhookCommand::Remove { id } => {
            webhooks::remove(calendar, id)?;
            talk.print(&match talk.output {
                Output::Json => format!("{}\n", json!({"removed": id})),
                Output::Text => format!("webhook {id} is removed\n"),
            })?;
        }
        WebhookCommand::Resume => {
            let was_quiet = restored::is_quiet_since(calendar).is_some();
            restored::resume(calendar)?;
            let said = if was_quiet {
                "webhooks and all else go out again, from the next start of the server on"
            } else {
                "nothing was held back"
            };
            talk.print(&match talk.output {
                Output::Json => format!("{}\n", json!({"resumed": was_quiet})),
                Output::Text => format!("{said}\n"),
            })?;
        }
        WebhookCommand::Replay { id } => {
            webhooks::replay(calendar, id)?;
            talk.print(&match talk.output {
                Output::Json => format!("{}\n", json!({"replayed": id})),
                Output::Text => {
                    format!("webhook {id} is sent everything again that it has not taken\n")
                }
            })?;
        }
    }
    Ok(Ending::Done)
}

/// An address without what lets somebody in by it.
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
    let given_up = progress.waiting.iter().filter(|it| it.next.is_none());
    let given_up = given_up.count();
    let waiting = progress.waiting.len() - given_up;
    let mut out = format!(
        "{}  {}  up to commit {}, {waiting} waiting, {given_up} given up",
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
        let _ = writeln!(out, "  {event}  tried {attempts} times, {next}: {error}");
    }
    out
}
