//! Linking an identity to an account, and removing it.

use crate::login::provider_login::{self, LinkOutcome, ProviderLogin};
use crate::login::{Login, LoginError, SessionId, sessions};
use calendar_domain::{Account, AccountId, LinkedLogin, MailKind};

impl Login {
    /// Links an identity to an account, and tells the person by mail: who did not do it learns of it. The mail about an account
    /// that the same sign-in has made (`is_new`) would tell nothing.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub(in crate::login) fn link_identity(
        &self,
        id: &AccountId,
        login: &ProviderLogin,
        is_new: bool,
    ) -> Result<LinkOutcome, LoginError> {
        let holder = provider_login::account(&self.calendar, login)?;
        if holder.is_some_and(|holder| holder.id == *id) {
            return Ok(LinkOutcome::Linked);
        }
        let notice = |account: &Account| {
            let mail = self.notice(account, MailKind::LoginLinked, &login.name);
            mail.filter(|_| !is_new)
        };
        let outcome = provider_login::link(&self.calendar, id, login, notice)?;
        tracing::info!(account = %id, provider = %login.provider, ?outcome, "linked an identity");
        Ok(outcome)
    }

    /// Removes the identities of an account for which `goes` returns true, ends the sessions that began with them, and tells
    /// the person by mail. `current` is the session of the person; `name` returns the name of the provider with an issuer.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub(super) fn unlink_identities(
        &self,
        (id, current): (&AccountId, &SessionId),
        goes: impl Fn(&LinkedLogin) -> bool,
        name: impl Fn(&str) -> String,
    ) -> Result<(), LoginError> {
        let notice = |account: &Account, removed: &LinkedLogin| {
            let name = name(&removed.issuer);
            self.notice(account, MailKind::LoginRemoved, &name)
        };
        if provider_login::unlink(&self.calendar, id, &goes, notice)? {
            sessions::end_of_identities(&self.calendar, id, current, goes)?;
            tracing::info!(account = %id, "removed an identity");
        }
        Ok(())
    }
}
