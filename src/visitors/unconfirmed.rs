//! The messages that wait until their senders confirm their addresses.
//!
//! Their number is bounded: beyond it the oldest is removed, so that a flood does not keep out a message that comes after
//! it. The id of a message follows from its form, text and address, so that a form that is sent twice is one message and
//! one mail.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::catalog::Calendar;
use crate::login::Secret;
use calendar_domain::event_form::EventForm;
use calendar_domain::{EmailAddress, EventId, Lang, ReportedFault};
use calendar_store::{EphemeralEntry, EphemeralStore, EphemeralTable, Store};

use super::VisitorError;

/// Hours for which a message can be confirmed.
pub const CONFIRM_HOURS: i64 = 48;
/// Maximum number of messages.
const MOST: usize = 1_000;
const TABLE: EphemeralTable = EphemeralTable::Unconfirmed;

/// What a visitor writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorMessage {
    /// A suggestion of an event.
    Suggestion {
        /// The form as typed.
        form: EventForm,
    },
    /// A report of a mistake in an event.
    Report {
        /// The event.
        event: EventId,
        /// What is wrong.
        fault: ReportedFault,
        /// What the visitor wrote.
        text: String,
    },
}

/// A message as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Unconfirmed {
    pub(super) message: VisitorMessage,
    pub(super) email: EmailAddress,
    pub(super) language: Lang,
    /// Digest of the link's secret.
    secret: String,
}

/// The link that confirms a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationLink {
    /// Id of the message.
    pub(super) id: Uuid,
    secret: Secret,
}

impl ConfirmationLink {
    /// Parses the text of a link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.split_once('.')?;
        Some(Self {
            id: Uuid::try_parse(id).ok()?,
            secret: Secret::parse(secret)?,
        })
    }

    /// Returns the text of the link.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.id.simple(), self.secret.text())
    }
}

fn table(calendar: &Calendar) -> Result<&dyn EphemeralStore, VisitorError> {
    calendar.ephemeral().ok_or(VisitorError::NoStore)
}

/// Stores a message. Returns its link; `None` if one with this id waits already.
pub(super) fn add(
    calendar: &Calendar,
    id: Uuid,
    message: VisitorMessage,
    email: EmailAddress,
    language: Lang,
) -> Result<Option<ConfirmationLink>, VisitorError> {
    let now = calendar.clock().now();
    let link = ConfirmationLink {
        id,
        secret: Secret::new()?,
    };
    let waiting = Unconfirmed {
        message,
        email,
        language,
        secret: link.secret.key(),
    };
    let entry = EphemeralEntry {
        value: serde_json::to_vec(&waiting)?,
        expires: now + TimeDelta::hours(CONFIRM_HOURS),
    };
    let table = table(calendar)?;
    make_room(table, now)?;
    let mut is_new = false;
    table.update(TABLE, &key(id), now, &mut |known| {
        is_new = known.is_none();
        Some(known.unwrap_or_else(|| entry.clone()))
    })?;
    table.flush()?;
    Ok(Some(link).filter(|_| is_new))
}

/// Returns the id of what was sent with a form: the same for the same message and address.
pub(super) fn message_id(
    form: Uuid,
    message: &VisitorMessage,
    email: &EmailAddress,
) -> Result<Uuid, VisitorError> {
    let said = serde_json::to_vec(&(message, email.key()))?;
    Ok(Uuid::new_v5(&form, &said))
}

/// Returns true if a message waits.
pub(super) fn is_known(calendar: &Calendar, id: Uuid) -> Result<bool, VisitorError> {
    let now = calendar.clock().now();
    Ok(table(calendar)?.get(TABLE, &key(id), now)?.is_some())
}

fn key(id: Uuid) -> String {
    id.simple().to_string()
}

/// Removes the oldest messages if there are too many.
fn make_room(table: &dyn EphemeralStore, now: DateTime<Utc>) -> Result<(), VisitorError> {
    if table.count(TABLE)? < MOST {
        return Ok(());
    }
    table.remove_expired(now)?;
    let mut all: Vec<_> = table.list(TABLE, "", now)?;
    all.sort_by_key(|(key, entry)| (entry.expires, key.clone()));
    let excess = (all.len() + 1).saturating_sub(MOST);
    for (key, _) in all.into_iter().take(excess) {
        table.remove(TABLE, &key, now)?;
    }
    Ok(())
}

/// Returns the message of a link, unless it was confirmed or is too old.
pub(super) fn find(
    calendar: &Calendar,
    link: &ConfirmationLink,
) -> Result<Option<Unconfirmed>, VisitorError> {
    let now = calendar.clock().now();
    let Some(entry) = table(calendar)?.get(TABLE, &key(link.id), now)? else {
        return Ok(None);
    };
    let waiting: Unconfirmed = serde_json::from_slice(&entry.value)?;
    // Comparing digests leaks nothing through timing.
    let is_right = Sha256::digest(&waiting.secret) == Sha256::digest(link.secret.key());
    Ok(Some(waiting).filter(|_| is_right))
}

/// Removes the message of a link after it was confirmed.
pub(super) fn remove(calendar: &Calendar, link: &ConfirmationLink) -> Result<(), VisitorError> {
    let table = table(calendar)?;
    table.remove(TABLE, &key(link.id), calendar.clock().now())?;
    table.flush()?;
    Ok(())
}
