//! The addresses of visitors without an account: short-lived data, so that they are in no record, journal, backup or
//! export, and end by themselves.

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_domain::{EmailAddress, Visitor, VisitorId};
use calendar_store::{EphemeralEntry, EphemeralTable, Store, StoreError};

const TABLE: EphemeralTable = EphemeralTable::Visitors;

/// Keeps the address of a visitor until a time. Survives the end of the process.
///
/// # Errors
/// Errors if the store fails or keeps no short-lived data.
pub fn keep(
    calendar: &Calendar,
    id: &VisitorId,
    email: &EmailAddress,
    expires: DateTime<Utc>,
) -> Result<(), VisitorAddressError> {
    let kept = calendar.ephemeral().ok_or(VisitorAddressError::NoStore)?;
    let visitor = Visitor {
        email: email.clone(),
    };
    let value = serde_json::to_vec(&visitor)?;
    let now = calendar.clock().now();
    kept.put(TABLE, id.as_str(), now, &EphemeralEntry { value, expires })?;
    kept.flush()?;
    Ok(())
}

/// Deletes the address of a visitor now.
///
/// # Errors
/// Errors if the store fails.
pub fn forget(calendar: &Calendar, id: &VisitorId) -> Result<(), VisitorAddressError> {
    if let Some(kept) = calendar.ephemeral() {
        kept.remove(TABLE, id.as_str(), calendar.clock().now())?;
        kept.flush()?;
    }
    Ok(())
}

/// Returns a visitor and the time at which the address is deleted; `None` if it was.
///
/// # Errors
/// Errors if the store fails.
pub fn find(
    calendar: &Calendar,
    id: &VisitorId,
) -> Result<Option<(Visitor, DateTime<Utc>)>, VisitorAddressError> {
    let Some(kept) = calendar.ephemeral() else {
        return Ok(None);
    };
    let entry = kept.get(TABLE, id.as_str(), calendar.clock().now())?;
    let Some(entry) = entry else {
        return Ok(None);
    };
    Ok(Some((serde_json::from_slice(&entry.value)?, entry.expires)))
}

/// Why the address of a visitor can't be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VisitorAddressError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store keeps no short-lived data.
    #[error("this store keeps no short-lived data")]
    NoStore,
    /// The thread that read it ended.
    #[error("reading the address of a visitor was interrupted")]
    Interrupted,
    /// An entry can't be read or written as JSON.
    #[error("cannot read the address of a visitor: {0}")]
    Entry(#[from] serde_json::Error),
}
