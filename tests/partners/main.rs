//! Connectors: each against fixtures of its own, against real payloads (`CALENDAR_CORPUS`), and against
//! a partner on a local port that behaves like the real one.

mod every;
mod gancio;
mod linked_events;
mod open_agenda;
mod open_data_hub;
mod snapshots;
mod support;
mod ticketco;
mod ticketmaster;
mod tribe;
