//! Identities at OpenID providers: those that sign in, and those linked to accounts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_domain::{Account, AccountId, Claim, Lang, LinkedLogin, OutgoingMail};
use calendar_store::{Author, Store, StoreError, records};

use super::account_change::{self, change_account};

/// Maximum number of identities of an account.
const IDENTITIES: usize = 20;

/// A person who has signed in at a provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderLogin {
    /// Id of the provider in the settings.
    pub provider: String,
    /// Name of the provider in the settings.
    #[serde(default)]
    pub name: String,
    /// `iss`.
    pub issuer: String,
    /// What the account is found by: `sub`, or what replaces it.
    pub subject: String,
    /// `sub`, by which the provider ends sessions.
    pub sub: String,
    /// `sid`, the session at the provider.
    pub sid: Option<String>,
    /// When the browser left for the provider.
    #[serde(default)]
    pub asked: Option<DateTime<Utc>>,
    /// When the person proved at the provider who they are (`auth_time`), if the provider tells.
    #[serde(default)]
    pub proven: Option<DateTime<Utc>>,
}

/// Hides the person, since values are logged in this form.
impl std::fmt::Debug for ProviderLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ProviderLogin({}, …)", self.provider)
    }
}

impl ProviderLogin {
    fn claim(&self) -> Claim {
        Claim::AccountLogin {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
        }
    }

    /// Returns true if a provider means this when it ends its session `sid`, or all of the person `sub`.
    pub(super) fn is_ended_by(&self, provider: &str, sub: Option<&str>, sid: Option<&str>) -> bool {
        let is_person = sub.is_none_or(|sub| self.sub == sub);
        let is_session = match (sid, &self.sid) {
            (Some(sid), Some(own)) => sid == own,
            // The provider names no sessions in its ID tokens.
            (Some(_), None) => sub.is_some(),
            (None, _) => true,
        };
        self.provider == provider && is_person && is_session
    }

    /// Returns the identity as an account has it.
    pub(super) fn as_linked(&self, linked: DateTime<Utc>) -> LinkedLogin {
        LinkedLogin {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            linked,
        }
    }

    /// Returns true if an account has this identity.
    pub(super) fn is_of(&self, account: &Account) -> bool {
        let mut own = account.logins.iter();
        own.any(|login| login.issuer == self.issuer && login.subject == self.subject)
    }
}

/// Result of linking an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOutcome {
    /// The account has it.
    Linked,
    /// Another account has it.
    OfAnother,
    /// The account has as many as it may, or is gone.
    Refused,
}

impl LinkOutcome {
    /// Returns the identity if the account has it.
    pub(super) fn linked(self, login: &ProviderLogin) -> Option<&ProviderLogin> {
        (self == Self::Linked).then_some(login)
    }
}

/// Returns the account that an identity signs in to.
pub(super) fn account(
    calendar: &Calendar,
    login: &ProviderLogin,
) -> Result<Option<Account>, StoreError> {
    let holders = calendar.holders(&login.claim())?;
    match holders.first() {
        Some(key) => Ok(records::one::<Account>(calendar, &key.id)?.map(|(account, _)| account)),
        None => Ok(None),
    }
}

/// Why an account stays as it is.
enum Unchanged {
    Store(StoreError),
    Needless,
    Full,
}

impl From<StoreError> for Unchanged {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Notes a sign-in to an account that has the identity. Returns the account after that, or `None` if it is gone or no longer
/// has the identity: that may have been removed since it was found.
pub(super) fn note_sign_in(
    calendar: &Calendar,
    id: &AccountId,
    login: &ProviderLogin,
    language: Lang,
) -> Result<Option<Account>, StoreError> {
    let changed = change_account(calendar, &Author::System, id.as_str(), |account, now| {
        if !login.is_of(account) {
            return Err(Unchanged::Needless);
        }
        account_change::note_sign_in(account, language, now);
        Ok(None)
    });
    match changed {
        Ok(account) => Ok(account),
        Err(Unchanged::Store(error)) => Err(error),
        Err(Unchanged::Needless | Unchanged::Full) => Ok(None),
    }
}

/// Links an identity to an account, and adds the mail of `notice` to the commit.
pub(super) fn link(
    calendar: &Calendar,
    id: &AccountId,
    login: &ProviderLogin,
    notice: impl Fn(&Account) -> Option<OutgoingMail>,
) -> Result<LinkOutcome, StoreError> {
    match account(calendar, login)? {
        Some(holder) if holder.id == *id => return Ok(LinkOutcome::Linked),
        Some(_) => return Ok(LinkOutcome::OfAnother),
        None => {}
    }
    let author = Author::Person(id.to_string());
    let changed = change_account(calendar, &author, id.as_str(), |account, now| {
        if login.is_of(account) {
            return Err(Unchanged::Needless);
        }
        if account.logins.len() >= IDENTITIES {
            return Err(Unchanged::Full);
        }
        account.logins.push(login.as_linked(now));
        Ok(notice(account))
    });
    match changed {
        Ok(Some(_)) | Err(Unchanged::Needless) => Ok(LinkOutcome::Linked),
        Ok(None) | Err(Unchanged::Full) => Ok(LinkOutcome::Refused),
        // Another account was first.
        Err(Unchanged::Store(StoreError::Taken { .. })) => Ok(LinkOutcome::OfAnother),
        Err(Unchanged::Store(error)) => Err(error),
    }
}

/// Removes the identities of an account for which `goes` returns true, and adds the mail of `notice` about the first to the
/// commit. A code by mail still signs in. Returns false if there are none.
pub(super) fn unlink(
    calendar: &Calendar,
    id: &AccountId,
    goes: impl Fn(&LinkedLogin) -> bool,
    notice: impl Fn(&Account, &LinkedLogin) -> Option<OutgoingMail>,
) -> Result<bool, StoreError> {
    let author = Author::Person(id.to_string());
    let changed = change_account(calendar, &author, id.as_str(), |account, _| {
        let removed = account.logins.iter().find(|login| goes(login)).cloned();
        let removed = removed.ok_or(Unchanged::Needless)?;
        account.logins.retain(|login| !goes(login));
        Ok(notice(account, &removed))
    });
    match changed {
        Ok(account) => Ok(account.is_some()),
        Err(Unchanged::Store(error)) => Err(error),
        Err(Unchanged::Needless | Unchanged::Full) => Ok(false),
    }
}
