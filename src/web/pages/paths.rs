//! Where every page and feed has its address, for a reader of one language.

use std::fmt::Write as _;

use calendar_domain::Lang;

/// The addresses within this service, without the host: bokmål at the root, English under `/en`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paths {
    prefix: &'static str,
}

impl Paths {
    /// The addresses for a reader of `lang`. Nynorsk readers share the bokmål pages.
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        let prefix = match lang {
            Lang::Nb | Lang::Nn => "",
            Lang::En => "/en",
        };
        Self { prefix }
    }

    /// The agenda, `/` or `/en`.
    #[must_use]
    pub fn agenda(self) -> String {
        if self.prefix.is_empty() {
            "/"
        } else {
            self.prefix
        }
        .to_owned()
    }

    /// The same page in the other language.
    #[must_use]
    pub fn twin(self, path: &str) -> String {
        if self.prefix.is_empty() {
            let rest = if path == "/" { "" } else { path };
            let rest = if rest.starts_with("/?") {
                &rest[1..]
            } else {
                rest
            };
            return format!("/en{rest}");
        }
        match path.strip_prefix("/en").unwrap_or(path) {
            "" => "/".to_owned(),
            rest if rest.starts_with('?') => format!("/{rest}"),
            rest => rest.to_owned(),
        }
    }

    /// The agenda with filters; empty values are left out.
    #[must_use]
    pub fn agenda_with(self, filters: &[(&str, &str)]) -> String {
        self.agenda() + &query(filters)
    }

    /// An event's page.
    #[must_use]
    pub fn event(self, slug: &str) -> String {
        format!("{}/events/{slug}", self.prefix)
    }

    /// All series, or one of them.
    #[must_use]
    pub fn series(self, slug: Option<&str>) -> String {
        self.listed("series", slug)
    }

    /// All places, or one of them.
    #[must_use]
    pub fn places(self, slug: Option<&str>) -> String {
        self.listed("places", slug)
    }

    /// All organizers, or one of them.
    #[must_use]
    pub fn organizers(self, slug: Option<&str>) -> String {
        self.listed("organizers", slug)
    }

    /// All partners, or one of them.
    #[must_use]
    pub fn partners(self, id: Option<&str>) -> String {
        self.listed("partners", id)
    }

    /// How to subscribe.
    #[must_use]
    pub fn subscribe(self) -> String {
        format!("{}/subscribe", self.prefix)
    }

    /// How to subscribe to a selection.
    #[must_use]
    pub fn subscribe_to(self, filters: &[(&str, &str)]) -> String {
        self.subscribe() + &query(filters)
    }

    /// What this calendar is.
    #[must_use]
    pub fn about(self) -> String {
        format!("{}/about", self.prefix)
    }

    /// The calendar file of one event.
    #[must_use]
    pub fn event_file(self, slug: &str) -> String {
        format!("/events/{slug}.ics") + self.feed_lang()
    }

    /// The feed of everything.
    #[must_use]
    pub fn feed_of_all(self) -> String {
        "/feeds/all.ics".to_owned() + self.feed_lang()
    }

    /// The feed of one category, audience, place, municipality, organizer or series.
    #[must_use]
    pub fn feed(self, kind: &str, slug: &str) -> String {
        format!("/feeds/{kind}/{slug}.ics") + self.feed_lang()
    }

    /// The feed of a search with these filters; empty values are left out.
    #[must_use]
    pub fn feed_of_search(self, filters: &[(&str, &str)]) -> String {
        let mut filters = filters.to_vec();
        if !self.prefix.is_empty() {
            filters.push(("lang", "en"));
        }
        format!("/feeds/search.ics{}", query(&filters))
    }

    fn listed(self, kind: &str, slug: Option<&str>) -> String {
        match slug {
            Some(slug) => format!("{}/{kind}/{slug}", self.prefix),
            None => format!("{}/{kind}", self.prefix),
        }
    }

    /// Feeds have no language in their path.
    fn feed_lang(self) -> &'static str {
        if self.prefix.is_empty() {
            ""
        } else {
            "?lang=en"
        }
    }
}

/// Returns a path that leads to this site whatever was asked for: `//host/` would lead to another.
#[must_use]
pub fn own_path(asked: &str) -> String {
    let mut path = String::with_capacity(asked.len() + 1);
    for segment in asked.split(['/', '\\']).filter(|it| !it.is_empty()) {
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// `?name=value&…` of the filters that have a value, percent-encoded as a form does it.
fn query(filters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let mark = if out.is_empty() { '?' } else { '&' };
        write!(out, "{mark}{name}={value}").expect("writing to a String cannot fail");
    }
    out
}
