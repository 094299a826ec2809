//! Feeds of the calendar that clients subscribe to.
//!
//! **May import:** `catalog`, `wire` and the crates `domain`, `language` and `ical`.
//!
//! A [`Feed`] renders an event as a [`Fragment`] of bytes and puts a [`FeedFrame`] around any number of
//! them. [`FEEDS`] lists the formats; the routes and the subscription page read that table.
//! [`Feeds`] caches rendered feeds.
//!
//! A response is assembled in steps. A piece is rendered once per revision of its event
//! ([`fragment`]). About 32 pieces make a [`block`], which is hashed and compressed once. Blocks and a
//! frame make a [`rendered_feed`] feed, whose gzip form is the concatenation of its compressed blocks
//! ([`content_encoding`]). A commit changes one event, so only one block is rendered anew. The [`compressor`]
//! compresses in the background. Until it is done, the gzip form is uncompressed, so that requests
//! neither wait nor get stale content.
//!
//! To add a format, add a file with a type that implements [`Feed`], and a line in [`FEEDS`]. Its routes and its link
//! on the subscription page follow.

mod atom;
mod block;
mod body;
mod cache;
mod compressor;
mod content_encoding;
mod csv;
mod dump;
mod feed;
mod formats;
mod fragment;
mod ics;
mod iso8601;
mod json;
pub mod jsonld;
mod ndjson;
mod occurrences;
mod queue;
mod rendered_feed;
mod request;
mod resolve;
mod rss;
mod selector;
mod stream_encoder;
mod syndication;
#[cfg(test)]
mod tests;
mod xml_chars;

pub use body::{EncodedBody, last_modified};
pub use cache::{FeedFigures, FeedKey, Feeds};
pub use calendar_ical::write::{Cancelled, Tentative, WriteOptions};
pub use compressor::work_ahead;
pub use content_encoding::{Coding, Deflater, compress};
pub use dump::Dump;
pub use feed::{Feed, FeedFrame, Fragment, Freshness, Numbering, Order, Summary};
pub use formats::{FEEDS, format};
pub use rendered_feed::{Stitched, etag, render};
pub use request::{FeedRequest, HUB};
pub use resolve::ResolvedEvent;
pub use selector::{Scope, ScopeKind};
