//! Invitations that nobody accepted, and requests to join that nobody answered.

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_domain::Organisation;
use calendar_store::{Author, Change, StoreError, records};

/// Deletes those from before a time. Returns their number.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn remove_before(
    calendar: &Calendar,
    until: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut removed = 0;
    for (mut organisation, revision) in records::every::<Organisation>(calendar)? {
        let before = organisation.invitations.len() + organisation.requests.len();
        organisation
            .invitations
            .retain(|_, invitation| invitation.at >= until);
        organisation.requests.retain(|_, asked| *asked >= until);
        let left = organisation.invitations.len() + organisation.requests.len();
        if left == before {
            continue;
        }
        let changes = vec![Change::update(organisation.into(), revision)];
        let note = "deleted old invitations and requests to join";
        match calendar.write(Author::System, note, changes) {
            Ok(()) => removed += before - left,
            // Changed meanwhile; the next run looks again.
            Err(error) if error.is_overtaken() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}
