//! Erasures: what was removed when a person deleted their data.
//!
//! An erasure names records and files by their keys, which say nothing about the person once the account is gone. It is
//! part of the commit that removes the records, so an interrupted one is completed at the next start, and of backups, so
//! that a restore of an older one can erase the records again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, ErasureId, ImageName, Lang, MailId, RecordKey, RecordKind, VisitorId};

/// The deletion of the data of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Key, the number on the receipt.
    pub id: ErasureId,
    /// The account that was deleted.
    pub account: AccountId,
    /// Who asked for it.
    pub cause: ErasureCause,
    /// Language of the receipt.
    pub language: Lang,
    /// What became of the events of organisations without further members.
    pub own_events: OwnEvents,
    /// When the records were removed from use.
    pub begun: DateTime<Utc>,
    /// Records that are gone with all their versions.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub removed: BTreeSet<ErasedKey>,
    /// Records of others that lost what was about the person. Their earlier versions are gone.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub changed: BTreeSet<ErasedKey>,
    /// Under which the person wrote without an account. The addresses are gone, so they say nothing about the person; a
    /// restored backup has them in records that others share.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub visitors: BTreeSet<VisitorId>,
    /// Entries of short-lived data that are still to be removed, as table and key.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub entries: BTreeSet<String>,
    /// Image files that nothing refers to any more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub images: BTreeSet<ImageName>,
    /// Number of entries of short-lived data that were removed: sessions, codes, kept forms.
    #[serde(default)]
    pub short_lived: usize,
    /// Number of public events that stay.
    #[serde(default)]
    pub events_left: usize,
    /// Number of public events that were withdrawn.
    #[serde(default)]
    pub events_withdrawn: usize,
    /// What backups still hold.
    #[serde(default)]
    pub backups: BackupHold,
    /// Number of earlier stores that restores set aside, which still hold it.
    #[serde(default)]
    pub set_aside: usize,
    /// When history, journal, database and image files were free of it; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<DateTime<Utc>>,
    /// The mail with the receipt and the short-lived address that it goes to, until it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptMail>,
}

/// The mail with a receipt. The address is no part of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptMail {
    /// The mail.
    pub mail: MailId,
    /// Under which the address is kept until the mail is sent.
    pub visitor: VisitorId,
}

/// Who asked for an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureCause {
    /// The person.
    Person,
    /// The operator.
    Operator,
    /// Nobody: the person has not signed in for longer than accounts are kept.
    Retention,
}

/// What becomes of the public events of an organisation whose only member is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnEvents {
    /// They stay public, without a contact.
    #[default]
    Keep,
    /// They are withdrawn. Title, time and place stay for subscribers, who see them as cancelled.
    Withdraw,
}

impl OwnEvents {
    /// Returns the name in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Withdraw => "withdraw",
        }
    }
}

/// What scheduled backups hold when data is erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupHold {
    /// No scheduled backups are configured; the operator knows whether there are others.
    #[default]
    Unknown,
    /// Scheduled backups made before are gone by then, if backups are made as configured.
    Until {
        /// The time at which the last of them is replaced.
        until: DateTime<Utc>,
        /// Number of backups that are kept.
        kept: u32,
    },
}

/// The key of an erased record, in the text form of keys: `submission/…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ErasedKey(pub RecordKey);

impl TryFrom<String> for ErasedKey {
    type Error = super::IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (kind, id) = text.split_once('/').unwrap_or((&text, ""));
        Ok(Self(RecordKey::new(kind.parse::<RecordKind>()?, id)))
    }
}

impl From<ErasedKey> for String {
    fn from(key: ErasedKey) -> Self {
        key.0.to_string()
    }
}

impl Erasure {
    /// Returns true if the files of the store may still have some of it.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.completed.is_none()
    }

    /// Returns the keys of all records that it removed or changed.
    pub fn keys(&self) -> impl Iterator<Item = &RecordKey> {
        self.removed.iter().chain(&self.changed).map(|key| &key.0)
    }

    /// Returns the number of removed records by kind.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<RecordKind, usize> {
        counts(self.removed.iter().map(|key| &key.0))
    }
}

/// Returns the number of keys by kind.
#[must_use]
pub fn counts<'a>(keys: impl IntoIterator<Item = &'a RecordKey>) -> BTreeMap<RecordKind, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key.kind).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stored_in_their_text_form() {
        let key = ErasedKey(RecordKey::new(RecordKind::Account, "x"));
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, "\"account/x\"");
        assert_eq!(serde_json::from_str::<ErasedKey>(&json).unwrap(), key);
        assert!(serde_json::from_str::<ErasedKey>("\"nonsense/x\"").is_err());
    }
}
