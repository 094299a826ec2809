//! The connection to the mail server.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{MailConfig, PASSWORD_VARIABLE, Sender, SmtpAddress, SmtpEncryption};
use calendar_domain::EmailAddress;

use super::content::MailContent;
use super::message::message;
use super::stats::MailStats;

/// Time limit of each step of a conversation with the mail server.
const PATIENCE: Duration = Duration::from_secs(30);
/// Maximum number of connections to the mail server.
const CONNECTIONS: u32 = 4;

/// Replies that concern the configuration of the mail server's client and not a mail: unknown commands (RFC 5321 4.2.2)
/// and refused authentication (RFC 4954 6).
const OF_CONFIGURATION: [u16; 9] = [500, 501, 502, 503, 504, 530, 534, 535, 538];

/// Where mails go.
pub enum MailTransport {
    /// To a mail server.
    Smtp(Box<SmtpConnection>),
    /// To the log, in development.
    Log,
    /// Nowhere.
    Off,
}

/// A mail server. The pool of connections is made with the first mail, since its upkeep needs a Tokio runtime.
pub struct SmtpConnection {
    builder: AsyncSmtpTransportBuilder,
    pool: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
}

impl SmtpConnection {
    async fn send(&self, mail: Message) -> Result<(), SendError> {
        let pool = self.pool.get_or_init(|| self.builder.clone().build());
        Ok(pool.send(mail).await.map(drop)?)
    }
}

/// Sends mails.
pub struct Mailer {
    transport: MailTransport,
    from: Sender,
    stats: Arc<MailStats>,
}

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SendError {
    /// True if another attempt would fail too.
    pub is_permanent: bool,
    /// The code of the mail server's reply, if there was one.
    pub code: Option<u16>,
    /// What went wrong. A reply of the mail server may repeat the address, so it is not logged.
    pub reason: String,
}

impl SendError {
    /// Returns what may be logged.
    #[must_use]
    pub fn logged(&self) -> String {
        match self.code {
            Some(code) => format!("the mail server responded {code}"),
            None => self.reason.clone(),
        }
    }

    fn permanent(reason: impl ToString) -> Self {
        Self {
            is_permanent: true,
            code: None,
            reason: reason.to_string(),
        }
    }
}

impl From<lettre::transport::smtp::Error> for SendError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        let is_permanent =
            error.is_permanent() && code.is_none_or(|code| !OF_CONFIGURATION.contains(&code));
        let mut reason = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            reason = format!("{reason}: {error}");
            cause = error.source();
        }
        // The server's policy (RFC 3463 3.8), such as who may send, is not about the address, and may change.
        let is_policy = reason.contains(" 5.7.");
        Self {
            is_permanent: is_permanent && !is_policy,
            code,
            reason: reason.chars().take(500).collect(),
        }
    }
}

/// Why mail can't be sent with the given settings.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The user has no password.
    #[error(
        "calendar.mail.smtp names a user, but {PASSWORD_VARIABLE} is not set in the environment"
    )]
    NoPassword,
    /// There is no sender.
    #[error("calendar.mail.from is not set; write the sender of mails")]
    NoSender,
    /// TLS can't be used.
    #[error("cannot use TLS to the mail server: {0}")]
    Tls(lettre::transport::smtp::Error),
}

impl Mailer {
    /// Returns a mailer for the settings. Without a mail server, mails go to the log in development, and nowhere
    /// otherwise. `variable` reads the environment.
    ///
    /// # Errors
    /// Errors if the password or the sender is missing, or if TLS can't be used.
    pub fn new(
        config: &MailConfig,
        variable: impl Fn(&str) -> Option<String>,
        is_development: bool,
    ) -> Result<Self, MailerError> {
        let transport = match &config.smtp {
            Some(address) => MailTransport::Smtp(Box::new(connect(address, variable)?)),
            None if is_development => MailTransport::Log,
            None => MailTransport::Off,
        };
        let is_smtp = matches!(transport, MailTransport::Smtp(_));
        let from = match &config.from {
            Some(from) => from.clone(),
            None if is_smtp => return Err(MailerError::NoSender),
            None => "calendar@example.org"
                .parse()
                .expect("a constant address parses"),
        };
        Ok(Self {
            transport,
            from,
            stats: Arc::default(),
        })
    }

    /// Returns true unless mails go nowhere.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !matches!(self.transport, MailTransport::Off)
    }

    /// Returns true if mails go to a mail server.
    #[must_use]
    pub fn is_smtp(&self) -> bool {
        matches!(self.transport, MailTransport::Smtp(_))
    }

    /// Returns the counters.
    #[must_use]
    pub fn stats(&self) -> &Arc<MailStats> {
        &self.stats
    }

    /// Sends a mail. The `Message-ID` is derived from `id`.
    pub(super) async fn send(
        &self,
        to: &EmailAddress,
        id: &str,
        content: &MailContent,
    ) -> Result<(), SendError> {
        let made = message(&self.from, to, id, content, SystemTime::now());
        let made = made.map_err(SendError::permanent)?;
        let sent = match &self.transport {
            MailTransport::Smtp(smtp) => smtp.send(made).await,
            MailTransport::Log => {
                let (subject, text) = (&content.subject, content.text());
                tracing::info!(%to, subject, "not sending a mail in development:\n{text}");
                Ok(())
            }
            MailTransport::Off => Err(SendError::permanent("no mail server is configured")),
        };
        match &sent {
            Ok(()) => self.stats.count_sent(),
            Err(_) => self.stats.count_failed(),
        }
        sent
    }
}

fn connect(
    address: &SmtpAddress,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<SmtpConnection, MailerError> {
    let host = address.host.clone();
    let parameters = || TlsParameters::new(host.clone()).map_err(MailerError::Tls);
    let tls = match address.encryption {
        SmtpEncryption::Plain => Tls::None,
        SmtpEncryption::Tls => Tls::Wrapper(parameters()?),
        SmtpEncryption::StartTls => Tls::Required(parameters()?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())
        .port(address.port)
        .tls(tls)
        .timeout(Some(PATIENCE))
        .pool_config(PoolConfig::new().max_size(CONNECTIONS));
    if let Some(user) = &address.user {
        let password = variable(PASSWORD_VARIABLE).filter(|variable| !variable.is_empty());
        let password = password.ok_or(MailerError::NoPassword)?;
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(SmtpConnection {
        builder,
        pool: OnceLock::new(),
    })
}
