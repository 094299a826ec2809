//! The calendar over HTTP.
//!
//! **May import:** every layer below. Nobody imports `web` but the command line.
//!
//! [`build`] makes the server of the configuration and the services; each module hands up its
//! routes. What a handler needs stands in its signature: [`filters::Filters`] is a checked query
//! string, [`lang::PageLang`] the language of the address. An error of any layer becomes a
//! [`problem::Problem`] in one place, and a problem has two faces: a page for people, RFC 9457 for
//! programs.
//!
//! To add a resource: one file with its handlers and a `routes()`, and one line in [`build`].

pub mod client;
pub mod conditional;
pub mod doorman;
pub mod fault;
pub mod filters;
pub mod guards;
pub mod problem;

mod api;
mod assets;
mod codings;
mod delivery;
mod feed_answer;
mod feeds;
mod headers;
mod lang;
mod metrics;
pub mod operator;
mod ops;
mod outgo;
mod own_page;
pub mod pages;
mod range;
mod rate_limit;
mod request_id;
mod server;
mod site;
mod succession;
mod terms;
mod websub;
mod withdrawn;

pub use delivery::Delivery;
pub use metrics::BackupStats;
pub use server::{Server, Services, build};
pub use site::Site;
pub use succession::Succession;
