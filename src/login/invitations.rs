//! Links that grant the editor role once, for a day.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_domain::EditorScope;
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::accounts;
use super::codes::ephemeral;
use super::error::LoginError;
use super::secret::Secret;

const TABLE: EphemeralTable = EphemeralTable::SignIns;
const PREFIX: &str = "invitation/";
/// Hours for which an invitation is valid.
pub const HOURS: i64 = 24;

#[derive(Serialize, Deserialize)]
struct StoredInvitation {
    scope: EditorScope,
}

pub(super) fn key(secret: &Secret) -> String {
    format!("{PREFIX}{}", secret.key())
}

/// Makes an invitation. It survives the end of the process from then on.
///
/// # Errors
/// Errors if the store fails or the system has no random source.
pub fn create(calendar: &Calendar, scope: EditorScope) -> Result<Secret, LoginError> {
    let secret = Secret::new()?;
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: serde_json::to_vec(&StoredInvitation { scope })?,
        expires: now + TimeDelta::hours(HOURS),
    };
    let kept = ephemeral(calendar)?;
    kept.put(TABLE, &key(&secret), now, &entry)?;
    kept.flush()?;
    Ok(secret)
}

/// Returns an invitation for the first editor, or `None` if there is an editor or an invitation is open.
///
/// # Errors
/// Errors if the store fails or the system has no random source.
pub fn for_first_editor(calendar: &Calendar) -> Result<Option<Secret>, LoginError> {
    let open = ephemeral(calendar)?.list(TABLE, PREFIX, calendar.clock().now())?;
    if !open.is_empty() || accounts::has_editor(calendar)? {
        return Ok(None);
    }
    create(calendar, EditorScope::All).map(Some)
}

/// Returns true if an invitation is open.
pub(super) fn is_open(calendar: &Calendar, secret: &Secret) -> Result<bool, LoginError> {
    let now = calendar.clock().now();
    Ok(ephemeral(calendar)?
        .get(TABLE, &key(secret), now)?
        .is_some())
}

/// Uses the invitation under a key up. Returns what it grants, or `None` if it is not open.
pub(super) fn take(calendar: &Calendar, key: &str) -> Result<Option<EditorScope>, LoginError> {
    let now = calendar.clock().now();
    let kept = ephemeral(calendar)?;
    let Some(taken) = kept.remove(TABLE, key, now)? else {
        return Ok(None);
    };
    kept.flush()?;
    let invitation: StoredInvitation = serde_json::from_slice(&taken.value)?;
    Ok(Some(invitation.scope))
}
