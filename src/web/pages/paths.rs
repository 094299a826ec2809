//! Addresses of pages and feeds in one language.

use std::fmt::Write as _;

use calendar_domain::Lang;
use calendar_language::Words;

/// Addresses within this site, without the host: the default language at the root, others under their tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paths {
    lang: Lang,
    prefix: &'static str,
}

impl Paths {
    /// Returns the addresses in a language. One without interface texts shares the pages of [its fallback](Words::new).
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let lang = Words::new(lang).lang();
        let prefix = lang.path_prefix();
        Self { lang, prefix }
    }

    /// Returns the agenda: `/`, or the language's prefix.
    #[must_use]
    pub fn agenda(self) -> String {
        if self.prefix.is_empty() {
            "/"
        } else {
            self.prefix
        }
        .to_owned()
    }

    /// Returns the address in this language of a page in any language.
    #[must_use]
    pub fn same_page(self, path: &str) -> String {
        let (_, rest) = Lang::split_path(path);
        let rest = match rest.strip_prefix('/') {
            Some(query) if query.is_empty() || query.starts_with('?') => query,
            _ => rest,
        };
        if rest.starts_with('/') {
            format!("{}{rest}", self.prefix)
        } else {
            self.agenda() + rest
        }
    }

    /// Returns the agenda with filters. Empty values are left out.
    #[must_use]
    pub fn agenda_with(self, filters: &[(&str, &str)]) -> String {
        self.agenda() + &query(filters)
    }

    /// Returns a page of organizers or editors by its path without a language: `/organizer/`.
    #[must_use]
    pub fn workspace(self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Returns an event's page.
    #[must_use]
    pub fn event(self, slug: &str) -> String {
        format!("{}/events/{slug}", self.prefix)
    }

    /// Returns the list of series, or one series.
    #[must_use]
    pub fn series(self, slug: Option<&str>) -> String {
        self.listed("series", slug)
    }

    /// Returns the list of places, or one place.
    #[must_use]
    pub fn places(self, slug: Option<&str>) -> String {
        self.listed("places", slug)
    }

    /// Returns the list of organizers, or one organizer.
    #[must_use]
    pub fn organizers(self, slug: Option<&str>) -> String {
        self.listed("organizers", slug)
    }

    /// Returns the list of partners, or one partner.
    #[must_use]
    pub fn partners(self, id: Option<&str>) -> String {
        self.listed("partners", id)
    }

    /// Returns the subscription page.
    #[must_use]
    pub fn subscribe(self) -> String {
        format!("{}/subscribe", self.prefix)
    }

    /// Returns the subscription page of a selection.
    #[must_use]
    pub fn subscribe_to(self, filters: &[(&str, &str)]) -> String {
        self.subscribe() + &query(filters)
    }

    /// Returns the page where sites get the code that embeds a selection.
    #[must_use]
    pub fn embed(self) -> String {
        format!("{}/embed", self.prefix)
    }

    /// Returns the page on which anyone suggests an event.
    #[must_use]
    pub fn suggest(self) -> String {
        format!("{}/suggest", self.prefix)
    }

    /// Returns the page on which anyone reports a mistake in an event.
    #[must_use]
    pub fn report(self, slug: &str) -> String {
        format!("{}/report?event={slug}", self.prefix)
    }

    /// Returns the about page.
    #[must_use]
    pub fn about(self) -> String {
        format!("{}/about", self.prefix)
    }

    /// Returns the page about personal data.
    #[must_use]
    pub fn privacy(self) -> String {
        format!("{}/privacy", self.prefix)
    }

    /// Returns the page about the API.
    #[must_use]
    pub fn api_docs(self) -> String {
        format!("{}/api/docs", self.prefix)
    }

    /// Returns the calendar file of an event.
    #[must_use]
    pub fn event_file(self, slug: &str) -> String {
        format!("/events/{slug}.ics{}", self.feed_lang())
    }

    /// Returns the feed of all events.
    #[must_use]
    pub fn feed_of_all(self) -> String {
        format!("/feeds/all.ics{}", self.feed_lang())
    }

    /// Returns the feed of one record of a kind: category, audience, place, municipality, organizer, series or partner.
    #[must_use]
    pub fn feed(self, kind: &str, slug: &str) -> String {
        format!("/feeds/{kind}/{slug}.ics{}", self.feed_lang())
    }

    /// Returns the feed of a search. Empty values are left out.
    #[must_use]
    pub fn feed_of_search(self, filters: &[(&str, &str)]) -> String {
        let mut filters = filters.to_vec();
        if self.lang != Lang::default() {
            filters.push(("lang", self.lang.tag()));
        }
        format!("/feeds/search.ics{}", query(&filters))
    }

    fn listed(self, kind: &str, slug: Option<&str>) -> String {
        match slug {
            Some(slug) => format!("{}/{kind}/{slug}", self.prefix),
            None => format!("{}/{kind}", self.prefix),
        }
    }

    /// Returns the parameter for the language: feeds have none in their path.
    fn feed_lang(self) -> String {
        if self.lang == Lang::default() {
            String::new()
        } else {
            format!("?lang={}", self.lang)
        }
    }
}

/// Returns a path on this site for any input; `//host/` would otherwise lead to another host.
#[must_use]
pub fn own_path(asked: &str) -> String {
    let mut path = String::with_capacity(asked.len() + 1);
    for segment in asked.split(['/', '\\']).filter(|part| !part.is_empty()) {
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// Returns `?name=value&…` of the non-empty filters, form-encoded.
#[must_use]
pub fn query(filters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let mark = if out.is_empty() { '?' } else { '&' };
        write!(out, "{mark}{name}={value}").expect("writing to a String cannot fail");
    }
    out
}
