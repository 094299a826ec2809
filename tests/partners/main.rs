//! Connectors against fixtures, real payloads (`CALENDAR_CORPUS`), and simulated partners on a local port.

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
