//! In step with others: what they publish comes in, with its provenance, and what changes here goes out.
//!
//! **May import:** `domain`, `clock`, `language`, `ical`, `store`, `catalog`, `wire`.
//!
//! In: parts that never mix. [`http`] is the only one that touches the network, [`fetch`] asks through
//! it; a [`connector`] turns answers into drafts and touches nothing; [`mapping`], [`matching`] and
//! [`reconcile`] compare drafts with what is kept and are pure functions; [`run`] does it all for one
//! partner and commits, [`schedule`] says when. [`import`] is the same for a file that somebody has at hand,
//! [`upsert`] for an event that a partner sends by itself, with a key of [`access`].
//!
//! Out: [`chronicle`] knows which commit last changed each event; what goes out by itself follows it:
//! [`webhooks`], and [`push`] into the calendars of others.
//!
//! **One more kind of partner** is a file in [`connectors`]; see [`connector`]. **One more kind of calendar to
//! send to** is a file in [`push`].

pub mod access;
mod cursor;
pub mod detect;
pub mod fetch;
pub mod import;
pub mod input;
pub mod known;
pub mod mapping;
pub mod matching;
mod names;
mod partial;
pub mod reconcile;
mod returning;
pub mod run;
pub mod schedule;
pub mod suggestions;
pub mod upsert;

pub use import::{ImportError, Importer, Report};
