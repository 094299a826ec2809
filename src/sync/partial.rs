//! Events that a partner did not tell in full.

use crate::catalog::Calendar;
use crate::domain::{Connection, PartnerId};
use crate::store::StoreError;

use super::connector::Item;
use super::fetch::Told;
use super::upsert;

impl Told {
    /// What counts of it for a partner: see [`Told::leaving_stored`] and [`Told::tied`].
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn settled(
        self,
        calendar: &Calendar,
        partner: &PartnerId,
        connection: &Connection,
    ) -> Result<Self, StoreError> {
        Ok(self.leaving_stored(calendar, partner)?.tied(connection))
    }

    /// Leaves stored events as they are where the partner did not tell them in full: half of an event must
    /// not replace the whole. New ones are taken with what is told, and completed by a later run.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn leaving_stored(
        mut self,
        calendar: &Calendar,
        partner: &PartnerId,
    ) -> Result<Self, StoreError> {
        for item in &mut self.items {
            if let Item::Event(draft) = item
                && self.partial.contains(&draft.origin_id)
                && upsert::find(calendar, partner, &draft.origin_id)?.is_some()
            {
                let origin_id = draft.origin_id.clone();
                *item = Item::Unread { origin_id };
            }
        }
        Ok(self)
    }
}
