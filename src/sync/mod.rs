//! In step with others: what they publish comes in, with its provenance, and what changes here goes out.
//!
//! **May import:** `domain`, `clock`, `ical`, `store`, `catalog`, `wire`.
//!
//! Three parts that never mix: [`http`] is the only one that touches the network; readers turn
//! bytes into drafts and touch nothing; [`reconcile`] compares drafts with what is kept and is a
//! pure function; [`import`] runs the three one after the other and commits.

pub mod access;
pub mod address;
pub mod chronicle;
pub mod connector;
pub mod connectors;
pub mod credential;
pub mod detect;
pub mod fetch;
pub mod http;
pub mod import;
pub mod input;
mod known;
pub mod mapping;
pub mod matching;
pub mod outgo;
pub mod reconcile;
pub mod remark;
pub mod run;
pub mod schedule;
pub mod upsert;
pub mod webhooks;

pub use http::{FetchError, Fetched, Fetcher, Patience};
pub use import::{ImportError, Importer, Report};
