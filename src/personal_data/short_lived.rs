//! Sessions, codes, kept forms, lists of uploads, and what waits for the confirmation of an address.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use calendar_domain::{AccountId, EmailAddress, VisitorId};
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
    let mut found = Vec::new();
    for table in EphemeralTable::ALL {
        for (key, entry) in ephemeral.list(table, "", now)? {
            let is_own = belongs_to(subject, &key, &entry);
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

/// What says whose a short-lived entry is. Everything else in it is what somebody typed or chose.
#[derive(Deserialize)]
struct Owners {
    /// Of sessions.
    account: Option<AccountId>,
    /// Of identities on their way to an account.
    link_to: Option<AccountId>,
    /// Of requests for a code, unconfirmed messages and addresses of visitors.
    email: Option<EmailAddress>,
}

fn belongs_to(subject: &DataSubject, key: &str, entry: &EphemeralEntry) -> bool {
    let id = subject.account.as_str();
    // Lists of uploads have the account in their key, and owners of kept forms are nothing else.
    if key.split('/').any(|part| part == id) || entry.value == id.as_bytes() {
        return true;
    }
    let Ok(owners) = serde_json::from_slice::<Owners>(&entry.value) else {
        return false;
    };
    let accounts = [owners.account, owners.link_to];
    accounts
        .into_iter()
        .flatten()
        .any(|account| account == subject.account)
        || owners
            .email
            .is_some_and(|email| subject.has_address(&email))
}

/// Returns the name of an entry for [`remove_named`].
pub(super) fn name(table: EphemeralTable, key: &str) -> String {
    format!("{}/{key}", table.as_str())
}

/// Removes entries by their [`name`]s, also if nothing says any more whose they were.
pub(super) fn remove_named(
    store: &dyn Store,
    names: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(ephemeral) = store.ephemeral().filter(|_| !names.is_empty()) else {
        return Ok(());
    };
    for named in names {
        let Some((table, key)) = named.split_once('/') else {
            continue;
        };
        let mut tables = EphemeralTable::ALL.into_iter();
        if let Some(table) = tables.find(|known| known.as_str() == table) {
            ephemeral.remove(table, key, now)?;
        }
    }
    ephemeral.flush()
}

/// Removes the short-lived entries of a person, without that of `kept`.
pub(super) fn remove(
    store: &dyn Store,
    subject: &DataSubject,
    kept: Option<&VisitorId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(ephemeral) = store.ephemeral() else {
        return Ok(());
    };
    for (table, key, _) in entries(store, subject, kept, now)? {
        ephemeral.remove(table, &key, now)?;
    }
    // What has ended is still in the files.
    ephemeral.remove_expired(now)?;
    ephemeral.flush()
}
