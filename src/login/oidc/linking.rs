//! Linking an identity to an account.

use crate::login::provider_login::{self, LinkOutcome, ProviderLogin};
use crate::login::{Login, LoginError};
use calendar_domain::{Account, AccountId, MailKind};

impl Login {
    /// Links an identity to an account, and tells the person by mail: who did not do it learns of it. The mail about an account
    /// that is as new as its first sign-in would tell nothing.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub(in crate::login) fn link_identity(
        &self,
        id: &AccountId,
        login: &ProviderLogin,
    ) -> Result<LinkOutcome, LoginError> {
        let holder = provider_login::account(&self.calendar, login)?;
        if holder.is_some_and(|holder| holder.id == *id) {
            return Ok(LinkOutcome::Linked);
        }
        let notice = |account: &Account| {
            let is_new = account.signed_in == Some(account.created);
            let mail = self.notice(account, MailKind::LoginLinked, &login.name);
            mail.filter(|_| !is_new)
        };
        let outcome = provider_login::link(&self.calendar, id, login, notice)?;
        tracing::info!(account = %id, provider = %login.provider, ?outcome, "linked an identity");
        Ok(outcome)
    }
}
