//! Visitors who write to the editors without an account.
//!
//! A visitor's address is in no record, so it is in no journal, backup or export. Records refer to it by a [`VisitorId`];
//! it is short-lived data with the time of its end.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, VisitorId};

/// A visitor who confirmed a mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The address.
    pub email: EmailAddress,
}

/// Who gets a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MailRecipient {
    /// An address.
    Address(EmailAddress),
    /// A visitor, as long as the address is kept.
    Visitor(VisitorId),
}

impl MailRecipient {
    /// Returns the address, unless it is a visitor's.
    #[must_use]
    pub fn address(&self) -> Option<&EmailAddress> {
        match self {
            Self::Address(address) => Some(address),
            Self::Visitor(_) => None,
        }
    }
}

impl From<EmailAddress> for MailRecipient {
    fn from(address: EmailAddress) -> Self {
        Self::Address(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_an_address_or_the_id_of_a_visitor() {
        let id = "00000000-0000-0000-0000-000000000001";
        for (text, is_address) in [("kari@example.org", true), (id, false)] {
            let json = serde_json::to_string(text).unwrap();
            let read: MailRecipient = serde_json::from_str(&json).unwrap();
            assert_eq!(read.address().is_some(), is_address, "{text}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert!(serde_json::from_str::<MailRecipient>("\"kari\"").is_err());
    }
}
