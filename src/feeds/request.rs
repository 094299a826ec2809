//! Input of a feed besides its events.

use url::Url;

use crate::catalog::Snapshot;
use calendar_domain::{LicenceLink, Query, Window};
use calendar_ical::write::WriteOptions;
use calendar_language::Words;

use super::selector::{self, Scope};

/// Path of the WebSub hub of the feeds (W3C WebSub).
pub const HUB: &str = "/websub";

/// Input of a feed besides its events.
#[derive(Clone, Copy)]
pub struct FeedRequest<'a> {
    /// State of the calendar.
    pub snapshot: &'a Snapshot,
    /// Scope of the feed.
    pub scope: &'a Scope,
    /// Client options, including the language.
    pub choices: WriteOptions,
    /// Base URL of the service, ending in `/`.
    pub base: &'a Url,
}

impl FeedRequest<'_> {
    /// Returns the URL of a path of the site, which begins with `/`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Returns the URL of the feed in a format, with its filters and options.
    #[must_use]
    pub fn own_address(&self, extension: &str) -> String {
        let mut params = match self.scope {
            Scope::Search(query) => query.params(),
            Scope::All | Scope::Of(..) | Scope::Event(_) | Scope::Stored(..) => Vec::new(),
        };
        params.extend(self.choices.params());
        let path = format!("{}.{extension}", self.scope.path());
        match selector::encoded(&params) {
            params if params.is_empty() => self.address(&path),
            params => self.address(&format!("{path}?{params}")),
        }
    }

    /// Returns true if the feed is one of certain days.
    pub(super) fn has_days(&self) -> bool {
        let has_days = |query: &Query| query.from.is_some() || query.to.is_some();
        self.scope.own_query().is_some_and(has_days)
    }

    /// Returns the days whose occurrences are listed for a recurring event: those of a search, with open ends
    /// filled, otherwise those from today to the end of the feed window.
    pub(super) fn listed_days(&self) -> Window {
        let coming = self.snapshot.coming_window();
        let Some(query) = self.scope.own_query() else {
            return coming;
        };
        let default = if query.to.is_some_and(|to| to < coming.from) {
            self.snapshot.feed_window()
        } else {
            coming
        };
        self.snapshot.window_of(query, default)
    }

    /// Returns the value of the `Link` header: the hub, the feed's own URL, and the licence.
    #[must_use]
    pub fn link(&self, extension: &str) -> String {
        let (hub, own) = (self.address(HUB), self.own_address(extension));
        let licence = self.licence().and_then(|licence| licence.url);
        let licence = licence.map(|licence| format!(", <{licence}>; rel=\"license\""));
        let licence = licence.unwrap_or_default();
        format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"{licence}")
    }

    /// Returns the licence of the feed: that of its event or its partners if they have one of their own, otherwise that of
    /// the calendar, which further events of a feed may have exceptions from.
    #[must_use]
    pub fn licence(&self) -> Option<LicenceLink> {
        let own = match self.scope {
            Scope::Event(slug) => {
                let event = self.snapshot.event_at(slug)?.event();
                let stated = self.snapshot.licence_of_partner(&event);
                stated.map(LicenceLink::stated)
            }
            scope => {
                let stated = self.snapshot.licence_of_query(&scope.query());
                stated.map(LicenceLink::stated)
            }
        };
        own.or_else(|| self.snapshot.usual_licence())
    }

    /// Returns the title of the feed: its scope and the name of the site.
    #[must_use]
    pub fn title(&self) -> String {
        let site = self.snapshot.region().name.get(self.choices.lang);
        match self.scope.title(self.snapshot, self.choices.lang) {
            own if own.is_empty() => site.to_owned(),
            own => format!("{own} – {site}"),
        }
    }

    /// Returns the path of the web page with the same content, in the client's language.
    #[must_use]
    pub fn page(&self) -> String {
        let prefix = Words::new(self.choices.lang).lang().path_prefix();
        format!("{prefix}{}", self.scope.page())
    }
}
