//! Events that a partner did not tell in full.

use crate::catalog::Calendar;
use calendar_domain::{Connection, PartnerId};
use calendar_store::StoreError;

use crate::ingest::fetch::Told;
use crate::ingest::upsert;
use calendar_connectors::connector::Item;

impl Told {
    /// What counts of it for a partner: see [`Told::without_partial_updates`] and [`Told::with_cursor_of`].
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn for_partner(
        self,
        calendar: &Calendar,
        partner: &PartnerId,
        connection: &Connection,
    ) -> Result<Self, StoreError> {
        Ok(self
            .without_partial_updates(calendar, partner)?
            .with_cursor_of(connection))
    }

    /// Leaves stored events as they are where the partner did not tell them in full: half of an event must
    /// not replace the whole. New ones are taken with what is told, and completed by a later run.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn without_partial_updates(
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
