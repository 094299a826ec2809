//! Rate limits that slow attackers down without locking users out.
//!
//! A code is valid only in the browser that requested it, so nobody can use up another's attempts. The number of mails
//! to an address is limited per client first: a client that exceeds its limit gets no more mails sent to the address,
//! while the owner, as another client, still does. The first mail of each client is counted separately, so that several
//! clients together cannot keep the owner from signing in.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::rate_limit::RateLimiter;
use calendar_domain::{AccountId, EmailAddress};

/// The client of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginClient {
    /// The network that counts as one client.
    pub prefix: IpAddr,
    /// True for a process on this machine that connects without a proxy. Its limits are wider, for development; they
    /// hold where a proxy names no client.
    pub is_local: bool,
}

pub(super) struct LoginLimits {
    /// Requests for codes, per client.
    requests: RateLimiter<IpAddr>,
    /// Requests to sign in at a provider, per client. They send no mail, and many of one workplace have one address.
    starts: RateLimiter<IpAddr>,
    /// Attempts to type a code, per client.
    attempts: RateLimiter<IpAddr>,
    /// The same for processes on this machine.
    local_requests: RateLimiter<IpAddr>,
    local_starts: RateLimiter<IpAddr>,
    local_attempts: RateLimiter<IpAddr>,
    /// Mails, per address and client.
    mails_of_client: RateLimiter<(String, IpAddr)>,
    /// Mails, per address.
    mails: RateLimiter<String>,
    /// The first mail of a day, per address and client.
    first_of_client: RateLimiter<(String, IpAddr)>,
    /// First mails of clients, per address, if the others are used up.
    first_mails: RateLimiter<String>,
    /// Forms of signed-in people, per account.
    forms: RateLimiter<AccountId>,
    /// The same of forms that the scripts of pages send.
    scripts: RateLimiter<AccountId>,
    /// Invitations, per account that invites.
    invitations: RateLimiter<AccountId>,
    /// Invitations, per invited address.
    invited: RateLimiter<String>,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self {
            requests: RateLimiter::new(30.0, 1.0 / 60.0),
            starts: RateLimiter::new(300.0, 1.0 / 2.0),
            attempts: RateLimiter::new(100.0, 1.0 / 10.0),
            local_requests: RateLimiter::new(1_000.0, 1.0 / 5.0),
            local_starts: RateLimiter::new(5_000.0, 1.0),
            local_attempts: RateLimiter::new(5_000.0, 1.0),
            mails_of_client: RateLimiter::new(6.0, 1.0 / 120.0),
            mails: RateLimiter::new(60.0, 1.0 / 60.0),
            first_of_client: RateLimiter::new(1.0, 1.0 / 86_400.0),
            first_mails: RateLimiter::new(300.0, 1.0 / 60.0),
            forms: RateLimiter::new(200.0, 1.0 / 5.0),
            scripts: RateLimiter::new(200.0, 1.0),
            invitations: RateLimiter::new(15.0, 1.0 / 3_600.0),
            invited: RateLimiter::new(2.0, 1.0 / 43_200.0),
        }
    }
}

impl LoginLimits {
    /// Counts a request for a code.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn request(&self, client: LoginClient, now: DateTime<Utc>) -> Result<(), i64> {
        let limit = if client.is_local {
            &self.local_requests
        } else {
            &self.requests
        };
        limit.take(client.prefix, now)
    }

    /// Counts a request to sign in at a provider.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn start(&self, client: LoginClient, now: DateTime<Utc>) -> Result<(), i64> {
        let limit = if client.is_local {
            &self.local_starts
        } else {
            &self.starts
        };
        limit.take(client.prefix, now)
    }

    /// Counts an attempt to type a code.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn attempt(&self, client: LoginClient, now: DateTime<Utc>) -> Result<(), i64> {
        let limit = if client.is_local {
            &self.local_attempts
        } else {
            &self.attempts
        };
        limit.take(client.prefix, now)
    }

    /// Counts a mail. Returns false if it is one too many.
    pub(super) fn may_mail(
        &self,
        client: LoginClient,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> bool {
        let key = email.key();
        let by_client = (key.clone(), client.prefix);
        let is_first = self.first_of_client.take(by_client.clone(), now).is_ok();
        let is_allowed = client.is_local || self.mails_of_client.take(by_client, now).is_ok();
        if is_allowed && self.mails.take(key.clone(), now).is_ok() {
            return true;
        }
        is_first && self.first_mails.take(key, now).is_ok()
    }

    /// Counts a form of a signed-in person.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn form(&self, account: &AccountId, now: DateTime<Utc>) -> Result<(), i64> {
        self.forms.take(account.clone(), now)
    }

    /// Counts a form that the script of a page sends.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn script(&self, account: &AccountId, now: DateTime<Utc>) -> Result<(), i64> {
        self.scripts.take(account.clone(), now)
    }

    /// Counts an invitation. Returns false if it is one too many, of the person or to the address.
    pub(super) fn may_invite(
        &self,
        account: &AccountId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> bool {
        self.invitations.take(account.clone(), now).is_ok()
            && self.invited.take(email.key(), now).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> LoginClient {
        LoginClient {
            prefix: [203, 0, 113, last].into(),
            is_local: false,
        }
    }

    #[test]
    fn a_client_that_asks_for_an_address_without_end_does_not_keep_its_owner_from_a_mail() {
        let limits = LoginLimits::default();
        let (email, now) = ("a@example.org".parse().unwrap(), DateTime::UNIX_EPOCH);
        let sent = (0..1_000).filter(|_| limits.may_mail(client(1), &email, now));
        assert_eq!(sent.count(), 6);
        assert!(limits.may_mail(client(2), &email, now));
    }

    #[test]
    fn an_address_gets_a_limited_number_of_mails_from_all_clients_together() {
        let limits = LoginLimits::default();
        let (email, now) = ("a@example.org".parse().unwrap(), DateTime::UNIX_EPOCH);
        let sent = (0..1_000).filter(|n| limits.may_mail(client((n % 10) as u8), &email, now));
        assert_eq!(sent.count(), 60);
        // Another client gets its first mail, and no more.
        let more = (0..9).filter(|_| limits.may_mail(client(11), &email, now));
        assert_eq!(more.count(), 1);
        let sent = (12..=255).filter(|last| limits.may_mail(client(*last), &email, now));
        assert_eq!(sent.count(), 244);
        let other = "b@example.org".parse().unwrap();
        assert!(limits.may_mail(client(1), &other, now));
    }
}
