//! `/api/v1/partner/events`: partners maintain their events, each under the partner's own id.
//!
//! Requests and responses have the same form ([`crate::wire`]), so a client may edit a response and send it back.
//! `docs/partner-interface.md` documents the interface for authors of clients.

mod body;
mod checks;
mod event_write;
mod json;
mod origin_id;
mod patch;
mod precondition;
mod refusals;
mod reply;
mod routes;
mod unchanged;

pub use routes::{PartnerDoc, routes};
