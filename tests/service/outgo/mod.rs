//! What goes out, and what partners send by themselves.

mod changes;
mod keys;
mod no_delivery;
mod partner_interface;
pub mod push;
pub mod receiver;
pub mod sender;
mod webhooks;
mod websub;
mod websub_limits;
