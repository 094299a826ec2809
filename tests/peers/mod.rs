//! Push to and fetch from real calendars, and simulated ones that validate and transform like the real ones.
//!
//! `stand_ins` are servers modelled on the observed behavior of The Events Calendar and Linked Events; they
//! accept only bodies that the real ones accept. `real` sends the same to a real server, which
//! `tests/peers/run` starts. Radicale is installed by `tests/run` and always real.

mod bodies;
mod radicale;
mod real;
mod returning;
pub mod stand_ins;
