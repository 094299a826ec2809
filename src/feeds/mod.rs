//! Feeds: the calendar for programs to subscribe to.
//!
//! **May import:** `domain`, `language`, `ical`, `catalog`.
//!
//! A [`Feed`] turns what a [`FeedRequest`] found into bytes; [`FEEDS`] lists them all, and the
//! routes, the subscribe page and the tests read that table. [`Feeds`] keeps finished bytes, so
//! that the thousandth subscriber costs a look-up.
//!
//! To add a format: one file with a type that is a [`Feed`], and one line in [`FEEDS`].

mod atom;
mod cache;
mod csv;
mod ics;
mod json;
pub mod jsonld;
mod news;
mod rss;
mod scope;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;

use url::Url;

use crate::catalog::{Entry, Snapshot};
use crate::domain::Lang;
pub use crate::ical::write::{Cancelled, Choices, Tentative};
pub use cache::{Body, Feeds, etag};
pub use scope::{Kind, Scope};
pub use view::Resolved;

/// A feed format.
pub trait Feed: Send + Sync {
    /// What its addresses end with, without the dot.
    fn extension(&self) -> &'static str;

    /// Its media type with parameters.
    fn media_type(&self) -> &'static str;

    /// The feed's bytes: a function of the request alone.
    fn render(&self, request: &FeedRequest<'_>) -> Vec<u8>;
}

/// Every format there is.
pub static FEEDS: &[&dyn Feed] = &[
    &ics::Ics,
    &rss::Rss,
    &atom::Atom,
    &json::Json,
    &jsonld::JsonLd,
    &csv::Csv,
];

/// The format of an extension.
#[must_use]
pub fn format(extension: &str) -> Option<&'static dyn Feed> {
    FEEDS
        .iter()
        .copied()
        .find(|feed| feed.extension() == extension)
}

/// What a feed is made of.
pub struct FeedRequest<'a> {
    /// The state of the calendar.
    pub snapshot: &'a Snapshot,
    /// What the feed is of.
    pub scope: &'a Scope,
    /// The events in it, earliest first.
    pub entries: Vec<Arc<Entry>>,
    /// The reader's choices, the language among them.
    pub choices: Choices,
    /// The address that the service's own addresses begin with, `/` at its end.
    pub base: &'a Url,
}

impl FeedRequest<'_> {
    /// A path of the site, which begins with `/`, as a full address.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// The feed's own address in a format, with the filters and choices that it was asked with.
    #[must_use]
    pub fn own_address(&self, extension: &str) -> String {
        let mut params = match self.scope {
            Scope::Search(query) => query.params(),
            Scope::All | Scope::Of(..) | Scope::Event(_) | Scope::Stored(..) => Vec::new(),
        };
        params.extend(self.choices.params());
        let path = format!("{}.{extension}", self.scope.path());
        match scope::encoded(&params) {
            params if params.is_empty() => self.address(&path),
            params => self.address(&format!("{path}?{params}")),
        }
    }

    /// The feed's name: the site's, and what it is of.
    #[must_use]
    pub fn title(&self) -> String {
        let site = self.snapshot.region().name.get(self.choices.lang);
        match self.scope.title(self.snapshot, self.choices.lang) {
            own if own.is_empty() => site.to_owned(),
            own => format!("{own} – {site}"),
        }
    }

    /// The path of the page that shows the same to people, in the reader's language.
    #[must_use]
    pub fn page(&self) -> String {
        let prefix = if self.choices.lang == Lang::En {
            "/en"
        } else {
            ""
        };
        format!("{prefix}{}", self.scope.page())
    }
}
