//! What every page has around it.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::Paths;
use calendar_domain::Lang;
use calendar_language::Words;

/// The part of the service that a page belongs to, marked in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The agenda and the events.
    Agenda,
    /// The series.
    Series,
    /// The places.
    Places,
    /// The feeds.
    Subscribe,
    /// What stands in the footer, and errors.
    Other,
}

/// Header, footer and head of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The interface texts.
    pub t: Words,
    /// The site's own addresses in the page's language.
    pub paths: Paths,
    /// The site's name.
    pub site: String,
    /// Who publishes the calendar, where that is settled.
    pub publisher: Option<String>,
    /// The page's own title; empty on the first page, which carries the site's name.
    pub title: String,
    /// One or two sentences for search engines and previews; may be empty.
    pub description: String,
    /// Where the navigation stands.
    pub section: Section,
    /// The page's path in this language, with the filters it was asked with.
    pub path: String,
    /// The path of the same page in the other language.
    pub twin: String,
    /// Scheme, host and port, without a slash at the end.
    pub origin: String,
    /// The feed that belongs to the page, as a path.
    pub feed: String,
    /// Whether search engines may list the page.
    pub indexed: bool,
}

/// The style sheet's bytes, for the route that serves it.
pub const STYLE: &str = include_str!("../../../static/calendar.css");

/// The address changes with the content, so that it may be cached for ever.
static STYLE_PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE.as_bytes());
    format!("/static/calendar.css?v={}", hex::encode(&digest[..6]))
});

impl Shell {
    /// The title as browsers and search engines show it.
    #[must_use]
    pub fn full_title(&self) -> String {
        if self.title.is_empty() || self.title == self.site {
            self.site.clone()
        } else {
            format!("{} · {}", self.title, self.site)
        }
    }

    /// The page's language as a BCP 47 tag.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.t.lang().tag()
    }

    /// The other language's tag.
    #[must_use]
    pub fn twin_lang(&self) -> &'static str {
        match self.t.lang() {
            Lang::Nb | Lang::Nn => "en",
            Lang::En => "nb",
        }
    }

    /// The bokmål version, which readers of any further language are sent to.
    #[must_use]
    pub fn default_path(&self) -> &str {
        match self.t.lang() {
            Lang::Nb | Lang::Nn => &self.path,
            Lang::En => &self.twin,
        }
    }

    /// The style sheet's address.
    #[must_use]
    pub fn style(&self) -> &'static str {
        &STYLE_PATH
    }

    /// The links of the navigation.
    #[must_use]
    pub fn nav(&self) -> Vec<NavLink> {
        let link = |section: Section, label: &'static str, url: String| NavLink {
            current: if self.path == url {
                " aria-current=\"page\""
            } else if self.section == section {
                " aria-current=\"true\""
            } else {
                ""
            },
            label: self.t.say(label).into_owned(),
            url,
        };
        vec![
            link(Section::Agenda, "nav-agenda", self.paths.agenda()),
            link(Section::Series, "nav-series", self.paths.series(None)),
            link(Section::Places, "nav-places", self.paths.places(None)),
            link(Section::Subscribe, "nav-subscribe", self.paths.subscribe()),
        ]
    }
}

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink {
    /// Its text.
    pub label: String,
    /// Its address.
    pub url: String,
    /// The `aria-current` attribute with a space before it, or nothing. Safe to write unescaped.
    pub current: &'static str,
}
