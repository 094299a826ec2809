//! Strict checker of calendar files: reports line by line what RFC 5545 and its successors forbid
//! or advise against.
//!
//! The reader ([`read`](mod@super::read)) accepts whatever can be understood; the checker reports
//! what the author of the file should fix. It has no findings on the feeds that this program
//! publishes.
//!
//! To add a rule, add a line to [`rules`], the code that detects it to the module for that kind of
//! input (bytes, structure, properties, values, recurrence, events, zones), and a test that
//! introduces the fault.

mod bytes;
mod calendar;
mod checker;
mod event;
mod properties;
mod recurrence;
pub mod rules;
mod structure;
#[cfg(test)]
mod tests;
mod uids;
mod values;
mod zones;

pub use calendar::check;
pub use checker::CheckFinding;
use checker::{Checker, each_component, excerpt};
pub use rules::{RULES, Rule};
