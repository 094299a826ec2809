//! Stores partners on behalf of the operator.

use crate::catalog::Calendar;
use crate::cli::Failure;
use calendar_domain::{Owner, Partner, RecordKey, RecordKind};
use calendar_store::{Author, Change, Commit, Store};

/// Returns the owner of changes made on the command line.
pub(super) fn operator() -> Owner {
    Owner::Editor("operator".into())
}

/// Stores a partner.
pub(super) fn put(calendar: &Calendar, partner: Partner) -> Result<(), Failure> {
    let key = RecordKey::new(RecordKind::Partner, partner.id.as_str());
    let note = format!("connection of {}", partner.id);
    let stored = calendar.get(&key)?;
    let change = match stored {
        Some(stored) => Change::update(partner.into(), stored.revision),
        None => Change::create(partner.into()),
    };
    calendar.commit(Commit {
        author: Author::Operator,
        at: calendar.clock().now(),
        note,
        changes: vec![change],
    })?;
    Ok(())
}
