//! Events of partners, into the calendar: scheduled runs, imports of files, and the partner interface.
//!
//! **May import:** `random`, `catalog`, `http`, `delivery`.
//!
//! Each module has one concern:
//!
//! * [`fetch`] sends the requests of a connector through [`http`](crate::http), and collects the drafts.
//! * [`mapping`], [`matching`] and [`reconcile`] compare drafts with stored events. They do no I/O of their
//!   own.
//! * [`run`] combines these for one partner and commits the result; [`schedule`] decides when.
//! * [`import`] does the same for a file or an address that an operator names.
//! * [`upsert`] does it for a single event that a partner sends with a key of [`access`].
//! * [`detect`] finds the connector that reads an address.
//!
//! **One more kind of partner** is a file in the crate [`calendar_connectors`], and a line in its table
//! [`CONNECTORS`](calendar_connectors::CONNECTORS).

pub mod access;
pub mod alias_index;
mod cursor;
pub mod detect;
pub mod fetch;
pub mod import;
pub mod input;
pub mod mapping;
pub mod matching;
mod missing;
mod names;
mod partial;
pub mod reconcile;
mod returning;
pub mod run;
pub mod schedule;
pub mod suggestions;
pub mod upsert;

pub use import::{ImportError, Importer, Report};
