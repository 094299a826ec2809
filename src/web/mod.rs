//! The calendar over HTTP.
//!
//! **May import:** every layer above `web` in the table of `lib.rs`. Only `cli` imports `web`.
//!
//! [`build`] makes the server from the configuration and the services. Each module returns its routes. A handler's
//! signature names its request guards: [`filters::Filters`] is a parsed query string, [`lang::PageLang`] the language
//! of the path. [`problem::Problem`] is the only place that maps errors to HTTP statuses; it renders as a page for
//! people and as RFC 9457 for programs.
//!
//! To add a resource: one file with its handlers and a `routes()` that declares their [`policy::Policy`], and one line in
//! [`Server::rocket`].

pub mod client;
pub mod conditional;
pub mod connection_limits;
pub mod field_error;
pub mod filters;
pub mod guards;
pub mod policy;
pub mod problem;
pub mod quota;
pub mod read_quota;

mod accept_encoding;
mod accept_language;
mod allowed_methods;
mod api;
mod assets;
mod blocking;
mod catchers;
mod compressed_forms;
mod data_licence;
mod dataset;
mod delivery;
mod delivery_fairing;
mod dump;
mod editor;
mod embed;
mod feed_answer;
mod feeds;
mod headers;
mod images;
mod lang;
pub mod login;
mod metrics;
pub mod operator;
mod ops;
mod organizer;
pub mod pages;
mod path_routes;
mod preview;
mod range;
mod request_headers;
mod request_id;
mod same_origin;
mod server;
mod site;
mod sitemap;
mod succession;
mod visitors;
mod websub;
mod withdrawn;
mod workspace;

pub use delivery::OutgoingDelivery;
pub use metrics::BackupStats;
pub use server::{Server, ServerError, Services, build};
pub use site::Site;
pub use succession::Succession;
