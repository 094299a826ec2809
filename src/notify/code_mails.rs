//! Mails with codes and links that are secrets, sent from memory.

use std::sync::Arc;
use std::time::Duration;

use rocket::tokio;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc};

use calendar_domain::{EmailAddress, Lang};

use super::mailer::Mailer;
use super::texts::{self, SiteNames};

/// Maximum number of mails that wait to be sent.
const WAITING: usize = 500;
/// Maximum number of mails on their way at once.
const AT_ONCE: usize = 8;
/// Waits before further attempts. A code is of no use after a quarter of an hour.
const WAITS: [Duration; 3] = [
    Duration::from_secs(3),
    Duration::from_secs(20),
    Duration::from_secs(90),
];

/// A mail with a secret.
pub struct CodeMail {
    /// Identifier for the `Message-ID`.
    pub id: String,
    /// Recipient.
    pub to: EmailAddress,
    /// Language.
    pub language: Lang,
    /// The secret.
    pub secret: MailSecret,
    /// The full address of the page that accepts the secret.
    pub url: String,
    /// Name of the calendar.
    pub site: String,
    /// Address of the calendar, without a trailing slash.
    pub base: String,
}

/// What a mail is sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailSecret {
    /// A code for signing in.
    Code(String),
    /// The address, which confirms a suggestion of a visitor.
    SuggestionLink,
    /// The address, which confirms a report of a visitor.
    ReportLink,
}

/// A queue of mails with secrets.
#[derive(Clone)]
pub struct CodeMails {
    queue: mpsc::Sender<CodeMail>,
}

impl CodeMails {
    /// Returns a queue and a future that sends its mails until the queue is dropped.
    pub fn new(mailer: Arc<Mailer>) -> (Self, impl Future<Output = ()> + Send + use<>) {
        let (queue, waiting) = mpsc::channel(WAITING);
        (Self { queue }, send_all(mailer, waiting))
    }

    /// Adds a mail. Returns at once; if too many wait, the mail is dropped.
    pub fn add(&self, mail: CodeMail) {
        match self.queue.try_send(mail) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                tracing::warn!("the queue of mails with codes or links is full; dropped one");
            }
            Err(TrySendError::Closed(_)) => {
                tracing::warn!("dropped a mail with a code or link, since the server is stopping");
            }
        }
    }
}

async fn send_all(mailer: Arc<Mailer>, mut waiting: mpsc::Receiver<CodeMail>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(mail) = waiting.recv().await {
        // Infallible: the semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let mailer = Arc::clone(&mailer);
        tokio::spawn(async move {
            send(&mailer, &mail).await;
            drop(place);
        });
    }
}

async fn send(mailer: &Mailer, mail: &CodeMail) {
    let site = SiteNames {
        base: mail.base.clone(),
        name: mail.site.clone(),
    };
    let content = match &mail.secret {
        MailSecret::Code(code) => texts::code(mail.language, code, &mail.url, &site),
        MailSecret::SuggestionLink => {
            texts::confirmation(mail.language, "suggestion", &mail.url, &site)
        }
        MailSecret::ReportLink => texts::confirmation(mail.language, "report", &mail.url, &site),
    };
    for wait in WAITS.map(Some).into_iter().chain([None]) {
        match (mailer.send(&mail.to, &mail.id, &content).await, wait) {
            (Ok(()), _) => return,
            (Err(error), Some(wait)) if !error.is_permanent => {
                tracing::warn!(
                    mail = mail.id,
                    why = error.logged(),
                    "cannot send a mail with a code or link; retrying"
                );
                tokio::time::sleep(wait).await;
            }
            (Err(error), _) => {
                mailer.stats().count_bounced();
                tracing::warn!(
                    mail = mail.id,
                    why = error.logged(),
                    "gave up sending a mail with a code or link"
                );
                return;
            }
        }
    }
}
