//! Push: published events are created in partners' calendars, kept up to date and withdrawn.
//!
//! A partner with a `push` connection has a worker of [`crate::delivery::workers`], which follows the changes
//! of the calendar from the first on. An event is created in the partner's calendar if it is published, may
//! be republished, is not the partner's own and is not past. It is updated when its content there would
//! change, and deleted when it is no longer public.
//!
//! - [`Push`] is a kind of calendar: a pure translator in a file or folder of its own, listed in [`PUSHES`].
//! - [`payload`] is the content of an event, independent of the calendar.
//! - [`exchange`] holds the requests of the translator and their replies.
//! - [`record`] stores the progress and the ids of events at the partner.
//! - `post` sends.
//! - [`crate::ingest`] recognizes pushed events when it reads a partner's calendar.
//!
//! Pushed events are recorded before and after sending. A [`calendar_domain::Pushed`] without a remote id may
//! or may not exist at the partner, so it is searched for by its reference before it is created or forgotten.
//! Duplicates are possible only if the partner's search doesn't find an existing event. The record of a
//! withdrawn event is kept, so that the event gets its old id again if the calendar allows it.
//!
//! To add a kind of calendar, implement [`Push`] in a file here and add a row to [`PUSHES`].

pub mod exchange;
mod finder;
mod kinds;
pub mod linked_events;
pub mod payload;
mod post;
pub mod record;
mod refusal;
mod remote;
mod translator;
pub mod tribe;

pub use exchange::{Call, Exchange, NextStep, RemoteReply};
pub use finder::finder;
pub use kinds::{PUSHES, UnknownPush, find};
pub use payload::EventPayload;
use remote::id_in;
pub use remote::within;
pub use translator::{Push, Target};
