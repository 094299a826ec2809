//! Calendars of others that are real, or that refuse and change what the real ones do.
//!
//! `stand_ins` are servers made from what The Events Calendar and Linked Events were seen to do; every body
//! that is sent to them is one that the real ones would take. `real` sends the same to a real server, which
//! `tests/peers/run` starts. Radicale is installed by `tests/run`, and always real.

mod bodies;
mod radicale;
mod real;
mod returning;
pub mod stand_ins;
