//! From a proof of who a person is to a session.

use calendar_domain::{Account, AccountId, EditorScope, EmailAddress, Lang};

use super::error::LoginError;
use super::provider_login::{self, ProviderLogin};
use super::secret::Secret;
use super::service::Login;
use super::sessions::{self, SessionProof};
use super::{accounts, kept_forms};

impl Login {
    /// Signs in to the account of a proven address, which is created if there is none. An identity at a provider is linked to it.
    pub(super) fn begin(
        &self,
        email: &EmailAddress,
        language: Lang,
        grant: Option<&EditorScope>,
        login: Option<&ProviderLogin>,
        agent: &str,
        before: Option<&Secret>,
    ) -> Result<(Secret, Account), LoginError> {
        let (account, is_new) = accounts::note_sign_in(&self.calendar, email, language, grant)?;
        let login = match login {
            // An identity that meanwhile is another account's has no part in this session.
            Some(login) => self
                .link_identity(&account.id, login, is_new)?
                .linked(login),
            None => None,
        };
        let mut secret = self.begin_session(&account, SessionProof::Code(login), agent, before)?;
        if secret.is_none() {
            // The provider, or the person, has ended the identity meanwhile. The code proves who it is all the same.
            secret = self.begin_session(&account, SessionProof::Code(None), agent, before)?;
        }
        let secret = secret.ok_or_else(|| LoginError::NoAccount(email.clone()))?;
        Ok((secret, account))
    }

    /// Signs in to an account with an identity that it has. Returns `None` if it has it no longer, or is gone.
    pub(super) fn begin_with_identity(
        &self,
        id: &AccountId,
        language: Lang,
        login: &ProviderLogin,
        agent: &str,
        before: Option<&Secret>,
    ) -> Result<Option<(Secret, Account)>, LoginError> {
        let noted = provider_login::note_sign_in(&self.calendar, id, login, language)?;
        let Some(account) = noted else {
            return Ok(None);
        };
        let proof = SessionProof::Identity(login);
        let secret = self.begin_session(&account, proof, agent, before)?;
        Ok(secret.map(|secret| (secret, account)))
    }

    /// Begins a session of an account with a new secret, and ends the one before. Returns `None` if what it begins with was
    /// removed or ended meanwhile.
    pub(super) fn begin_session(
        &self,
        account: &Account,
        proof: SessionProof<'_>,
        agent: &str,
        before: Option<&Secret>,
    ) -> Result<Option<Secret>, LoginError> {
        let calendar = &self.calendar;
        let Some(secret) = sessions::begin(calendar, &account.id, proof, agent)? else {
            return Ok(None);
        };
        if let Some(before) = before {
            sessions::end(calendar, before)?;
        }
        let provider = proof.login().map(|login| login.provider.as_str());
        tracing::info!(account = %account.id, provider, "signed in");
        if let Some(before) = before {
            kept_forms::transfer(calendar, before, &secret, &account.id)?;
        }
        kept_forms::note_owner(calendar, &secret, &account.id)?;
        Ok(Some(secret))
    }
}
