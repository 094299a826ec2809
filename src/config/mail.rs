//! Settings of outgoing mail.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use calendar_domain::EmailAddress;

/// Outgoing mail, under `[default.calendar.mail]`. The password is in the environment, in
/// [`PASSWORD_VARIABLE`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// The mail server. Without it no mail is sent.
    pub smtp: Option<SmtpAddress>,
    /// The sender: an address, or `Name <address>`.
    pub from: Option<Sender>,
    /// The hour in the region's zone at which editors get what waits for them, and organizers reminders.
    pub daily_hour: u32,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp: None,
            from: None,
            daily_hour: 7,
        }
    }
}

/// Environment variable that holds the password of the user in [`MailConfig::smtp`].
pub const PASSWORD_VARIABLE: &str = "CALENDAR_MAIL_PASSWORD";

/// Whether and how the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpEncryption {
    /// `smtp://`: not at all, for a mail server on this machine or in its network.
    Plain,
    /// `smtps://`: from the first byte (RFC 8314).
    Tls,
    /// `smtp+starttls://`: by STARTTLS (RFC 3207); without it nothing is sent.
    StartTls,
}

/// The address of a mail server: `smtp://HOST:PORT`, `smtps://USER@HOST`, `smtp+starttls://USER@HOST`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SmtpAddress {
    /// How the connection is encrypted.
    pub encryption: SmtpEncryption,
    /// Host name, or IP address without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User name, decoded.
    pub user: Option<String>,
    text: String,
}

/// Error for a text that is not the address of a mail server. It omits the text, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a mail server: {0}")]
pub struct SmtpAddressError(&'static str);

const FORMS: &str = "write smtp://HOST:PORT, smtps://USER@HOST or smtp+starttls://USER@HOST, with %40 for an @ in the user";

impl FromStr for SmtpAddress {
    type Err = SmtpAddressError;

    fn from_str(text: &str) -> Result<Self, SmtpAddressError> {
        let url = Url::parse(text).map_err(|_| SmtpAddressError(FORMS))?;
        let (encryption, usual) = match url.scheme() {
            "smtp" => (SmtpEncryption::Plain, 25),
            "smtps" => (SmtpEncryption::Tls, 465),
            "smtp+starttls" => (SmtpEncryption::StartTls, 587),
            _ => return Err(SmtpAddressError(FORMS)),
        };
        if url.password().is_some() {
            let why = "put the password into the environment variable CALENDAR_MAIL_PASSWORD";
            return Err(SmtpAddressError(why));
        }
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
        let host = match url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        if !is_bare || url.fragment().is_some() || host.is_empty() || url.port() == Some(0) {
            return Err(SmtpAddressError(FORMS));
        }
        let user = decoded(url.username()).ok_or(SmtpAddressError(FORMS))?;
        if user.is_some() && encryption == SmtpEncryption::Plain {
            let why = "without TLS others could read the password in transit; write smtps:// or smtp+starttls://";
            return Err(SmtpAddressError(why));
        }
        Ok(Self {
            encryption,
            host,
            port: url.port().unwrap_or(usual),
            user,
            text: text.to_owned(),
        })
    }
}

/// Returns a user name without percent-encoding, or `None` if it is not text. An empty one is no user.
fn decoded(user: &str) -> Option<Option<String>> {
    // In a form, a plus is a space; in a user name it is a plus.
    let form = format!("user={}", user.replace('+', "%2B"));
    let (_, value) = url::form_urlencoded::parse(form.as_bytes()).next()?;
    let is_text = !value.contains('\u{FFFD}') && !value.chars().any(char::is_control);
    is_text.then(|| Some(value.into_owned()).filter(|text| !text.is_empty()))
}

impl TryFrom<String> for SmtpAddress {
    type Error = SmtpAddressError;
    fn try_from(text: String) -> Result<Self, SmtpAddressError> {
        text.parse()
    }
}

impl From<SmtpAddress> for String {
    fn from(address: SmtpAddress) -> Self {
        address.text
    }
}

impl fmt::Display for SmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The sender of mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sender {
    /// Name, if there is one.
    pub name: Option<String>,
    /// Address.
    pub address: EmailAddress,
}

/// Error for a text that is not a sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a sender: write an address, or NAME <ADDRESS>")]
pub struct SenderError;

impl FromStr for Sender {
    type Err = SenderError;

    fn from_str(text: &str) -> Result<Self, SenderError> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => {
                let (name, address) = rest.split_once('<').ok_or(SenderError)?;
                (Some(name.trim().trim_matches('"')), address)
            }
            None => (None, text),
        };
        let is_plain = |name: &str| !name.contains(|c: char| c.is_control() || "<>\"".contains(c));
        if !name.is_none_or(is_plain) {
            return Err(SenderError);
        }
        Ok(Self {
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
            address: address.parse().map_err(|_| SenderError)?,
        })
    }
}

impl TryFrom<String> for Sender {
    type Error = SenderError;
    fn try_from(text: String) -> Result<Self, SenderError> {
        text.parse()
    }
}

impl From<Sender> for String {
    fn from(sender: Sender) -> Self {
        match sender.name {
            Some(name) => format!("{name} <{}>", sender.address),
            None => sender.address.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> Result<SmtpAddress, SmtpAddressError> {
        text.parse()
    }

    #[test]
    fn the_scheme_decides_encryption_and_port() {
        let parts = |text: &str| {
            let item = smtp(text).unwrap();
            (item.encryption, item.host, item.port, item.user)
        };
        let plain = SmtpEncryption::Plain;
        assert_eq!(
            parts("smtp://127.0.0.1:2525"),
            (plain, "127.0.0.1".into(), 2525, None)
        );
        assert_eq!(parts("smtp://[::1]"), (plain, "::1".into(), 25, None));
        let user = Some("post+kalender@example.no".to_owned());
        assert_eq!(
            parts("smtps://post+kalender%40example.no@smtp.example.no"),
            (SmtpEncryption::Tls, "smtp.example.no".into(), 465, user)
        );
        let user = Some("kalender".to_owned());
        assert_eq!(
            parts("smtp+starttls://kalender@smtp.example.no"),
            (
                SmtpEncryption::StartTls,
                "smtp.example.no".into(),
                587,
                user
            )
        );
    }

    #[test]
    fn an_address_with_a_password_is_refused_without_repeating_it() {
        let error = smtp("smtps://user:hemmelig@smtp.example.no").unwrap_err();
        assert!(error.to_string().contains(PASSWORD_VARIABLE), "{error}");
        assert!(!error.to_string().contains("hemmelig"), "{error}");
    }

    #[test]
    fn what_is_no_mail_server_is_refused() {
        for text in [
            "",
            "127.0.0.1:25",
            "http://example.no",
            "smtp://",
            "smtp://user@example.no",
            "smtps://smtp.example.no/path",
            "smtps://smtp.example.no?tls=no",
            "smtps://us%00er@smtp.example.no",
            "smtps://smtp.example.no:0",
        ] {
            assert!(smtp(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let sender: Sender = "Kalenderen i Elverum <kalender@example.no>"
            .parse()
            .unwrap();
        assert_eq!(sender.name.as_deref(), Some("Kalenderen i Elverum"));
        assert_eq!(sender.address.as_str(), "kalender@example.no");
        let text = String::from(sender.clone());
        assert_eq!(text.parse::<Sender>().unwrap(), sender);
        assert_eq!("a@example.no".parse::<Sender>().unwrap().name, None);
        for text in [
            "",
            "a",
            "A <a>",
            "A\nBcc: b <a@example.no>",
            "A <b> <a@example.no>",
        ] {
            assert!(text.parse::<Sender>().is_err(), "{text:?}");
        }
    }
}
