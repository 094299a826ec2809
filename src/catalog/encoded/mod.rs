//! Compact encoding of events, as the catalog stores them.
//!
//! An [`Event`](calendar_domain::Event) consists of some thirty allocations, most of them for absent fields.
//! Encoded, it is one, little longer than its texts. The fields used for lists (key, slug, `UID`) come first and
//! are read in place. Rare fields (recurrence, offers, images) are JSON, as in the store.

mod bytes;
mod encoded_event;
mod event;
mod provenance;
#[cfg(test)]
mod tests;

pub(super) use encoded_event::{EncodedEvent, form};
