//! Progress of a receiver and times of retries after each outcome of a delivery.

mod outcome;
pub mod progress;
pub mod retry;

pub use outcome::Outcome;
