//! Entries of the audit: who read personal data of others.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, IdError};

/// A reading of personal data of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Time of the reading.
    pub at: DateTime<Utc>,
    /// The reader.
    pub by: AuditReader,
    /// The kind of data.
    pub subject: AuditSubject,
    /// Id of the record; absent for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The accounts whose data was in it, as far as they are known.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub about: BTreeSet<AccountId>,
    /// The page or command.
    pub page: String,
}

impl AuditEntry {
    /// Returns true if data of an account was read.
    #[must_use]
    pub fn concerns(&self, account: &AccountId) -> bool {
        self.about.contains(account) || self.subject.concerns_everyone()
    }
}

/// A reader of personal data of others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AuditReader {
    /// A person with an account.
    Account(AccountId),
    /// The operator, on the command line.
    Operator,
}

/// The text form of the operator.
const OPERATOR: &str = "operator";

impl fmt::Display for AuditReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Operator => f.write_str(OPERATOR),
        }
    }
}

impl FromStr for AuditReader {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            OPERATOR => Ok(Self::Operator),
            id => id.parse().map(Self::Account),
        }
    }
}

impl TryFrom<String> for AuditReader {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<AuditReader> for String {
    fn from(reader: AuditReader) -> Self {
        reader.to_string()
    }
}

/// A kind of personal data that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditSubject {
    /// A submission: its author or visitor, and its private facts.
    Submission,
    /// A report: the address of the visitor.
    Report,
    /// The members of an organisation.
    Organisation,
    /// Who wrote the versions of an event.
    History,
    /// The mails that did not arrive.
    Mails,
    /// The list of accounts.
    Accounts,
    /// The audit itself.
    Audit,
    /// An export with private records.
    Export,
}

impl AuditSubject {
    /// All subjects.
    pub const ALL: [Self; 8] = [
        Self::Submission,
        Self::Report,
        Self::Organisation,
        Self::History,
        Self::Mails,
        Self::Accounts,
        Self::Audit,
        Self::Export,
    ];

    /// Returns the name, as stored and in texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Report => "report",
            Self::Organisation => "organisation",
            Self::History => "history",
            Self::Mails => "mails",
            Self::Accounts => "accounts",
            Self::Audit => "audit",
            Self::Export => "export",
        }
    }

    /// Returns true if a reading shows data of every account.
    #[must_use]
    pub fn concerns_everyone(self) -> bool {
        matches!(self, Self::Accounts | Self::Export)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_back_as_it_was_written() {
        let id: AccountId = uuid::Uuid::from_u128(1).into();
        for by in [AuditReader::Operator, AuditReader::Account(id.clone())] {
            let entry = AuditEntry {
                at: DateTime::UNIX_EPOCH,
                by,
                subject: AuditSubject::Report,
                record: Some("x".to_owned()),
                about: BTreeSet::from([id.clone()]),
                page: "/editor/reports/x".to_owned(),
            };
            let json = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<AuditEntry>(&json).unwrap(), entry);
            assert!(entry.concerns(&id));
            assert!(!entry.concerns(&uuid::Uuid::from_u128(2).into()));
        }
        assert!(serde_json::from_str::<AuditReader>("\"nobody\"").is_err());
    }

    #[test]
    fn a_subject_is_named_as_it_is_stored() {
        for subject in AuditSubject::ALL {
            assert_eq!(serde_json::to_value(subject).unwrap(), subject.as_str());
        }
    }
}
