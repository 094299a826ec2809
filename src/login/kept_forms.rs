//! Forms that arrived after the end of their session. They are kept for the browser that sent them, until it has signed
//! in again with the same account.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::rate_limit::RateLimiter;
use calendar_domain::AccountId;
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::LoginClient;
use super::codes::ephemeral;
use super::error::LoginError;
use super::secret::Secret;

const TABLE: EphemeralTable = EphemeralTable::Drafts;
/// Time for which a form is kept.
const KEPT: TimeDelta = TimeDelta::hours(2);
/// Maximum size of a kept form in bytes.
const SIZE: usize = 128 << 10;

/// A form, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// The path to which it was sent.
    pub path: String,
    /// Its fields, without the token.
    pub fields: Vec<(String, String)>,
}

/// Bounds the memory used by forms of people who are not signed in.
pub(super) struct KeptFormLimits {
    by_client: RateLimiter<std::net::IpAddr>,
    all: RateLimiter<()>,
}

impl Default for KeptFormLimits {
    fn default() -> Self {
        Self {
            by_client: RateLimiter::new(10.0, 1.0 / 60.0),
            all: RateLimiter::new(200.0, 1.0 / 30.0),
        }
    }
}

/// Time for which it is known whose session a secret was: longer than any session, and than its last form is kept.
const OWNER_KNOWN: TimeDelta = TimeDelta::days(91);

/// Beginning of the keys of the owners of forms, and of the forms.
const OWNER: &str = "owner/";
const FORM: &str = "form/";

fn owner_key(secret: &Secret) -> String {
    format!("{OWNER}{}", secret.key())
}

/// Returns the key of the form that belongs to the key of an owner.
#[must_use]
pub fn kept_form_of(table: EphemeralTable, key: &str) -> Option<String> {
    let session = key.strip_prefix(OWNER).filter(|_| table == TABLE)?;
    Some(format!("{FORM}{session}"))
}

/// Notes whose session a secret is, beyond the end of the session.
pub(super) fn note_owner(
    calendar: &Calendar,
    secret: &Secret,
    account: &AccountId,
) -> Result<(), LoginError> {
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: account.as_str().as_bytes().to_vec(),
        expires: now + OWNER_KNOWN,
    };
    ephemeral(calendar)?.put(TABLE, &owner_key(secret), now, &entry)?;
    Ok(())
}

fn key(secret: &Secret) -> String {
    format!("{FORM}{}", secret.key())
}

/// Keeps a form under the secret of the session that ended. Returns false if it is unknown whose session that was, the
/// form is too large, or there are too many.
pub(super) fn keep(
    calendar: &Calendar,
    limits: &KeptFormLimits,
    secret: &Secret,
    client: LoginClient,
    form: &KeptForm,
) -> Result<bool, LoginError> {
    let now = calendar.clock().now();
    let value = serde_json::to_vec(form)?;
    let is_known = ephemeral(calendar)?.get(TABLE, &owner_key(secret), now)?;
    let is_allowed = value.len() <= SIZE
        && is_known.is_some()
        && limits.by_client.take(client.prefix, now).is_ok()
        && limits.all.take((), now).is_ok();
    if is_allowed {
        let expires = now + KEPT;
        let kept = ephemeral(calendar)?;
        kept.put(TABLE, &key(secret), now, &EphemeralEntry { value, expires })?;
        kept.flush()?;
    }
    Ok(is_allowed)
}

/// Transfers a form to the session that begins, if that is of the same account. Otherwise it is forgotten.
pub(super) fn transfer(
    calendar: &Calendar,
    before: &Secret,
    next: &Secret,
    account: &AccountId,
) -> Result<(), LoginError> {
    let now = calendar.clock().now();
    let kept = ephemeral(calendar)?;
    let owner = kept.remove(TABLE, &owner_key(before), now)?;
    let is_same = owner.is_some_and(|owner| owner.value == account.as_str().as_bytes());
    let form = kept.remove(TABLE, &key(before), now)?;
    if let Some(form) = form.filter(|_| is_same) {
        kept.put(TABLE, &key(next), now, &form)?;
        kept.flush()?;
    }
    Ok(())
}

/// Returns the form that is kept for a session.
pub(super) fn find(calendar: &Calendar, secret: &Secret) -> Result<Option<KeptForm>, LoginError> {
    let now = calendar.clock().now();
    let found = ephemeral(calendar)?.get(TABLE, &key(secret), now)?;
    Ok(found
        .map(|ephemeral| serde_json::from_slice(&ephemeral.value))
        .transpose()?)
}
