//! Sends the mails among the records.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocket::futures::{StreamExt, stream};
use rocket::tokio;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::catalog::Calendar;
use crate::delivery::workers::listen;
use calendar_domain::delivery::retry;
use calendar_domain::{
    Account, Claim, EmailAddress, MailBounce, MailRecipient, MailState, OutgoingMail, RecordKey,
    RecordKind,
};
use calendar_store::{Author, Change, Commit, Revision, Store, StoreError, records};

use super::mailer::{Mailer, SendError};
use super::texts::{self, SiteNames};
use super::visitor_addresses::{self, VisitorAddressError};

/// Maximum interval between two looks at the records.
const LOOK: Duration = Duration::from_secs(5);
/// Number of mails that are sent at once.
const AT_ONCE: usize = 4;
/// Time limit for the mail that is on its way when the server stops.
const END: Duration = Duration::from_secs(2);

/// Sends the mails among the records of a calendar.
pub struct Outbox {
    calendar: Arc<Calendar>,
    mailer: Arc<Mailer>,
    base: Arc<dyn Fn() -> String + Send + Sync>,
}

/// Stops an [`Outbox`].
pub struct OutboxStop {
    ended: Arc<AtomicBool>,
    work: JoinHandle<()>,
}

impl OutboxStop {
    /// Stops after the mail that is on its way, if that is sent soon. Otherwise it is sent again at the next start.
    pub async fn stop(self) {
        self.ended.store(true, Ordering::Release);
        let abort = self.work.abort_handle();
        if tokio::time::timeout(END, self.work).await.is_err() {
            abort.abort();
        }
    }
}

impl Outbox {
    /// Returns the outbox. `base` returns the site's address without a trailing slash.
    #[must_use]
    pub fn new(
        calendar: Arc<Calendar>,
        mailer: Arc<Mailer>,
        base: Arc<dyn Fn() -> String + Send + Sync>,
    ) -> Self {
        Self {
            calendar,
            mailer,
            base,
        }
    }

    /// Starts sending, now and after each commit. Must be called within a Tokio runtime.
    #[must_use]
    pub fn start(self) -> OutboxStop {
        let ended = Arc::new(AtomicBool::new(false));
        let mut wake = listen(&self.calendar, &ended);
        let stop = Arc::clone(&ended);
        let work = tokio::spawn(async move {
            while !stop.load(Ordering::Acquire) {
                if let Err(error) = self.send_due(&stop).await {
                    tracing::error!(%error, "cannot read or record mails");
                }
                // The channel closes when the server stops.
                if let Ok(Err(_)) = tokio::time::timeout(LOOK, wake.changed()).await {
                    return;
                }
            }
        });
        OutboxStop { ended, work }
    }

    /// Sends each mail whose time has come.
    async fn send_due(&self, stop: &AtomicBool) -> Result<(), StoreError> {
        let now = self.calendar.clock().now();
        let calendar = Arc::clone(&self.calendar);
        let all = spawn_blocking(move || records::every::<OutgoingMail>(&*calendar)).await;
        let Ok(all) = all else {
            return Ok(());
        };
        let mut due = all?;
        due.retain(|(mail, _)| mail.next_attempt().is_some_and(|at| at <= now));
        due.sort_by_key(|(mail, _)| mail.next_attempt());
        let sending = due.into_iter().map(|(mail, revision)| async move {
            if stop.load(Ordering::Acquire) {
                return Ok(());
            }
            let to = match self.address_of(&mail).await {
                Ok(Some(to)) => to,
                Ok(None) => return self.settle(&mail, None, revision).await,
                Err(error) => {
                    tracing::error!(%error, mail = %mail.id, "cannot read an address; retrying");
                    return Ok(());
                }
            };
            let sent = self.send(&mail, &to).await;
            let bounce = match &sent {
                Ok(()) => Some(None),
                Err(error) => Some(self.bounce(error)).filter(Option::is_some),
            };
            let next = sent.err().map(|error| self.after(&mail, &to, &error));
            self.settle(&mail, next, revision).await?;
            match bounce {
                Some(bounce) if mail.to.address().is_some() => self.mark(to, bounce).await,
                _ => Ok(()),
            }
        });
        // Some at once, so that a slow delivery holds up few others. All end before an error is reported.
        let sent: Vec<_> = stream::iter(sending)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        sent.into_iter().collect()
    }

    /// Returns the bounce to record for a recipient; `None` if the address may be valid.
    fn bounce(&self, error: &SendError) -> Option<MailBounce> {
        let at = self.calendar.clock().now();
        let reason = error.reason.clone();
        error.is_permanent.then_some(MailBounce { at, reason })
    }

    /// Notes at the account with an address whether mail reaches it.
    async fn mark(&self, to: EmailAddress, bounce: Option<MailBounce>) -> Result<(), StoreError> {
        let calendar = Arc::clone(&self.calendar);
        match spawn_blocking(move || mark(&calendar, &to, bounce)).await {
            // The account was changed meanwhile; its next mail shows the same.
            Ok(Err(StoreError::Conflict { .. })) | Err(_) => Ok(()),
            Ok(outcome) => outcome,
        }
    }

    /// Returns the address of a mail's recipient; `None` if that of a visitor was deleted.
    async fn address_of(
        &self,
        mail: &OutgoingMail,
    ) -> Result<Option<EmailAddress>, VisitorAddressError> {
        let visitor = match &mail.to {
            MailRecipient::Address(address) => return Ok(Some(address.clone())),
            MailRecipient::Visitor(visitor) => visitor.clone(),
        };
        let calendar = Arc::clone(&self.calendar);
        let found = spawn_blocking(move || visitor_addresses::find(&calendar, &visitor)).await;
        let found = found.map_err(|_| VisitorAddressError::Interrupted)??;
        if found.is_none() {
            tracing::warn!(mail = %mail.id, "dropped a mail to a visitor whose address was deleted");
        }
        Ok(found.map(|(visitor, _)| visitor.email))
    }

    async fn send(&self, mail: &OutgoingMail, to: &EmailAddress) -> Result<(), SendError> {
        let snapshot = self.calendar.snapshot();
        let site = SiteNames {
            base: (self.base)().trim_end_matches('/').to_owned(),
            name: snapshot.region().name.get(mail.language).to_owned(),
        };
        let content = texts::content(mail, &site);
        self.mailer.send(to, mail.id.as_str(), &content).await
    }

    /// Returns a mail after a failed attempt.
    fn after(&self, mail: &OutgoingMail, to: &EmailAddress, error: &SendError) -> OutgoingMail {
        let now = self.calendar.clock().now();
        let attempts = match &mail.state {
            MailState::Waiting { attempts, .. } => attempts.saturating_add(1),
            MailState::Bounced { .. } => return mail.clone(),
        };
        let (id, kind) = (&mail.id, mail.kind.as_str());
        let reason = match &mail.to {
            MailRecipient::Address(_) => error.reason.clone(),
            // Servers repeat the address, which is to be in no record.
            MailRecipient::Visitor(_) => without_address(&error.reason, to),
        };
        let next = retry::next(id.as_str(), attempts, now, None).filter(|_| !error.is_permanent);
        let why = error.logged();
        let state = if let Some(next) = next {
            tracing::warn!(mail = %id, kind, attempts, why, "cannot send a mail; retrying");
            MailState::Waiting {
                attempts,
                next,
                error: Some(reason),
            }
        } else {
            self.mailer.stats().count_bounced();
            tracing::warn!(mail = %id, kind, attempts, why, "gave up sending a mail");
            MailState::Bounced { at: now, reason }
        };
        OutgoingMail {
            state,
            ..mail.clone()
        }
    }

    /// Replaces the record of a mail, or removes it. A mail that was changed or taken back meanwhile stays as it is.
    async fn settle(
        &self,
        mail: &OutgoingMail,
        next: Option<OutgoingMail>,
        revision: Revision,
    ) -> Result<(), StoreError> {
        let key = RecordKey::new(RecordKind::Mail, mail.id.as_str());
        let change = match next {
            Some(next) => Change::update(next.into(), revision),
            None => Change::remove(key, revision),
        };
        let commit = Commit {
            author: Author::System,
            at: self.calendar.clock().now(),
            note: String::new(),
            changes: vec![change],
        };
        let calendar = Arc::clone(&self.calendar);
        match spawn_blocking(move || calendar.commit(commit)).await {
            Ok(Err(StoreError::Conflict { .. })) | Err(_) => Ok(()),
            Ok(outcome) => outcome.map(drop),
        }
    }
}

fn mark(
    calendar: &Calendar,
    to: &EmailAddress,
    bounce: Option<MailBounce>,
) -> Result<(), StoreError> {
    let holders = calendar.holders(&Claim::AccountEmail(to.clone()))?;
    let Some(key) = holders.first() else {
        return Ok(());
    };
    match records::one::<Account>(calendar, &key.id)? {
        Some((mut account, revision)) if account.bounce.is_some() || bounce.is_some() => {
            account.bounce = bounce;
            let changes = vec![Change::update(account.into(), revision)];
            calendar.write(Author::System, "", changes)
        }
        _ => Ok(()),
    }
}

/// Returns a text with `…` for an address, however it is written.
fn without_address(text: &str, address: &EmailAddress) -> String {
    let (lower, key) = (text.to_ascii_lowercase(), address.key());
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in lower.match_indices(&key) {
        out.push_str(&text[done..at]);
        out.push('…');
        done = at + key.len();
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_of_a_mail_server_is_kept_without_the_address() {
        let address = "Kari@example.org".parse().unwrap();
        let reply = "550 <kari@EXAMPLE.org> er ukjent: Kari@example.org";
        assert_eq!(without_address(reply, &address), "550 <…> er ukjent: …");
        assert_eq!(without_address("421 Vent", &address), "421 Vent");
    }
}
