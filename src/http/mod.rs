//! The only HTTP client. It fetches other calendars and delivers changes.
//!
//! **May import:** nothing of ours.
//!
//! The client's resolver refuses private addresses, unless the configuration allows the host and port. Redirects
//! are followed here, so that every hop is checked: at most five, never from https to http.

pub mod address;
mod client;
pub mod credential;
mod cryptography;
mod error;
mod fetched;
mod location;
mod request;
mod resolver;

pub use client::{DELIVERIES, Fetcher, Patience};
pub use cryptography::choose_cryptography;
pub use error::FetchError;
pub use fetched::Fetched;
pub use request::Outgoing;
