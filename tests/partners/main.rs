//! Connectors: each against fixtures of its own, against real payloads (`CALENDAR_CORPUS`), and against
//! a partner on a local port that behaves like the real one.

mod every;
mod gancio;
mod snapshots;
mod support;
mod tribe;
