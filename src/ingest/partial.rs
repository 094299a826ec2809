//! Handling of incomplete events.

use crate::catalog::Calendar;
use calendar_domain::{Connection, PartnerId};
use calendar_store::StoreError;

use crate::ingest::fetch::FetchedBatch;
use crate::ingest::upsert;
use calendar_connectors::connector::ParsedItem;

impl FetchedBatch {
    /// Applies [`FetchedBatch::without_partial_updates`] and [`FetchedBatch::with_cursor_of`].
    ///
    /// # Errors
    /// Errors if the store cannot be read.
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

    /// Drops incomplete drafts of stored events, so that a partial draft never overwrites a complete event.
    /// Incomplete new events stay; a later run completes them.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub(super) fn without_partial_updates(
        mut self,
        calendar: &Calendar,
        partner: &PartnerId,
    ) -> Result<Self, StoreError> {
        for item in &mut self.items {
            if let ParsedItem::Event(draft) = item
                && self.partial.contains(&draft.origin_id)
                && upsert::find(calendar, partner, &draft.origin_id)?.is_some()
            {
                let origin_id = draft.origin_id.clone();
                *item = ParsedItem::Unread { origin_id };
            }
        }
        Ok(self)
    }
}
