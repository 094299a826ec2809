//! What a passkey has to sign. Each challenge belongs to the browser that asked for it, is used once, also by a wrong
//! answer, and ends after five minutes.

use chrono::TimeDelta;

use crate::catalog::Calendar;
use crate::login::LoginError;
use crate::login::codes::ephemeral;
use crate::random::random_bytes;
use calendar_domain::Base64Url;
use calendar_store::{EphemeralEntry, EphemeralTable};

/// Minutes for which a challenge is valid.
pub const CHALLENGE_MINUTES: i64 = 5;

const TABLE: EphemeralTable = EphemeralTable::SignIns;

fn key(browser: &str) -> String {
    format!("passkey/{browser}")
}

/// Makes a challenge for a browser, in place of its last one.
pub(super) fn create(calendar: &Calendar, browser: &str) -> Result<Base64Url, LoginError> {
    let challenge = random_bytes::<32>()?.to_vec();
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: challenge.clone(),
        expires: now + TimeDelta::minutes(CHALLENGE_MINUTES),
    };
    ephemeral(calendar)?.put(TABLE, &key(browser), now, &entry)?;
    Ok(Base64Url(challenge))
}

/// Takes the challenge of a browser, so that nobody else can answer it.
pub(super) fn take(calendar: &Calendar, browser: &str) -> Result<Option<Base64Url>, LoginError> {
    let now = calendar.clock().now();
    let taken = ephemeral(calendar)?.remove(TABLE, &key(browser), now)?;
    Ok(taken.map(|entry| Base64Url(entry.value)))
}
