//! All addresses of the service.

use elverum_calendar::feeds::ScopeKind;

use super::TestServer;

impl TestServer {
    /// Returns the values of a kind that have a feed: slugs, or municipality numbers.
    pub fn words_of(&self, kind: ScopeKind) -> Vec<String> {
        let snapshot = self.snapshot();
        let municipalities = &snapshot.region().municipalities;
        match kind {
            ScopeKind::Category => snapshot
                .categories()
                .iter()
                .map(|category| category.slug.to_string())
                .collect(),
            ScopeKind::Audience => snapshot
                .audiences()
                .iter()
                .map(|audience| audience.slug.to_string())
                .collect(),
            ScopeKind::Place => snapshot
                .places()
                .map(|places| places.slug.to_string())
                .collect(),
            ScopeKind::Organizer => snapshot
                .organizers()
                .map(|organizers| organizers.slug.to_string())
                .collect(),
            ScopeKind::Series => snapshot
                .all_series()
                .iter()
                .map(|series| series.slug.to_string())
                .collect(),
            ScopeKind::Partner => snapshot
                .partners()
                .map(|partners| partners.id.to_string())
                .collect(),
            ScopeKind::Municipality => municipalities
                .iter()
                .flat_map(|municipality| {
                    let former = municipality.former_numbers.iter().cloned();
                    [
                        municipality.slug.to_string(),
                        municipality.number.to_string(),
                    ]
                    .into_iter()
                    .chain(former)
                })
                .collect(),
        }
    }

    /// Returns the slugs of all published events.
    pub fn event_slugs(&self) -> Vec<String> {
        self.snapshot()
            .events()
            .map(|entry| entry.slug().to_owned())
            .collect()
    }

    /// Returns the feeds of a kind.
    pub fn feeds_of(&self, kind: ScopeKind) -> Vec<String> {
        self.words_of(kind)
            .iter()
            .map(|word| format!("/feeds/{kind}/{word}.ics"))
            .collect()
    }

    /// Returns every feed: of everything, each value of each kind, each event, a search, and each stored
    /// filter.
    pub fn every_feed(&self) -> Vec<String> {
        let mut feeds = vec![
            "/feeds/all.ics".to_owned(),
            "/feeds/search.ics?q=elverum".to_owned(),
        ];
        feeds.extend(
            ScopeKind::ALL
                .into_iter()
                .flat_map(|kind| self.feeds_of(kind)),
        );
        feeds.extend(
            self.event_slugs()
                .iter()
                .map(|slug| format!("/events/{slug}.ics")),
        );
        let snapshot = self.snapshot();
        feeds.extend(
            snapshot
                .filters()
                .map(|filters| format!("/feeds/s/{}.ics", filters.name)),
        );
        feeds
    }

    /// Returns every page in Bokmål; the English ones are below `/en`.
    pub fn every_page(&self) -> Vec<String> {
        let lists = [
            "/",
            "/series",
            "/places",
            "/organizers",
            "/subscribe",
            "/about",
            "/privacy",
        ];
        let mut pages: Vec<String> = lists.map(str::to_owned).to_vec();
        let mut add = |folder: &str, words: Vec<String>| {
            pages.extend(words.iter().map(|word| format!("/{folder}/{word}")));
        };
        add("events", self.event_slugs());
        add("series", self.words_of(ScopeKind::Series));
        add("places", self.words_of(ScopeKind::Place));
        add("organizers", self.words_of(ScopeKind::Organizer));
        pages
    }
}

/// Returns the English version of a page's path.
pub fn in_english(page: &str) -> String {
    in_language(page, "en")
}

/// Returns the version of a page's path in a language that has a prefix.
pub fn in_language(page: &str, tag: &str) -> String {
    let rest = if page == "/" { "" } else { page };
    format!(
        "/{tag}{}",
        rest.strip_prefix('/')
            .filter(|rest| rest.starts_with('?'))
            .unwrap_or(rest)
    )
}
