//! The audit: who read personal data of others.
//!
//! A reading is noted before anything is shown. If that fails, such as on a full disk, nothing is shown: a reading without
//! an entry would be invisible for ever, and the page can be opened again when there is room.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::catalog::Calendar;
use calendar_domain::{AccountId, AuditEntry, AuditReader, AuditSubject};
use calendar_store::{Store, StoreError};

use super::{Actor, EditorialError};

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

/// Notes a reading by a person. The same reading within an hour is noted once.
///
/// # Errors
/// Returns [`EditorialError::Audit`] if it can't be noted.
pub fn note_reading(
    calendar: &Calendar,
    actor: &Actor,
    mut reading: AuditedReading,
) -> Result<(), EditorialError> {
    reading.about.remove(&actor.account.id);
    note(
        calendar,
        AuditReader::Account(actor.account.id.clone()),
        reading,
    )
}

/// Notes a reading by the operator. The same reading within an hour is noted once.
///
/// # Errors
/// Returns [`EditorialError::Audit`] if it can't be noted.
pub fn note_operator(calendar: &Calendar, reading: AuditedReading) -> Result<(), EditorialError> {
    note(calendar, AuditReader::Operator, reading)
}

fn note(
    calendar: &Calendar,
    by: AuditReader,
    reading: AuditedReading,
) -> Result<(), EditorialError> {
    let Some(log) = calendar.audit() else {
        return Err(EditorialError::Audit(
            "this store keeps no audit".to_owned(),
        ));
    };
    let entry = AuditEntry {
        at: calendar.clock().now(),
        by,
        subject: reading.subject,
        record: reading.record,
        about: reading.about,
        page: reading.page,
    };
    match log.append(&entry) {
        Ok(_) => Ok(()),
        Err(error) => Err(EditorialError::Audit(error.to_string())),
    }
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
