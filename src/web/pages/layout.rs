//! The layout that every page shares.

use super::Paths;
use crate::web::assets::{ICON, STYLE};
use calendar_domain::Lang;
use calendar_language::Words;

/// A section of the site, marked in the navigation.
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
    /// Pages linked from the footer, and errors.
    Other,
}

/// Header, footer and `head` of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The interface texts.
    pub t: Words,
    /// The site's addresses in the page's language.
    pub paths: Paths,
    /// The site's name.
    pub site: String,
    /// The publisher of the calendar, if known.
    pub publisher: Option<String>,
    /// The page's own title; empty on the front page.
    pub title: String,
    /// One or two sentences for search engines and previews; may be empty.
    pub description: String,
    /// The current section.
    pub section: Section,
    /// The page's path in this language, with its query.
    pub path: String,
    /// The path of the same page in the other language.
    pub twin: String,
    /// Scheme, host and port, without a trailing slash.
    pub origin: String,
    /// Path of the page's feed.
    pub feed: String,
    /// Whether search engines may index the page.
    pub indexed: bool,
}

impl Shell {
    /// Returns the content of the `title` element.
    #[must_use]
    pub fn full_title(&self) -> String {
        if self.title.is_empty() || self.title == self.site {
            self.site.clone()
        } else {
            format!("{} · {}", self.title, self.site)
        }
    }

    /// Returns the page's language as a BCP 47 tag.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.t.lang().tag()
    }

    /// Returns the tag of the other language.
    #[must_use]
    pub fn twin_lang(&self) -> &'static str {
        match self.t.lang() {
            Lang::Nb | Lang::Nn => "en",
            Lang::En => "nb",
        }
    }

    /// Returns the bokmål version, the default for other languages (`x-default`).
    #[must_use]
    pub fn default_path(&self) -> &str {
        match self.t.lang() {
            Lang::Nb | Lang::Nn => &self.path,
            Lang::En => &self.twin,
        }
    }

    /// Returns the path of the style sheet.
    #[must_use]
    pub fn style(&self) -> &'static str {
        STYLE.path()
    }

    /// Returns the path of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        ICON.path()
    }

    /// Returns the links of the navigation.
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
    /// The text.
    pub label: String,
    /// The address.
    pub url: String,
    /// The `aria-current` attribute with a leading space, or an empty string. Safe to write unescaped.
    pub current: &'static str,
}
