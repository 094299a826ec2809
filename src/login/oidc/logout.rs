//! Logout tokens that were used.

use crate::catalog::Calendar;
use crate::login::LoginError;
use crate::login::codes::ephemeral;
use crate::login::secret::digest;
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::logout_token::LogoutOrder;

const TABLE: EphemeralTable = EphemeralTable::SignIns;

/// Notes that a token was used. Returns false if it was used before.
pub(super) fn is_first(
    calendar: &Calendar,
    provider: &str,
    order: &LogoutOrder,
) -> Result<bool, LoginError> {
    let now = calendar.clock().now();
    let key = format!("logout/{provider}/{}", digest(&[order.jti.as_bytes()]));
    let used = EphemeralEntry {
        value: Vec::new(),
        expires: order.ends,
    };
    let mut is_first = false;
    ephemeral(calendar)?.update(TABLE, &key, now, &mut |entry| {
        is_first = entry.is_none();
        Some(entry.unwrap_or_else(|| used.clone()))
    })?;
    Ok(is_first)
}
