//! Connectors: each against fixtures of its own, against real payloads (`CALENDAR_CORPUS`), and against
//! a partner on a local port that behaves like the real one.

mod activity_pub;
mod attacks;
mod datatourisme;
mod detect;
mod every;
mod gancio;
mod json_ld;
mod linked_events;
mod open_agenda;
mod open_data_hub;
mod rss;
mod secrets;
mod snapshots;
mod support;
mod tabular;
mod ticketco;
mod ticketmaster;
mod tribe;
mod truncated;
