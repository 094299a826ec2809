//! What the pages call.

use chrono::TimeDelta;

use crate::login::account_change::{change_account, note_sign_in};
use crate::login::sessions::{self, SessionProof};
use crate::login::{Login, LoginClient, LoginError, Secret, SessionId};
use calendar_domain::{
    Account, Base64Url, Claim, CredentialId, Lang, MailFacts, MailKind, OutgoingMail, Passkey,
};
use calendar_store::{Author, Store};

use super::{
    PasskeyError, PasskeyRefusal, RelyingParty, SentAssertion, SentRegistration, assertion,
    challenges, registration,
};

/// Minutes after signing in within which a person may add a passkey.
pub const RECENT_MINUTES: i64 = 15;
/// Maximum length of a name in characters.
const NAME: usize = 60;

/// A challenge for a browser that wants to sign in.
#[derive(Debug)]
pub struct PasskeyChallenge {
    /// The secret that the browser keeps.
    pub secret: Secret,
    /// What its passkey has to sign.
    pub challenge: Base64Url,
}

/// What a browser needs to make a passkey.
#[derive(Debug)]
pub struct PasskeyCreation {
    /// What the browser has to repeat.
    pub challenge: Base64Url,
    /// The account, as authenticators know it.
    pub user: Base64Url,
    /// Its passkeys. A device that has one of them makes no other.
    pub exclude: Vec<CredentialId>,
}

/// A sign-in with a passkey.
#[derive(Debug)]
pub struct PasskeySignIn<'a> {
    /// This site.
    pub party: &'a RelyingParty,
    /// The client.
    pub client: LoginClient,
    /// The secret that the browser keeps with its challenge.
    pub browser: Option<&'a Secret>,
    /// What the passkey answers.
    pub sent: &'a SentAssertion,
    /// Language of the page.
    pub language: Lang,
    /// The browser's own name.
    pub agent: &'a str,
    /// Secret of the session that ends with this.
    pub before: Option<&'a Secret>,
}

impl Login {
    /// Makes a challenge for a browser that wants to sign in with a passkey.
    ///
    /// # Errors
    /// Returns [`PasskeyError::TooMany`] if the client tries too often. Errors if the store fails.
    pub fn passkey_challenge(&self, client: LoginClient) -> Result<PasskeyChallenge, PasskeyError> {
        self.count_passkey(client)?;
        let secret = Secret::new().map_err(LoginError::from)?;
        let challenge = challenges::create(&self.calendar, &secret.key())?;
        Ok(PasskeyChallenge { secret, challenge })
    }

    fn count_passkey(&self, client: LoginClient) -> Result<(), PasskeyError> {
        let now = self.calendar.clock().now();
        let counted = self.limits.attempt(client, now);
        counted.map_err(PasskeyError::TooMany)
    }

    /// Signs in with a passkey. Returns the secret of the session, and who signed in.
    ///
    /// # Errors
    /// Returns the reason if the passkey is refused. Errors if the store fails.
    pub fn sign_in_with_passkey(
        &self,
        sign_in: &PasskeySignIn<'_>,
    ) -> Result<(Secret, Account), PasskeyError> {
        self.count_passkey(sign_in.client)?;
        let signed_in = self.try_passkey(sign_in);
        match &signed_in {
            Err(PasskeyError::Refused(PasskeyRefusal::Counter)) => tracing::warn!(
                "the signature counter of a passkey did not grow; there may be a copy of it"
            ),
            Err(PasskeyError::Refused(refusal)) => {
                tracing::info!(reason = %refusal, "refused a passkey");
            }
            _ => {}
        }
        signed_in
    }

    fn try_passkey(&self, sign_in: &PasskeySignIn<'_>) -> Result<(Secret, Account), PasskeyError> {
        let browser = sign_in.browser.ok_or(PasskeyRefusal::Ended)?;
        // Taken first: of two who use one answer, one is refused.
        let challenge = challenges::take(&self.calendar, &browser.key())?;
        let challenge = challenge.ok_or(PasskeyRefusal::Ended)?;
        let id: CredentialId = sign_in
            .sent
            .id
            .parse()
            .map_err(|_| PasskeyRefusal::Malformed)?;
        let holder = self.calendar.holders(&Claim::Passkey(id.clone()))?;
        let holder = holder.first().ok_or(PasskeyRefusal::Unknown)?;
        let signed_in = change_account(
            &self.calendar,
            &Author::System,
            &holder.id,
            |account, now| {
                let known = account.passkey(&id).ok_or(PasskeyRefusal::Unknown)?;
                let mut used =
                    assertion::check(sign_in.sent, account, known, &challenge, sign_in.party)?;
                used.used = Some(now);
                let known = account.passkeys.iter_mut().filter(|known| known.id == id);
                known.for_each(|known| known.clone_from(&used));
                note_sign_in(account, sign_in.language, now);
                Ok::<_, PasskeyError>(None)
            },
        )?;
        let account = signed_in.ok_or(PasskeyRefusal::Unknown)?;
        let proof = SessionProof::Passkey(&id);
        let secret = self.begin_session(&account, proof, sign_in.agent, sign_in.before)?;
        // It may have been removed meanwhile.
        let secret = secret.ok_or(PasskeyRefusal::Unknown)?;
        Ok((secret, account))
    }

    /// Returns true if a person proved so recently who they are that they may add a passkey. A session that began by single
    /// sign-on is as old as the sign-in at the provider.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn is_recent(&self, account: &Account, session: &SessionId) -> Result<bool, LoginError> {
        let latest = self.calendar.clock().now() - TimeDelta::minutes(RECENT_MINUTES);
        let sessions = self.sessions(account)?;
        let own = sessions.iter().find(|known| known.id == *session);
        let proven = own.and_then(|session| session.proven);
        Ok(proven.is_some_and(|proven| proven > latest))
    }

    /// Makes a challenge for a new passkey of a signed-in person.
    ///
    /// # Errors
    /// Returns the reason if the person may not add one. Errors if the store fails.
    pub fn begin_passkey(
        &self,
        account: &Account,
        session: &SessionId,
    ) -> Result<PasskeyCreation, PasskeyError> {
        if !self.is_recent(account, session)? {
            return Err(PasskeyRefusal::NotRecent.into());
        }
        if account.passkeys.len() >= Account::PASSKEYS {
            return Err(PasskeyRefusal::Full.into());
        }
        let challenge = challenges::create(&self.calendar, &browser_of(session))?;
        Ok(PasskeyCreation {
            challenge,
            user: Base64Url(account.id.as_str().as_bytes().to_vec()),
            exclude: account
                .passkeys
                .iter()
                .map(|known| known.id.clone())
                .collect(),
        })
    }

    /// Adds a passkey to the account of a signed-in person, and tells the person by mail.
    ///
    /// # Errors
    /// Returns the reason if the passkey is refused. Errors if the store fails.
    pub fn add_passkey(
        &self,
        account: &Account,
        session: &SessionId,
        party: &RelyingParty,
        sent: &SentRegistration,
        name: &str,
    ) -> Result<CredentialId, PasskeyError> {
        let challenge = challenges::take(&self.calendar, &browser_of(session))?;
        let challenge = challenge.ok_or(PasskeyRefusal::Ended)?;
        if !self.is_recent(account, session)? {
            return Err(PasskeyRefusal::NotRecent.into());
        }
        let now = self.calendar.clock().now();
        let made = Passkey {
            name: clean(name),
            ..registration::check(sent, &challenge, party, now)?
        };
        let added = self.change_passkeys(account, |account| {
            if account.passkeys.len() >= Account::PASSKEYS {
                return Err(PasskeyRefusal::Full.into());
            }
            if !self
                .calendar
                .holders(&Claim::Passkey(made.id.clone()))?
                .is_empty()
            {
                return Err(PasskeyRefusal::Exists.into());
            }
            account.passkeys.push(made.clone());
            Ok(self.notice(account, MailKind::PasskeyAdded, &made.name))
        });
        added?;
        tracing::info!(account = %account.id, "added a passkey");
        Ok(made.id)
    }

    /// Names a passkey of a signed-in person. Does nothing if there is none with that id, or the name is empty.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn name_passkey(
        &self,
        account: &Account,
        id: &CredentialId,
        name: &str,
    ) -> Result<(), PasskeyError> {
        let name = clean(name);
        let is_known = account.passkey(id).is_some_and(|known| known.name != name);
        if name.is_empty() || !is_known {
            return Ok(());
        }
        self.change_passkeys(account, |account| {
            let named = account.passkeys.iter_mut().filter(|known| known.id == *id);
            named.for_each(|known| known.name.clone_from(&name));
            Ok(None)
        })
    }

    /// Removes a passkey of a signed-in person, ends the sessions that began with it, and tells the person by mail. Does nothing if there is none with that
    /// id.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn remove_passkey(&self, account: &Account, id: &CredentialId) -> Result<(), PasskeyError> {
        if account.passkey(id).is_none() {
            return Ok(());
        }
        self.change_passkeys(account, |account| {
            let removed = account.passkey(id).map(|known| known.name.clone());
            account.passkeys.retain(|known| known.id != *id);
            Ok(removed.and_then(|name| self.notice(account, MailKind::PasskeyRemoved, &name)))
        })?;
        sessions::end_of_passkey(&self.calendar, &account.id, id)?;
        tracing::info!(account = %account.id, "removed a passkey");
        Ok(())
    }

    /// Notes that a person wants no passkey, so that it is not offered again.
    ///
    /// # Errors
    /// Errors if the store fails.
    pub fn decline_passkey(&self, account: &Account) -> Result<(), PasskeyError> {
        let now = self.calendar.clock().now();
        self.change_passkeys(account, |account| {
            account.passkey_declined = Some(now);
            Ok(None)
        })
    }

    fn change_passkeys(
        &self,
        account: &Account,
        mut change: impl FnMut(&mut Account) -> Result<Option<OutgoingMail>, PasskeyError>,
    ) -> Result<(), PasskeyError> {
        let author = Author::Person(account.id.to_string());
        change_account(
            &self.calendar,
            &author,
            account.id.as_str(),
            |account, _| change(account),
        )?;
        Ok(())
    }

    /// Returns the mail that tells a person of a change of how they sign in, if mail can be sent.
    pub(in crate::login) fn notice(
        &self,
        account: &Account,
        kind: MailKind,
        name: &str,
    ) -> Option<OutgoingMail> {
        if !self.can_mail() {
            return None;
        }
        let clock = self.calendar.clock();
        let facts = MailFacts {
            subject: Some(name.to_owned()),
            path: Some(format!("{}/account", account.language.path_prefix())),
            ..MailFacts::default()
        };
        let (id, to) = (clock.new_id().into(), account.email.clone());
        Some(OutgoingMail::new(
            id,
            to,
            account.language,
            kind,
            facts,
            clock.now(),
        ))
    }
}

/// Returns the key of a session's challenge.
fn browser_of(session: &SessionId) -> String {
    format!("session/{}", session.as_str())
}

/// Returns a name on one line, shortened to what a list can show.
fn clean(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.chars().filter(|c| !c.is_control());
    name.take(NAME).collect()
}
