//! Sessions, codes, kept forms, lists of uploads, and what waits for the confirmation of an address.

use chrono::{DateTime, Utc};

use calendar_domain::VisitorId;
use calendar_store::{EphemeralEntry, EphemeralTable, Store, StoreError};

use super::subject::DataSubject;
use crate::login::kept_form_of;

/// Returns the short-lived entries of a person, with their tables and keys, without that of `kept`.
pub(super) fn entries(
    store: &dyn Store,
    subject: &DataSubject,
    kept: Option<&VisitorId>,
    now: DateTime<Utc>,
) -> Result<Vec<(EphemeralTable, String, EphemeralEntry)>, StoreError> {
    let Some(ephemeral) = store.ephemeral() else {
        return Ok(Vec::new());
    };
    let id = subject.account.as_str();
    let address = subject.email.as_ref().map(|email| email.key());
    let mut found = Vec::new();
    for table in EphemeralTable::ALL {
        for (key, entry) in ephemeral.list(table, "", now)? {
            let text = String::from_utf8_lossy(&entry.value);
            let is_own = key.contains(id)
                || text.contains(id)
                || address
                    .as_ref()
                    .is_some_and(|address| text.to_lowercase().contains(address));
            // The address that the receipt goes to.
            let is_kept = kept.is_some_and(|kept| kept.as_str() == key);
            if !is_own || is_kept {
                continue;
            }
            if let Some(form) = kept_form_of(table, &key)
                && let Some(kept) = ephemeral.get(table, &form, now)?
            {
                found.push((table, form, kept));
            }
            found.push((table, key, entry));
        }
    }
    Ok(found)
}

/// Removes the short-lived entries of a person, without that of `kept`. Returns their number.
pub(super) fn remove(
    store: &dyn Store,
    subject: &DataSubject,
    kept: Option<&VisitorId>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let Some(ephemeral) = store.ephemeral() else {
        return Ok(0);
    };
    let entries = entries(store, subject, kept, now)?;
    for (table, key, _) in &entries {
        ephemeral.remove(*table, key, now)?;
    }
    // What has ended is still in the files.
    ephemeral.remove_expired(now)?;
    ephemeral.flush()?;
    Ok(entries.len())
}
