//! `/dump/events.ndjson` and `/dump/events.csv`: all events that may be republished, also as files ending in `.gz`.
//!
//! A dump is written in batches ([`body`]), and writers take turns ([`turns`]). A compressed one is written once for all
//! readers ([`shared`]) and kept until the calendar changes, unless it is large ([`kept`]). Others are written while a client
//! reads them.

mod body;
mod handler;
mod kept;
mod shared;
mod turns;

pub use handler::routes;
pub(super) use kept::KeptDumps;
pub(super) use turns::DumpTurns;
