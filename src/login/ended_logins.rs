//! What providers ended, remembered for sign-ins that are under way. A person may be back from the provider with a code
//! while the provider tells that this person has signed out.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::Calendar;
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::codes::ephemeral;
use super::error::LoginError;
use super::provider_login::ProviderLogin;
use super::secret::digest;

const TABLE: EphemeralTable = EphemeralTable::SignIns;
/// Minutes for which it is remembered. No sign-in that began before takes longer.
const MINUTES: i64 = 45;

/// What of a person's logins a provider ends.
enum Ended<'a> {
    /// All of the person.
    Person(&'a str),
    /// Those of the person for which the provider named no session.
    Unnamed(&'a str),
    /// Those of a session at the provider.
    Session(&'a str),
}

impl Ended<'_> {
    fn key(&self, provider: &str) -> String {
        let (kind, name) = match self {
            Self::Person(sub) => ("sub", sub),
            Self::Unnamed(sub) => ("unnamed", sub),
            Self::Session(sid) => ("sid", sid),
        };
        format!("ended/{provider}/{kind}/{}", digest(&[name.as_bytes()]))
    }
}

/// Notes that a provider ended its session `sid`, or all of the person `sub`.
pub(super) fn note(
    calendar: &Calendar,
    provider: &str,
    sub: Option<&str>,
    sid: Option<&str>,
) -> Result<(), LoginError> {
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: serde_json::to_vec(&now)?,
        expires: now + TimeDelta::minutes(MINUTES),
    };
    let ended = match (sub, sid) {
        (sub, Some(sid)) => [Some(Ended::Session(sid)), sub.map(Ended::Unnamed)],
        (sub, None) => [sub.map(Ended::Person), None],
    };
    let kept = ephemeral(calendar)?;
    for ended in ended.into_iter().flatten() {
        kept.put(TABLE, &ended.key(provider), now, &entry)?;
    }
    Ok(kept.flush()?)
}

/// Returns true if the provider ended a login after the browser had left for it.
pub(super) fn is_ended(calendar: &Calendar, login: &ProviderLogin) -> Result<bool, LoginError> {
    let Some(asked) = login.asked else {
        return Ok(false);
    };
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    let session = match &login.sid {
        Some(sid) => Ended::Session(sid),
        None => Ended::Unnamed(&login.sub),
    };
    for ended in [session, Ended::Person(&login.sub)] {
        if let Some(entry) = kept.get(TABLE, &ended.key(&login.provider), now)? {
            let at: DateTime<Utc> = serde_json::from_slice(&entry.value)?;
            if asked <= at {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
