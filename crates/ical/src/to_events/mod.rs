//! Converts read events to drafts of domain events.
//!
//! Each UID becomes one draft: the event with its overrides. Floating times are interpreted in
//! X-WR-TIMEZONE, or in the default zone of the options. What the domain cannot represent is
//! expressed differently if that is exact, and reported otherwise.

mod bounds;
mod clock;
mod converter;
mod html;
mod overrides;
mod own_facts;
mod own_text;
mod place;
mod schedule;
#[cfg(test)]
mod tests;
mod text;
mod whitespace;

pub use bounds::{is_bounded, without_formatting};
use converter::{Converter, status_of, web_address};
pub use converter::{ReadOptions, to_drafts};
pub use html::plain_text;
pub use place::name_and_address;
pub use text::{cut, one_line, unmarked};
