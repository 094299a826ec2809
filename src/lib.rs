//! elverum-calendar: an event calendar and destination service for a region.
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod feeds;
pub mod ical;
pub mod language;
pub mod seed;
pub mod store;
pub mod sync;
pub mod web;
pub mod wire;
