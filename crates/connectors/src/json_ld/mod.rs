//! schema.org events in JSON-LD or microdata: of a web page, of a JSON-LD file, or of the pages listed in a
//! sitemap.

mod connector;
mod event;
mod find;
mod microdata;
mod repair;
mod sitemap;
mod time;

pub use connector::JsonLdConnector;
pub use time::whole_seconds;
