//! Outbound delivery, and the partner interface.

mod changes;
mod keys;
mod no_delivery;
mod partner_interface;
mod partner_refusals;
mod partner_sent_back;
pub mod push;
pub mod receiver;
pub mod sender;
mod webhooks;
mod websub;
mod websub_limits;
