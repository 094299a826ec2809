//! Mail: texts, the outbox, and the codes for signing in.
//!
//! A use case adds an [`OutgoingMail`](calendar_domain::OutgoingMail) to the commit that causes it. The [`Outbox`] sends
//! it and removes the record. After a crash in between it is sent again, with the same `Message-ID`. Codes for signing in
//! are secrets, so they are in no record: [`CodeMails`] sends them from memory.
//!
//! **May import:** `catalog`, `delivery`, `config`.
//!
//! - `content`: the parts of a mail, as text and HTML.
//! - `texts`: the content of each kind of mail.
//! - `message`: the mail with its header fields.
//! - `mailer`: the connection to the mail server.
//! - `code_mails`, `outbox`: sending and retries.
//! - `visitor_addresses`: the addresses of visitors without an account.

mod code_mails;
mod content;
mod mailer;
mod message;
mod outbox;
mod stats;
mod texts;
pub mod visitor_addresses;

pub use code_mails::{CodeMail, CodeMails, MailSecret};
pub use content::{MailBlock, MailContent};
pub use mailer::{MailTransport, Mailer, MailerError, SendError, SmtpConnection};
pub use outbox::{Outbox, OutboxStop};
pub use stats::MailStats;
