//! A mail with its header fields.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::config::Sender;
use calendar_domain::EmailAddress;

use super::content::MailContent;

/// Why a mail can't be written.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// An address is not one for the mail library.
    #[error("invalid address: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// The parts can't be joined.
    #[error("cannot build the mail: {0}")]
    Build(#[from] lettre::error::Error),
    /// The template can't be rendered.
    #[error("cannot render the HTML: {0}")]
    Html(#[from] askama::Error),
}

/// Marks a mail as sent by a program, so that vacation notices don't answer it (RFC 3834 5).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Returns the mail. The `Message-ID` consists of `id` and the sender's domain.
pub(super) fn message(
    from: &Sender,
    to: &EmailAddress,
    id: &str,
    content: &MailContent,
    now: SystemTime,
) -> Result<Message, MessageError> {
    let sender = Mailbox::new(from.name.clone(), from.address.as_str().parse()?);
    let recipient = Mailbox::new(None, to.as_str().parse()?);
    let parts = MultiPart::alternative_plain_html(content.text(), content.html()?);
    let message = Message::builder()
        .from(sender)
        .to(recipient)
        .subject(content.subject.clone())
        .date(now)
        .message_id(Some(format!("<{id}@{}>", from.address.domain())))
        .header(AutoSubmitted)
        .multipart(parts)?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::Lang;
    use calendar_language::Words;

    #[test]
    fn a_mail_says_who_sent_it_that_a_program_did_and_which_one_it_is() {
        let from = "Kalenderen på Elverum <kalender@example.no>"
            .parse()
            .unwrap();
        let to = "kari@example.org".parse().unwrap();
        let content = MailContent::new(Words::new(Lang::Nb), "Åpen dag".into(), "Hilsen".into());
        let made = message(&from, &to, "one", &content, SystemTime::UNIX_EPOCH).unwrap();
        let text = String::from_utf8(made.formatted()).unwrap();
        for line in [
            "Message-ID: <one@example.no>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "To: kari@example.org\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(text.contains(line), "{line} {text}");
        }
        let start = text.find("Content-Type: multipart/alternative").unwrap();
        let (plain, html) = (
            text.find("text/plain").unwrap(),
            text.find("text/html").unwrap(),
        );
        assert!(start < plain && plain < html, "{text}");
    }
}
