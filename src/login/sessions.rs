//! Who is signed in where.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_domain::{Account, AccountId, CredentialId, LinkedLogin};
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::codes::ephemeral;
use super::error::LoginError;
use super::provider_login::ProviderLogin;
use super::secret::{FormToken, Secret, digest};
use super::{accounts, ended_logins};

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
    /// The passkey with which it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    passkey: Option<CredentialId>,
    /// True if it began with a code that was mailed.
    #[serde(default)]
    by_code: bool,
}

/// What a session begins with.
#[derive(Debug, Clone, Copy)]
pub(super) enum SessionProof<'a> {
    /// A code that was mailed or an invitation; the identity at a provider that was linked by it.
    Code(Option<&'a ProviderLogin>),
    /// An identity at a provider.
    Identity(&'a ProviderLogin),
    /// A passkey.
    Passkey(&'a CredentialId),
}

impl<'a> SessionProof<'a> {
    /// Returns the identity at a provider.
    pub(super) fn login(self) -> Option<&'a ProviderLogin> {
        match self {
            Self::Code(login) => login,
            Self::Identity(login) => Some(login),
            Self::Passkey(_) => None,
        }
    }

    /// Returns true if it still proves who has an account: the account has it, and no provider has ended it.
    fn is_valid(self, calendar: &Calendar, account: &AccountId) -> Result<bool, LoginError> {
        let Some(account) = accounts::with_id(calendar, account)? else {
            return Ok(false);
        };
        if let Self::Passkey(id) = self {
            return Ok(account.passkey(id).is_some());
        }
        match self.login() {
            Some(login) => Ok(login.is_of(&account) && !ended_logins::is_ended(calendar, login)?),
            None => Ok(true),
        }
    }
}

impl StoredSession {
    /// Returns when the person proved who they are. Single sign-on proves it anew for no one: the provider's own time counts.
    fn proven(&self) -> Option<DateTime<Utc>> {
        match &self.login {
            Some(login) if !self.by_code => login.proven.map(|at| at.min(self.begun)),
            _ => Some(self.begun),
        }
    }
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
    /// When the person proved who they are. Unknown if a provider signed the person in and does not tell.
    pub proven: Option<DateTime<Utc>>,
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

/// Begins a session. It survives the end of the process from then on. Returns `None` if what it begins with was removed
/// from the account, or ended by a provider, meanwhile.
pub(super) fn begin(
    calendar: &Calendar,
    account: &AccountId,
    proof: SessionProof<'_>,
    agent: &str,
) -> Result<Option<Secret>, LoginError> {
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
        login: proof.login().cloned(),
        passkey: match proof {
            SessionProof::Passkey(id) => Some(id.clone()),
            _ => None,
        },
        by_code: matches!(proof, SessionProof::Code(_)),
    };
    let entry = entry(&session)?;
    let kept = ephemeral(calendar)?;
    kept.put(TABLE, &secret.key(), now, &entry)?;
    kept.flush()?;
    // Checked afterwards: who removes or ends it does that first, and then ends the sessions that are there.
    if proof.is_valid(calendar, account)? {
        return Ok(Some(secret));
    }
    end(calendar, &secret)?;
    Ok(None)
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

/// Returns the open sessions of an account, the last used first.
pub(super) fn list(
    calendar: &Calendar,
    account: &AccountId,
) -> Result<Vec<OpenSession>, LoginError> {
    let all = ephemeral(calendar)?.list(TABLE, "", calendar.clock().now())?;
    let mut found = Vec::new();
    for (key, entry) in all {
        let session: StoredSession = serde_json::from_slice(&entry.value)?;
        if session.account == *account {
            found.push(OpenSession {
                id: SessionId::from_key(&key),
                begun: session.begun,
                seen: session.seen,
                proven: session.proven(),
                agent: session.agent,
            });
        }
    }
    found.sort_by_key(|session| std::cmp::Reverse(session.seen));
    Ok(found)
}

/// Ends the sessions for which `is_meant` returns true. Returns their number.
fn end_where(
    calendar: &Calendar,
    is_meant: impl Fn(&SessionId, &StoredSession) -> bool,
) -> Result<usize, LoginError> {
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    let mut ended = 0;
    for (key, entry) in kept.list(TABLE, "", now)? {
        let session: StoredSession = serde_json::from_slice(&entry.value)?;
        let is_meant = is_meant(&SessionId::from_key(&key), &session);
        if is_meant && kept.remove(TABLE, &key, now)?.is_some() {
            ended += 1;
        }
    }
    kept.flush()?;
    Ok(ended)
}

/// Ends the sessions of an account for which `ends` returns true.
pub(super) fn end_some(
    calendar: &Calendar,
    account: &AccountId,
    ends: impl Fn(&SessionId) -> bool,
) -> Result<(), LoginError> {
    end_where(calendar, |id, session| {
        session.account == *account && ends(id)
    })
    .map(drop)
}

/// Ends the sessions of an account that began with a passkey.
pub(super) fn end_of_passkey(
    calendar: &Calendar,
    account: &AccountId,
    id: &CredentialId,
) -> Result<(), LoginError> {
    let is_meant = |_: &SessionId, session: &StoredSession| {
        session.account == *account && session.passkey.as_ref() == Some(id)
    };
    end_where(calendar, is_meant).map(drop)
}

/// Ends the sessions of an account that began with an identity for which `goes` returns true, except that of the person who
/// removes the identity if a code proved who it is.
pub(super) fn end_of_identities(
    calendar: &Calendar,
    account: &AccountId,
    current: &SessionId,
    goes: impl Fn(&LinkedLogin) -> bool,
) -> Result<(), LoginError> {
    let is_meant = |id: &SessionId, session: &StoredSession| {
        if session.account != *account || session.by_code && id == current {
            return false;
        }
        let login = session.login.as_ref();
        login.is_some_and(|login| goes(&login.as_linked(session.begun)))
    };
    end_where(calendar, is_meant).map(drop)
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
    end_where(calendar, |_, session| {
        let login = session.login.as_ref();
        login.is_some_and(|login| login.is_ended_by(provider, sub, sid))
    })
}

/// Ends the sessions that began before a time. Returns their number.
///
/// # Errors
/// Errors if the store fails.
pub fn end_begun_before(calendar: &Calendar, until: DateTime<Utc>) -> Result<usize, LoginError> {
    end_where(calendar, |_, session| session.begun < until)
}
