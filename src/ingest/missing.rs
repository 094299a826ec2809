//! Events that are missing from a partner's feed.

use calendar_domain::{EventId, PartnerId, PartnerState};
use calendar_store::{Change, StoreError, records};

use crate::catalog::Calendar;

/// Returns the change after which events that the partner has just sent do not count as missing from its feed.
pub(super) fn found_again<'a>(
    calendar: &Calendar,
    partner: &PartnerId,
    events: impl IntoIterator<Item = &'a EventId>,
) -> Result<Option<Change>, StoreError> {
    let known = records::one::<PartnerState>(calendar, partner.as_str())?;
    Ok(known.and_then(|(mut state, revision)| {
        let before = state.missing.len();
        for event in events {
            state.missing.remove(event);
        }
        (state.missing.len() < before).then(|| Change::update(state.into(), revision))
    }))
}
