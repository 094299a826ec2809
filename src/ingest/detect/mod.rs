//! Detection of the interface at an address, for an operator who knows only a partner's web page.
//!
//! The address is requested first, and every connector examines the response. The most certain detection wins.
//! A page may link to a better source, such as a calendar or a feed. If nothing is found, the usual addresses
//! of each kind of site are tried.

mod links;
mod search;

pub use search::{DetectContext, DetectError, Detected, Tried, detect};
