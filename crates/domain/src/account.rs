//! Accounts of people who sign in: organizers and editors.
//!
//! Accounts are private: [`RecordKind::is_private`](super::RecordKind::is_private).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Host;

use super::{AccountId, CredentialId, IdError, Lang, MunicipalityNumber, Passkey};

/// Maximum length of a mail address in bytes (RFC 5321 4.5.3.1.3, without the angle brackets).
const ADDRESS_LIMIT: usize = 254;
/// Maximum length of the part before the `@` in bytes (RFC 5321 4.5.3.1.1).
const LOCAL_PART_LIMIT: usize = 64;
/// Characters other than letters and digits in an atom (RFC 5322 3.2.3).
const ATOM_SYMBOLS: &[u8] = b"!#$%&'*+-/=?^_`{|}~";

/// A mail address: a dot-atom (RFC 5322 3.2.3), `@` and a domain name in lower case and ASCII.
///
/// Quoted local parts and address literals are not accepted. Two addresses that differ in case alone are one person's:
/// compare their [keys](Self::key).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The allowed form, for messages.
    pub const ALLOWED: &'static str = "a mail address such as name@example.org";

    /// Returns the address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address in lower case. Phones write the first letter of a field in upper case, and no mail service
    /// in use tells `Name@` from `name@`.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Returns the part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for EmailAddress {
    type Err = IdError;

    /// Parses an address. Surrounding white space is ignored, since keyboards add it.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let refused = || IdError {
            kind: "mail address",
            given: text.chars().take(80).collect(),
            allowed: Self::ALLOWED,
        };
        let (local, domain) = text.trim().rsplit_once('@').ok_or_else(refused)?;
        let domain = domain_name(domain).ok_or_else(refused)?;
        let address = format!("{local}@{domain}");
        if is_local_part(local) && address.len() <= ADDRESS_LIMIT {
            Ok(Self(address))
        } else {
            Err(refused())
        }
    }
}

fn is_local_part(text: &str) -> bool {
    let is_atom = |atom: &str| {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || ATOM_SYMBOLS.contains(&b);
        !atom.is_empty() && atom.bytes().all(is_allowed)
    };
    text.len() <= LOCAL_PART_LIMIT && text.split('.').all(is_atom)
}

/// Returns a domain name in lower case and ASCII, or `None` if it is none or has one label only.
fn domain_name(text: &str) -> Option<String> {
    // The URL parser would decode these.
    if text.contains('%') {
        return None;
    }
    let Ok(Host::Domain(name)) = Host::parse(text) else {
        return None;
    };
    let is_label = |label: &str| {
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (name.contains('.') && name.split('.').all(is_label)).then_some(name)
}

impl TryFrom<String> for EmailAddress {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person who may sign in. Anyone who receives mail at an address may have an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Key.
    pub id: AccountId,
    /// The address that receives the codes for signing in. At most one account has it.
    pub email: EmailAddress,
    /// Name, as the person wrote it; empty until then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Language of mails to the person.
    pub language: Lang,
    /// The events that the person edits, if they are an editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editor: Option<EditorScope>,
    /// Time of creation.
    pub created: DateTime<Utc>,
    /// Time of the last sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<DateTime<Utc>>,
    /// Number of sign-ins.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sign_ins: u32,
    /// Ways to sign in beside codes by mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<Passkey>,
    /// Time at which the person declined the offer of a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey_declined: Option<DateTime<Utc>>,
    /// The last day on which the person got a mail about what waits for editors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<NaiveDate>,
    /// Why the last mail did not reach the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounce: Option<MailBounce>,
    /// Time of the last notice that the account is deleted unless the person signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_notice: Option<DateTime<Utc>>,
    /// Identities at OpenID providers that sign in to the account, besides its mail address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<LinkedLogin>,
}

/// An identity at an OpenID provider that signs in to an account. At most one account has it.
///
/// Nothing else of what the provider says about the person is kept: no name, no mail address, no national identity
/// number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedLogin {
    /// The provider: `iss` (OpenID Connect Core 1.0, 2).
    pub issuer: String,
    /// The person at the provider: `sub`, or what replaces it.
    pub subject: String,
    /// Time of linking.
    pub linked: DateTime<Utc>,
}

/// Returns true for a number that is left out of JSON; `serde` passes a reference.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's skip_serializing_if takes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A mail that the mail server refused for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBounce {
    /// Time of the refusal.
    pub at: DateTime<Utc>,
    /// The reply of the mail server.
    pub reason: String,
}

impl Account {
    /// Maximum number of passkeys.
    pub const PASSKEYS: usize = 10;

    /// Returns a new account of a person who is not an editor.
    #[must_use]
    pub fn new(id: AccountId, email: EmailAddress, language: Lang, now: DateTime<Utc>) -> Self {
        Self {
            id,
            email,
            name: String::new(),
            language,
            editor: None,
            created: now,
            signed_in: None,
            sign_ins: 0,
            passkeys: Vec::new(),
            passkey_declined: None,
            digest: None,
            bounce: None,
            deletion_notice: None,
            logins: Vec::new(),
        }
    }

    /// Returns the passkey with an id.
    #[must_use]
    pub fn passkey(&self, id: &CredentialId) -> Option<&Passkey> {
        self.passkeys.iter().find(|passkey| passkey.id == *id)
    }

    /// Returns true if the person should be offered a passkey: after the second sign-in, until there is one or the
    /// person has declined.
    #[must_use]
    pub fn is_offered_passkey(&self) -> bool {
        self.sign_ins >= 2 && self.passkeys.is_empty() && self.passkey_declined.is_none()
    }
}

/// The events that an editor decides on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditorScope {
    /// All events.
    All,
    /// Events in these municipalities.
    Municipalities(BTreeSet<MunicipalityNumber>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Base64Url, PasskeyKey};

    #[test]
    fn an_address_keeps_its_local_part_and_has_its_domain_in_lower_case() {
        let parsed: EmailAddress = " Kari.Nordmann+kalender@Eksempel.NO ".parse().unwrap();
        assert_eq!(parsed.as_str(), "Kari.Nordmann+kalender@eksempel.no");
        assert_eq!(parsed.key(), "kari.nordmann+kalender@eksempel.no");
        assert_eq!(parsed.domain(), "eksempel.no");
        let parsed: EmailAddress = "post@blåbær.no".parse().unwrap();
        assert_eq!(parsed.as_str(), "post@xn--blbr-roah.no");
    }

    #[test]
    fn what_could_reach_another_address_or_header_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}org", "example.".repeat(32));
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@example.org",
            "a@localhost",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            "a@exam_ple.org",
            "a@-example.org",
            "a@example..org",
            "a@example.org.",
            "a@%65xample.org",
            ".a@example.org",
            "a..b@example.org",
            "a b@example.org",
            "\"a b\"@example.org",
            "a,b@example.org",
            "a@b@example.org",
            "a\r\nBcc:b@example.org",
            "a@example.org\r\nBcc: b@example.org",
            "<a@example.org>",
            "å@example.org",
            &long,
            &longer,
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_account_with_an_invalid_address_is_not_read() {
        let id: AccountId = uuid::Uuid::nil().into();
        let email = "a@example.org".parse().unwrap();
        let account = Account::new(id, email, Lang::Nb, DateTime::UNIX_EPOCH);
        let json = serde_json::to_string(&account).unwrap();
        assert_eq!(serde_json::from_str::<Account>(&json).unwrap(), account);
        let json = json.replace("a@example.org", "a@example.org, b@example.org");
        assert!(serde_json::from_str::<Account>(&json).is_err());
    }

    #[test]
    fn an_account_keeps_its_passkeys_and_one_without_is_stored_as_before() {
        let id = uuid::Uuid::nil().into();
        let email = "a@example.org".parse().unwrap();
        let mut account = Account::new(id, email, Lang::Nb, DateTime::UNIX_EPOCH);
        let json = serde_json::to_string(&account).unwrap();
        assert!(
            !json.contains("passkey") && !json.contains("sign_ins"),
            "{json}"
        );
        account.passkeys.push(Passkey {
            id: "AQID".parse().unwrap(),
            key: PasskeyKey::Rs256 {
                n: Base64Url(vec![1; 256]),
                e: Base64Url(vec![1, 0, 1]),
            },
            sign_count: 7,
            name: "Chrome på Android".to_owned(),
            created: DateTime::UNIX_EPOCH,
            used: None,
            may_be_backed_up: true,
            is_backed_up: false,
        });
        let json = serde_json::to_string(&account).unwrap();
        assert!(
            json.contains(r#""id":"AQID","key":{"alg":"RS256","n":"AQEB"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Account>(&json).unwrap(), account);
    }

    #[test]
    fn a_passkey_is_offered_after_the_second_sign_in_until_the_person_has_decided() {
        let id = uuid::Uuid::nil().into();
        let email = "a@example.org".parse().unwrap();
        let mut account = Account::new(id, email, Lang::Nb, DateTime::UNIX_EPOCH);
        for (sign_ins, is_offered) in [(0, false), (1, false), (2, true), (3, true)] {
            account.sign_ins = sign_ins;
            assert_eq!(account.is_offered_passkey(), is_offered);
        }
        account.passkey_declined = Some(DateTime::UNIX_EPOCH);
        assert!(!account.is_offered_passkey());
    }
}
