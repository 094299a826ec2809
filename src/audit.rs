//! The audit: who read personal data of others.
//!
//! A reading is noted before anything is shown. If that fails, such as on a full disk, nothing is shown: a reading without
//! an entry would be invisible for ever, and the page can be opened again when there is room.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::catalog::Calendar;
use calendar_domain::{AccountId, AuditEntry, AuditReader, AuditSubject, Claim, EmailAddress};
use calendar_store::{Store, StoreError};

/// A reading of personal data of others.
#[derive(Debug, Clone)]
pub struct AuditedReading {
    /// What is read.
    pub subject: AuditSubject,
    /// Id of the record; `None` for a list.
    pub record: Option<String>,
    /// The accounts whose data is in it.
    pub about: BTreeSet<AccountId>,
    /// The page without its language, or the command.
    pub page: String,
}

impl AuditedReading {
    /// Returns the reading of a record.
    #[must_use]
    pub fn of_record(
        subject: AuditSubject,
        record: impl ToString,
        about: impl IntoIterator<Item = AccountId>,
        page: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            record: Some(record.to_string()),
            about: about.into_iter().collect(),
            page: page.into(),
        }
    }

    /// Returns the reading of a list.
    #[must_use]
    pub fn of_list(subject: AuditSubject, page: impl Into<String>) -> Self {
        Self {
            subject,
            record: None,
            about: BTreeSet::new(),
            page: page.into(),
        }
    }
}

/// Returns the accounts with one of these addresses, whose data a page with them shows.
///
/// # Errors
/// Errors if the store can't be read.
pub fn people_with<'a>(
    calendar: &Calendar,
    addresses: impl IntoIterator<Item = &'a EmailAddress>,
) -> Result<BTreeSet<AccountId>, StoreError> {
    let mut people = BTreeSet::new();
    for address in addresses {
        let holders = calendar.holders(&Claim::AccountEmail(address.clone()))?;
        people.extend(holders.iter().filter_map(|key| key.id.parse().ok()));
    }
    Ok(people)
}

/// Why a reading can't be noted, so that nothing may be shown.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The audit can't be written.
    #[error("cannot note who reads personal data, so it is not shown: {0}")]
    Store(#[from] StoreError),
    /// The store keeps no audit.
    #[error("this store keeps no audit of who reads personal data, so it is not shown")]
    NoAudit,
}

/// Notes a reading. The same reading within an hour is noted once.
///
/// # Errors
/// Errors if it can't be noted.
pub fn note_reading(
    calendar: &Calendar,
    by: AuditReader,
    mut reading: AuditedReading,
) -> Result<(), AuditError> {
    let log = calendar.audit().ok_or(AuditError::NoAudit)?;
    if let AuditReader::Account(own) = &by {
        reading.about.remove(own);
    }
    log.append(&AuditEntry {
        at: calendar.clock().now(),
        by,
        subject: reading.subject,
        record: reading.record,
        about: reading.about,
        page: reading.page,
    })?;
    Ok(())
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Readings by this reader only.
    pub by: Option<AuditReader>,
    /// Readings of data of this account only.
    pub about: Option<AccountId>,
}

impl AuditFilter {
    fn admits(&self, entry: &AuditEntry) -> bool {
        self.by.as_ref().is_none_or(|by| entry.by == *by)
            && self.about.as_ref().is_none_or(|id| entry.concerns(id))
    }
}

/// A part of the entries.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// The entries, the latest first.
    pub entries: Vec<AuditEntry>,
    /// Whether there are further ones.
    pub has_more: bool,
    /// Number of lines that could not be read, among those looked at.
    pub unreadable: usize,
}

/// Returns entries, the latest first, after the first `skipped` and at most `most`.
///
/// # Errors
/// Errors if the audit can't be read.
pub fn entries(
    store: &dyn Store,
    filter: &AuditFilter,
    skipped: usize,
    most: usize,
) -> Result<AuditPage, StoreError> {
    let mut page = AuditPage::default();
    let Some(log) = store.audit() else {
        return Ok(page);
    };
    let mut found = 0_usize;
    page.unreadable = log.read(&mut |entry| {
        if !filter.admits(&entry) {
            return ControlFlow::Continue(());
        }
        found += 1;
        if found <= skipped {
            return ControlFlow::Continue(());
        }
        if page.entries.len() == most {
            page.has_more = true;
            return ControlFlow::Break(());
        }
        page.entries.push(entry);
        ControlFlow::Continue(())
    })?;
    Ok(page)
}

/// Returns who read data of an account, the latest first, for the person's own copy of their data.
///
/// # Errors
/// Errors if the audit can't be read.
pub fn entries_about(
    store: &dyn Store,
    account: &AccountId,
) -> Result<Vec<AuditEntry>, StoreError> {
    let filter = AuditFilter {
        by: None,
        about: Some(account.clone()),
    };
    Ok(entries(store, &filter, 0, usize::MAX)?.entries)
}
