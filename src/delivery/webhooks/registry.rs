//! Adds, lists, removes and replays webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::catalog::Calendar;
use crate::random::random_bytes;
use calendar_domain::redaction::without_secrets;
use calendar_domain::{Progress, RecordKey, RecordKind, SharedSecret, Webhook};
use calendar_store::{Author, Change, Revision, Store, StoreError, records};

/// Prefix of a secret.
const PREFIX: &str = "whsec_";

/// Maximum number of webhooks.
const MOST: usize = 1_000;

/// Why a webhook was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The address is none that messages can go to.
    #[error("«{}» is not an http or https address without a password", without_secrets(.0.as_str()))]
    Address(Url),
    /// The limit is reached.
    #[error("the limit of {MOST} webhooks is reached; remove one first")]
    TooMany,
    /// There is no such webhook.
    #[error("there is no webhook «{0}»; `webhook list` shows all")]
    Unknown(String),
    /// The system provides no randomness.
    #[error("the operating system returned no random bytes: {0}")]
    Random(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a webhook, which receives all changes from now on.
///
/// # Errors
/// Errors if the address is not usable, the limit is reached, the system provides no randomness, or the store
/// fails.
pub fn add(calendar: &Calendar, url: Url) -> Result<Webhook, WebhookError> {
    let plain = url.password().is_none() && url.username().is_empty() && url.has_host();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err(WebhookError::Address(url));
    }
    if list(calendar)?.len() >= MOST {
        return Err(WebhookError::TooMany);
    }
    let failed = |error: getrandom::Error| WebhookError::Random(error.to_string());
    let secret = STANDARD.encode(random_bytes::<32>().map_err(failed)?);
    let webhook = Webhook {
        id: hex::encode(random_bytes::<6>().map_err(failed)?),
        url,
        secret: SharedSecret(format!("{PREFIX}{secret}")),
        created: calendar.clock().now(),
        progress: Progress::after(calendar.head().number.0),
    };
    let change = Change::create(webhook.clone().into());
    commit(calendar, "added a webhook", change)?;
    Ok(webhook)
}

/// Returns every webhook, oldest first.
///
/// # Errors
/// Errors if the store can't be read.
pub fn list(calendar: &Calendar) -> Result<Vec<Webhook>, StoreError> {
    let found = records::every(calendar)?.into_iter();
    let mut found: Vec<Webhook> = found.map(|(value, _)| value).collect();
    found.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(found)
}

/// Removes a webhook.
///
/// # Errors
/// Errors if there is no such webhook or the store fails.
pub fn remove(calendar: &Calendar, id: &str) -> Result<(), WebhookError> {
    changing(calendar, id, |webhook, revision| {
        let key = RecordKey::new(RecordKind::Webhook, webhook.id);
        ("removed a webhook", Change::remove(key, revision))
    })
}

/// Sends pending and abandoned messages again, and those of changes since the webhook was disabled.
///
/// # Errors
/// Errors if there is no such webhook or the store fails.
pub fn replay(calendar: &Calendar, id: &str) -> Result<(), WebhookError> {
    let now = calendar.clock().now();
    changing(calendar, id, |mut webhook, revision| {
        webhook.progress.replay(now);
        (
            "replaying a webhook",
            Change::update(webhook.into(), revision),
        )
    })
}

/// Changes a webhook. Retried on a concurrent update by its worker.
fn changing(
    calendar: &Calendar,
    id: &str,
    change: impl Fn(Webhook, Revision) -> (&'static str, Change),
) -> Result<(), WebhookError> {
    let unknown = || WebhookError::Unknown(id.chars().take(40).collect());
    loop {
        let (webhook, revision) = find(calendar, id)?.ok_or_else(unknown)?;
        let (note, change) = change(webhook, revision);
        match commit(calendar, note, change) {
            Err(StoreError::Conflict { .. }) => {}
            outcome => return Ok(outcome?),
        }
    }
}

pub(super) fn find(
    calendar: &Calendar,
    id: &str,
) -> Result<Option<(Webhook, Revision)>, StoreError> {
    records::one(calendar, id)
}

pub(super) fn commit(calendar: &Calendar, note: &str, change: Change) -> Result<(), StoreError> {
    calendar.write(Author::System, note, vec![change])
}
