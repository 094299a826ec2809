//! `/dump/events.ndjson` and `/dump/events.csv`: all events that may be republished, also as files ending in `.gz`.
//!
//! A dump is written while it is read, in batches ([`body`]), and readers take turns ([`turns`]). A compressed one is kept
//! until the calendar changes, unless it is large ([`kept`]).

mod body;
mod handler;
mod kept;
mod turns;

pub use handler::routes;
pub(super) use kept::KeptDumps;
pub(super) use turns::DumpTurns;
