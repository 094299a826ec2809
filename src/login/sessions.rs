//! Who is signed in where.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_domain::{Account, AccountId};
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::accounts;
use super::codes::ephemeral;
use super::error::LoginError;
use super::provider_login::ProviderLogin;
use super::secret::{FormToken, Secret, digest};

const TABLE: EphemeralTable = EphemeralTable::Sessions;

/// A session ends this long after its last request, and in any case this long after its beginning.
const IDLE: TimeDelta = TimeDelta::days(14);
const LONGEST: TimeDelta = TimeDelta::days(90);
/// Minimum time between two notes of when a session was used.
const NOTED: TimeDelta = TimeDelta::hours(1);
/// Maximum length of the browser's name in characters.
const AGENT: usize = 200;

/// Identifies a session in lists and forms, without disclosing its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    fn from_key(key: &str) -> Self {
        let whole = digest(&[b"id", key.as_bytes()]);
        Self(whole.chars().take(16).collect())
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session, as stored under the digest of its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredSession {
    account: AccountId,
    begun: DateTime<Utc>,
    seen: DateTime<Utc>,
    agent: String,
    /// The identity at a provider with which it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login: Option<ProviderLogin>,
}

/// A session of an account, for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Id.
    pub id: SessionId,
    /// Time of signing in.
    pub begun: DateTime<Utc>,
    /// Time of the last use, to the hour.
    pub seen: DateTime<Utc>,
    /// The browser's own name (`User-Agent`).
    pub agent: String,
}

/// The session of a request.
#[derive(Debug, Clone)]
pub struct SignedInSession {
    /// Who is signed in.
    pub account: Account,
    /// The session.
    pub id: SessionId,
    /// Token of the session's forms.
    pub token: FormToken,
}

/// Begins a session. It survives the end of the process from then on.
pub(super) fn begin(
    calendar: &Calendar,
    account: &AccountId,
    login: Option<&ProviderLogin>,
    agent: &str,
) -> Result<Secret, LoginError> {
    let secret = Secret::new()?;
    let now = calendar.clock().now();
    let session = StoredSession {
        account: account.clone(),
        begun: now,
        seen: now,
        agent: agent
            .chars()
            .filter(|c| !c.is_control())
            .take(AGENT)
            .collect(),
        login: login.cloned(),
    };
    let entry = entry(&session)?;
    let kept = ephemeral(calendar)?;
    kept.put(TABLE, &secret.key(), now, &entry)?;
    kept.flush()?;
    Ok(secret)
}

fn entry(session: &StoredSession) -> Result<EphemeralEntry, LoginError> {
    Ok(EphemeralEntry {
        value: serde_json::to_vec(session)?,
        expires: (session.seen + IDLE).min(session.begun + LONGEST),
    })
}

/// Returns the session of a secret, if it is open and its account exists.
pub(super) fn find(
    calendar: &Calendar,
    secret: &Secret,
) -> Result<Option<SignedInSession>, LoginError> {
    let (now, key) = (calendar.clock().now(), secret.key());
    let kept = ephemeral(calendar)?;
    let Some(found) = kept.get(TABLE, &key, now)? else {
        return Ok(None);
    };
    let session: StoredSession = serde_json::from_slice(&found.value)?;
    let Some(account) = accounts::with_id(calendar, &session.account)? else {
        kept.remove(TABLE, &key, now)?;
        return Ok(None);
    };
    if now - session.seen > NOTED {
        let seen = entry(&StoredSession {
            seen: now,
            ..session
        })?;
        // It may have been ended meanwhile.
        let noted = kept.update(TABLE, &key, now, &mut |old| old.map(|_| seen.clone()));
        if let Err(error) = noted {
            tracing::warn!(%error, "cannot record the use of a session");
        }
    }
    Ok(Some(SignedInSession {
        account,
        id: SessionId::from_key(&key),
        token: secret.form_token(),
    }))
}

/// Ends the session of a secret.
pub(super) fn end(calendar: &Calendar, secret: &Secret) -> Result<(), LoginError> {
    let kept = ephemeral(calendar)?;
    kept.remove(TABLE, &secret.key(), calendar.clock().now())?;
    Ok(kept.flush()?)
}

/// Returns the open sessions of an account with their keys, the last used first.
fn of_account(
    calendar: &Calendar,
    account: &AccountId,
) -> Result<Vec<(String, OpenSession)>, LoginError> {
    let all = ephemeral(calendar)?.list(TABLE, "", calendar.clock().now())?;
    let mut found = Vec::new();
    for (key, entry) in all {
        let session: StoredSession = serde_json::from_slice(&entry.value)?;
        if session.account == *account {
            let open = OpenSession {
                id: SessionId::from_key(&key),
                begun: session.begun,
                seen: session.seen,
                agent: session.agent,
            };
            found.push((key, open));
        }
    }
    found.sort_by_key(|(_, session)| std::cmp::Reverse(session.seen));
    Ok(found)
}

/// Returns the open sessions of an account, the last used first.
pub(super) fn list(
    calendar: &Calendar,
    account: &AccountId,
) -> Result<Vec<OpenSession>, LoginError> {
    let all = of_account(calendar, account)?.into_iter();
    Ok(all.map(|(_, session)| session).collect())
}

/// Ends the sessions of an account for which `ends` returns true.
pub(super) fn end_some(
    calendar: &Calendar,
    account: &AccountId,
    ends: impl Fn(&SessionId) -> bool,
) -> Result<(), LoginError> {
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    for (key, session) in of_account(calendar, account)? {
        if ends(&session.id) {
            kept.remove(TABLE, &key, now)?;
        }
    }
    Ok(kept.flush()?)
}

/// Returns the id of the provider at which the session of a secret began.
pub(super) fn provider(calendar: &Calendar, secret: &Secret) -> Result<Option<String>, LoginError> {
    let now = calendar.clock().now();
    let Some(found) = ephemeral(calendar)?.get(TABLE, &secret.key(), now)? else {
        return Ok(None);
    };
    let session: StoredSession = serde_json::from_slice(&found.value)?;
    Ok(session.login.map(|login| login.provider))
}

/// Ends the sessions that began at a provider: those of its session `sid`, or all of the person `sub`. Returns their number.
pub(super) fn end_of_provider(
    calendar: &Calendar,
    provider: &str,
    sub: Option<&str>,
    sid: Option<&str>,
) -> Result<usize, LoginError> {
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    let mut ended = 0;
    for (key, entry) in kept.list(TABLE, "", now)? {
        let session: StoredSession = serde_json::from_slice(&entry.value)?;
        let is_meant = session.login.is_some_and(|login| {
            let is_person = sub.is_none_or(|sub| login.sub == sub);
            let is_session = match (sid, &login.sid) {
                (Some(sid), Some(own)) => sid == own,
                // The provider names no sessions in its ID tokens.
                (Some(_), None) => sub.is_some(),
                (None, _) => true,
            };
            login.provider == provider && is_person && is_session
        });
        if is_meant && kept.remove(TABLE, &key, now)?.is_some() {
            ended += 1;
        }
    }
    kept.flush()?;
    Ok(ended)
}

/// Ends the sessions that began before a time. Returns their number.
///
/// # Errors
/// Errors if the store fails.
pub fn end_begun_before(calendar: &Calendar, until: DateTime<Utc>) -> Result<usize, LoginError> {
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    let mut ended = 0;
    for (key, entry) in kept.list(TABLE, "", now)? {
        let session: StoredSession = serde_json::from_slice(&entry.value)?;
        if session.begun < until {
            kept.remove(TABLE, &key, now)?;
            ended += 1;
        }
    }
    if ended > 0 {
        kept.flush()?;
    }
    Ok(ended)
}
