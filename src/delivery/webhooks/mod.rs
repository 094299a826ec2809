//! Webhooks (Standard Webhooks): other programs are notified of each change of an event.
//!
//! Each changed event causes one signed message, delivered at least once and in order per event. A failed
//! message is retried for days ([`crate::delivery::workers`]). Abandoned messages are listed and can be
//! replayed.

mod finder;
pub mod message;
mod post;
mod registry;

pub use finder::finder;
pub use registry::{WebhookError, add, list, remove, replay};
use registry::{commit, find};
