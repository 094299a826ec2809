//! Runs the exchange with one partner.
//!
//! A run fetches ([`crate::ingest::fetch`]), compares ([`crate::ingest::reconcile`]) and writes everything in
//! one commit: events, suggestions, the state of the exchange, and the record of the run. A run that is too
//! large for one commit takes several; if it is interrupted, the next run continues, and the partial run can be
//! rolled back. A run without changes writes nothing.

mod asking;
mod error;
mod exchange;
mod health;
mod locking;
mod marks;
mod report;
mod runner;
mod write;

pub use error::RunError;
pub use health::{Complaint, Health, PartnerHealth};
pub use report::{Ended, RunItem, RunReport};
pub use runner::Runner;
